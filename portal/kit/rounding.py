"""Exact fractions as readable decimals, for figures that are not money."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from portal.kit.money import Exact, round_half_up, shift


def rounded(value: Exact, decimals: int) -> Decimal:
    """`value` rounded half up, with exactly `decimals` digits after the point."""
    return shift(round_half_up(value, decimals), decimals)


def ratio(numerator: Exact, denominator: Exact) -> Fraction | None:
    """The exact quotient; None when the denominator is 0, because then there is nothing to tell."""
    return Fraction(numerator) / Fraction(denominator) if denominator else None
