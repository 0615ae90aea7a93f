"""The rules a buyer fixed before publication, at work on real bids."""

import pytest

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.needs import queries as needs
from portal.selection import actions, queries
from portal.selection.actions.bids import Claim
from portal.selection.actions.must_haves import Finding
from portal.selection.actions.submission import IncompleteBid
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, judged_by
from tests.factories.selection import (
    accept,
    award,
    bid_now,
    close,
    fixed_price,
    make_cast,
    make_draft,
    make_evaluated,
    make_submitted,
    open_all,
    score_all,
    submit,
)
from tests.portal.selection.test_evaluation import colleague

pytestmark = pytest.mark.usefixtures("app")


def compare(cast):
    with tenancy.scope(cast.buyer.scope):
        found = queries.comparison_for(cast.buyer, cast.requirement)
        db.session.expunge_all()
        db.session.rollback()
    return found


def opened(prices=("200000", "250000"), scores=(), **evaluation):
    """Bids at these prices, opened and scored as given (3 throughout where not)."""
    must_haves = evaluation.pop("must_haves", ())
    cast = make_cast(len(prices), evaluation=judged_by(*must_haves, **evaluation))
    bids = [
        make_submitted(vendor, cast.requirement, fixed_price(price))
        for vendor, price in zip(cast.vendors, prices, strict=True)
    ]
    close(cast.requirement)
    open_all(cast.buyer, cast.requirement)
    for at, bid in enumerate(bids):
        score_all(cast.buyer, cast.requirement, bid, scores[at] if scores else (3, 3, 3, 3, 3))
    return cast, bids


def places(cast, bids):
    found = compare(cast)
    return [found.column_of(bid.id).rank for bid in bids]


def check(cast, bid, outcome="met", remark="", actor=None):
    buyer = actor or cast.buyer

    def act():
        asked = needs.knock_outs_of(cast.requirement)
        actions.check_must_haves(buyer, cast.requirement, bid.id, {one.id: Finding(outcome, remark) for one in asked})

    in_scope(buyer, act)


def end_scoring(cast):
    return in_scope(cast.buyer, lambda: actions.close_quality(cast.buyer, cast.requirement))


class TestFormulas:
    # The dear bid is better by 14 points of quality; the cheap one costs four fifths.
    PRICES, SCORES = ("200000", "250000"), ((3, 3, 3, 3, 3), (4, 4, 4, 4, 4))

    @pytest.mark.parametrize(
        ("rules", "expected"),
        [
            ({}, [2, 1]),
            ({"formula": "linear"}, [2, 1]),
            ({"formula": "budget", "budget_minor": 26_000_000, "floor_minor": 20_000_000}, [1, 2]),
            ({"formula": "per_quality_point"}, [2, 1]),
            ({"formula": "rank"}, [2, 1]),
            ({"formula": "rank", "tie_rule": "price"}, [1, 2]),
            ({"formula": "rank", "tie_rule": "time"}, [1, 2]),
            ({"formula": "rank", "tie_rule": "lot"}, [1, 1]),
        ],
    )
    def test_bids_are_ranked_by_the_formula_and_the_tie_rule_that_were_chosen(self, rules, expected):
        assert places(*opened(self.PRICES, self.SCORES, **rules)) == expected

    def test_a_drawn_lot_is_told(self):
        cast, bids = opened(self.PRICES, self.SCORES, formula="rank", tie_rule="lot")
        (level,) = compare(cast).ties
        assert {column.bid.id for column in level} == {bid.id for bid in bids}

    def test_a_requirement_without_rules_stays_with_the_relative_formula(self):
        cast, bids = make_evaluated()
        assert execute("SELECT count(*) AS n FROM evaluation_rules")[0].n == 0
        column = compare(cast).column_of(bids[1].id)
        assert (column.price_points, column.total) == (24, 42 + 24)

    def test_an_award_and_its_debrief_work_without_points_for_the_price(self):
        cast, bids = opened(self.PRICES, self.SCORES, formula="per_quality_point")
        made = award(cast.buyer, cast.requirement, bids[1])
        accept(cast.vendors[1], made)
        (line,) = execute("SELECT total, winner_total, rank FROM debriefs")
        assert (line.total, line.winner_total, line.rank) == ("42.0000", "56.0000", 2)


class TestMinimums:
    def test_a_bid_below_the_least_quality_is_out_and_sets_no_lowest_price(self):
        cast, bids = opened(scores=((2, 3, 3, 3, 3), (3, 3, 3, 3, 3)), quality_minimum=60)
        found = compare(cast)
        assert found.column_of(bids[0].id).below_quality
        assert [column.bid.id for column in found.in_running] == [bids[1].id]
        assert found.column_of(bids[1].id).price_points == 30

    def test_a_bid_just_at_both_minimums_stays(self):
        assert places(*opened(quality_minimum=60, minimum=3)) == [1, 2]


class TestClaims:
    def test_every_must_have_is_answered_before_a_bid_is_submitted(self):
        cast = make_cast(1, evaluation=judged_by("Insured"))
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        execute("DELETE FROM bid_knock_outs")
        with pytest.raises(IncompleteBid, match="Insured"):
            submit(vendor, bid)
        self.say(vendor, cast, bid, Claim(True, ""))
        with pytest.raises(IncompleteBid, match="proof"):
            submit(vendor, bid_now(vendor, bid))
        self.say(vendor, cast, bid, Claim(False, ""))
        assert submit(vendor, bid_now(vendor, bid)).receipt_sha256

    def test_a_must_have_of_another_requirement_is_refused(self):
        cast, other = (make_cast(1, evaluation=judged_by("Insured")) for _ in range(2))
        bid = make_draft(cast.vendors[0], cast.requirement)
        with pytest.raises(Invalid):
            self.say(cast.vendors[0], other, bid, Claim(True, "x"))

    def test_the_receipt_covers_the_answers(self):
        cast = make_cast(1, evaluation=judged_by("Insured"))
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        first = bid.receipt_sha256
        self.say(vendor, cast, bid_now(vendor, bid), Claim(False, ""))
        assert submit(vendor, bid_now(vendor, bid)).receipt_sha256 != first

    def test_nobody_but_the_vendor_reads_them_before_the_opening(self):
        cast = make_cast(2, evaluation=judged_by("Insured"))
        make_submitted(cast.vendors[0], cast.requirement)
        for actor, seen in ((cast.vendors[0], 1), (cast.vendors[1], 0), (cast.buyer, 0)):
            with tenancy.scope(actor.scope):
                assert db.session.scalar(db.text("SELECT count(*) FROM bid_knock_outs")) == seen
                db.session.rollback()

    def say(self, vendor, cast, bid, claim):
        def act():
            (one,) = needs.knock_outs_of(cast.requirement)
            now = queries.bid_for(vendor, bid.id)
            kept = {"reference": "", "valid_until": now.valid_until, "version": now.version}
            actions.save_answers(vendor, now, answers={}, must_haves={one.id: claim}, **kept)

        in_scope(vendor, act)


class TestChecks:
    def test_another_buyer_finds_nothing_and_a_vendor_may_not(self):
        cast, bids = opened(must_haves=("Insured",))
        company = make_company("buyer")
        with pytest.raises(NotFound):
            check(cast, bids[0], actor=actor_for(make_person(company), company))
        with pytest.raises(Forbidden):
            check(cast, bids[0], actor=cast.vendors[0])

    def test_there_is_no_ranking_before_all_are_cleared(self):
        cast, bids = opened(must_haves=("Insured",))
        assert not compare(cast).is_scored and len(compare(cast).to_check) == 2
        check(cast, bids[0])
        check(cast, bids[1], "unclear", "The copy is cut off.")
        assert not compare(cast).is_scored
        check(cast, bids[1])
        assert places(cast, bids) == [1, 2]

    def test_one_that_is_not_met_takes_the_bid_out_and_tells_its_vendor_why(self):
        cast, bids = opened(must_haves=("Insured",))
        check(cast, bids[0], "failed", "Cover ended in May.")
        check(cast, bids[1])
        assert places(cast, bids) == [None, 1]
        assert compare(cast).column_of(bids[1].id).price_points == 30
        (why,) = execute("SELECT reason FROM disqualifications")
        assert "Insured: Cover ended in May." in why.reason
        assert execute("SELECT count(*) AS n FROM audit_entries WHERE tag = 'selection:bid:check'")[0].n == 2

    def test_a_doubt_needs_a_word_at_its_field(self):
        cast, bids = opened(must_haves=("Insured",))
        with pytest.raises(Invalid) as refused:
            check(cast, bids[0], "failed")
        assert refused.value.field.startswith("remark-")

    def test_after_it_is_out_nothing_is_checked_any_more(self):
        cast, bids = opened(must_haves=("Insured",))
        check(cast, bids[0], "failed", "No.")
        with pytest.raises(Conflict):
            check(cast, bids[0])


class TestTwoEnvelopes:
    def test_prices_stay_sealed_until_the_scoring_is_ended(self):
        cast, bids = opened(two_envelopes=True)
        before = compare(cast)
        assert before.prices_are_sealed and not before.is_scored and not before.priced
        with tenancy.scope(cast.buyer.scope):
            assert db.session.scalar(db.text("SELECT count(*) FROM bid_prices")) == 0
            db.session.rollback()
        assert end_scoring(cast) == 2
        assert places(cast, bids) == [1, 2]
        assert execute("SELECT count(*) AS n FROM evidence_entries WHERE kind = 'quality_closed'")[0].n == 1

    def test_the_price_of_a_bid_below_a_minimum_is_never_opened(self):
        cast, bids = opened(scores=((2, 2, 2, 2, 2), (3, 3, 3, 3, 3)), two_envelopes=True, quality_minimum=60)
        assert end_scoring(cast) == 1
        found = compare(cast)
        assert [column.bid.id for column in found.unpriced] == [bids[0].id]
        assert [column.bid.id for column in found.priced] == [bids[1].id]

    def test_scores_stay_as_they_are_afterwards_and_it_ends_once(self):
        cast, bids = opened(two_envelopes=True)
        end_scoring(cast)
        with pytest.raises(Conflict):
            score_all(cast.buyer, cast.requirement, bids[0], (5, 5, 5, 5, 5))
        with pytest.raises(Conflict):
            end_scoring(cast)

    def test_it_cannot_end_before_everything_is_scored_and_checked(self):
        cast, bids = opened(two_envelopes=True, must_haves=("Insured",))
        with pytest.raises(Conflict):
            end_scoring(cast)
        for bid in bids:
            check(cast, bid)
        assert end_scoring(cast) == 2

    def test_without_anything_held_back_there_is_nothing_to_end(self):
        cast, _bids = opened()
        with pytest.raises(Conflict):
            end_scoring(cast)

    def test_the_function_itself_refuses_another_company(self):
        cast, _bids = opened(two_envelopes=True)
        company = make_company("buyer")
        stranger = actor_for(make_person(company), company)
        with tenancy.scope(stranger.scope):
            found = db.session.scalar(
                db.text("SELECT close_quality(:id, :person, ARRAY[]::uuid[])"),
                {"id": cast.requirement.id, "person": stranger.person_id},
            )
            db.session.rollback()
        assert found is None


class TestPseudonyms:
    def test_bidders_are_numbers_until_the_scoring_is_ended(self):
        cast, bids = opened(pseudonyms=True)
        names = {vendor.company_name for vendor in cast.vendors}
        before = compare(cast)
        assert {column.entry.vendor_name for column in before.columns} == {"Bidder 1", "Bidder 2"}
        assert len(before.priced) == 2 and not before.is_scored
        with tenancy.scope(cast.buyer.scope):
            assert queries.opened_bid_for(cast.buyer, cast.requirement, bids[0].id).vendor_name not in names
            db.session.rollback()
        end_scoring(cast)
        assert {column.entry.vendor_name for column in compare(cast).columns} == names
        assert places(cast, bids) == [1, 2]


class TestConsensus:
    @pytest.mark.parametrize("sought", [True, False])
    def test_wide_scores_are_told_only_where_a_consensus_is_sought(self, sought):
        cast, bids = opened(consensus=sought)
        score_all(colleague(cast.buyer), cast.requirement, bids[0], (5, 3, 3, 3, 3))
        assert [criterion.code for _column, criterion in compare(cast).wide] == (["experience"] if sought else [])
