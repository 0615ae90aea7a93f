"""A vendor's services through the pages: strangers first, then what is refused, then the whole way."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from portal.catalog.states import ServiceState
from portal.kit.tenancy import Walls
from tests.factories.accounts import add_member, make_company, make_person, sign_in
from tests.factories.catalog import (
    MadeVendor,
    make_card,
    make_draft,
    make_live_service,
    make_submitted,
    make_vendor,
    stored_service,
)


@pytest.fixture
def seller(client: FlaskClient, vendor: MadeVendor) -> FlaskClient:
    sign_in(client, vendor.person)
    return client


@contextmanager
def wall_down(which: str, superuser: psycopg.Connection) -> Iterator[None]:
    """One of the two walls between companies taken down: the other must hold alone."""
    if which == "python":
        Walls.python = False
    else:
        superuser.execute("ALTER TABLE services DISABLE ROW LEVEL SECURITY")
    try:
        yield
    finally:
        Walls.python = True
        superuser.execute("ALTER TABLE services ENABLE ROW LEVEL SECURITY")


def entered(card_id: uuid.UUID | None = None, **changes: Any) -> dict[str, Any]:
    """The form of a service filled in."""
    return {
        "title": "Retail after-sales",
        "summary": "Order status and returns.",
        "description": "Dedicated agents.",
        "channels": ["phone"],
        "modes": ["full"],
        "industries": ["retail"],
        "languages-0-code": "de",
        "languages-0-level": "C1",
        "days-0-start": "08:00",
        "days-0-end": "20:00",
        "timezone": "Europe/Warsaw",
        "rate_card_id": str(card_id or ""),
    } | changes


def version_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found
    return found.group(1)


NOBODYS = "0190a000-0000-7000-8000-000000000000"


class TestWhoMay:
    @pytest.mark.parametrize("address", ["", "/new", f"/{NOBODYS}", f"/{NOBODYS}/edit"])
    def test_a_stranger_is_sent_to_the_door(self, client: FlaskClient, address: str) -> None:
        answer = client.get(f"/vendor/services{address}")
        assert answer.status_code == 302 and "/sign-in" in answer.headers["Location"]

    def test_a_buyer_finds_nothing(self, client: FlaskClient) -> None:
        sign_in(client, make_person(make_company("buyer")))
        assert client.get("/vendor/services").status_code == 404

    def test_a_viewer_reads_but_does_not_write(self, client: FlaskClient, vendor: MadeVendor) -> None:
        service_id = make_draft(vendor)
        viewer = make_person()
        add_member(vendor.company, viewer, "viewer")
        sign_in(client, viewer)
        assert client.get(f"/vendor/services/{service_id}").status_code == 200
        assert client.get("/vendor/services/new").status_code == 403
        assert client.post(f"/vendor/services/{service_id}/submit", data={"version": "1"}).status_code == 403

    @pytest.mark.parametrize("wall", ["python", "database"])
    @pytest.mark.parametrize("page", ["", "/edit"])
    def test_another_vendors_service_does_not_exist(
        self, seller: FlaskClient, superuser: psycopg.Connection, wall: str, page: str
    ) -> None:
        service_id = make_live_service(make_vendor("Somebody Else"))
        with wall_down(wall, superuser):
            assert seller.get(f"/vendor/services/{service_id}{page}").status_code == 404
            for act in ("submit", "take-back", "pause", "resume", "retire"):
                assert seller.post(f"/vendor/services/{service_id}/{act}", data={"version": "2"}).status_code == 404


class TestWriting:
    def test_the_empty_list_says_what_to_do(self, seller: FlaskClient) -> None:
        assert "No service yet" in seller.get("/vendor/services").text

    def test_a_service_is_written_and_read_back(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        card_id = make_card(vendor)
        answer = seller.post("/vendor/services/new", data=entered(card_id))
        assert answer.status_code == 302
        address = answer.headers["Location"]
        text = seller.get(address).text
        assert "German C1" in text and "Monday 08:00–20:00" in text and "Send in for publication" in text
        text = seller.get(f"{address}/edit").text
        assert 'value="Retail after-sales"' in text and 'value="08:00"' in text

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"title": ""}, "Give the service a title"),
            ({"days-0-end": "07:00"}, "the earlier one first"),
            ({"languages-1-code": "de", "languages-1-level": "B2"}, "Each language can stand here once"),
            ({"minimum_agents": "-3"}, "whole number"),
            ({"channels": ["telepathy"]}, "telepathy"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, seller: FlaskClient, changes: dict[str, Any], sentence: str
    ) -> None:
        answer = seller.post("/vendor/services/new", data=entered(**changes))
        assert answer.status_code == 400
        assert sentence in answer.text and "Order status and returns." in answer.text

    def test_more_rows_save_nothing_and_the_form_can_still_be_sent(
        self, seller: FlaskClient, vendor: MadeVendor
    ) -> None:
        page = seller.get("/vendor/services/new").text
        first = re.search(r'name="submission_id"[^>]*value="([^"]+)"', page)
        assert first
        more = seller.post("/vendor/services/new", data=entered(more="rows", submission_id=first.group(1)))
        assert more.status_code == 200 and 'name="languages-2-code"' in more.text
        assert "No service yet" in seller.get("/vendor/services").text
        second = re.search(r'name="submission_id"[^>]*value="([^"]+)"', more.text)
        assert second
        sent = seller.post("/vendor/services/new", data=entered(submission_id=second.group(1)))
        assert sent.status_code == 302

    def test_a_form_sent_twice_makes_one_service(self, seller: FlaskClient) -> None:
        answers = [seller.post("/vendor/services/new", data=entered(submission_id="same")) for _ in range(2)]
        assert answers[0].headers["Location"] == answers[1].headers["Location"]
        assert seller.get("/vendor/services").text.count("Order status and returns.") == 1

    def test_the_second_of_two_editors_keeps_nobody_out(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        service_id = make_draft(vendor)
        address = f"/vendor/services/{service_id}/edit"
        version = version_of(seller, address)
        assert seller.post(address, data=entered(version=version)).status_code == 302
        answer = seller.post(address, data=entered(version=version, description="Mine"))
        assert answer.status_code == 409 and "Mine" in answer.text


class TestTheWayToPublication:
    def test_an_incomplete_service_says_what_is_missing(self, seller: FlaskClient) -> None:
        address = seller.post("/vendor/services/new", data=entered()).headers["Location"]
        text = seller.get(address).text
        assert "Choose the rate card it is priced by." in text and "Send in for publication" not in text
        assert seller.post(f"{address}/submit", data={"version": "1"}).status_code == 302
        text = seller.get(address).text
        assert 'role="alert"' in text and "In review" not in text

    def test_it_is_sent_in_taken_back_and_sent_in_again(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        service_id = make_draft(vendor)
        address = f"/vendor/services/{service_id}"
        for act, state in (("submit", "submitted"), ("take-back", "draft"), ("submit", "submitted")):
            answer = seller.post(f"{address}/{act}", data={"version": version_of(seller, address)})
            assert answer.status_code == 302
            assert stored_service(service_id, vendor).state == state
        assert seller.get(f"{address}/edit").status_code == 200
        version = stored_service(service_id, vendor).version
        assert seller.post(f"{address}/edit", data=entered(version=str(version))).status_code == 409

    def test_a_stale_button_changes_nothing(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        service_id = make_submitted(vendor)
        assert seller.post(f"/vendor/services/{service_id}/take-back", data={"version": "1"}).status_code == 409
        assert stored_service(service_id, vendor).state == ServiceState.SUBMITTED

    def test_pausing_leaves_the_directory_and_resuming_comes_back(
        self, seller: FlaskClient, vendor: MadeVendor
    ) -> None:
        service_id = make_live_service(vendor)
        address = f"/vendor/services/{service_id}"
        assert seller.get(f"/vendors/{vendor.company.slug}").status_code == 200
        seller.post(f"{address}/pause", data={"version": version_of(seller, address)})
        assert seller.get(f"/vendors/{vendor.company.slug}").status_code == 404
        seller.post(f"{address}/resume", data={"version": version_of(seller, address)})
        assert seller.get(f"/vendors/{vendor.company.slug}").status_code == 200
        seller.post(f"{address}/retire", data={"version": version_of(seller, address)})
        assert seller.get(f"/vendors/{vendor.company.slug}").status_code == 404

    def test_a_change_of_a_live_service_stays_unseen_until_it_is_confirmed(
        self, seller: FlaskClient, vendor: MadeVendor
    ) -> None:
        service_id = make_live_service(vendor)
        address = f"/vendor/services/{service_id}"
        version = version_of(seller, f"{address}/edit")
        seller.post(f"{address}/edit", data=entered(make_card(vendor), version=version, title="Brand new title"))
        assert "Brand new title" not in seller.get(f"/vendors/{vendor.company.slug}").text
        text = seller.get(address).text
        assert "Changes that are not published" in text and "Send in the changes" in text
        assert seller.post(f"{address}/submit", data={"version": version_of(seller, address)}).status_code == 302
        assert stored_service(service_id, vendor).change_state == "pending"


class TestOverview:
    def test_it_shows_services_with_their_states(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        make_submitted(vendor)
        text = seller.get("/vendor").text
        assert "Retail after-sales" in text and "In review" in text and "Your profile" in text
