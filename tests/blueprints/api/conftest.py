"""A deal in service, and programs of both sides."""

from datetime import timedelta

import pytest

from portal.kit import clock, tenancy
from portal.kit.db import db
from tests.factories import agreements as deals
from tests.factories.api import program_of


@pytest.fixture
def deal(app):
    """An agreement that went live forty days ago, so that a whole month of it is over."""
    made = deals.make_live()
    with tenancy.scope(tenancy.PUBLIC):
        now = clock.now()
        db.session.rollback()
    clock.move_to(now + timedelta(days=40))
    return made


@pytest.fixture
def vendor_program(app, deal):
    return program_of(app, deal.vendor)


@pytest.fixture
def buyer_program(app, deal):
    return program_of(app, deal.buyer)
