"""The vendor's profile through its pages: sections, certificates, references, calendar."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories.accounts import execute, sign_in
from tests.factories.catalog import MadeVendor, make_live_service, make_moderator, make_vendor
from tests.factories.profiles import PDF, PNG, days_ahead, make_certificate, make_reference
from tests.journeys.isolation import person_of


@pytest.fixture
def seller(client: FlaskClient, vendor: MadeVendor) -> FlaskClient:
    sign_in(client, vendor.person)
    return client


def about(version: str = "0", **changes: Any) -> dict[str, Any]:
    """The first section filled in."""
    return {
        "version": version,
        "headline": "Five languages, two sites",
        "description": "We answer.",
        "website": "kestrelway.example",
        "founded": "2011",
        "ownership": "private",
    } | changes


def sites(version: str, **changes: Any) -> dict[str, Any]:
    """The section of the sites with one row."""
    return {
        "version": version,
        "sites-0-city": "Kraków",
        "sites-0-country": "PL",
        "sites-0-timezone": "Europe/Warsaw",
        "sites-0-seats": "320",
        "sites-0-home_percent": "40",
    } | changes


def version_on(client: FlaskClient, path: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(path).text)
    assert found
    return found.group(1)


class TestSections:
    def test_a_stranger_is_sent_to_the_door(self, client: FlaskClient) -> None:
        assert client.get("/vendor/profile").status_code == 302
        assert client.get("/vendor/profile/about").status_code == 302

    def test_each_is_saved_by_itself_and_the_meter_names_what_comes_next(
        self, seller: FlaskClient, vendor: MadeVendor
    ) -> None:
        assert "0 percent filled in" in seller.get("/vendor/profile").text
        assert seller.post("/vendor/profile/about", data=about()).headers["Location"] == "/vendor/profile/size"
        version = version_on(seller, "/vendor/profile/sites")
        assert seller.post("/vendor/profile/sites", data=sites(version, then="close")).status_code == 302
        overview = seller.get("/vendor/profile").text
        assert "21 percent filled in" in overview and "Name the languages you serve" in overview
        assert 'value="Kraków"' in seller.get("/vendor/profile/sites").text
        make_live_service(vendor)
        assert "Five languages, two sites" in seller.get("/vendors?q=kraków").text

    def test_every_section_keeps_what_was_entered(self, seller: FlaskClient) -> None:
        entered = {
            "size": {"employees": "510", "agents": "420", "seats_free": "46", "ramp_per_month": "24"},
            "languages": {
                "languages-0-code": "de", "languages-0-level": "C1", "languages-0-agents": "40",
                "hours-0-code": "", "hours-0-days": "weekdays", "hours-0-start": "08:00", "hours-0-end": "20:00",
                "hours_timezone": "Europe/Warsaw",
            },
            "experience": {"experience-0-industry": "retail", "experience-0-years": "12"},
            "offer": {
                "service_types": "complaints", "modes": "full", "agent_models": "dedicated", "lead_days": "45",
                "channel_volumes-0-channel": "phone", "channel_volumes-0-volume": "1850000",
            },
            "technology": {"automation": "chatbot", "integrations": "api", "acd": "Own routing"},
            "quality": {"samples": "8", "rhythm": "weekly", "attrition": "18.5"},
            "security": {"has_dpo": "y", "pen_test_on": "2025-05-06", "insurance": "EUR 5m"},
        }  # fmt: skip
        for section, values in entered.items():
            path = f"/vendor/profile/{section}"
            sent = seller.post(path, data=values | {"version": version_on(seller, path)})
            assert sent.status_code == 302, (section, sent.text)
            text = seller.get(path).text
            kept = re.findall(r'(?:value="([^"]+)"[^>]*>|>([^<]+)<)', text)
            for value in values.values():
                assert value == "" or value == "y" or any(value in pair for pair in kept), (section, value)
        (row,) = execute("SELECT quality, technology, systems, industries FROM vendor_profiles")
        assert row.quality == {"samples": 8, "rhythm": "weekly", "attrition": "18.5"}
        assert row.technology == ["api", "chatbot"] and row.systems == {"acd": "Own routing"}
        assert row.industries == ["retail"]

    @pytest.mark.parametrize(
        ("path", "changes", "sentence"),
        [
            ("about", {"founded": "20110"}, "four digits"),
            ("about", {"website": "javascript:alert(1)"}, "address of your website"),
            ("about", {"website": "http://"}, "address of your website"),
            ("about", {"headline": "x" * 161}, "160"),
            ("sites", {"sites-0-country": ""}, "Choose the country"),
            ("sites", {"sites-0-seats": "many"}, "integer"),
            ("sites", {"sites-0-pair": "Porto"}, "another one of this list"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, seller: FlaskClient, path: str, changes: dict[str, Any], sentence: str
    ) -> None:
        data = about(**changes) if path == "about" else sites("0", **changes)
        answer = seller.post(f"/vendor/profile/{path}", data=data)
        kept = "We answer." if path == "about" else "Kraków"
        assert answer.status_code == 400 and sentence in answer.text and kept in answer.text

    def test_the_second_of_two_editors_is_told(self, seller: FlaskClient) -> None:
        seller.post("/vendor/profile/about", data=about())
        version = version_on(seller, "/vendor/profile/about")
        assert seller.post("/vendor/profile/about", data=about(version, headline="One")).status_code == 302
        assert seller.post("/vendor/profile/about", data=about(version, headline="Two")).status_code == 409

    def test_there_is_no_other_section(self, seller: FlaskClient) -> None:
        assert seller.get("/vendor/profile/nothing").status_code == 404


class TestCertificates:
    def entered(self, content: bytes = PDF, name: str = "iso.pdf", **changes: Any) -> dict[str, Any]:
        return {
            "code": "iso27001",
            "issuer": "Norvale Certification",
            "valid_to": days_ahead(400).isoformat(),
            "file": (BytesIO(content), name),
        } | changes

    def test_it_is_added_with_its_document_and_waits_for_staff(self, seller: FlaskClient) -> None:
        sent = seller.post("/vendor/profile/certificates", data=self.entered())
        assert sent.status_code == 302
        assert "Document uploaded" in seller.get("/vendor/profile/certificates").text

    @pytest.mark.parametrize(
        ("content", "name", "sentence"),
        [(b"<svg onload=alert(1)>", "iso.pdf", "This is no PDF"), (PNG, "iso.pdf", "does not fit")],
    )
    def test_a_file_that_is_something_else_is_refused_at_its_field(
        self, seller: FlaskClient, content: bytes, name: str, sentence: str
    ) -> None:
        answer = seller.post("/vendor/profile/certificates", data=self.entered(content, name))
        assert answer.status_code == 400 and sentence in answer.text and "Norvale" in answer.text
        assert execute("SELECT count(*) AS n FROM stored_files")[0].n == 0

    def test_the_document_is_a_download_for_the_vendor_and_staff_and_nobody_else(
        self, seller: FlaskClient, vendor: MadeVendor, make_client: Any
    ) -> None:
        certificate_id = make_certificate(vendor, days_ahead(400))
        staff, other = make_client(), make_client()
        sign_in(staff, person_of(make_moderator()))
        sign_in(other, make_vendor().person)
        for client, path in (
            (seller, f"/vendor/profile/certificates/{certificate_id}/document"),
            (staff, f"/admin/documents/{certificate_id}/file"),
        ):
            answer = client.get(path)
            assert answer.status_code == 200 and answer.data == PDF
            assert answer.headers["Content-Disposition"] == "attachment; filename=iso.pdf"
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Cache-Control"] == "no-store"
        assert other.get(f"/vendor/profile/certificates/{certificate_id}/document").status_code == 404
        assert other.get(f"/admin/documents/{certificate_id}/file").status_code == 404


class TestDocumentsDesk:
    def test_staff_verify_from_the_queue(self, vendor: MadeVendor, client: FlaskClient) -> None:
        make_live_service(vendor)
        certificate_id = make_certificate(vendor, days_ahead(400))
        sign_in(client, person_of(make_moderator()))
        assert "Kestrelway Contact" in client.get("/admin/documents").text
        path = f"/admin/documents/{certificate_id}"
        page = client.get(path)
        assert "SECRET-4711" in page.text and "Kestrelway Contact Ltd" in page.text
        version = version_on(client, path)
        refused = client.post(path, data={"version": version, "verdict": "refuse"})
        assert refused.status_code == 400 and "Give a reason" in refused.text
        data = {"version": version, "verdict": "verify", "valid_to": days_ahead(300).isoformat()}
        assert client.post(path, data=data).status_code == 302
        assert "No document waits" in client.get("/admin/documents").text
        public = client.get(f"/vendors/{vendor.company.slug}").text
        assert "ISO/IEC 27001" in public and "Verified" in public and "SECRET-4711" not in public


class TestReferencesAndCalendar:
    def test_a_reference_is_added_asked_about_and_taken_out(self, seller: FlaskClient) -> None:
        data = {"customer": "Fernhall Garden", "industry": "", "started": "2024-03", "scope": "38 agents."}
        asks = seller.post("/vendor/profile/references", data=data).headers["Location"]
        version = version_on(seller, asks)
        entered = {
            "version": version,
            "contact_name": "Mara",
            "contact_email": "mara@fernhall.example",
            "language": "en",
        }
        assert seller.post(asks, data=entered).status_code == 302
        assert "Customer asked" in seller.get("/vendor/profile/references").text
        reference_id = asks.split("/")[-2]
        version = execute("SELECT version FROM vendor_references")[0].version
        sent = seller.post(f"/vendor/profile/references/{reference_id}/remove", data={"version": version})
        assert sent.status_code == 302 and "No reference yet" in seller.get("/vendor/profile/references").text

    def test_the_list_costs_the_same_with_many(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        for number in range(3):
            make_reference(vendor, customer=f"Customer {number}")
        assert "Customer 2" in seller.get("/vendor/profile/references").text

    def test_seats_and_closures_are_entered_on_one_page(self, seller: FlaskClient, vendor: MadeVendor) -> None:
        make_live_service(vendor)
        day = days_ahead(9).isoformat()
        path = "/vendor/profile/calendar"
        assert seller.post(f"{path}/seats", data={"from_on": day}).status_code == 400
        assert seller.post(f"{path}/seats", data={"from_on": day, "seats": "0"}).status_code == 302
        sent = seller.post(f"{path}/closures", data={"first_on": day, "reason": "Lunar New Year"})
        assert sent.status_code == 302
        twice = seller.post(f"{path}/closures", data={"first_on": day})
        assert twice.status_code == 400 and "closed on some of these days already" in twice.text
        assert "Lunar New Year" in seller.get(f"/vendors/{vendor.company.slug}").text
