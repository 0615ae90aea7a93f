"""Fees of a quantity at one rate or by bands of volume.

Graduated bands each charge their own part of the quantity. All-units bands charge everything at the rate of the band
reached, which makes cliffs: one unit more can cost less in total. `cliffs` finds them, so that a page can warn.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from portal.pricing.values import Baseline, OperatingLine, Tier, TierMode


def fee(line: OperatingLine, quantity: Fraction) -> Fraction:
    """The exact fee of `quantity` units (not below zero) at the line's rate or tiers, before indexation."""
    if line.baseline:
        return baseline_fee(line.baseline, Fraction(line.rate or 0), quantity)
    if not line.tiers:
        return quantity * Fraction(line.rate or 0)
    if line.tier_mode is TierMode.GRADUATED:
        return graduated_fee(line.tiers, quantity)
    return all_units_fee(line.tiers, quantity)


def graduated_fee(tiers: tuple[Tier, ...], quantity: Fraction) -> Fraction:
    """Each band's part of `quantity` at the band's own rate."""
    total, below = Fraction(0), Fraction(0)
    for tier in tiers:
        ceiling = quantity if tier.up_to is None else min(quantity, Fraction(tier.up_to))
        total += max(ceiling - below, Fraction(0)) * Fraction(tier.rate)
        below = max(below, ceiling)
    return total


def all_units_fee(tiers: tuple[Tier, ...], quantity: Fraction) -> Fraction:
    """All of `quantity` at the rate of the first band that holds it."""
    reached = next(tier for tier in tiers if tier.up_to is None or quantity <= tier.up_to)
    return quantity * Fraction(reached.rate)


def baseline_fee(baseline: Baseline, rate: Fraction, quantity: Fraction) -> Fraction:
    """The baseline at `rate`, plus what lies above its band, less what is missing below it; never below zero."""
    base, band = Fraction(baseline.quantity), Fraction(baseline.dead_band_pct) / 100
    above = max(quantity - base * (1 + band), Fraction(0)) * Fraction(baseline.arc_rate)
    below = max(base * (1 - band) - quantity, Fraction(0)) * Fraction(baseline.rrc_rate)
    return max(base * rate + above - below, Fraction(0))


@dataclass(frozen=True, slots=True)
class Cliff:
    """A quantity after which the whole month becomes cheaper at once: `fee_at` it, `fee_after` one unit more."""

    quantity: Decimal
    fee_at: Fraction
    fee_after: Fraction


def cliffs(line: OperatingLine) -> tuple[Cliff, ...]:
    """The cliffs of an all-units line; a graduated line has none."""
    if line.tier_mode is not TierMode.ALL_UNITS:
        return ()
    found = []
    for tier, following in pairwise(line.tiers):
        edge = Fraction(tier.up_to or 0)
        at, after = edge * Fraction(tier.rate), (edge + 1) * Fraction(following.rate)
        if after < at and tier.up_to is not None:
            found.append(Cliff(tier.up_to, at, after))
    return tuple(found)
