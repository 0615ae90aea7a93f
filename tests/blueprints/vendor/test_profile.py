"""The vendor's profile through its page."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import sign_in
from tests.factories.catalog import MadeVendor, make_live_service


@pytest.fixture
def seller(client: FlaskClient, vendor: MadeVendor) -> FlaskClient:
    sign_in(client, vendor.person)
    return client


def entered(version: str = "0", **changes: Any) -> dict[str, Any]:
    """The form of a profile filled in."""
    return {
        "version": version,
        "headline": "Five languages, two sites",
        "description": "We answer.",
        "website": "kestrelway.example",
        "founded": "2011",
        "agents": "640",
        "seats_free": "46",
        "industries": ["retail"],
        "languages-0-code": "de",
        "languages-0-level": "C1",
        "sites-0-city": "Kraków",
        "sites-0-country": "PL",
        "sites-0-timezone": "Europe/Warsaw",
        "sites-0-seats": "320",
    } | changes


class TestEditProfile:
    def test_a_stranger_is_sent_to_the_door(self, client: FlaskClient) -> None:
        assert client.get("/vendor/profile").status_code == 302

    def test_it_is_saved_shown_and_public_with_the_first_live_service(
        self, seller: FlaskClient, vendor: MadeVendor
    ) -> None:
        assert seller.post("/vendor/profile", data=entered()).status_code == 302
        text = seller.get("/vendor/profile").text
        assert "Everything is filled in." in text and 'value="Kraków"' in text and "https://kestrelway.example" in text
        make_live_service(vendor)
        assert "Five languages, two sites" in seller.get("/vendors?q=kraków").text

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"founded": "20110"}, "four digits"),
            ({"website": "javascript:alert(1)"}, "address of your website"),
            ({"website": "http://"}, "address of your website"),
            ({"sites-0-country": ""}, "Choose the country"),
            ({"seats_free": "many"}, "integer"),
            ({"headline": "x" * 161}, "160"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, seller: FlaskClient, changes: dict[str, Any], sentence: str
    ) -> None:
        answer = seller.post("/vendor/profile", data=entered(**changes))
        assert answer.status_code == 400 and sentence in answer.text and "We answer." in answer.text

    def test_the_second_of_two_editors_is_told(self, seller: FlaskClient) -> None:
        seller.post("/vendor/profile", data=entered())
        version = re.search(r'name="version"[^>]*value="(\d+)"', seller.get("/vendor/profile").text)
        assert version
        assert seller.post("/vendor/profile", data=entered(version.group(1), headline="One")).status_code == 302
        assert seller.post("/vendor/profile", data=entered(version.group(1), headline="Two")).status_code == 409
