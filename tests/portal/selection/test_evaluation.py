"""Scores, exclusions and the comparison they lead to."""

from fractions import Fraction

import pytest
from sqlalchemy import event

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound
from portal.kit.rounding import rounded
from portal.needs import queries as needs
from portal.pricing.price_score import PriceFormula
from portal.pricing.ranking import rank_bids, under
from portal.selection import actions, queries
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.actions.evaluation import Judgement
from portal.selection.states import BidState
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_person
from tests.factories.needs import in_scope
from tests.factories.selection import (
    close,
    fixed_price,
    fresh,
    make_cast,
    make_evaluated,
    make_submitted,
    open_all,
    score_all,
)

pytestmark = pytest.mark.usefixtures("app")


def colleague(buyer, role="member"):
    company = execute("SELECT * FROM companies WHERE id = :id", id=buyer.company_id)[0]
    person = make_person()
    add_member(company, person, role)
    return actor_for(person, company)


def compare(cast):
    with tenancy.scope(cast.buyer.scope):
        found = queries.comparison_for(cast.buyer, cast.requirement)
        db.session.expunge_all()
        db.session.rollback()
    return found


class TestScore:
    def test_a_viewer_cannot_score(self):
        cast, bids = make_evaluated()
        viewer = colleague(cast.buyer, "viewer")
        with pytest.raises(Forbidden):
            score_all(viewer, cast.requirement, bids[0])

    def test_another_buyer_finds_nothing(self):
        cast, bids = make_evaluated()
        company = make_company("buyer")
        stranger = actor_for(make_person(company), company)
        with pytest.raises(NotFound):
            in_scope(stranger, lambda: actions.score_bid(stranger, cast.requirement, bids[0].id, {}))

    def test_a_bid_of_another_requirement_is_not_found(self):
        cast, _ = make_evaluated()
        _, others = make_evaluated()
        with pytest.raises(NotFound):
            score_all(cast.buyer, cast.requirement, others[0])

    @pytest.mark.parametrize("state", ["closed", "decided", "awarded", "unsuccessful", "lapsed"])
    def test_scores_stay_as_they_are_in_every_other_state(self, state):
        cast, bids = make_evaluated()
        execute("UPDATE requirements SET state = :state WHERE id = :id", state=state, id=cast.requirement.id)
        with pytest.raises(Conflict):
            score_all(cast.buyer, cast.requirement, bids[0])

    @pytest.mark.parametrize(
        ("score", "comment", "field"), [(6, "Good.", "score"), (-1, "Bad.", "score"), (3, "  ", "comment")]
    )
    def test_what_is_off_the_scale_or_without_a_word_is_refused_at_its_field(self, score, comment, field):
        cast, bids = make_evaluated()

        def write():
            criterion = asked_of_vendors(needs.criteria_of(cast.requirement))[0]
            actions.score_bid(cast.buyer, cast.requirement, bids[0].id, {criterion.id: Judgement(score, comment)})

        with pytest.raises(Invalid) as refused:
            in_scope(cast.buyer, write)
        assert refused.value.field.startswith(field)

    def test_price_cannot_be_scored(self):
        cast, bids = make_evaluated()

        def write():
            price = next(one for one in needs.criteria_of(cast.requirement) if one.kind == "price")
            actions.score_bid(cast.buyer, cast.requirement, bids[0].id, {price.id: Judgement(5, "Cheap.")})

        with pytest.raises(Invalid):
            in_scope(cast.buyer, write)

    def test_each_person_has_one_score_and_may_change_it(self):
        cast, bids = make_evaluated()
        score_all(cast.buyer, cast.requirement, bids[0], (5, 5, 5, 5, 5))
        score_all(colleague(cast.buyer), cast.requirement, bids[0], (2, 5, 5, 5, 5))
        found = compare(cast).column_of(bids[0].id)
        first = next(iter(found.marks.values()))
        assert (first.mean, first.n, first.spread, first.is_wide) == (Fraction(7, 2), 2, 3, True)
        assert execute("SELECT count(*) FROM scores WHERE score = 5")[0][0] == 9


class TestDisqualify:
    def test_a_member_cannot(self):
        cast, bids = make_evaluated()
        member = colleague(cast.buyer)
        with pytest.raises(Forbidden):
            in_scope(member, lambda: actions.disqualify_bid(member, cast.requirement, bids[0].id, reason="No."))

    def test_it_needs_a_reason(self):
        cast, bids = make_evaluated()
        with pytest.raises(Invalid):
            in_scope(cast.buyer, lambda: actions.disqualify_bid(cast.buyer, cast.requirement, bids[0].id, reason=" "))

    def test_it_leaves_the_ranking_and_sets_no_lowest_price(self):
        cast, bids = make_evaluated()
        in_scope(
            cast.buyer,
            lambda: actions.disqualify_bid(cast.buyer, cast.requirement, bids[0].id, reason="No certificate."),
        )
        found = compare(cast)
        out, left = found.column_of(bids[0].id), found.column_of(bids[1].id)
        assert out.is_excluded and out.rank is None and found.columns[-1] is out
        assert left.price_points == 30 and found.has_no_competition
        told = execute("SELECT company_id FROM notifications WHERE kind = 'selection.bid.disqualified'")
        assert [row.company_id for row in told] == [cast.vendors[0].company_id]
        with pytest.raises(IllegalMove):
            in_scope(
                cast.buyer, lambda: actions.disqualify_bid(cast.buyer, cast.requirement, bids[0].id, reason="Again.")
            )
        with tenancy.scope(cast.vendors[0].scope):
            own = queries.bid_for(cast.vendors[0], bids[0].id)
            assert own.state == BidState.DISQUALIFIED
            assert queries.disqualification_of(own).reason == "No certificate."


class TestComparison:
    def test_without_all_scores_there_is_no_ranking(self):
        cast = make_cast(2)
        bids = [make_submitted(vendor, cast.requirement) for vendor in cast.vendors]
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        score_all(cast.buyer, cast.requirement, bids[0])
        found = compare(cast)
        assert not found.is_scored and found.leaders == () and found.robustness is None
        assert all(column.total is None for column in found.columns)

    def test_the_worked_example_comes_out_to_four_decimals(self):
        cast = make_cast(3)
        prices = ("204389.20", "245317.40", "190500.00")
        bids = [
            make_submitted(vendor, cast.requirement, fixed_price(price))
            for vendor, price in zip(cast.vendors, prices, strict=True)
        ]
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        evaluators = (cast.buyer, colleague(cast.buyer), colleague(cast.buyer))
        # Means 13/3, 4, 11/3, 4, 5 and so on, each from three whole scores.
        given = (
            ((4, 4, 4, 4, 5), (4, 4, 4, 4, 5), (5, 4, 3, 4, 5)),
            ((5, 4, 4, 4, 4), (5, 5, 4, 4, 4), (5, 5, 5, 5, 4)),
            ((3, 3, 3, 3, 3), (3, 3, 3, 3, 3), (3, 4, 3, 4, 3)),
        )
        for bid, sheets in zip(bids, given, strict=True):
            for evaluator, scores in zip(evaluators, sheets, strict=True):
                score_all(evaluator, cast.requirement, bid, scores)
        found = compare(cast)
        columns = [found.column_of(bid.id) for bid in bids]
        assert [str(rounded(column.quality, 4)) for column in columns] == ["57.6667", "63.0000", "43.6667"]
        assert [str(rounded(column.price_points, 4)) for column in columns] == ["27.9614", "23.2963", "30.0000"]
        assert [str(rounded(column.total, 4)) for column in columns] == ["85.6280", "86.2963", "73.6667"]
        assert [column.rank for column in columns] == [2, 1, 3]
        assert len(found.evaluators) == 3
        assert not found.robustness.is_robust
        linear = {
            place.key: place for place in rank_bids(found.candidates, under(PriceFormula.LINEAR, found.rules)).ranked
        }
        assert str(rounded(linear[str(bids[0].id)].total, 4)) == "85.4794"

    def test_a_bid_below_a_minimum_is_out(self):
        cast, bids = make_evaluated()
        execute("ALTER TABLE criteria DISABLE ROW LEVEL SECURITY")
        execute(
            "UPDATE criteria SET minimum = 4 WHERE requirement_id = :id AND code = 'quality'", id=cast.requirement.id
        )
        execute("ALTER TABLE criteria ENABLE ROW LEVEL SECURITY")
        score_all(cast.buyer, cast.requirement, bids[1], (3, 3, 4, 3, 3))
        found = compare(cast)
        assert found.column_of(bids[0].id).below_minimum == ("Service quality and training",)
        assert found.column_of(bids[0].id).rank is None
        assert found.column_of(bids[1].id).rank == 1

    def test_it_takes_as_many_statements_for_twelve_bids_as_for_two(self):
        counts = []
        for vendors in (2, 12):
            cast = make_cast(vendors)
            for vendor in cast.vendors:
                make_submitted(vendor, cast.requirement)
            close(cast.requirement)
            open_all(cast.buyer, cast.requirement)
            counts.append(_statements(cast))
        assert counts[0] == counts[1] <= 4


def _statements(cast):
    heard = []

    def hear(_connection, _cursor, statement, *_rest):
        heard.append(statement)

    requirement = fresh(cast.buyer, cast.requirement)
    with tenancy.scope(cast.buyer.scope):
        db.session.connection()
        event.listen(db.engine, "before_cursor_execute", hear)
        queries.comparison_for(cast.buyer, requirement)
        event.remove(db.engine, "before_cursor_execute", hear)
        db.session.rollback()
    return len(heard)
