"""The demo's vendors are connected to a stand-in for Stripe, also to one that has forgotten them."""

import pytest
from flask import Flask

from portal.demo import cards
from tests.factories.accounts import execute, make_company, make_person
from tests.factories.billing import card_payments, make_schedule


@pytest.fixture
def paid(app: Flask) -> None:
    """Two vendors with agreements, one of them of the demo, and one of the demo without."""
    for email, has_agreement in (("vendor@demo.test", True), ("huayin@demo.test", False), ("a@other.test", True)):
        vendor = make_company("vendor")
        make_person(vendor, email=email)
        if has_agreement:
            make_schedule(make_company("buyer"), vendor)


def connected() -> list[str]:
    return [row.ref for row in execute("SELECT ref FROM vendor_accounts WHERE standing = 'ready'")]


def test_paid_vendors_of_the_demo_are_connected_once(app: Flask, paid: None) -> None:
    said: list[str] = []
    with card_payments(app) as double:
        cards.connect(said.append)
        cards.connect(said.append)
        assert connected() == [one["id"] for one in double.app.store.of_kind("account")]
    assert len(said) == 1 and said[0].endswith("ready")


def test_a_fresh_stand_in_gets_new_accounts(app: Flask, paid: None) -> None:
    with card_payments(app):
        cards.connect(lambda _words: None)
        (before,) = connected()
    with card_payments(app):
        cards.connect(lambda _words: None)
        (after,) = connected()
    assert after != before


def test_without_a_stand_in_nobody_is_connected(app: Flask, paid: None) -> None:
    result = app.test_cli_runner().invoke(args=("demo", "connect"))
    assert result.exit_code == 1 and "Only a stand-in" in result.output
