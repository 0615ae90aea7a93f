"""Service credits to expect when a bid is priced: a forecast, never an amount owed."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from portal.kit.money import round_half_up
from portal.pricing.values import SlaForecast

DEFAULT_MISS_PROBABILITY = Decimal("0.10")
"""Taken where a vendor has no history to estimate from."""

TARGET_MISSED = Decimal("0.5")
BELOW_MINIMUM = Decimal(1)


def miss_probability(misses: int, months: int) -> Decimal:
    """The chance of missing a target next month after `misses` in `months`: Jeffreys' ``(misses + ½)/(months + 1)``.

    Without any month of history the product's default of 0.10.
    """
    if not months:
        return DEFAULT_MISS_PROBABILITY
    return (misses + Decimal("0.5")) / (months + 1)


def expected_credit(sla: SlaForecast, operating_minor: int) -> int:
    """Minor units of credit to expect in a month whose operating fee is `operating_minor`, rounded half up."""
    expected = sum((Fraction(item.w) * Fraction(item.p) * Fraction(item.sev) for item in sla.items), Fraction(0))
    return round_half_up(operating_minor * Fraction(sla.at_risk_pct) / 100 * expected, 0)
