"""The vendor's page about its account for card payments: who sees it, what it says, where it leads."""

import re

import pytest
from sqlalchemy import event

from portal.kit import jobs
from portal.kit.db import db
from tests.doubles.test_stripe_payments import visit
from tests.factories.accounts import execute, make_company, make_person, sign_in
from tests.factories.billing import card_payments, connect_vendor

PAGE = "/vendor/card-payments"


@pytest.fixture
def vendor(app):
    return make_company("vendor", "Ostermere CX")


@pytest.fixture
def stripe(app):
    with card_payments(app) as double:
        yield double


@pytest.fixture
def as_finance(vendor, make_client):
    client = make_client()
    sign_in(client, make_person(vendor, "finance"))
    return client


def words(answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


class TestShow:
    def test_without_a_provider_neither_page_nor_menu_knows_it(self, as_finance):
        assert as_finance.get(PAGE).status_code == 404
        assert PAGE not in as_finance.get("/vendor").text
        assert as_finance.post(f"{PAGE}/connect").status_code == 404

    def test_strangers_and_buyers_do_not_find_it(self, app, stripe, client, make_client):
        assert client.get(PAGE).headers["Location"].startswith("/sign-in")
        buyer = make_client()
        sign_in(buyer, make_person(make_company("buyer")))
        assert {buyer.get(PAGE).status_code, buyer.post(f"{PAGE}/connect").status_code} == {404}

    def test_who_may_only_look_is_told_who_can_connect(self, stripe, vendor, make_client):
        client = make_client()
        sign_in(client, make_person(vendor, "manager"))
        page = client.get(PAGE)
        assert "Owners and finance people of your company" in page.text and f"{PAGE}/connect" not in page.text
        for act in ("connect", "check"):
            assert client.post(f"{PAGE}/{act}").status_code == 403

    @pytest.mark.parametrize(
        ("standing", "sentence", "button"),
        [
            (None, "No account is connected.", "Connect an account"),
            ("incomplete", "Information is missing.", "Give what is missing"),
            ("pending", "The payment service is checking your details.", "Open the account"),
            ("restricted", "The payment service has restricted this account.", "See what is needed"),
            ("complete", "Buyers can pay your invoices by card.", "Open the account"),
        ],
    )
    def test_it_says_how_the_account_stands_and_what_comes_next(
        self, stripe, vendor, as_finance, standing, sentence, button
    ):
        if standing:
            connect_vendor(stripe, vendor, standing)
        page = words(as_finance.get(PAGE))
        assert sentence in page and button in page
        assert ("Get paid by card" in words(as_finance.get("/vendor"))) is (standing != "complete")


class TestConnect:
    def test_from_the_button_to_the_provider_and_back(self, app, stripe, vendor, as_finance):
        answer = as_finance.post(f"{PAGE}/connect")
        assert (answer.status_code, answer.location) == (303, PAGE)
        waiting = as_finance.get(PAGE)
        assert "We are opening the page of the payment service" in waiting.text
        assert waiting.headers["Refresh"] == f"2; url={PAGE}"
        jobs.run_waiting(app)
        ready = as_finance.get(PAGE)
        link = execute("SELECT link_url FROM vendor_accounts")[0].link_url
        assert link.replace("&", "&amp;") in ready.text and ready.headers["Refresh"].startswith("10;")
        _, _, back = visit(link, ending="complete")
        assert back.endswith(f"{PAGE}?back=1")
        returned = as_finance.get(f"{PAGE}?back=1")
        assert "data-send" in returned.text and f'action="{PAGE}/check"' in returned.text
        assert as_finance.post(f"{PAGE}/check").location == PAGE
        jobs.run_waiting(app)
        assert "Buyers can pay your invoices by card." in as_finance.get(PAGE).text

    def test_a_link_that_was_used_leads_to_where_a_new_one_is_asked_for(self, app, stripe, vendor, as_finance):
        as_finance.post(f"{PAGE}/connect")
        jobs.run_waiting(app)
        link = execute("SELECT link_url FROM vendor_accounts")[0].link_url
        visit(link, ending="incomplete")
        _, _, again = visit(link)
        assert again.endswith(f"{PAGE}?again=1")
        page = as_finance.get(f"{PAGE}?again=1")
        assert "Get a new link" in page.text and f'action="{PAGE}/connect"' in page.text

    def test_nothing_to_check_before_anything_is_connected(self, stripe, as_finance):
        assert as_finance.post(f"{PAGE}/check").status_code == 404
        assert "No account is connected." in as_finance.get(f"{PAGE}?back=1").text


class TestStatements:
    @pytest.mark.parametrize("address", [PAGE, "/vendor"])
    def test_a_page_asks_the_database_at_most_twelve_times(self, stripe, vendor, as_finance, address):
        connect_vendor(stripe, vendor, "incomplete")
        statements: list[str] = []

        def hear(_connection, _cursor, statement, *_rest):
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", hear)
        try:
            assert as_finance.get(address).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", hear)
        assert len(statements) <= 12, "\n".join(statements)
