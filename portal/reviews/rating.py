"""Ratings: what a side's marks add up to, and how several reviews become one figure that few can be trusted with.

A vendor with three perfect reviews is not better than one with forty very good ones: the Bayesian average pulls small
numbers towards the mean of the whole platform.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from portal.kit.calculators import CalculationError
from portal.kit.money import Exact

LOWEST, HIGHEST = 1, 5
PRIOR_WEIGHT = 10
"""How many average reviews a rating starts with."""

HALF_LIFE_MONTHS = 24
"""After this many months a review counts half, where ratings are weighted by age."""

_DIGITS = 28


class Side(StrEnum):
    """Who rates whom."""

    BUYER_TO_VENDOR = "buyer_to_vendor"
    VENDOR_TO_BUYER = "vendor_to_buyer"


WEIGHTS: Mapping[Side, Mapping[str, Decimal]] = {
    Side.BUYER_TO_VENDOR: {
        "service_quality": Decimal("0.25"),
        "communication": Decimal("0.20"),
        "expertise": Decimal("0.15"),
        "technology": Decimal("0.10"),
        "security": Decimal("0.10"),
        "value": Decimal("0.10"),
        "flexibility": Decimal("0.10"),
    },
    Side.VENDOR_TO_BUYER: {
        "clarity": Decimal("0.25"),
        "forecast": Decimal("0.20"),
        "cooperation": Decimal("0.25"),
        "payment": Decimal("0.20"),
        "readiness": Decimal("0.10"),
    },
}
"""The criteria of each side in the order of its form, and how much each counts; they sum to 1."""


@dataclass(frozen=True, slots=True)
class Rating:
    """Reviews as one figure.

    :ivar n: how many reviews
    :ivar weight: how many they count for; less than `n` when weighted by age
    :ivar mean: their plain (or age-weighted) mean; None without reviews
    :ivar bayesian: the figure to rank by; the platform's mean without reviews, and then not to be shown
    """

    n: int
    weight: Exact
    mean: Exact | None
    bayesian: Exact


def weighted_score(side: Side, scores: Mapping[str, int | None]) -> Fraction | None:
    """One review's score from 1 to 5. A criterion left out or None is not applicable: the others share its weight.

    :returns: None when nothing is applicable
    :raises CalculationError: for an unknown criterion or a mark that is not a whole number from 1 to 5
    """
    weights = WEIGHTS[side]
    for code, score in scores.items():
        if code not in weights:
            raise CalculationError(f"scores.{code}", "is not a criterion; use " + ", ".join(weights))
        if score is not None and (score not in range(LOWEST, HIGHEST + 1)):
            raise CalculationError(f"scores.{code}", f"must be a whole number from {LOWEST} to {HIGHEST}, or null")
    given = {code: score for code, score in scores.items() if score is not None}
    if not given:
        return None
    total = sum((Fraction(weights[code]) * score for code, score in given.items()), Fraction(0))
    return total / sum(Fraction(weights[code]) for code in given)


def bayesian_average(weight: Exact, mean: Exact, platform_mean: Exact, prior_weight: Exact = PRIOR_WEIGHT) -> Fraction:
    """``(v·R + m·C)/(v + m)`` of v reviews with mean R, platform mean C and prior weight m.

    :raises CalculationError: when both weights are 0
    """
    v, m = Fraction(weight), Fraction(prior_weight)
    if v + m <= 0:
        raise CalculationError("prior_weight", "must be above zero where there are no reviews")
    return (v * Fraction(mean) + m * Fraction(platform_mean)) / (v + m)


def rate(scores: Sequence[Exact], platform_mean: Exact, prior_weight: Exact = PRIOR_WEIGHT) -> Rating:
    """The rating that equally weighted review scores make."""
    return rate_by_age([(score, None) for score in scores], platform_mean, prior_weight)


def rate_by_age(
    reviews: Sequence[tuple[Exact, Exact | None]], platform_mean: Exact, prior_weight: Exact = PRIOR_WEIGHT
) -> Rating:
    """The rating of ``(score, age in months)`` pairs; an age of None counts in full."""
    counts = [age_weight(age) for _, age in reviews]
    weight = sum(counts, Fraction(0))
    total = sum((Fraction(score) * count for (score, _), count in zip(reviews, counts, strict=True)), Fraction(0))
    mean = total / weight if weight else None
    bayesian = bayesian_average(weight, mean or 0, platform_mean, prior_weight)
    return Rating(n=len(reviews), weight=weight, mean=mean, bayesian=bayesian)


def age_weight(age_months: Exact | None) -> Fraction:
    """``0.5^(age/24)``: what a review of this age counts for, to 28 digits; 1 without an age."""
    if age_months is None:
        return Fraction(1)
    with localcontext(prec=_DIGITS):
        age = Fraction(age_months)
        return Fraction(Decimal("0.5") ** (Decimal(age.numerator) / age.denominator / HALF_LIFE_MONTHS))
