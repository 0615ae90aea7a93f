"""Price formulas: published examples, the worked evaluation, and what is refused or noted."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError, find_calculator
from portal.kit.rounding import rounded
from portal.pricing.price_score import (
    Note,
    PricedBid,
    PriceFormula,
    PriceRules,
    TieRule,
    is_abnormally_low,
    score_prices,
)
from portal.pricing.ranking import Candidate, rank_bids, robustness, without_those_below
from portal.selection import calculators  # noqa: F401 - registers the calculator


def bid(key, price, quality=0, **more):
    return PricedBid(key, price, quality, **more)


def points(bids, formula=PriceFormula.RELATIVE, weight=1, **rules):
    scores = score_prices(bids, PriceRules(formula, weight, **rules)).scores
    return [None if one.points is None else str(rounded(one.points, 4)) for one in scores]


def quality(*scores):
    """Quality points of marks from 0 to 5 on the five criteria weighted 15, 15, 20, 10 and 10."""
    return sum(Fraction(score) * weight / 5 for score, weight in zip(scores, (15, 15, 20, 10, 10), strict=True))


THIRD = Fraction(1, 3)
EVALUATION = [
    bid("A", Fraction("204389.20"), quality(13 * THIRD, 4, 11 * THIRD, 4, 5)),
    bid("B", Fraction("245317.40"), quality(5, 14 * THIRD, 13 * THIRD, 13 * THIRD, 4)),
    bid("C", Fraction("190500.00"), quality(3, 10 * THIRD, 3, 10 * THIRD, 3)),
]
CANDIDATES = [Candidate(one) for one in EVALUATION]


class TestRelative:
    def test_the_published_quotes_give_the_published_shares(self):
        assert points([bid("A", 15000), bid("B", 10000), bid("C", 30000)]) == ["0.6667", "1.0000", "0.3333"]

    def test_the_published_negotiation_is_won_by_the_dearer_bid(self):
        ranking = rank_bids([Candidate(bid("A", 10000, 90)), Candidate(bid("B", 8000, 74))], PriceRules(weight=70))
        assert [(one.key, one.total) for one in ranking.ranked] == [("A", 146), ("B", 144)]

    def test_a_knocked_out_bid_does_not_set_the_lowest_price(self):
        assert points([bid("A", 100), bid("B", 50, responsive=False)]) == ["1.0000", None]


class TestOtherFormulas:
    def test_linear_points_end_at_twice_the_lowest_price(self):
        assert points([bid("A", 100), bid("B", 150), bid("C", 900)], PriceFormula.LINEAR) == [
            "1.0000",
            "0.5000",
            "0.0000",
        ]

    def test_budget_points_run_from_the_budget_to_the_floor(self):
        bids = [bid("A", 40), bid("B", 75), bid("C", 100), bid("D", 120)]
        assert points(bids, PriceFormula.BUDGET, budget=100, floor=50) == ["1.0000", "0.5000", "0.0000", "0.0000"]

    @pytest.mark.parametrize("rules", [{}, {"budget": 50, "floor": 50}])
    def test_a_budget_formula_without_a_budget_above_the_floor_is_refused(self, rules):
        with pytest.raises(CalculationError, match="budget"):
            points([bid("A", 40)], PriceFormula.BUDGET, **rules)

    def test_price_per_quality_point_gives_no_points_but_an_order(self):
        ranking = rank_bids(CANDIDATES, PriceRules(PriceFormula.PER_QUALITY_POINT))
        assert [one.key for one in ranking.ranked] == ["A", "B", "C"]
        assert all(one.total is None for one in ranking.ranked)

    def test_ranks_of_price_and_quality_are_summed(self):
        scores = score_prices([bid("A", 3, 9), bid("B", 2, 9), bid("C", 1, 1)], PriceRules(PriceFormula.RANK)).scores
        assert [(one.price_rank, one.quality_rank, one.rank_sum) for one in scores] == [(3, 1, 4), (2, 1, 3), (1, 3, 4)]


class TestWorkedEvaluation:
    @pytest.mark.parametrize(
        ("formula", "expected"),
        [
            (PriceFormula.RELATIVE, ["B 23.2963 86.2963", "A 27.9614 85.6280", "C 30.0000 73.6667"]),
            (PriceFormula.LINEAR, ["A 27.8127 85.4794", "B 21.3673 84.3673", "C 30.0000 73.6667"]),
        ],
    )
    def test_points_and_totals_are_exact(self, formula, expected):
        ranked = rank_bids(CANDIDATES, PriceRules(formula)).ranked
        found = [f"{one.key} {rounded(one.price.points, 4)} {rounded(one.total, 4)}" for one in ranked]
        assert found == expected

    def test_prices_per_quality_point_are_exact(self):
        scores = score_prices(EVALUATION, PriceRules()).scores
        found = [str(rounded(one.price_per_quality_point, 4)) for one in scores]
        assert found == ["2481.0250", "2725.7489", "3053.8168"]

    def test_the_sum_of_ranks_leaves_all_level_and_quality_decides(self):
        ranked = rank_bids(CANDIDATES, PriceRules(PriceFormula.RANK)).ranked
        assert [(one.key, one.price.rank_sum) for one in ranked] == [("B", 4), ("A", 4), ("C", 4)]

    def test_against_a_budget_the_points_run_down_evenly(self):
        rules = PriceRules(PriceFormula.BUDGET, budget=Fraction("290500"), floor=Fraction("190500"))
        ranked = rank_bids(CANDIDATES, rules).ranked
        assert [f"{one.key} {rounded(one.price.points, 4)} {rounded(one.total, 4)}" for one in ranked] == [
            "A 25.8332 83.4999",
            "B 13.5548 76.5548",
            "C 30.0000 73.6667",
        ]

    def test_ratios_to_the_mean_price_are_exact(self):
        mean = sum(one.price for one in EVALUATION) / 3
        assert [str(rounded(one.price / mean, 4)) for one in EVALUATION] == ["0.9578", "1.1496", "0.8927"]

    def test_a_tenth_more_weight_for_the_price_changes_the_winner(self):
        found = robustness(CANDIDATES, PriceRules())
        assert found.by_weight == {Decimal("0.90"): ("B",), Decimal("1.10"): ("A",)}

    def test_the_winner_depends_on_the_formula_and_that_is_told(self):
        found = robustness(CANDIDATES, PriceRules())
        assert found.by_formula[PriceFormula.RELATIVE] == ("B",)
        assert found.by_formula[PriceFormula.LINEAR] == found.by_formula[PriceFormula.PER_QUALITY_POINT] == ("A",)
        assert not found.is_robust

    def test_a_bid_best_in_everything_wins_robustly(self):
        best = [Candidate(bid("A", 10, 70)), Candidate(bid("B", 20, 60))]
        assert robustness(best, PriceRules()).is_robust

    def test_none_of_the_prices_is_abnormally_low(self):
        assert not any(one.abnormally_low for one in score_prices(EVALUATION, PriceRules()).scores)


class TestRefusalsAndNotes:
    @pytest.mark.parametrize("price", [0, -1])
    def test_a_price_of_zero_or_less_is_refused(self, price):
        with pytest.raises(CalculationError) as caught:
            points([bid("A", 5), bid("B", price)])
        assert caught.value.path == "bids[1].price"

    def test_a_single_responsive_bid_gets_all_points_and_a_note(self):
        scores = score_prices([bid("A", 99), bid("B", 1, responsive=False)], PriceRules(PriceFormula.BUDGET, budget=90))
        assert scores.scores[0].points == 30
        assert scores.notes == (Note.NO_COMPETITION,)

    def test_no_responsive_bid_is_noted(self):
        assert score_prices([bid("A", 9, responsive=False)], PriceRules()).notes == (Note.NO_RESPONSIVE_BID,)

    @pytest.mark.parametrize(
        ("price", "others", "low"),
        [
            (79, [79, 110, 111], True),
            (80, [80, 110, 110], False),
            (69, [69, 20, 100, 100, 100], True),
            (70, [70, 20, 100, 100, 100], False),
        ],
    )
    def test_a_price_far_below_mean_or_median_must_be_explained(self, price, others, low):
        assert is_abnormally_low(price, others) is low


class TestTies:
    SOON, LATER = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 10, tzinfo=UTC)
    # Ten points for quality and price together, however they are split.
    LEVEL = (
        Candidate(bid("good", 20, 5), LATER),
        Candidate(bid("cheap", 10, 0), LATER),
        Candidate(bid("first", 20, 5), SOON),
    )

    @pytest.mark.parametrize(
        ("tie_rule", "order", "ties"),
        [
            (TieRule.QUALITY, [("first", 1), ("good", 2), ("cheap", 3)], ()),
            (TieRule.PRICE, [("cheap", 1), ("first", 2), ("good", 3)], ()),
            (TieRule.TIME, [("first", 1), ("good", 2), ("cheap", 2)], (("good", "cheap"),)),
            (TieRule.LOT, [("good", 1), ("cheap", 1), ("first", 1)], (("good", "cheap", "first"),)),
        ],
    )
    def test_level_bids_are_told_apart_by_the_agreed_rule_or_share_the_place(self, tie_rule, order, ties):
        ranking = rank_bids(self.LEVEL, PriceRules(weight=10, tie_rule=tie_rule))
        assert [(one.key, one.position) for one in ranking.ranked] == order
        assert ranking.ties == ties

    def test_what_nothing_tells_apart_needs_a_drawn_lot(self):
        ranking = rank_bids(
            [Candidate(bid("A", 10, 5)), Candidate(bid("B", 10, 5)), Candidate(bid("C", 10, 6))], PriceRules(weight=0)
        )
        assert [(one.key, one.position) for one in ranking.ranked] == [("C", 1), ("A", 2), ("B", 2)]


class TestLeastQuality:
    def test_a_bid_just_at_it_stays_and_one_below_sets_no_lowest_price(self):
        bids = [Candidate(bid("A", 100, 42)), Candidate(bid("B", 50, 41))]
        kept = without_those_below(bids, PriceRules(), 60)
        assert [one.bid.responsive for one in kept] == [True, False]
        assert rank_bids(kept, PriceRules()).scores.lowest == 100


FIELD = st.lists(
    st.builds(
        lambda price, quality, minute, responsive: (price, quality, minute, responsive),
        st.integers(1, 10**9) | st.integers(1, 4),
        st.fractions(0, 70, max_denominator=15) | st.integers(0, 2),
        st.integers(0, 2),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)
RULES = st.builds(
    lambda formula, weight, budget, tie_rule: PriceRules(
        formula, weight, 100 - weight, budget=budget + 5, floor=5, tie_rule=tie_rule
    ),
    st.sampled_from(PriceFormula),
    st.integers(5, 85),
    st.integers(1, 10**9),
    st.sampled_from(TieRule),
)


def field(rows):
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return [
        Candidate(bid(str(number), price, quality, responsive=responsive), start + timedelta(minutes=minute))
        for number, (price, quality, minute, responsive) in enumerate(rows)
    ]


class TestProperties:
    @given(FIELD, RULES)
    def test_points_lie_between_zero_and_the_weight_and_never_rise_with_the_price(self, rows, rules):
        bids = sorted((one.bid for one in field(rows) if one.bid.responsive), key=lambda one: one.price)
        scores = [one.points for one in score_prices(bids, rules).scores]
        if rules.formula.scores_price:
            assert scores == sorted(scores, reverse=True)
            assert all(0 <= score <= rules.weight for score in scores)
        else:
            assert set(scores) <= {None}

    @given(FIELD, RULES)
    def test_the_lowest_price_gets_all_points_where_they_are_measured_from_it(self, rows, rules):
        if rules.formula in (PriceFormula.RELATIVE, PriceFormula.LINEAR):
            ranked = rank_bids(field(rows), rules).ranked
            lowest = min((one.price.price_rank for one in ranked), default=None)
            assert all(one.price.points == rules.weight for one in ranked if one.price.price_rank == lowest)

    @given(FIELD, RULES, st.randoms(use_true_random=False))
    def test_the_order_in_which_bids_are_given_changes_nothing(self, rows, rules, random):
        bids = field(rows)
        places = {one.key: (one.position, one.total) for one in rank_bids(bids, rules).ranked}
        random.shuffle(bids)
        assert {one.key: (one.position, one.total) for one in rank_bids(bids, rules).ranked} == places

    @given(FIELD, RULES)
    def test_the_tie_rule_gives_a_strict_order_or_says_who_is_level(self, rows, rules):
        ranking = rank_bids(field(rows), rules)
        level = {key for keys in ranking.ties for key in keys}
        alone = [one.position for one in ranking.ranked if one.key not in level]
        assert len(alone) == len(set(alone)) == len(ranking.ranked) - len(level)
        for keys in ranking.ties:
            told = {
                tuple({"quality": row[1], "price": row[0], "time": row[2]}[name] for name in rules.tie_rule.looks_at)
                for row in (rows[int(key)] for key in keys)
            }
            assert len(told) == 1


class TestCommand:
    def test_the_worked_evaluation_comes_out_of_the_shell_calculator(self):
        bids = [{"key": key, "price": price} for key, price in (("A", "15000"), ("B", "10000"), ("C", "30000"))]
        answer = find_calculator("price-score").run({"weight": 1, "bids": bids})
        assert [one["points"] for one in answer["bids"]] == ["0.6667", "1.0000", "0.3333"]
        assert answer["winners"] == ["B"]

    def worked(self, **rules):
        bids = [
            {"key": one.key, "price": str(rounded(one.price, 2)), "quality": str(rounded(one.quality, 12))}
            for one in EVALUATION
        ]
        return find_calculator("price-score").run({"bids": bids, **rules})

    @pytest.mark.parametrize(
        ("rules", "winner"),
        [
            ({}, "B"),
            ({"formula": "linear"}, "A"),
            ({"formula": "budget", "budget": "290500", "floor": "190500"}, "A"),
            ({"formula": "per_quality_point"}, "A"),
            ({"formula": "rank"}, "B"),
            ({"formula": "rank", "tie_rule": "price"}, "C"),
        ],
    )
    def test_every_formula_is_taken(self, rules, winner):
        answer = self.worked(**rules)
        assert answer["winners"] == [winner]
        assert answer["winners_by_formula"][rules.get("formula", "relative")] == [winner]
        assert not answer["is_robust"]

    def test_a_lot_and_a_least_quality_are_taken(self):
        assert self.worked(formula="rank", tie_rule="lot")["ties"] == [["A", "B", "C"]]
        kept = self.worked(quality_minimum=80)["bids"]
        assert [one["responsive"] for one in kept] == [True, True, False]

    @pytest.mark.parametrize(
        ("wrong", "path"),
        [
            ({"formula": "budget"}, "budget"),
            ({"formula": "budget", "budget": 5, "floor": 5}, "budget"),
            ({"tie_rule": "coin"}, "tie_rule"),
            ({"quality_minimum": 101}, "quality_minimum"),
            ({"bids": [{"key": "A", "price": 1, "submitted_at": "2026-03-01T09:00"}]}, "bids[0].submitted_at"),
        ],
    )
    def test_a_wrong_rule_is_refused_by_its_field(self, wrong, path):
        with pytest.raises(CalculationError) as caught:
            self.worked(**wrong)
        assert caught.value.path == path

    def test_a_zero_price_is_refused_by_its_field(self):
        with pytest.raises(CalculationError) as caught:
            find_calculator("price-score").run([{"bids": [{"key": "A", "price": 0}]}])
        assert caught.value.path == "[0].bids[0].price"
