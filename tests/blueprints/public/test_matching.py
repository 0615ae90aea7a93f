"""Vendors measured against a buyer's own requirement."""

import pytest
from flask.testing import FlaskClient

from portal.catalog.actions.calendar import add_closure
from portal.kit.db import db
from portal.needs.models import Requirement
from tests.factories.accounts import MadePerson, actor_for, make_company, make_person, sign_in
from tests.factories.catalog import make_live_vendor, make_moderator
from tests.factories.needs import make_requirement
from tests.factories.profiles import doing
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def a_buyer() -> tuple[MadePerson, Requirement]:
    """A buyer with a complete requirement: phone and e-mail in Great Britain."""
    company = make_company("buyer")
    person = make_person(company)
    return person, make_requirement(actor_for(person, company))


class TestMeasuring:
    def test_a_stranger_measures_nothing(self, client: FlaskClient) -> None:
        _, requirement = a_buyer()
        make_live_vendor("Kestrelway Contact")
        assert "vendor-score" not in client.get(f"/vendors?requirement={requirement.id}").text

    def test_another_buyers_requirement_is_not_known(self, client: FlaskClient) -> None:
        _, foreign = a_buyer()
        person, _ = a_buyer()
        make_live_vendor("Kestrelway Contact")
        sign_in(client, person)
        text = client.get(f"/vendors?requirement={foreign.id}").text
        assert "vendor-score" not in text and "Measured against" not in text

    @pytest.mark.parametrize("wanted", ["", "x", "%00", "0190a000-0000-7000-8000-000000000000"])
    def test_an_id_that_makes_no_sense_is_ignored(self, client: FlaskClient, wanted: str) -> None:
        person, _ = a_buyer()
        sign_in(client, person)
        assert client.get(f"/vendors?requirement={wanted}").status_code == 200

    def test_reasons_and_gaps_are_named(self, client: FlaskClient) -> None:
        person, requirement = a_buyer()
        moderator = make_moderator()
        make_live_vendor("Kestrelway Contact", moderator)
        make_live_vendor("Half A Desk", moderator, channels=["phone"], industries=["health"])
        sign_in(client, person)
        text = client.get(f"/vendors?requirement={requirement.id}&sort=name").text
        half, whole = text[text.index("Half A Desk") :], text[text.index("Kestrelway Contact") :]
        half = half[: half.index("Kestrelway Contact")]
        assert "Channels: 1 of 2" in half and "Industry: none" in half and "−15.0" in half and "−10.0" in half
        assert "Channels: 2 of 2" in whole and "No verified review yet" in whole and "−2.5" in whole
        assert f"requirement={requirement.id}" in text and "Measured against" in text

    def test_a_vendor_that_is_closed_at_the_start_is_out_of_the_match(self, client: FlaskClient) -> None:
        person, requirement = a_buyer()
        start = requirement.start_on
        assert start is not None
        vendor = make_live_vendor("Kestrelway Contact")
        doing(vendor.actor, lambda: add_closure(vendor.actor, first_on=start, last_on=start, reason="Move").id)
        sign_in(client, person)
        text = client.get(f"/vendors?requirement={requirement.id}").text
        assert "0 of 100" in text and "Closed from" in text


class TestStatements:
    def test_words_filters_requirement_chosen_vendors_and_shortlist_at_once_take_twelve_at_most(
        self, client: FlaskClient
    ) -> None:
        person, requirement = a_buyer()
        moderator = make_moderator()
        vendors = [make_live_vendor(f"Kestrelway {number}", moderator) for number in range(12)]
        sign_in(client, person)
        for vendor in vendors[:4]:
            client.post("/buyer/shortlist", data={"slug": vendor.company.slug})
        chosen = "".join(f"&v={vendor.company.slug}" for vendor in vendors[:3])
        address = (
            f"/vendors?q=kestrelway+retail&channel=phone&language=de&mode=full&country=GB&requirement={requirement.id}"
            f"{chosen}"
        )
        client.get(address)
        with counted(db.engine) as statements:
            page = client.get(address)
        assert page.status_code == 200 and page.text.count("vendor-score") >= len(vendors)
        assert len(statements) <= 12, "\n".join(statements)
