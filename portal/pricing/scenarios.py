"""One card priced over the three scenarios of the trade: the volumes as forecast, a fifth fewer, and a fifth more."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from portal.pricing.break_even import in_proportion
from portal.pricing.results import TotalCost
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard, Scenario

LOW, HIGH = Decimal("0.8"), Decimal("1.2")


class ThreeCosts(NamedTuple):
    """The total cost at low, at forecast, and at high volume."""

    low: TotalCost
    base: TotalCost
    high: TotalCost


def three_costs(card: RateCard, base: Scenario) -> ThreeCosts:
    """Price `card` over `base` and its low and high scenario; staffing follows the volume in proportion."""
    return ThreeCosts(
        total_cost(card, in_proportion(base, LOW)),
        total_cost(card, base),
        total_cost(card, in_proportion(base, HIGH)),
    )
