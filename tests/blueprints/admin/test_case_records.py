"""What a case about a company's conduct lets its moderator read, and that each look is recorded."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from flask.testing import FlaskClient

from portal.messaging import threads
from portal.messaging.models import ThreadSubject
from tests.factories.accounts import MadePerson, make_person, make_staff, sign_in
from tests.factories.agreements import Deal, make_signed
from tests.factories.needs import in_scope

WRITTEN = "The night team starts on the fourth."


@pytest.fixture
def deal(app: Any) -> Deal:
    made = make_signed()
    about = (ThreadSubject.AGREEMENT, made.agreement.id, made.buyer.company_id, made.vendor.company_id, "Ours")
    in_scope(made.buyer, lambda: threads.post(made.buyer, threads.thread_for(made.buyer, *about), body=WRITTEN))
    return made


@pytest.fixture
def hana(app: Any) -> MadePerson:
    return make_staff("moderator", name="Hana Lind")


@pytest.fixture
def desk(client: FlaskClient, deal: Deal, hana: MadePerson) -> FlaskClient:
    # The deal first: making it takes weeks of the portal's clock, in which a session ends.
    sign_in(client, hana)
    return client


def version_of(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found
    return found.group(1)


def open_case(desk: FlaskClient, company_id: uuid.UUID | None, *, take: bool = True) -> str:
    """A case about the company's conduct, taken by who opened it; its address."""
    sent = desk.post(f"/admin/companies/{company_id}/case", data={"reason": "Complaints about night work"})
    case = sent.headers["Location"]
    if take:
        desk.post(f"{case}/assign", data={"version": version_of(desk, case)})
    return str(case)


def looks(superuser: psycopg.Connection) -> list[tuple[str, str, str]]:
    """(table, row, case) of each recorded look."""
    return superuser.execute(
        "SELECT subject_kind, subject_id::text, after ->> 'case_id' FROM audit_entries"
        " WHERE tag = 'moderation:case:read' ORDER BY id"
    ).fetchall()


def test_the_company_page_leads_to_a_case(desk: FlaskClient, deal: Deal) -> None:
    address = f"/admin/companies/{deal.vendor.company_id}"
    assert f'href="{address}/case"' in desk.get(address).text


def test_the_moderator_of_the_case_reads_and_each_look_is_recorded(
    desk: FlaskClient, deal: Deal, superuser: psycopg.Connection
) -> None:
    case = open_case(desk, deal.vendor.company_id)
    assert f'href="{case}/agreements"' in desk.get(case).text
    assert looks(superuser) == []
    agreement, case_id = str(deal.agreement.id), case.rpartition("/")[2]
    assert f'href="{case}/agreements/{agreement}"' in desk.get(f"{case}/agreements").text
    assert looks(superuser) == [("agreements", agreement, case_id)]
    for _again in range(2):
        assert WRITTEN in desk.get(f"{case}/agreements/{agreement}").text
    assert sorted(table for table, _, _ in looks(superuser)) == ["agreements"] * 3 + ["threads"] * 2
    assert "moderation:case:read" in desk.get("/admin/audit?tag=moderation:case:read").text


def test_nothing_is_shown_that_cannot_be_recorded(desk: FlaskClient, deal: Deal, superuser: psycopg.Connection) -> None:
    case = open_case(desk, deal.vendor.company_id)
    superuser.execute("ALTER TABLE audit_entries ADD CONSTRAINT shut CHECK (tag <> 'moderation:case:read')")
    try:
        answer = desk.get(f"{case}/agreements/{deal.agreement.id}")
    finally:
        superuser.execute("ALTER TABLE audit_entries DROP CONSTRAINT shut")
    assert answer.status_code >= 400
    assert WRITTEN not in answer.text


class TestWhoFindsNothing:
    def refused(self, client: FlaskClient, case: str, deal: Deal) -> bool:
        addresses = (f"{case}/agreements", f"{case}/agreements/{deal.agreement.id}")
        return all(client.get(address).status_code == 404 for address in addresses)

    def test_nobody_before_the_case_is_taken(self, desk: FlaskClient, deal: Deal) -> None:
        assert self.refused(desk, open_case(desk, deal.buyer.company_id, take=False), deal)

    def test_another_moderator(
        self, desk: FlaskClient, deal: Deal, make_client: Callable[[], FlaskClient], superuser: psycopg.Connection
    ) -> None:
        case, other = open_case(desk, deal.buyer.company_id), make_client()
        sign_in(other, make_staff("moderator"))
        assert self.refused(other, case, deal)
        assert looks(superuser) == []

    def test_a_case_about_somebody_else(self, desk: FlaskClient, deal: Deal) -> None:
        case = open_case(desk, deal.loser.company_id)
        assert desk.get(f"{case}/agreements").status_code == 200
        assert desk.get(f"{case}/agreements/{deal.agreement.id}").status_code == 404

    def test_the_moderator_after_the_decision(self, desk: FlaskClient, deal: Deal) -> None:
        case = open_case(desk, deal.buyer.company_id)
        desk.post(f"{case}/decide", data={"version": version_of(desk, case), "reason": "Nothing in it"})
        assert self.refused(desk, case, deal)

    def test_a_member_of_a_company(self, desk: FlaskClient, deal: Deal, make_client: Callable[[], FlaskClient]) -> None:
        case, member = open_case(desk, deal.buyer.company_id), make_client()
        sign_in(member, make_person())
        assert self.refused(member, case, deal)
