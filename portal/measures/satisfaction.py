"""Survey results: satisfaction, recommendation and effort, always with how sure one may be of them.

Shares and means are exact fractions. Intervals need square roots and are Decimals of 28 digits, with 1.96 for 95 %
as the published tables use it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction

from portal.kit.money import Exact

Z95 = Decimal("1.96")
WORST_SHARE = Decimal("0.5")
"""The share whose estimate needs the largest sample."""

SATISFIED = (4, 5)
AGREEING = (5, 6, 7)
_DIGITS = 28


@dataclass(frozen=True, slots=True)
class Interval:
    """The 95 % confidence interval of a value."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """CSAT of answers from 1 to 5: the share of 4 and 5, their mean, and the share's Wilson interval (shares 0-1)."""

    n: int
    share: Fraction
    mean: Fraction
    interval: Interval


@dataclass(frozen=True, slots=True)
class Recommendation:
    """NPS in points from -100 to +100, and its margin of error at 95 % in points."""

    n: int
    score: Fraction
    margin: Decimal


@dataclass(frozen=True, slots=True)
class Effort:
    """CES of answers from 1 to 7: their mean and the share of 5 to 7."""

    n: int
    mean: Fraction
    agree: Fraction


@dataclass(frozen=True, slots=True)
class Stratum:
    """Answers of one kind of contact and its share of all contacts, asked or not."""

    satisfied: int
    answers: int
    population_share: Exact


def csat(counts: Sequence[int]) -> Satisfaction | None:
    """CSAT of how often 1, 2, 3, 4 and 5 were given; None without answers."""
    n = sum(counts)
    if not n:
        return None
    good = sum(counts[score - 1] for score in SATISFIED)
    return Satisfaction(n, Fraction(good, n), _mean(counts), wilson(good, n))


def nps(promoters: int, passives: int, detractors: int) -> Recommendation | None:
    """NPS of how often 9-10, 7-8 and 0-6 were given; None without answers."""
    n = promoters + passives + detractors
    if not n:
        return None
    difference = Fraction(promoters - detractors, n)
    variance = Fraction(promoters + detractors, n) - difference**2
    with localcontext(prec=_DIGITS):
        return Recommendation(n, difference * 100, 100 * Z95 * (_decimal(variance) / n).sqrt())


def ces(counts: Sequence[int]) -> Effort | None:
    """CES of how often 1, 2, … 7 were given; None without answers."""
    n = sum(counts)
    if not n:
        return None
    return Effort(n, _mean(counts), Fraction(sum(counts[score - 1] for score in AGREEING), n))


def wilson(successes: int, n: int) -> Interval:
    """The 95 % Wilson score interval of a share of `successes` in `n` (above 0) trials."""
    with localcontext(prec=_DIGITS):
        share, square = Decimal(successes) / n, Z95 * Z95
        middle = share + square / (2 * n)
        spread = Z95 * (share * (1 - share) / n + square / (4 * n * n)).sqrt()
        whole = 1 + square / n
        # Rounding in the last digit must not push an interval beyond what a share can be.
        return Interval(max((middle - spread) / whole, Decimal(0)), min((middle + spread) / whole, Decimal(1)))


def response_rate(answers: int, invitations: int) -> Fraction | None:
    """The share of delivered invitations that were answered; None without invitations."""
    return Fraction(answers, invitations) if invitations else None


def weighted_csat(strata: Sequence[Stratum]) -> Fraction | None:
    """CSAT as if every kind of contact had answered in proportion to its share of all contacts.

    None where a kind with contacts has no answers (merge it with its nearest, or show the plain share and say so),
    and where there are no contacts at all.
    """
    present = [one for one in strata if one.population_share]
    whole = sum((Fraction(one.population_share) for one in present), Fraction(0))
    if not whole or any(not one.answers for one in present):
        return None
    return (
        sum((Fraction(one.population_share) * Fraction(one.satisfied, one.answers) for one in present), Fraction(0))
        / whole
    )


def sample_size(margin: Decimal, population: int | None = None) -> int:
    """How many answers tell a share within ± `margin` (0.05 for five points) at 95 %.

    :param population: how many could be asked at most, None for any number
    """
    needed = Fraction(Z95) ** 2 * Fraction(WORST_SHARE) ** 2 / Fraction(margin) ** 2
    if population is not None:
        needed = needed / (1 + (needed - 1) / population)
    return -(-needed.numerator // needed.denominator)


def _mean(counts: Sequence[int]) -> Fraction:
    return Fraction(sum(score * times for score, times in enumerate(counts, start=1)), sum(counts))


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / value.denominator
