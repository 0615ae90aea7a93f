"""Writing, submitting and withdrawing a bid, and that the deadline is judged inside the lock."""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from portal.kit import tenancy
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from portal.needs import queries as needs
from portal.pricing.documents import rate_card_from_document
from portal.pricing.total_cost import total_cost
from portal.selection import actions, queries, receipts
from portal.selection.actions.submission import IncompleteBid
from portal.selection.models import Bid
from portal.selection.states import BID_MOVES, BidState
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, make_requirement, pass_deadline
from tests.factories.selection import (
    BY_HOUR,
    bid_now,
    close,
    fixed_price,
    make_cast,
    make_draft,
    make_submitted,
    submit,
)

pytestmark = pytest.mark.usefixtures("app")


def force(bid, state):
    """Put a bid into a state as the owner, past the table of moves."""
    execute("UPDATE bids SET state = :state WHERE id = :id", state=state, id=bid.id)


class TestDraft:
    def test_a_buyer_cannot_bid(self):
        cast = make_cast(1)
        with pytest.raises(Forbidden):
            in_scope(cast.buyer, lambda: actions.draft_bid(cast.buyer, cast.requirement))

    def test_a_viewer_cannot_bid(self):
        cast = make_cast(0)
        company = make_company("vendor")
        viewer = actor_for(make_person(company, "viewer"), company)
        with pytest.raises(Forbidden):
            in_scope(viewer, lambda: actions.draft_bid(viewer, cast.requirement))

    def test_a_suspended_vendor_cannot_bid(self):
        cast = make_cast(1)
        execute("UPDATE companies SET state = 'suspended' WHERE id = :id", id=cast.vendors[0].company_id)
        with pytest.raises(Forbidden, match="suspended"):
            in_scope(cast.vendors[0], lambda: actions.draft_bid(cast.vendors[0], cast.requirement))

    def test_it_cannot_begin_after_the_deadline(self):
        cast = make_cast(1)
        pass_deadline(cast.requirement)
        with pytest.raises(Conflict):
            in_scope(cast.vendors[0], lambda: actions.draft_bid(cast.vendors[0], cast.requirement))

    def test_it_cannot_begin_on_an_unpublished_requirement_even_by_sql(self):
        cast = make_cast(1)
        draft = make_requirement(cast.buyer)
        vendor = cast.vendors[0]
        with pytest.raises(Conflict):
            in_scope(vendor, lambda: actions.draft_bid(vendor, draft))
        with pytest.raises(DBAPIError, match="row-level security"), tenancy.scope(vendor.scope):
            db.session.add(Bid(requirement_id=draft.id, buyer_id=draft.buyer_id, vendor_id=vendor.company_id))
            db.session.flush()
        db.session.rollback()

    def test_it_is_priced_by_the_engine_over_the_frozen_scenario(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = in_scope(vendor, lambda: actions.draft_bid(vendor, cast.requirement, document=BY_HOUR))
        with tenancy.scope(vendor.scope):
            price = queries.price_of(bid)
            expected = total_cost(rate_card_from_document(BY_HOUR), needs.scenario_of(cast.requirement))
            assert price.total_minor == expected.total_before_credits_minor > 0
            assert price.figures["operating"] == expected.operating_minor
            assert sum(month["operating"] for month in price.figures["months"]) == expected.operating_minor
            assert price.is_complete
            assert bid.state == BidState.DRAFT
            entry = db.session.scalar(select(AuditEntry).where(AuditEntry.tag == "selection:bid:draft"))
            assert entry.sealed and entry.company_id == vendor.company_id

    def test_from_nothing_it_is_unpriced_and_says_so(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = in_scope(vendor, lambda: actions.draft_bid(vendor, cast.requirement))
        with tenancy.scope(vendor.scope):
            price = queries.price_of(bid)
            assert price.total_minor == 0 and not price.is_complete
            assert {row["channel"] for row in price.figures["unpriced"]} == {"phone", "email"}

    def test_there_is_one_live_bid_for_each_vendor(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        with pytest.raises(Conflict):
            in_scope(vendor, lambda: actions.draft_bid(vendor, cast.requirement))
        in_scope(vendor, lambda: actions.withdraw_bid(vendor, bid, version=bid.version))
        assert in_scope(vendor, lambda: actions.draft_bid(vendor, cast.requirement)).id != bid.id

    def test_a_card_in_another_currency_is_refused(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        with pytest.raises(Invalid, match="GBP"):
            in_scope(vendor, lambda: actions.draft_bid(vendor, cast.requirement, document=fixed_price("10", "EUR")))


class TestEdit:
    def test_another_vendor_does_not_find_it(self):
        cast = make_cast(2)
        bid = make_draft(cast.vendors[0], cast.requirement)
        other = cast.vendors[1]
        with pytest.raises(NotFound):
            in_scope(other, lambda: actions.save_price(other, bid, document=BY_HOUR, version=bid.version))

    def test_the_second_of_two_editors_is_refused(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        in_scope(vendor, lambda: actions.save_price(vendor, bid, document=BY_HOUR, version=bid.version))
        with pytest.raises(StaleVersion):
            in_scope(vendor, lambda: actions.save_price(vendor, bid, document=BY_HOUR, version=bid.version))

    @pytest.mark.parametrize("state", [s for s in BidState if BidState.STALE not in BID_MOVES.get(s, set())])
    def test_only_what_lies_in_the_box_becomes_stale(self, state):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        force(bid, state)
        if state in (BidState.DRAFT, BidState.STALE):
            in_scope(vendor, lambda: actions.save_price(vendor, bid, document=BY_HOUR, version=bid.version))
            assert bid_now(vendor, bid).state == state
        else:
            with pytest.raises(Conflict):
                in_scope(vendor, lambda: actions.save_price(vendor, bid, document=BY_HOUR, version=bid.version))

    def test_a_changed_bid_does_not_count_until_it_is_submitted_again(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        first = bid.receipt_sha256
        in_scope(vendor, lambda: actions.save_price(vendor, bid, document=fixed_price("900"), version=bid.version))
        changed = bid_now(vendor, bid)
        assert (changed.state, changed.receipt_sha256, changed.counts) == (BidState.STALE, None, False)
        again = submit(vendor, changed)
        assert again.counts and again.receipt_sha256 != first

    def test_answers_to_criteria_of_other_requirements_are_refused(self):
        cast, other = make_cast(1), make_cast(0)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)

        def write():
            foreign = needs.criteria_of(other.requirement)[0]
            actions.save_answers(
                vendor, bid, answers={foreign.id: "x"}, reference="", valid_until=None, version=bid.version
            )

        with pytest.raises(Invalid):
            in_scope(vendor, write)

    def test_what_was_submitted_cannot_be_rewritten_by_sql(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        with tenancy.scope(vendor.scope):
            assert db.session.execute(text("UPDATE bid_prices SET total_minor = 1")).rowcount == 0
            db.session.rollback()
            with pytest.raises(DBAPIError, match="permission denied"):
                db.session.execute(text("UPDATE bids SET opened_at = now()"))
            db.session.rollback()
        assert bid_now(vendor, bid).opened_at is None


class TestSubmit:
    def test_a_member_may_write_but_not_submit(self):
        cast = make_cast(0)
        company = make_company("vendor")
        member = actor_for(make_person(company, "member"), company)
        bid = make_draft(member, cast.requirement)
        with pytest.raises(Forbidden):
            submit(member, bid)

    def test_a_vendor_suspended_meanwhile_cannot_submit(self):
        cast = make_cast(1)
        bid = make_draft(cast.vendors[0], cast.requirement)
        execute("UPDATE companies SET state = 'suspended' WHERE id = :id", id=cast.vendors[0].company_id)
        with pytest.raises(Forbidden):
            submit(cast.vendors[0], bid)

    @pytest.mark.parametrize("state", [s for s in BidState if BidState.SUBMITTED not in BID_MOVES.get(s, set())])
    def test_a_bid_in_any_other_state_is_refused(self, state):
        cast = make_cast(1)
        bid = make_draft(cast.vendors[0], cast.requirement)
        force(bid, state)
        with pytest.raises(IllegalMove):
            submit(cast.vendors[0], bid)

    def test_an_incomplete_bid_says_everything_that_is_missing(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = in_scope(vendor, lambda: actions.draft_bid(vendor, cast.requirement))
        with pytest.raises(IncompleteBid) as refused:
            submit(vendor, bid)
        assert len(refused.value.gaps) == 7  # no price, five answers, no validity

    def test_an_offer_that_ends_too_soon_is_refused(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        early = cast.requirement.deadline_at.date() + timedelta(days=59)
        in_scope(
            vendor,
            lambda: actions.save_answers(vendor, bid, answers={}, reference="", valid_until=early, version=bid.version),
        )
        with pytest.raises(IncompleteBid, match="stand until"):
            submit(vendor, bid_now(vendor, bid))

    def test_volumes_without_a_price_are_flagged_but_may_be_submitted(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        only_phone = BY_HOUR | {
            "operating": [{"code": "P", "unit": "contact", "rate": "2", "filter": {"channel": ["phone"]}}]
        }
        bid = make_submitted(vendor, cast.requirement, only_phone)
        with tenancy.scope(vendor.scope):
            assert [row["channel"] for row in queries.price_of(bid).figures["unpriced"]] == ["email", "email"]
        assert bid.state == BidState.SUBMITTED

    def test_the_receipt_is_the_digest_of_the_whole_bid(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        with tenancy.scope(vendor.scope):
            whole = receipts.text_of(bid, queries.price_of(bid), queries.answers_of(bid))
        assert receipts.digest(whole) == bid.receipt_sha256
        assert '"rate":"17.35"' in whole and "Our answer on" in whole

    def test_nothing_leaves_the_vendor(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        assert execute("SELECT count(*) FROM notifications")[0][0] == 0
        assert execute("SELECT count(*) FROM mails")[0][0] == 0
        assert execute("SELECT count(*) FROM procrastinate_jobs")[0][0] == 0
        assert execute("SELECT count(*) FROM evidence_entries WHERE kind <> 'published'")[0][0] == 0
        tags = execute("SELECT sealed FROM audit_entries WHERE tag LIKE 'selection:%'")
        assert tags and all(row.sealed for row in tags)

    def test_submitted_twice_it_is_submitted_once(self):
        cast = make_cast(1)
        bid = make_submitted(cast.vendors[0], cast.requirement)
        with pytest.raises(IllegalMove):
            submit(cast.vendors[0], bid)
        assert bid_now(cast.vendors[0], bid).receipt_sha256 == bid.receipt_sha256

    def test_a_bid_that_waited_past_the_deadline_is_late(self, app, owner_engine):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        outcome = []

        def hand_in():
            with app.app_context():
                try:
                    submit(vendor, bid)
                except Conflict as refusal:
                    outcome.append(refusal)

        with owner_engine.begin() as held:
            held.execute(text("SELECT 1 FROM requirements WHERE id = :id FOR UPDATE"), {"id": cast.requirement.id})
            thread = threading.Thread(target=hand_in)
            thread.start()
            _until_somebody_waits(owner_engine)
            pass_deadline(cast.requirement)
        thread.join(10)
        assert len(outcome) == 1
        assert bid_now(vendor, bid).state == BidState.DRAFT

    def test_the_closing_waits_for_a_bid_on_its_way_in(self, app, owner_engine):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)

        def shut():
            with app.app_context():
                close(cast.requirement)

        with tenancy.scope(vendor.scope):
            actions.submit_bid(vendor, bid, version=bid.version)
            thread = threading.Thread(target=shut)
            thread.start()
            _until_somebody_waits(owner_engine)
            db.session.commit()
        thread.join(10)
        assert execute("SELECT is_sufficient FROM closings")[0].is_sufficient


def _until_somebody_waits(engine):
    """Wait until some connection is queueing for a lock."""
    watching = create_engine(engine.url, poolclass=NullPool)
    for _ in range(200):
        with watching.connect() as connection:
            waiting = connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one()
        if waiting:
            return
        time.sleep(0.02)
    raise AssertionError("nobody waits for the lock")


class TestWithdraw:
    def test_before_the_deadline_it_leaves_no_trace(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        gone = in_scope(vendor, lambda: actions.withdraw_bid(vendor, bid, version=bid.version))
        assert gone.state == BidState.WITHDRAWN
        close(cast.requirement)
        assert not execute("SELECT is_sufficient FROM closings")[0].is_sufficient

    def test_after_the_deadline_what_lies_in_the_box_stays(self):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        pass_deadline(cast.requirement)
        with pytest.raises(Conflict):
            in_scope(vendor, lambda: actions.withdraw_bid(vendor, bid, version=bid.version))
        with pytest.raises(Conflict):
            in_scope(vendor, lambda: actions.save_price(vendor, bid, document=BY_HOUR, version=bid.version))
        for state in ("stale", "withdrawn"):
            with tenancy.scope(vendor.scope), pytest.raises(DBAPIError, match="deadline is over"):
                db.session.execute(text("UPDATE bids SET state = :state"), {"state": state})
            db.session.rollback()

    @pytest.mark.parametrize("state", [s for s in BidState if BidState.WITHDRAWN not in BID_MOVES.get(s, set())])
    def test_from_any_other_state_it_is_refused(self, state):
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        force(bid, state)
        with pytest.raises(IllegalMove):
            in_scope(vendor, lambda: actions.withdraw_bid(vendor, bid, version=bid.version))


def test_a_vendor_cannot_move_its_bid_where_only_buyers_may():
    cast = make_cast(1)
    vendor = cast.vendors[0]
    bid = make_submitted(vendor, cast.requirement)
    for state in ("qualified", "award_pending", "won", "lost"):
        with tenancy.scope(vendor.scope), pytest.raises(DBAPIError, match="does not move"):
            db.session.execute(text("UPDATE bids SET state = :state"), {"state": state})
        db.session.rollback()
    assert bid_now(vendor, bid).state == BidState.SUBMITTED
