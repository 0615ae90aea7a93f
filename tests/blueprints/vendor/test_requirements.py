"""What vendors see of requirements, and what they never do."""

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.needs.actions import withdraw_requirement
from tests.factories.accounts import actor_for, make_company, make_person, sign_in
from tests.factories.needs import in_scope, make_published, make_requirement, pass_deadline

BUDGET_CANARIES = ("987,654", "98765432", "82,304", "8230453", "91,144", "9114477")


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer", "Orchard Home")
    return actor_for(make_person(company), company)


@pytest.fixture
def vendor(client: FlaskClient) -> FlaskClient:
    sign_in(client, make_person(make_company("vendor")))
    return client


class TestList:
    def test_a_buyer_does_not_find_the_page(self, make_client: Callable[[], FlaskClient]) -> None:
        browser = make_client()
        sign_in(browser, make_person(make_company("buyer")))
        assert browser.get("/vendor/requirements").status_code == 404

    def test_an_empty_list_says_so(self, vendor: FlaskClient) -> None:
        assert "Nobody is taking bids" in vendor.get("/vendor/requirements").text

    def test_drafts_are_not_listed(self, vendor: FlaskClient, buyer: Actor) -> None:
        make_requirement(buyer, title="Still a draft")
        make_published(buyer, title="Open for bids")
        page = vendor.get("/vendor/requirements").text
        assert "Open for bids" in page and "Orchard Home" in page and "Still a draft" not in page

    def test_past_the_deadline_it_leaves_the_list(self, vendor: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        pass_deadline(found)
        sign_in(vendor, make_person(make_company("vendor")))  # the old session ended meanwhile
        assert found.title not in vendor.get("/vendor/requirements").text
        assert "The deadline has passed." in vendor.get(f"/vendor/requirements/{found.id}").text

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("channel=phone", True),
            ("channel=chat", False),
            ("language=de", True),
            ("language=fr", False),
            ("mode=full", True),
            ("mode=partial", False),
            ("industry=retail", True),
            ("industry=travel", False),
            ("country=GB", True),
            ("country=TW", False),
            ("channel=phone&language=en&mode=full", True),
            ("after=nonsense", True),
            ("after=2026-01-01_x", True),
        ],
    )
    def test_filters(self, vendor: FlaskClient, buyer: Actor, query: str, shown: bool) -> None:
        found = make_published(buyer)
        page = vendor.get(f"/vendor/requirements?{query}")
        assert page.status_code == 200
        assert (f"/vendor/requirements/{found.id}" in page.text) is shown


class TestShow:
    def test_a_draft_does_not_exist_for_vendors(self, vendor: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        assert vendor.get(f"/vendor/requirements/{draft.id}").status_code == 404

    def test_a_discarded_draft_stays_invisible(self, vendor: FlaskClient, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        in_scope(buyer, lambda: withdraw_requirement(buyer, draft, reason="No.", version=draft.version))
        assert vendor.get(f"/vendor/requirements/{draft.id}").status_code == 404

    def test_everything_for_a_bid_is_there_and_no_budget(self, vendor: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer, "partial")
        page = vendor.get(f"/vendor/requirements/{found.id}").text
        for words in (
            "216,000",
            "80\u00a0%",
            "within 20 s",
            "Mornings stay with our own team.",
            "Orchard Home",
            "30 %",
        ):
            assert words.replace("\u00a0", " ") in page.replace("\u00a0", " "), words
        assert not [canary for canary in BUDGET_CANARIES if canary in page]

    def test_a_bid_can_be_started_while_it_is_open(self, vendor: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        assert f'href="/vendor/requirements/{found.id}/bids"' in vendor.get(f"/vendor/requirements/{found.id}").text
        in_scope(buyer, lambda: withdraw_requirement(buyer, found, reason="Over.", version=found.version))
        assert "Start a bid" not in vendor.get(f"/vendor/requirements/{found.id}").text

    def test_a_withdrawn_one_shows_its_reason(self, vendor: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        in_scope(buyer, lambda: withdraw_requirement(buyer, found, reason="Budget cut.", version=found.version))
        page = vendor.get(f"/vendor/requirements/{found.id}").text
        assert "Budget cut." in page and "Withdrawn" in page

    def test_a_vendor_cannot_reach_the_buyers_pages(self, vendor: FlaskClient, buyer: Actor) -> None:
        found = make_published(buyer)
        assert vendor.get(f"/buyer/requirements/{found.id}").status_code == 404

    @pytest.mark.parametrize("place", ["/vendor/requirements", "/vendor/requirements/{id}"])
    def test_a_page_needs_few_statements(self, vendor: FlaskClient, buyer: Actor, place: str) -> None:
        found = [make_published(buyer) for _ in range(3)]
        vendor.get("/vendor/requirements")
        statements: list[str] = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert vendor.get(place.format(id=found[0].id)).status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        assert len(statements) <= 12, "\n".join(statements)


def test_nothing_of_a_vendors_scope_reaches_a_budget(buyer: Actor) -> None:
    """The database's wall alone: with a vendor's scope the table is empty, whatever is asked."""
    from portal.needs.models import RequirementBudget

    make_published(buyer)
    with tenancy.scope(tenancy.member(make_company("vendor").id)):
        assert db.session.query(RequirementBudget).count() == 0
        db.session.rollback()
