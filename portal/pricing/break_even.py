"""At which volume two rate cards cost the same: below it one of them is cheaper, above it the other.

All contacts of a scenario are multiplied by one factor, so its seasons and its mix stay as they are; the staffing
follows in proportion unless the caller staffs the multiplied scenario itself. Minimum commitments, tiers and cliffs
make the difference of two cards jump and turn more than once, so every turn in the range is looked for, on a grid
first and then by halving. A turn narrower than the grid is not found; the answer says how fine it looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard, Scenario

LEAST, MOST = Decimal("0.1"), Decimal(3)
"""From a tenth of the forecast to three times it: outside nobody would compare bids for this requirement."""
STEPS = 29
"""The grid: every tenth of the forecast."""
PRECISION = Decimal("0.0005")
"""A turn is known to a twentieth of a percent of the forecast."""

Staffed = Callable[[Scenario, Decimal], Scenario]


@dataclass(frozen=True, slots=True)
class BreakEven:
    """A turn: up to `factor` times the forecast, `contacts_month` contacts in the average month, `below` is cheaper.

    :ivar below: 0 where the first card is cheaper up to here, 1 where the second is; above it is the other one
    """

    factor: Decimal
    contacts_month: Decimal
    below: int


def in_proportion(scenario: Scenario, factor: Decimal) -> Scenario:
    """The scenario with contacts, staffing, seats and outcomes times `factor`."""
    months = tuple(
        replace(
            month,
            fte=None if month.fte is None else month.fte * factor,
            seats=None if month.seats is None else month.seats * factor,
            outcomes=tuple(replace(one, quantity=one.quantity * factor) for one in month.outcomes),
        )
        for month in scenario.scaled(factor, scenario.name).months
    )
    return replace(scenario, months=months)


def break_evens(
    first: RateCard, second: RateCard, scenario: Scenario, *, staffed: Staffed = in_proportion
) -> tuple[BreakEven, ...]:
    """Every volume from `LEAST` to `MOST` times the forecast at which the cheaper of two cards changes, ascending.

    Totals are taken before expected credits, as bids are scored. An empty answer means that one card is never
    dearer than the other in the whole range. Both cards must be in the same currency; ValueError where they are not.
    """
    if first.currency != second.currency:
        raise ValueError(f"cannot compare {first.currency} with {second.currency}")

    def lead(factor: Decimal) -> int:
        """What the second card costs more than the first, in minor units."""
        at = staffed(scenario, factor)
        return total_cost(second, at).total_before_credits_minor - total_cost(first, at).total_before_credits_minor

    return tuple(_turn(scenario, lead, low, high) for low, high in _changes(lead))


def _changes(lead: Callable[[Decimal], int]) -> Iterator[tuple[tuple[Decimal, int], tuple[Decimal, int]]]:
    """Neighbours on the grid between which the sign changes; points where both cost the same belong to no side."""
    step = (MOST - LEAST) / STEPS
    points = ((LEAST + step * number) for number in range(STEPS + 1))
    sided = ((factor, difference) for factor in points if (difference := lead(factor)))
    return ((one, other) for one, other in pairwise(sided) if (one[1] > 0) != (other[1] > 0))


def _turn(
    scenario: Scenario, lead: Callable[[Decimal], int], low: tuple[Decimal, int], high: tuple[Decimal, int]
) -> BreakEven:
    (below, difference), (above, _) = low, high
    while above - below > PRECISION:
        middle = (below + above) / 2
        if (lead(middle) > 0) == (difference > 0):
            below = middle
        else:
            above = middle
    contacts = sum((row.contacts for month in scenario.months for row in month.volumes), Decimal(0))
    factor = ((below + above) / 2).quantize(Decimal("0.001"))
    return BreakEven(
        factor=factor,
        contacts_month=(contacts * factor / len(scenario.months)).quantize(Decimal(1)),
        below=0 if difference > 0 else 1,
    )
