"""Closing at the deadline and opening together; before it nobody but the vendor sees a bid, by the database's rule."""

import json
from itertools import permutations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.kit import clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, NotFound
from portal.needs import queries as needs
from portal.selection import queries, receipts
from portal.selection.states import BidState
from tests.factories.accounts import actor_for, execute, make_company, make_person, make_staff
from tests.factories.needs import in_scope, pass_deadline
from tests.factories.selection import bid_now, close, fresh, make_cast, make_draft, make_submitted, open_all

pytestmark = pytest.mark.usefixtures("app")

SEALED_TABLES = ("bids", "bid_answers", "bid_prices", "evaluation_sheets", "scores", "awards", "debriefs")


def seen(scope, table):
    """How many rows of a table a scope sees as portal_app, with no condition of ours."""
    with tenancy.scope(scope):
        found = db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        db.session.rollback()
    return found


class TestClose:
    def test_before_the_deadline_nothing_is_closed(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        jobs.run_due()
        assert fresh(cast.buyer, cast.requirement).state == "published"

    def test_at_the_deadline_it_is_closed_once_with_evidence_that_counts_nothing(self):
        cast = make_cast(2)
        bids = [make_submitted(vendor, cast.requirement) for vendor in cast.vendors]
        close(cast.requirement)
        jobs.run_due()
        assert fresh(cast.buyer, cast.requirement).state == "closed"
        evidence = execute("SELECT payload FROM evidence_entries WHERE kind = 'closing'")
        payload = json.loads(evidence[0].payload)
        assert len(evidence) == 1
        assert payload["bids_sha256"] == receipts.box_digest(bid.receipt_sha256 for bid in bids)
        assert set(payload) == {"kind", "deadline_at", "closed_at", "outcome", "bids_sha256"}

    def test_the_buyer_is_told_that_bids_can_be_opened(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        told = execute("SELECT company_id, kind FROM notifications")
        assert [(row.company_id, row.kind) for row in told] == [(cast.buyer.company_id, "selection.requirement.closed")]

    def test_with_too_few_bids_it_ends_and_they_stay_sealed(self, app):
        cast = make_cast(2, min_bids=3)
        bids = [make_submitted(vendor, cast.requirement) for vendor in cast.vendors]
        close(cast.requirement)
        ended = fresh(cast.buyer, cast.requirement)
        assert ended.state == "unsuccessful" and ended.end_reason
        with pytest.raises(Conflict):
            open_all(cast.buyer, ended)
        assert seen(cast.buyer.scope, "bids") == 0
        assert bid_now(cast.vendors[0], bids[0]).state == BidState.SUBMITTED
        jobs.run_waiting(app)
        told = execute("SELECT company_id FROM notifications WHERE kind = 'selection.bid.not_opened'")
        assert {row.company_id for row in told} == {vendor.company_id for vendor in cast.vendors}

    def test_a_buyer_cannot_ask_who_bid(self):
        cast = make_cast(1, min_bids=2)
        make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        with tenancy.scope(cast.buyer.scope):
            rows = db.session.execute(text("SELECT * FROM bidders_to_tell(:id)"), {"id": cast.requirement.id}).all()
            db.session.rollback()
        assert rows == []

    def test_another_company_cannot_close_or_open_it(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        pass_deadline(cast.requirement)
        stranger = make_company("buyer")
        for call in ("close_requirement(:id)", "open_bids(:id, :id)"):
            with tenancy.scope(tenancy.member(stranger.id)):
                found = db.session.execute(text(f"SELECT {call}"), {"id": cast.requirement.id}).scalar_one()
                db.session.rollback()
            assert found is None


class TestSealed:
    @pytest.mark.parametrize("moment", ["open", "closed"])
    def test_by_sql_alone_buyer_staff_rivals_and_the_public_see_no_bid(self, moment):
        cast = make_cast(2)
        make_submitted(cast.vendors[0], cast.requirement)
        if moment == "closed":
            close(cast.requirement)
        outsiders = (
            cast.buyer.scope,
            cast.vendors[1].scope,
            tenancy.staff(make_staff("moderator", "support", "finance").id),
            tenancy.PUBLIC,
        )
        for scope in outsiders:
            for table in SEALED_TABLES:
                assert seen(scope, table) == 0, (scope.kind, table)
        assert seen(cast.vendors[0].scope, "bids") == 1

    def test_probing_tells_nothing_either(self):
        cast = make_cast(2)
        bid = make_submitted(cast.vendors[0], cast.requirement)
        probes = (
            "SELECT max(total_minor) FROM bid_prices",
            "SELECT 1 FROM bids WHERE id = :bid FOR UPDATE",
            "UPDATE bids SET state = 'disqualified' WHERE id = :bid RETURNING id",
        )
        with tenancy.scope(cast.buyer.scope):
            for probe in probes:
                assert db.session.execute(text(probe), {"bid": bid.id}).scalar() is None
            db.session.rollback()
        inserts = (
            "INSERT INTO bids (id, requirement_id, buyer_id, vendor_id, state) VALUES"
            " (gen_random_uuid(), :requirement, :buyer, :vendor, 'draft')",
            "INSERT INTO awards (id, requirement_id, buyer_id, vendor_id, bid_id, state, rank, answer_due_at)"
            " VALUES (gen_random_uuid(), :requirement, :buyer, :vendor, :bid, 'pending', 1, now())",
            "INSERT INTO disqualifications (bid_id, requirement_id, buyer_id, vendor_id, reason)"
            " VALUES (:bid, :requirement, :buyer, :vendor, 'x')",
        )
        values = {
            "requirement": cast.requirement.id,
            "buyer": cast.buyer.company_id,
            "vendor": cast.vendors[0].company_id,
            "bid": bid.id,
        }
        for insert in inserts:
            with tenancy.scope(cast.buyer.scope), pytest.raises(DBAPIError, match="row-level security"):
                db.session.execute(text(insert), values)
            db.session.rollback()

    def test_the_list_of_evaluations_has_no_number_before_the_opening(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        assert in_scope(cast.buyer, lambda: list(queries.evaluations_for(cast.buyer))) == []
        close(cast.requirement)
        with tenancy.scope(cast.buyer.scope):
            line = queries.evaluations_for(cast.buyer)[0]
            assert (line.requirement.state, line.bids) == ("closed", None)
            with pytest.raises(NotFound):
                queries.opened_bid_for(cast.buyer, line.requirement, cast.requirement.id)
            assert queries.comparison_for(cast.buyer, line.requirement).columns == ()


class TestOpen:
    def test_only_who_may_open_opens(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        company = next(iter(execute("SELECT * FROM companies WHERE id = :id", id=cast.buyer.company_id)))
        member = actor_for(make_person(company, "member"), company)
        with pytest.raises(Forbidden):
            open_all(member, cast.requirement)
        stranger_company = make_company("buyer")
        stranger = actor_for(make_person(stranger_company), stranger_company)
        with pytest.raises(Conflict):
            open_all(stranger, cast.requirement)

    @pytest.mark.parametrize("state", ["published", "opened", "decided", "awarded", "withdrawn", "cancelled", "lapsed"])
    def test_in_any_other_state_they_stay_shut(self, state):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        execute("UPDATE requirements SET state = :state WHERE id = :id", state=state, id=cast.requirement.id)
        with pytest.raises(Conflict):
            open_all(cast.buyer, cast.requirement)
        assert seen(cast.buyer.scope, "bids") == 0

    def test_a_requirement_set_to_closed_by_hand_is_not_opened_before_its_closing(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        execute("UPDATE requirements SET state = 'closed' WHERE id = :id", id=cast.requirement.id)
        with pytest.raises(Conflict):
            open_all(cast.buyer, cast.requirement)

    def test_all_submitted_bids_open_together_and_drafts_stay_private(self):
        cast = make_cast(3)
        bids = [make_submitted(vendor, cast.requirement) for vendor in cast.vendors[:2]]
        draft = make_draft(cast.vendors[2], cast.requirement)
        close(cast.requirement)
        assert open_all(cast.buyer, cast.requirement) == 2
        assert seen(cast.buyer.scope, "bids") == seen(cast.buyer.scope, "bid_prices") == 2
        assert seen(cast.buyer.scope, "bid_answers") == 10
        with tenancy.scope(cast.buyer.scope):
            columns = queries.comparison_for(cast.buyer, needs.requirement_for(cast.buyer, cast.requirement.id)).columns
            assert {column.bid.id for column in columns} == {bid.id for bid in bids}
            assert {column.entry.sheet.alias for column in columns} == {1, 2}
        left = bid_now(cast.vendors[2], draft)
        assert (left.state, left.opened_at) == (BidState.DRAFT, None)
        assert seen(cast.vendors[1].scope, "bids") == 1

    def test_the_opening_shows_what_the_closing_sealed(self):
        cast = make_cast(2)
        for vendor in cast.vendors:
            make_submitted(vendor, cast.requirement)
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        payloads = {row.kind: json.loads(row.payload) for row in execute("SELECT kind, payload FROM evidence_entries")}
        assert receipts.box_digest(payloads["opening"]["receipts"]) == payloads["closing"]["bids_sha256"]
        with tenancy.scope(cast.buyer.scope):
            for bid in queries.opened_bids(cast.requirement):
                whole = receipts.text_of(bid, queries.price_of(bid), queries.answers_of(bid))
                assert receipts.digest(whole) == bid.receipt_sha256
            db.session.rollback()

    def test_the_bidders_are_told_and_the_second_opening_is_refused(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        with pytest.raises(Conflict):
            open_all(cast.buyer, cast.requirement)
        told = execute("SELECT company_id FROM notifications WHERE kind = 'selection.bid.opened'")
        assert [row.company_id for row in told] == [cast.vendors[0].company_id]

    def test_an_opened_bid_cannot_be_rewritten_by_its_vendor_or_its_buyer(self):
        cast = make_cast(1)
        make_submitted(cast.vendors[0], cast.requirement)
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        for actor in (cast.vendors[0], cast.buyer):
            with tenancy.scope(actor.scope), pytest.raises(DBAPIError):
                db.session.execute(text("UPDATE bids SET reference = 'rewritten'"))
            db.session.rollback()

    def test_aliases_do_not_follow_the_order_of_arrival(self):
        orders = set()
        for _ in range(8):
            cast = make_cast(3)
            bids = [make_submitted(vendor, cast.requirement) for vendor in cast.vendors]
            close(cast.requirement)
            open_all(cast.buyer, cast.requirement)
            clock.reset()
            sheets = dict(execute("SELECT bid_id, alias FROM evaluation_sheets"))
            orders.add(tuple(sheets[bid.id] for bid in bids))
            if len(orders) > 1:
                break
        assert 1 < len(orders) <= len(list(permutations(range(3))))
