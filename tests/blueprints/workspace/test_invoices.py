"""Invoices over HTTP: who sees what, issuing, voiding, paying, and the page that waits."""

import re

import pytest
from sqlalchemy import event

from portal.billing import collection
from portal.billing.models import Payment
from portal.kit import jobs
from portal.kit.db import db
from tests.doubles.stripe import checkout
from tests.factories.accounts import execute, make_company, make_person, sign_in
from tests.factories.billing import (
    acting,
    card_payments,
    connect_vendor,
    make_invoice,
    make_schedule,
    read_invoice,
    robot,
)


@pytest.fixture
def parties(app):
    buyer, vendor = make_company("buyer", "Alder Retail"), make_company("vendor", "Ostermere CX")
    return buyer, vendor, make_schedule(buyer, vendor)


@pytest.fixture
def as_buyer(parties, make_client):
    client = make_client()
    sign_in(client, make_person(parties[0], "finance"))
    return client


@pytest.fixture
def as_vendor(parties, make_client):
    client = make_client()
    sign_in(client, make_person(parties[1], "finance"))
    return client


@pytest.fixture
def stripe(app, parties):
    with card_payments(app) as double:
        connect_vendor(double, parties[1])
        yield double


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


class TestList:
    def test_a_stranger_is_sent_to_the_sign_in_page(self, app, client):
        assert client.get("/invoices").headers.get("Location", "").startswith("/sign-in")

    def test_another_company_sees_an_empty_list(self, parties, make_client):
        make_invoice(parties[2], parties[1])
        client = make_client()
        sign_in(client, make_person(make_company("buyer")))
        page = client.get("/invoices")
        assert page.status_code == 200 and "No invoice here" in page.text and "OST-" not in page.text

    def test_both_parties_see_it_with_amounts_and_their_currency(self, parties, as_buyer, as_vendor):
        make_invoice(parties[2], parties[1], 12_345)
        for client, other in ((as_buyer, "Ostermere CX"), (as_vendor, "Alder Retail")):
            page = client.get("/invoices")
            assert page.status_code == 200
            assert other in page.text and "£148.14" in page.text and "Awaiting payment" in page.text

    def test_only_the_vendor_sees_drafts(self, parties, as_buyer, as_vendor):
        make_invoice(parties[2], parties[1], issue=False)
        assert "No invoice here" in as_buyer.get("/invoices").text
        assert "Draft" in as_vendor.get("/invoices?state=draft").text


class TestShow:
    def test_what_belongs_to_others_does_not_exist(self, parties, make_client):
        invoice_id = make_invoice(parties[2], parties[1])
        client = make_client()
        sign_in(client, make_person(make_company("vendor")))
        for address in (f"/invoices/{invoice_id}", f"/invoices/{invoice_id}/void"):
            assert client.get(address).status_code == 404
        assert client.post(f"/invoices/{invoice_id}/issue").status_code == 404

    def test_the_document_says_everything_an_invoice_must(self, parties, as_buyer):
        invoice_id = make_invoice(parties[2], parties[1], 10_000)
        page = as_buyer.get(f"/invoices/{invoice_id}")
        text = words(page)
        assert page.status_code == 200
        parties = ("Ostermere CX Ltd", "Alder Retail Ltd", "Agreement AG-2026-0001")
        money = ("Special training", "100.00", "VAT 20.00", "GBP 120.00", "RF")
        beside = ("Lines add up", "Issued by Ostermere CX", "Payment due")
        for part in (*parties, *money, *beside):
            assert part in text, part
        assert "by card" not in text

    @pytest.mark.parametrize("language", ["en", "zh_Hant", "zh_Hans"])
    def test_it_can_be_downloaded_as_a_pdf_in_each_language(self, parties, as_buyer, language):
        invoice_id = make_invoice(parties[2], parties[1], 10_000)
        answer = as_buyer.get(f"/invoices/{invoice_id}.pdf?lang={language}")
        assert answer.status_code == 200 and answer.content_type == "application/pdf"
        assert answer.data.startswith(b"%PDF") and "OST-" in answer.headers["Content-Disposition"]

    def test_a_draft_has_no_pdf(self, parties, as_vendor):
        invoice_id = make_invoice(parties[2], parties[1], issue=False)
        assert as_vendor.get(f"/invoices/{invoice_id}.pdf").status_code == 404

    def test_a_draft_does_not_exist_for_the_buyer(self, parties, as_buyer, as_vendor):
        invoice_id = make_invoice(parties[2], parties[1], issue=False)
        assert as_buyer.get(f"/invoices/{invoice_id}").status_code == 404
        assert "Only your company sees this draft" in as_vendor.get(f"/invoices/{invoice_id}").text


class TestIssueAndVoid:
    def test_the_buyer_may_do_neither(self, parties, as_buyer):
        invoice_id = make_invoice(parties[2], parties[1])
        assert as_buyer.post(f"/invoices/{invoice_id}/issue").status_code == 403
        assert as_buyer.post(f"/invoices/{invoice_id}/void").status_code == 403

    def test_the_vendor_issues_a_draft_once(self, parties, as_vendor):
        invoice_id = make_invoice(parties[2], parties[1], issue=False)
        answer = as_vendor.post(f"/invoices/{invoice_id}/issue", follow_redirects=True)
        assert "was issued" in answer.text and "Awaiting payment" in answer.text
        assert as_vendor.post(f"/invoices/{invoice_id}/issue").status_code == 409

    def test_voiding_asks_first(self, parties, as_vendor):
        invoice_id = make_invoice(parties[2], parties[1])
        assert "Keep the invoice" in as_vendor.get(f"/invoices/{invoice_id}/void").text
        assert read_invoice(invoice_id, parties[1]).state == "open"
        assert "is void" in as_vendor.post(f"/invoices/{invoice_id}/void", follow_redirects=True).text
        assert read_invoice(invoice_id, parties[1]).state == "void"


class TestPay:
    def test_without_a_provider_there_is_no_button_and_no_way(self, parties, as_buyer):
        invoice_id = make_invoice(parties[2], parties[1])
        assert "/pay" not in as_buyer.get(f"/invoices/{invoice_id}").text
        assert as_buyer.post(f"/invoices/{invoice_id}/pay").status_code == 503

    @pytest.mark.parametrize(
        ("standing", "to_buyer", "to_vendor"),
        [
            (None, "this vendor has not set it up", "No account for card payments is connected"),
            (
                "restricted",
                "this vendor cannot take cards at the moment",
                "Your account for card payments is not ready",
            ),
        ],
    )
    def test_where_the_vendor_is_not_ready_both_sides_read_why(
        self, app, parties, as_buyer, as_vendor, standing, to_buyer, to_vendor
    ):
        invoice_id = make_invoice(parties[2], parties[1])
        with card_payments(app) as double:
            if standing:
                connect_vendor(double, parties[1], standing)
            page = as_buyer.get(f"/invoices/{invoice_id}").text
            assert to_buyer in page and "/pay" not in page and "By bank transfer" in page
            assert to_vendor in as_vendor.get(f"/invoices/{invoice_id}").text
            assert as_buyer.post(f"/invoices/{invoice_id}/pay").status_code == 409

    def test_a_payment_that_was_blocked_says_what_to_do(self, app, parties, as_buyer, stripe):
        address = as_buyer.post(f"/invoices/{make_invoice(parties[2], parties[1])}/pay").location
        (account,) = stripe.app.store.of_kind("account")
        stripe.app.control.account(account["id"], "restricted")
        jobs.run_waiting(app)
        assert "The vendor cannot take card payments at the moment. Nothing was charged" in as_buyer.get(address).text

    def test_the_vendor_cannot_pay(self, parties, as_vendor, stripe):
        assert as_vendor.post(f"/invoices/{make_invoice(parties[2], parties[1])}/pay").status_code == 403

    def test_from_the_button_to_paid(self, parties, as_buyer, stripe, app):
        buyer, vendor, schedule = parties
        invoice_id = make_invoice(schedule, vendor, 10_000)
        assert "Pay £120.00 by card" in as_buyer.get(f"/invoices/{invoice_id}").text
        answer = as_buyer.post(f"/invoices/{invoice_id}/pay")
        waiting = as_buyer.get(answer.location)
        assert "We are opening the payment page" in waiting.text and waiting.headers["Refresh"] == "2"
        jobs.run_waiting(app)
        ready = as_buyer.get(answer.location)
        assert stripe.url in ready.text and "Continue to payment" in ready.text
        with stripe.app.store.lock:
            checkout.pay(stripe.app.store, next(stripe.app.store.of_kind("checkout.session")), "pm_card_visa")
        with acting(robot(buyer)):
            payment = db.session.query(Payment).one()
            payment_id = payment.id
        collection.look_at(payment_id, buyer.id)
        done = as_buyer.get(answer.location)
        assert "Paid." in done.text and "Refresh" not in done.headers
        assert "Paid in full" in as_buyer.get(f"/invoices/{invoice_id}").text

    def test_a_second_press_goes_to_the_payment_under_way(self, parties, as_buyer, stripe):
        invoice_id = make_invoice(parties[2], parties[1])
        first = as_buyer.post(f"/invoices/{invoice_id}/pay")
        second = as_buyer.post(f"/invoices/{invoice_id}/pay")
        assert first.location == second.location
        assert execute("SELECT count(*) AS n FROM payments")[0].n == 1
        assert "Payment under way" in as_buyer.get(f"/invoices/{invoice_id}").text

    def test_nobody_else_finds_the_payment(self, parties, as_buyer, stripe, make_client):
        address = as_buyer.post(f"/invoices/{make_invoice(parties[2], parties[1])}/pay").location
        client = make_client()
        sign_in(client, make_person(make_company("buyer")))
        assert client.get(address).status_code == 404


class TestStatements:
    @pytest.mark.parametrize("address", ["/invoices", "/invoices/{}"])
    def test_a_page_asks_the_database_at_most_twelve_times(self, parties, as_buyer, stripe, address):
        invoice_id = make_invoice(parties[2], parties[1])
        statements: list[str] = []

        def hear(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            assert as_buyer.get(address.format(invoice_id)).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        assert len(statements) <= 12, "\n".join(statements)
