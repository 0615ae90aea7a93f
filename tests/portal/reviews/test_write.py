"""Writing and answering reviews: who may, until when, and what stays as it is."""

import uuid

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from portal.reviews import actions, queries
from portal.reviews.models import Review
from portal.reviews.states import PUBLISHED, REVIEW_MOVES, WRITABLE, ReviewState
from tests.factories import reviews as made
from tests.factories import selection
from tests.factories.accounts import MadeCompany, actor_for, add_member, make_company, make_person
from tests.factories.agreements import Deal, fresh, within
from tests.factories.needs import in_scope


def own_id(actor, deal: Deal) -> uuid.UUID:
    """The review that the actor's side writes."""
    return within(
        actor,
        deal,
        lambda agreement: queries.waiting_for(actor, queries.windows_of(agreement)[0]).id,  # type: ignore[union-attr]
    )


def row(superuser: psycopg.Connection, deal: Deal, side: str) -> tuple:
    """State, mark, text and answer of a side's review as they really are."""
    return superuser.execute(
        "SELECT state, weighted, text, answer FROM reviews WHERE agreement_id = %s AND author_side = %s",
        [deal.agreement.id, side],
    ).fetchone()  # type: ignore[return-value]


@pytest.fixture
def deal(app: Flask) -> Deal:
    """Both sides are invited."""
    return made.make_open()


class TestWriteReview:
    def test_a_stranger_finds_nothing(self, deal: Deal) -> None:
        company = make_company("buyer")
        stranger = actor_for(make_person(company), company)
        review_id = own_id(deal.buyer, deal)
        agreement = fresh(deal)
        with pytest.raises(NotFound):
            in_scope(stranger, lambda: queries.own_review_for(stranger, agreement, review_id))

    def test_the_other_side_does_not_find_it_until_it_is_published(self, deal: Deal) -> None:
        review_id = own_id(deal.buyer, deal)
        made.write(deal.buyer, deal)
        with pytest.raises(NotFound):
            within(deal.vendor, deal, lambda agreement: queries.review_for(deal.vendor, agreement, review_id))
        made.write(deal.vendor, deal)
        found = within(
            deal.vendor, deal, lambda agreement: queries.review_for(deal.vendor, agreement, review_id).weighted
        )
        assert found == "4.0000"

    def test_a_viewer_may_not(self, deal: Deal) -> None:
        company = MadeCompany(deal.buyer.company_id, "buyer", "", "", "GB", "UTC", "GBP")  # type: ignore[arg-type]
        viewer = actor_for(make_person(company, "viewer"), company)
        with pytest.raises(Forbidden):
            made.write(viewer, deal)

    def test_who_belongs_to_both_companies_may_not(self, deal: Deal, superuser: psycopg.Connection) -> None:
        company = MadeCompany(deal.buyer.company_id, "buyer", "", "", "GB", "UTC", "GBP")  # type: ignore[arg-type]
        other = MadeCompany(deal.vendor.company_id, "vendor", "", "", "GB", "UTC", "GBP")  # type: ignore[arg-type]
        person = make_person(company)
        add_member(other, person, "viewer")
        with pytest.raises(Forbidden):
            made.write(actor_for(person, company), deal)
        assert row(superuser, deal, "buyer")[0] == "invited"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"text": "Too short."}, "text"),
            ({"text": " x" * 2001}, "text"),
            ({"scores": {"value": None}}, None),
        ],
    )
    def test_what_helps_nobody_is_refused_at_its_field(
        self, deal: Deal, changes: dict, field: str | None, superuser: psycopg.Connection
    ) -> None:
        with pytest.raises(Invalid) as refused:
            made.write(deal.buyer, deal, **changes)
        assert refused.value.field == field
        assert row(superuser, deal, "buyer")[0] == "invited"

    def test_it_may_be_changed_until_it_is_published(self, deal: Deal, superuser: psycopg.Connection) -> None:
        first = made.write(deal.buyer, deal, 2)
        made.write(deal.buyer, deal, 4, text="On second thought they made good for the bad start in the spring.")
        state, weighted, words, _ = row(superuser, deal, "buyer")
        assert (state, weighted, words[:17]) == ("hidden", "4.0000", "On second thought")
        with pytest.raises(StaleVersion):
            made.write(deal.buyer, deal, 1, version=first.version)

        made.write(deal.vendor, deal)

        def late(agreement: object) -> None:
            review = queries.own_review_for(deal.buyer, agreement, first.id)  # type: ignore[arg-type]
            actions.write_review(deal.buyer, agreement, review, **made.written(review, 1))  # type: ignore[arg-type]

        with pytest.raises(Conflict):
            within(deal.buyer, deal, late)
        assert row(superuser, deal, "buyer")[1] == "4.0000"

    def test_criteria_that_do_not_apply_leave_their_weight_to_the_others(
        self, deal: Deal, superuser: psycopg.Connection
    ) -> None:
        scores = {"clarity": 5, "forecast": None, "cooperation": 3, "payment": None, "readiness": None}
        made.write(deal.vendor, deal, scores=scores)
        assert row(superuser, deal, "vendor")[1] == "4.0000"

    def test_staff_see_no_trace_of_a_hidden_review_in_the_audit_log(
        self, deal: Deal, superuser: psycopg.Connection
    ) -> None:
        made.write(deal.buyer, deal)
        found = superuser.execute(
            "SELECT sealed, after::text FROM audit_entries WHERE tag = 'reviews:review:write'"
        ).fetchall()
        assert found == [(True, '{"window": 1}')]


class TestAnswerReview:
    def test_it_is_answered_once_by_the_company_it_is_about(self, deal: Deal, superuser: psycopg.Connection) -> None:
        made.write(deal.buyer, deal)
        made.write(deal.vendor, deal)
        made.answer(deal.vendor, deal)
        state, _, words, answer = row(superuser, deal, "buyer")
        assert (state, words, answer[:9]) == ("answered", made.WORDS, "Thank you")
        with pytest.raises(Conflict):
            made.answer(deal.vendor, deal, "And another thing.")
        told = superuser.execute(
            "SELECT count(*) FROM notifications WHERE kind = 'reviews.review.answered' AND company_id = %s",
            [deal.buyer.company_id],
        ).fetchone()
        assert told == (1,)

        def own(agreement: object) -> None:
            review = next(r for r in queries.reviews_of(deal.vendor, agreement) if r.author_side == "vendor")  # type: ignore[arg-type]
            actions.answer_review(deal.vendor, agreement, review, text="Well said.", version=review.version)  # type: ignore[arg-type]

        with pytest.raises(Forbidden):
            within(deal.vendor, deal, own)

    def test_after_28_days_it_is_too_late(self, deal: Deal) -> None:
        made.write(deal.buyer, deal)
        made.write(deal.vendor, deal)
        selection.wait(28)
        with pytest.raises(Conflict):
            made.answer(deal.vendor, deal)


class TestDatabaseAlone:
    """What the tables themselves refuse, whatever the program asks."""

    def test_the_other_side_reads_and_counts_nothing_hidden(self, deal: Deal) -> None:
        made.write(deal.buyer, deal)
        with tenancy.scope(deal.vendor.scope):
            sides = db.session.execute(text("SELECT author_side FROM reviews")).scalars().all()
            db.session.rollback()
        assert sides == ["vendor"]

    def test_nobody_outside_sees_anything(self, deal: Deal) -> None:
        company = make_company("vendor")
        for scope in (tenancy.PUBLIC, tenancy.member(company.id), tenancy.staff()):
            with tenancy.scope(scope):
                assert db.session.execute(text("SELECT count(*) FROM reviews")).scalar_one() == 0
                db.session.rollback()

    def test_a_published_review_stays_as_it_is(self, deal: Deal) -> None:
        made.write(deal.buyer, deal)
        made.write(deal.vendor, deal)
        for statement in (
            "UPDATE reviews SET state = 'answered', answer = 'x', weighted = '5.0000' WHERE author_side = 'buyer'",
            "UPDATE reviews SET text = 'All lies, every word of it, from the first one to the last one, all of it.',"
            " state = 'answered' WHERE author_side = 'buyer'",
        ):
            with tenancy.scope(deal.vendor.scope), pytest.raises(Exception, match="stay as they are"):
                db.session.execute(text(statement))
            db.session.rollback()
        with tenancy.scope(deal.buyer.scope):
            found = db.session.execute(text("UPDATE reviews SET weighted = '1.0000' WHERE author_side = 'buyer'"))
            assert found.rowcount == 0  # type: ignore[attr-defined]
            db.session.rollback()

    def test_a_party_cannot_publish_or_settle_by_itself(self, deal: Deal) -> None:
        made.write(deal.buyer, deal)
        with tenancy.scope(deal.buyer.scope), pytest.raises(Exception, match="row-level security"):
            db.session.execute(text("UPDATE reviews SET state = 'revealed'"))
        db.session.rollback()
        company = make_company("vendor")
        window_id = in_scope(deal.buyer, lambda: db.session.execute(text("SELECT id FROM review_windows")).scalar_one())
        with tenancy.scope(tenancy.member(company.id)):
            assert db.session.execute(text("SELECT reviews_settle(:id)"), {"id": window_id}).scalar_one() is False
            db.session.rollback()


def test_every_state_that_is_written_is_published_or_waits() -> None:
    reached = {to for moves in REVIEW_MOVES.values() for to in moves} | {ReviewState.INVITED}
    assert reached == set(ReviewState)
    assert not PUBLISHED & WRITABLE
    assert Review.__tenant__ == ("buyer_id", "vendor_id")
