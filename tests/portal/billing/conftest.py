"""A buyer and a vendor with an open fee schedule."""

from dataclasses import dataclass

import pytest

from portal.accounts.actor import Actor
from portal.billing.models import FeeSchedule
from tests.factories.accounts import MadeCompany, actor_for, make_company, make_person
from tests.factories.billing import make_schedule


@dataclass(frozen=True)
class Deal:
    """Both sides of an agreement, who acts for them, and its schedule."""

    buyer: MadeCompany
    vendor: MadeCompany
    payer: Actor
    issuer: Actor
    schedule: FeeSchedule


@pytest.fixture
def deal(app) -> Deal:
    buyer, vendor = make_company("buyer", "Alder Retail"), make_company("vendor", "Ostermere CX")
    payer = actor_for(make_person(buyer, "finance"), buyer)
    issuer = actor_for(make_person(vendor, "finance"), vendor)
    return Deal(buyer, vendor, payer, issuer, make_schedule(buyer, vendor))


@pytest.fixture
def outsider(app) -> Actor:
    company = make_company("vendor", "Somebody Else")
    return actor_for(make_person(company, "owner"), company)
