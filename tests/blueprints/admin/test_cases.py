"""The moderators' queue and case page."""

import re
import uuid

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import actor_for, make_company, make_person, make_staff, sign_in
from tests.factories.catalog import MadeVendor, make_profile, make_submitted, make_vendor, stored_service
from tests.factories.moderation import case_of


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_staff("moderator", name="Hana Lind"))
    return client


def version_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found
    return found.group(1)


class TestWhoMay:
    def test_a_vendor_finds_nothing(self, client: FlaskClient, vendor: MadeVendor) -> None:
        sign_in(client, vendor.person)
        assert client.get("/admin/cases").status_code == 404

    def test_a_buyer_finds_nothing(self, client: FlaskClient) -> None:
        sign_in(client, make_person(make_company("buyer")))
        assert client.get(f"/admin/cases/{uuid.uuid4()}").status_code == 404

    def test_staff_who_do_not_moderate_are_refused(self, client: FlaskClient) -> None:
        sign_in(client, make_staff("finance"))
        assert client.get("/admin/cases").status_code == 403


class TestQueue:
    def test_an_empty_queue_says_so(self, desk: FlaskClient) -> None:
        for which in ("", "mine", "done", "bogus"):
            assert desk.get(f"/admin/cases?which={which}").status_code == 200
        assert "Nothing waits for a decision" in desk.get("/admin/cases").text

    def test_a_submitted_service_is_in_it_and_on_the_overview(self, desk: FlaskClient, vendor: MadeVendor) -> None:
        make_submitted(vendor)
        assert "Retail after-sales" in desk.get("/admin/cases").text
        assert "Retail after-sales" in desk.get("/admin").text


class TestDeciding:
    def test_the_whole_way(self, desk: FlaskClient, vendor: MadeVendor) -> None:
        service_id = make_submitted(vendor)
        case = case_of(actor_for(make_staff()), service_id)
        address = f"/admin/cases/{case.id}"
        text = desk.get(address).text
        assert "Take the case" in text and "Automatic checks" in text and "Your decision" not in text
        desk.post(f"{address}/assign", data={"version": version_of(desk, address)})
        assert "Your decision" in desk.get(address).text
        version = version_of(desk, address)
        refused = desk.post(f"{address}/decide", data={"verdict": "send_back", "version": version})
        assert refused.status_code == 400 and "Give at least one reason" in refused.text
        reasons = {"reason_summary": "Say for which shops."}
        sent = desk.post(f"{address}/decide", data={"verdict": "send_back", "version": version, **reasons})
        assert sent.status_code == 302
        assert stored_service(service_id, vendor).reasons == {"summary": "Say for which shops."}
        assert "Say for which shops." in desk.get(address).text
        desk.get("/sign-in")
        seller = desk.application.test_client()
        sign_in(seller, vendor.person)
        text = seller.get(f"/vendor/services/{service_id}").text
        assert "Say for which shops." in text and "Changes requested" in text

    def test_publishing_lists_the_vendor(self, desk: FlaskClient, vendor: MadeVendor) -> None:
        case = case_of(actor_for(make_staff()), make_submitted(vendor))
        address = f"/admin/cases/{case.id}"
        desk.post(f"{address}/assign", data={"version": version_of(desk, address)})
        sent = desk.post(f"{address}/decide", data={"verdict": "approve", "version": version_of(desk, address)})
        assert sent.status_code == 302
        assert "Kestrelway Contact" in desk.get("/vendors").text

    def test_no_verdict_is_refused_and_a_stale_page_changes_nothing(
        self, desk: FlaskClient, vendor: MadeVendor
    ) -> None:
        case = case_of(actor_for(make_staff()), make_submitted(vendor))
        address = f"/admin/cases/{case.id}"
        desk.post(f"{address}/assign", data={"version": "1"})
        assert desk.post(f"{address}/decide", data={"version": "2"}).status_code == 400
        assert desk.post(f"{address}/decide", data={"verdict": "approve", "version": "1"}).status_code == 409
        assert desk.post(f"{address}/release", data={"version": "2"}).status_code == 302


class TestConduct:
    def test_a_case_is_opened_taken_and_closed(self, desk: FlaskClient, vendor: MadeVendor) -> None:
        address = f"/admin/companies/{vendor.company.id}/case"
        assert desk.post(address, data={"reason": ""}).status_code == 400
        opened = desk.post(address, data={"reason": "Complaints of three buyers"})
        assert opened.status_code == 302
        case = opened.headers["Location"]
        desk.post(f"{case}/assign", data={"version": version_of(desk, case)})
        assert desk.post(f"{case}/decide", data={"reason": "Settled", "version": "2"}).status_code == 302
        assert "Settled" in desk.get(case).text


class TestChecks:
    def test_contact_details_in_the_profile_are_flagged_and_its_website_is_not(
        self, desk: FlaskClient, vendor: MadeVendor
    ) -> None:
        make_profile(vendor, website="https://kestrelway.example")
        address = f"/admin/cases/{case_of(actor_for(make_staff()), make_submitted(vendor)).id}"
        assert desk.get(address).text.count("No e-mail address, phone number or link found.") == 2
        make_profile(vendor, quality={"curriculum": "Ask training@kestrelway.example"})
        assert "training@kestrelway.example" in desk.get(address).text


class TestNames:
    def test_a_new_name_is_in_the_queue_flagged_beside_the_old_one_and_is_taken_back(
        self, desk: FlaskClient, vendor: MadeVendor
    ) -> None:
        make_submitted(make_vendor("Kestrelway"))
        renamed = desk.application.test_client()
        sign_in(renamed, vendor.person)
        renamed.post("/account/company/name", data={"name": "Kestrel-Way", "version": "1"})
        listed = desk.get("/admin/cases").text
        assert "Kestrel-Way" in listed and "New name" in listed and "Looks like another" in listed
        address = f"/admin/cases/{case_of(actor_for(make_staff()), vendor.company.id).id}"
        desk.post(f"{address}/assign", data={"version": version_of(desk, address)})
        page = desk.get(address).text
        assert "Known before" in page and "Its name reads the same" in page
        sent = {"version": version_of(desk, address), "verdict": "reject"}
        refused = desk.post(f"{address}/decide", data=sent)
        assert refused.status_code == 400 and "the company will read it" in refused.text
        decided = desk.post(f"{address}/decide", data=sent | {"reason": "Somebody else."}, follow_redirects=True)
        assert "Decided: Give the old name back." in decided.text
        assert vendor.company.name in renamed.get("/account/company").text
