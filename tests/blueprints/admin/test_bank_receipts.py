"""Bank receipts over HTTP: staff of finance only, and two of them for large sums."""

import pytest

from portal.kit import jobs
from tests.factories.accounts import make_company, make_person, make_staff, sign_in
from tests.factories.billing import make_invoice, make_schedule, read_invoice


@pytest.fixture
def deal(app):
    buyer, vendor = make_company("buyer", "Alder Retail"), make_company("vendor", "Ostermere CX")
    return buyer, vendor, make_schedule(buyer, vendor)


def staff(make_client, *roles):
    client = make_client()
    sign_in(client, make_staff(*roles))
    return client


def record(client, invoice, amount: str, bank_ref: str = "BANK-1"):
    fields = {"amount": amount, "received_on": "2026-03-02", "payer": "Alder Retail Ltd", "bank_ref": bank_ref}
    return client.post(f"/admin/bank-receipts/new?reference={invoice.reference}", data=fields, follow_redirects=True)


class TestGuard:
    def test_neither_companies_nor_moderators_get_in(self, deal, make_client):
        person = make_client()
        sign_in(person, make_person(deal[0]))
        assert person.get("/admin/bank-receipts").status_code == 404
        assert staff(make_client, "moderator").get("/admin/bank-receipts").status_code == 403


class TestRecord:
    def test_a_wrong_reference_says_what_to_do_and_keeps_the_text(self, deal, make_client):
        answer = staff(make_client, "finance").post("/admin/bank-receipts/find", data={"reference": "RF00NO"})
        assert answer.status_code == 400
        assert "Copy the whole reference" in answer.text and 'value="RF00NO"' in answer.text

    def test_a_small_one_is_booked_at_once(self, deal, make_client, app):
        invoice_id = make_invoice(deal[2], deal[1], 10_000)
        invoice, client = read_invoice(invoice_id, deal[0]), staff(make_client, "finance")
        found = client.post("/admin/bank-receipts/find", data={"reference": invoice.reference}, follow_redirects=True)
        assert invoice.number in found.text and "120.00" in found.text
        assert "booked within a minute" in record(client, invoice, "120.00").text
        jobs.run_waiting(app)
        assert read_invoice(invoice_id, deal[0]).state == "paid"
        assert "Booked" in client.get("/admin/bank-receipts").text

    def test_a_refused_entry_stands_at_its_field(self, deal, make_client):
        invoice = read_invoice(make_invoice(deal[2], deal[1]), deal[0])
        client = staff(make_client, "finance")
        record(client, invoice, "1.00")
        again = record(client, invoice, "1.00")
        assert again.status_code == 400 and "recorded before" in again.text and 'value="BANK-1"' in again.text


class TestApprove:
    def test_a_large_one_waits_for_somebody_else(self, deal, make_client, app):
        invoice_id = make_invoice(deal[2], deal[1], 1_000_000)
        invoice = read_invoice(invoice_id, deal[0])
        first, second = staff(make_client, "finance"), staff(make_client, "finance")
        assert "second person" in record(first, invoice, "12,000.00").text
        assert "/approve" not in first.get("/admin/bank-receipts").text
        page = second.get("/admin/bank-receipts").text
        address = page.split('action="')[1:]
        approve = next(part.split('"')[0] for part in address if "/approve" in part.split('"')[0])
        assert first.post(approve).status_code == 409
        assert "Confirmed" in second.post(approve, follow_redirects=True).text
        jobs.run_waiting(app)
        assert read_invoice(invoice_id, deal[0]).state == "paid"
