"""Values of measures: computed from reported figures, summed over rows, and judged against a target."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction

from portal.kit.money import Exact
from portal.kit.rounding import rounded
from portal.measures.catalogue import CATALOGUE, measure
from portal.measures.definitions import Aggregation, Direction, Terms, Variant

Figures = Mapping[str, Exact]
"""Reported data items by name, such as ``{"offered": 1000, "answered": 950}``."""

VALUE_DIGITS = 28
RANGE_TOLERANCE_PCT = Decimal(10)
"""How far a value with a best range may lie from its target, in percent of it, where nothing else is agreed."""

_LAST = frozenset(
    item
    for one in CATALOGUE.values()
    for variant in one.variants
    if variant.aggregation is Aggregation.LAST
    for item in variant.needs
)
_AS_REPORTED = frozenset(
    item
    for one in CATALOGUE.values()
    for variant in one.variants
    if variant.aggregation is Aggregation.AS_REPORTED
    for item in variant.needs
)


class Verdict(StrEnum):
    """How a value stands to its target."""

    MET = "met"
    MISSED = "missed"
    BELOW_MINIMUM = "below_minimum"
    NO_DATA = "no_data"


def compute(code: str, figures: Figures, variant: str | None = None) -> Decimal | None:
    """The value of the measure `code` to 28 digits, in its unit (a share of 0.82 is 82 percent).

    :returns: None where there is nothing to tell: a denominator of 0, or an item that was not reported
    :raises LookupError: for an unknown measure or variant
    """
    formula = measure(code).variant(variant)
    complete = with_forecast_error(figures)
    if any(item not in complete for item in formula.needs):
        return None
    value = _value(formula, complete)
    if value is None:
        return None
    with localcontext(prec=VALUE_DIGITS):
        return Decimal(value.numerator) / value.denominator


def aggregate(rows: Iterable[Figures]) -> dict[str, Exact]:
    """The figures of several days, channels or queues as one, in the order of time.

    Items are summed; a backlog is the last one reported. An item that some row does not report is left out, because
    its sum would not cover what the others cover; so are medians and percentiles when there is more than one row.
    """
    complete = [with_forecast_error(row) for row in rows]
    if len(complete) == 1:
        return dict(complete[0])
    common = [item for item in (complete[0] if complete else ()) if all(item in row for row in complete)]
    return {
        item: complete[-1][item] if item in _LAST else sum((Fraction(row[item]) for row in complete), Fraction(0))
        for item in common
        if item not in _AS_REPORTED
    }


def with_forecast_error(figures: Figures) -> Figures:
    """The figures with `forecast_error`, which must be taken per row: errors of opposite signs do not cancel out."""
    if "forecast_error" in figures or not {"offered", "forecast"} <= set(figures):
        return figures
    error = abs(Fraction(figures["offered"]) - Fraction(figures["forecast"]))
    return {**figures, "forecast_error": error}


def verdict(
    value: Exact | None,
    target: Exact,
    minimum: Exact | None,
    direction: Direction,
    n: int | None = None,
    min_n: int = 0,
    *,
    precision: int = 2,
    tolerance_pct: Exact = RANGE_TOLERANCE_PCT,
) -> Verdict:
    """How `value`, first rounded half up to `precision` decimals, stands to `target`; equal is met.

    :param minimum: the critical value: beyond it the miss is a grave one; for a range it lies on either side of the
        target at the same distance; None where none is agreed
    :param n: how many answers the value rests on; below `min_n` there is no verdict
    :param tolerance_pct: for a range, the distance from the target that still meets it, in percent of the target
    """
    if value is None or (n is not None and n < min_n):
        return Verdict.NO_DATA
    shown = Fraction(rounded(value, precision))
    if direction is Direction.RANGE:
        return _range_verdict(shown, Fraction(target), minimum, Fraction(tolerance_pct) / 100)
    if _reaches(shown, target, direction):
        return Verdict.MET
    return Verdict.MISSED if minimum is None or _reaches(shown, minimum, direction) else Verdict.BELOW_MINIMUM


def _range_verdict(shown: Fraction, target: Fraction, minimum: Exact | None, tolerance: Fraction) -> Verdict:
    distance = abs(shown - target)
    if distance <= abs(target) * tolerance:
        return Verdict.MET
    if minimum is None or distance <= abs(Fraction(minimum) - target):
        return Verdict.MISSED
    return Verdict.BELOW_MINIMUM


def _reaches(value: Fraction, goal: Exact, direction: Direction) -> bool:
    return value >= Fraction(goal) if direction is Direction.HIGHER else value <= Fraction(goal)


def _value(formula: Variant, figures: Figures) -> Fraction | None:
    value = _sum(formula.numerator, figures) * formula.scale
    if formula.per is not None:
        divisor = Fraction(figures[formula.per])
        if not divisor:
            return None
        value /= divisor
    if formula.denominator is None:
        return value
    denominator = _sum(formula.denominator, figures)
    return value / denominator if denominator else None


def _sum(terms: Terms, figures: Figures) -> Fraction:
    return sum((factor * Fraction(figures[item]) for item, factor in terms.items()), Fraction(0))
