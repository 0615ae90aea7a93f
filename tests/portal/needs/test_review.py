"""Approval by another person before publication, and the company's choice to want it."""

import threading
from itertools import product
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.accounts.actor import Actor
from portal.kit import audit, clock, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from portal.needs import actions, policy
from portal.needs.actions.publish import Incomplete
from portal.needs.models import Requirement
from portal.needs.states import RequirementState, Step
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, make_requirement
from tests.factories.versions import WHY, begin, colleague_of, now_of, rewrite, want_approval, within


@pytest.fixture
def author(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


@pytest.fixture
def approver(author: Actor) -> Actor:
    found = colleague_of(author)
    want_approval(author)
    return found


def ask(actor: Actor, requirement: Requirement) -> Requirement:
    return within(actor, requirement, lambda r: actions.ask_review(actor, r, version=r.version))


def approve(actor: Actor, requirement: Requirement) -> Requirement:
    return within(actor, requirement, lambda r: actions.approve_requirement(actor, r, version=r.version))


def in_review(author: Actor) -> Requirement:
    return ask(author, make_requirement(author))


def told(actor: Actor) -> list[str]:
    rows = execute("SELECT kind FROM notifications WHERE person_id = :id ORDER BY created_at", id=actor.person_id)
    return [row.kind for row in rows]


class TestChoosing:
    def test_a_company_of_one_is_told_why_it_cannot(self, author: Actor) -> None:
        with pytest.raises(Invalid, match="Only one person"):
            want_approval(author)
        colleague_of(author, "member")
        with pytest.raises(Invalid, match="owner or manager"):
            want_approval(author)

    def test_only_an_owner_chooses(self, author: Actor) -> None:
        with pytest.raises(Forbidden):
            want_approval(colleague_of(author))

    def test_it_is_recorded(self, author: Actor, approver: Actor) -> None:
        with tenancy.scope(author.scope):
            query = select(audit.AuditEntry).where(audit.AuditEntry.tag == "accounts:company:choose_approval")
            assert db.session.scalars(query).one().after == {"needs_approval": True}


class TestAsk:
    def test_an_incomplete_draft_is_refused(self, author: Actor, approver: Actor) -> None:
        draft = in_scope(author, lambda: actions.draft_requirement(author, title="Bare", mode="full"))
        with pytest.raises(Incomplete):
            ask(author, draft)

    def test_whoever_may_publish_is_told_but_not_who_asked(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        assert (found.state, found.review_asked_by) == ("in_review", author.person_id)
        assert found.in_review_at is not None
        assert (told(approver), told(author)) == (["needs.requirement.review_asked"], [])

    def test_while_it_is_read_nobody_writes(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        with pytest.raises(Conflict):
            rewrite(author, found, Step.GOALS, summary="Sneaked in.")
        for statement in ("UPDATE requirements SET summary = 'x'", "UPDATE criteria SET weight = weight"):
            with tenancy.scope(author.scope):
                try:
                    assert db.session.execute(text(statement)).rowcount == 0
                except DBAPIError as error:
                    assert "in review" in str(error)
                db.session.rollback()

    def test_it_can_be_taken_back_to_write_on(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        back = within(author, found, lambda r: actions.take_back(author, r, version=r.version))
        assert (back.state, back.review_asked_by) == ("draft", None)
        rewrite(author, back, Step.GOALS, summary="Better.")


class TestApprove:
    def test_another_company_does_not_find_it(self, author: Actor, approver: Actor) -> None:
        found, company = in_review(author), make_company("buyer")
        with pytest.raises(NotFound):
            approve(actor_for(make_person(company), company), found)

    def test_neither_its_author_nor_who_asked_approves(self, author: Actor, approver: Actor) -> None:
        second = colleague_of(author)
        found = ask(second, make_requirement(author))
        for person in (author, second):
            with pytest.raises(Forbidden, match="another person"):
                approve(person, found)
        assert approve(approver, found).state == "published"

    def test_a_member_who_may_not_publish_is_refused(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        with pytest.raises(Forbidden):
            approve(colleague_of(author, "member"), found)

    @pytest.mark.parametrize("state", [s for s in RequirementState if s != RequirementState.IN_REVIEW])
    def test_only_what_is_in_review_is_approved(self, author: Actor, approver: Actor, state: RequirementState) -> None:
        thing = Requirement(state=state, buyer_id=author.company_id, author_id=author.person_id)
        assert not policy.can_approve(approver, thing)

    def test_it_is_published_at_once_and_its_writers_hear_of_it(self, author: Actor, approver: Actor) -> None:
        found = approve(approver, in_review(author))
        assert (found.state, found.approved_by, found.version_number) == ("published", approver.person_id, 1)
        assert told(author) == ["needs.requirement.approved"]
        with tenancy.scope(author.scope):
            tags = set(db.session.scalars(select(audit.AuditEntry.tag)))
        assert {"needs:requirement:ask_review", "needs:requirement:approve", "needs:requirement:publish"} <= tags

    def test_a_stale_version_is_refused(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        with pytest.raises(StaleVersion):
            within(approver, found, lambda r: actions.approve_requirement(approver, r, version=r.version - 1))

    def test_where_it_is_wanted_nobody_publishes_past_it(self, author: Actor, approver: Actor) -> None:
        draft = make_requirement(author)
        with pytest.raises(Conflict, match="another person"):
            within(author, draft, lambda r: actions.publish_requirement(author, r, version=r.version))

    def test_the_database_refuses_it_too(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        ways = (
            {"state": "published", "published_at": clock.now, "version_number": 1},  # without an approval
            {"approved_by": author.person_id},  # by its author
            {"approved_by": colleague_of(author).person_id},  # in another's name
        )
        for change in ways:
            with pytest.raises(DBAPIError), tenancy.scope(author.scope):
                row = db.session.get_one(Requirement, found.id)
                for name, value in change.items():
                    setattr(row, name, value() if callable(value) else value)
                db.session.flush()
            db.session.rollback()

    def test_of_two_approvers_one_publishes(self, app: Flask, author: Actor, approver: Actor) -> None:
        found, other = in_review(author), colleague_of(author)
        refused: list[Exception] = []

        def run(actor: Actor) -> None:
            with app.app_context():
                try:
                    approve_shown(actor)
                except Conflict as error:
                    refused.append(error)

        def approve_shown(actor: Actor) -> Any:
            return in_scope(actor, lambda: actions.approve_requirement(actor, found, version=found.version))

        threads = [threading.Thread(target=run, args=(one,)) for one in (approver, other)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(refused) == 1
        assert execute("SELECT count(*) AS n FROM requirement_versions")[0].n == 1


class TestSendBack:
    def test_a_reason_is_needed(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        with pytest.raises(Invalid):
            within(approver, found, lambda r: actions.send_back(approver, r, reason=" ", version=r.version))

    def test_it_is_a_draft_again_and_its_writers_read_why(self, author: Actor, approver: Actor) -> None:
        found = in_review(author)
        back = within(
            approver, found, lambda r: actions.send_back(approver, r, reason="Which hours?", version=r.version)
        )
        assert (back.state, back.review_note) == ("draft", "Which hours?")
        assert told(author) == ["needs.requirement.sent_back"]


class TestAmendment:
    def test_a_change_of_what_is_published_goes_the_same_way(self, author: Actor, approver: Actor) -> None:
        found = approve(approver, in_review(author))
        copy = rewrite(author, begin(author, found), Step.MONEY, validity_days=80)
        values = {**WHY, "deadline_local": None}
        with pytest.raises(Conflict, match="another person"):
            within(author, copy, lambda r: actions.publish_amendment(author, r, version=r.version, **values))
        within(author, copy, lambda r: actions.ask_amendment_review(author, r, version=r.version, **values))
        with pytest.raises(Forbidden):
            approve(author, copy)
        approve(approver, copy)
        now = now_of(author, found)
        assert (now.version_number, now.validity_days) == (2, 80)
        assert execute("SELECT note FROM requirement_versions WHERE number = 2")[0].note == WHY["note"]


@pytest.mark.parametrize(("state", "role"), list(product(RequirementState, ("owner", "member", "viewer"))))
def test_what_may_be_done_follows_from_state_and_role(app: object, state: RequirementState, role: str) -> None:
    company = make_company("buyer")
    actor = actor_for(make_person(company, role), company)
    thing = Requirement(state=state, buyer_id=company.id)
    writes, publishes = role != "viewer", role == "owner"
    assert policy.can_edit(actor, thing) is (writes and state == "draft")
    assert policy.can_take_back(actor, thing) is (writes and state == "in_review")
    assert policy.can_approve(actor, thing) is (publishes and state == "in_review")
    assert policy.can_publish(actor, thing) is (publishes and state == "draft")
