"""Ratings: weighted marks, not applicable criteria, the Bayesian average."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError, find_calculator
from portal.kit.rounding import rounded
from portal.reviews import calculators  # noqa: F401 - registers the calculator
from portal.reviews.rating import WEIGHTS, Side, age_weight, bayesian_average, rate, rate_by_age, weighted_score


def text(value):
    return str(rounded(value, 4))


def marks(side, *scores):
    return dict(zip(WEIGHTS[side], scores, strict=True))


VENDOR = Side.BUYER_TO_VENDOR


class TestWeightedScore:
    def test_marks_are_weighted(self):
        assert text(weighted_score(VENDOR, marks(VENDOR, 5, 4, 5, 3, 4, 4, 3))) == "4.2000"

    @pytest.mark.parametrize("side", Side)
    def test_the_weights_of_each_side_sum_to_one(self, side):
        assert sum(WEIGHTS[side].values()) == 1

    def test_what_does_not_apply_leaves_its_weight_to_the_others(self):
        given_marks = marks(VENDOR, 5, None, 3, None, None, None, None)
        assert text(weighted_score(VENDOR, given_marks)) == "4.2500"

    def test_nothing_applicable_is_no_score(self):
        assert weighted_score(VENDOR, {}) is None

    @pytest.mark.parametrize("scores", [{"service_quality": 6}, {"service_quality": 0}, {"charm": 5}, {"value": 4.5}])
    def test_other_marks_and_criteria_are_refused(self, scores):
        with pytest.raises(CalculationError) as caught:
            weighted_score(VENDOR, scores)
        assert caught.value.path == f"scores.{next(iter(scores))}"

    @given(st.sampled_from(Side), st.data())
    def test_a_score_lies_between_the_lowest_and_the_highest_mark(self, side, data):
        scores = {code: data.draw(st.none() | st.integers(1, 5)) for code in WEIGHTS[side]}
        given_marks = [score for score in scores.values() if score is not None]
        if given_marks:
            assert min(given_marks) <= weighted_score(side, scores) <= max(given_marks)


class TestBayesianAverage:
    @pytest.mark.parametrize(
        ("v", "r", "m", "c", "expected"),
        [
            (6, "5.33", 4, "7.18", "6.0700"),
            (100, "4.5", 40, "4.2", "4.4143"),
            (1, "5", 40, "4.2", "4.2195"),
            (3, "5", 10, "3.9", "4.1538"),
            (40, "4.4", 10, "3.9", "4.3000"),
            (0, "0", 10, "3.9", "3.9000"),
        ],
    )
    def test_published_and_worked_values(self, v, r, m, c, expected):
        assert text(bayesian_average(v, Decimal(r), Decimal(c), m)) == expected

    def test_no_reviews_and_no_prior_is_refused(self):
        with pytest.raises(CalculationError):
            bayesian_average(0, 0, 4, 0)

    def test_without_reviews_there_is_no_mean_to_show(self):
        rating = rate([], Decimal("3.9"))
        assert (rating.n, rating.mean, text(rating.bayesian)) == (0, None, "3.9000")


class TestAge:
    def test_a_review_of_two_years_counts_half(self):
        assert text(age_weight(24)) == "0.5000"
        assert text(age_weight(12)) == "0.7071"

    def test_old_reviews_weigh_less(self):
        rating = rate_by_age([(5, 0), (1, 24)], 3)
        assert (text(rating.weight), text(rating.mean), text(rating.bayesian)) == ("1.5000", "3.6667", "3.0870")


class TestCommand:
    def run(self, document):
        return find_calculator("rating").run(document)

    def test_reviews_become_a_rating(self):
        review = {"scores": marks(VENDOR, 5, 4, 5, 3, 4, 4, 3)}
        answer = self.run({"platform_mean": "3.9", "reviews": [review] * 3})
        assert answer["scores"] == ["4.2000"] * 3
        assert (answer["mean"], answer["bayesian"]) == ("4.2000", "3.9692")

    def test_a_count_and_a_mean_do_as_well(self):
        assert self.run({"platform_mean": "3.9", "count": 40, "mean": "4.4"})["bayesian"] == "4.3000"

    def test_a_refused_mark_names_its_field(self):
        with pytest.raises(CalculationError) as caught:
            self.run({"platform_mean": 4, "reviews": [{"scores": {"value": 9}}]})
        assert caught.value.path == "reviews[0].scores.value"
