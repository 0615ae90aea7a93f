"""A trusted vendor's changes of prices pass by themselves; nothing else does, and everything is recorded."""

import uuid
from typing import Any

import pytest

from portal.accounts.actor import Actor
from portal.catalog import queries
from portal.catalog.actions.service import edit_service, submit_service
from portal.catalog.states import ServiceChangeState
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.moderation.states import CaseState
from portal.moderation.trust import end_trust, trust_of, trust_vendor
from tests.factories.accounts import actor_for, execute, make_staff
from tests.factories.catalog import (
    HOURLY_CARD,
    MadeVendor,
    make_card,
    make_live_service,
    make_moderator,
    make_vendor,
    service_values,
)
from tests.factories.moderation import case_of

pytestmark = pytest.mark.usefixtures("app")


def trust(moderator: Actor, vendor: MadeVendor) -> None:
    with tenancy.scope(moderator.scope):
        trust_vendor(moderator, vendor.company.id, reason="Five years without a fault")
        db.session.commit()


def change(vendor: MadeVendor, service_id: uuid.UUID, **fields: Any) -> str | None:
    """Edit a live service and send it in; gives what became of the change."""
    with tenancy.scope(vendor.actor.scope):
        service = queries.service_for(vendor.actor, service_id)
        values = service_values(service.rate_card_id) | fields
        edit_service(vendor.actor, service, values=values, version=service.version)
        submit_service(vendor.actor, service, version=service.version)
        state = service.change_state
        db.session.commit()
    return state


def dearer(vendor: MadeVendor) -> uuid.UUID:
    document = HOURLY_CARD | {"operating": [{**HOURLY_CARD["operating"][0], "rate": "18.50"}]}
    return make_card(vendor, document)


class TestTrustVendor:
    def test_support_may_not_give_trust(self) -> None:
        vendor, support = make_vendor(), actor_for(make_staff("support"))
        with tenancy.scope(support.scope), pytest.raises(Forbidden):
            trust_vendor(support, vendor.company.id, reason="Nice people")

    def test_it_needs_a_reason_and_is_given_once(self) -> None:
        vendor, moderator = make_vendor(), make_moderator()
        with tenancy.scope(moderator.scope), pytest.raises(Invalid):
            trust_vendor(moderator, vendor.company.id, reason=" ")
        trust(moderator, vendor)
        with tenancy.scope(moderator.scope), pytest.raises(Conflict):
            trust_vendor(moderator, vendor.company.id, reason="Again")

    def test_it_is_recorded_and_can_be_ended(self) -> None:
        vendor, moderator = make_vendor(), make_moderator()
        trust(moderator, vendor)
        with tenancy.scope(moderator.scope):
            end_trust(moderator, vendor.company.id, reason="Two complaints")
            assert trust_of(moderator, vendor.company.id) is None
            db.session.commit()
        with tenancy.scope(moderator.scope), pytest.raises(Conflict):
            end_trust(moderator, vendor.company.id, reason="Again")
        tags = [row.tag for row in execute("SELECT tag FROM audit_entries WHERE tag LIKE 'moderation:trust:%'")]
        assert sorted(tags) == ["moderation:trust:end", "moderation:trust:give"]


class TestPassByItself:
    def test_a_change_of_prices_by_anybody_else_waits(self) -> None:
        vendor = make_vendor()
        service_id = make_live_service(vendor)
        assert change(vendor, service_id, rate_card_id=dearer(vendor)) == ServiceChangeState.PENDING

    def test_a_trusted_vendors_prices_are_published_and_its_case_says_so(self) -> None:
        vendor, moderator = make_vendor(), make_moderator()
        service_id = make_live_service(vendor)
        trust(moderator, vendor)
        assert change(vendor, service_id, rate_card_id=dearer(vendor)) == ServiceChangeState.CONFIRMED
        case = case_of(moderator, service_id)
        assert case.state == CaseState.CLOSED
        [decision] = execute("SELECT verdict, person_name FROM decisions WHERE verdict = 'passed'")
        assert decision.person_name == vendor.person.name
        [entry] = execute("SELECT price_from_minor FROM directory_entries")
        assert entry.price_from_minor == 1850
        assert execute("SELECT 1 FROM audit_entries WHERE tag = 'catalog:service:confirm_prices'")

    def test_a_trusted_vendors_words_wait_like_anybodys(self) -> None:
        vendor, moderator = make_vendor(), make_moderator()
        service_id = make_live_service(vendor)
        trust(moderator, vendor)
        state = change(vendor, service_id, rate_card_id=dearer(vendor), summary="Now with chat as well.")
        assert state == ServiceChangeState.PENDING
        assert case_of(moderator, service_id).state == CaseState.OPEN

    def test_after_the_trust_ended_prices_wait_again(self) -> None:
        vendor, moderator = make_vendor(), make_moderator()
        service_id = make_live_service(vendor)
        trust(moderator, vendor)
        with tenancy.scope(moderator.scope):
            end_trust(moderator, vendor.company.id, reason="Two complaints")
            db.session.commit()
        assert change(vendor, service_id, rate_card_id=dearer(vendor)) == ServiceChangeState.PENDING
