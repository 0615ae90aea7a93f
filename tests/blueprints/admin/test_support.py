"""What support staff see: people, companies, the state of mails and jobs; nothing that companies keep private."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.permissions import STAFF_ROLES, StaffRole
from portal.kit import mail, tenancy
from portal.kit.db import Base, db
from portal.moderation import actions
from tests.factories import agreements
from tests.factories.accounts import actor_for, execute, make_staff, sign_in
from tests.factories.needs import in_scope

OPEN = {"/admin", "/admin/companies", "/admin/people", "/admin/operations"}
# Read by staff of every role: who is who, what companies did, what moderators decide, and what every vendor may read.
SEEN = {"company_details", "memberships", "audit_entries", "cases", "decisions"}
PUBLISHED = {"requirements", "requirement_channels", "requirement_versions", "scenarios", "criteria"}


@pytest.fixture
def deal(app: Flask) -> agreements.Deal:
    """Two companies with an agreement in force and a case about one's conduct in a moderator's hand."""
    deal = agreements.make_signed()
    moderator = actor_for(make_staff("moderator"))
    case = in_scope(moderator, lambda: actions.open_conduct_case(moderator, deal.vendor.company_id, reason="Asked."))
    in_scope(moderator, lambda: actions.assign_case(moderator, case, version=case.version))
    with tenancy.scope(tenancy.PUBLIC):
        mail.send("confirm_address", to="new@example.test", language="en", params={"path": "/confirm/token"})
        db.session.commit()
    return deal


@pytest.fixture
def desk(client, deal):
    client.person = make_staff("support")
    sign_in(client, client.person)
    return client


def addresses(app: Flask, deal: agreements.Deal) -> list[str]:
    """The address of every page of staff, with ids of what is there."""
    known = {
        "company_id": deal.vendor.company_id,
        "person_id": deal.vendor.person_id,
        "case_id": execute("SELECT id FROM cases")[0].id,
        "agreement_id": deal.agreement.id,
        "certificate_id": deal.vendor.company_id,  # of no certificate: the door is closed before it is looked for
        "help_question_id": execute("SELECT id FROM help_questions LIMIT 1")[0].id,
        "mail_id": execute("SELECT id FROM mails LIMIT 1")[0].id,
    }
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.") and "GET" in rule.methods]
    return sorted(re.sub(r"<uuid:(\w+)>", lambda found: str(known[found[1]]), rule.rule) for rule in rules)


def test_the_menu_leads_to_four_pages_and_every_other_page_of_staff_is_refused(app, deal, desk):
    assert set(re.findall(r'href="(/admin[a-z/-]*)"', desk.get("/admin").text)) == OPEN
    private = (deal.agreement.title, deal.agreement.number, "1 Test Street", "billing@example.test", " Ltd")
    for address in addresses(app, deal):
        answer = desk.get(address)
        is_open = any(address == one or (one != "/admin" and address.startswith(f"{one}/")) for one in OPEN)
        is_open = is_open and not address.endswith(("/case", "/trust"))
        if address.endswith("/close"):  # only a suspended company can be closed, and this one is open
            assert answer.status_code == 409, address
            continue
        assert answer.status_code == (200 if is_open else 403), address
        if is_open and "/mails/" not in address:  # bodies can be read outside production only
            assert [word for word in private if word in answer.text] == [], address


def test_what_two_companies_share_is_not_found(deal, desk):
    for page in ("", "/changes", "/plan", "/monitoring", "/invoices", "/reviews"):
        assert desk.get(f"/agreements/{deal.agreement.id}{page}").status_code in (403, 404)


def test_the_database_shows_support_no_private_row_and_no_case_opens_one(deal, desk):
    seen = set()
    with tenancy.scope(tenancy.staff(desk.person.id)):
        for mapper in Base.registry.mappers:
            if hasattr(mapper.class_, "__tenant__") and db.session.scalar(
                select(func.count()).select_from(mapper.class_)
            ):
                seen.add(mapper.class_.__tablename__)
        db.session.rollback()
    assert seen <= SEEN | PUBLISHED


def test_support_cannot_take_a_case():
    assert STAFF_ROLES[StaffRole.SUPPORT] == {"staff.companies", "staff.people", "staff.operations"}
