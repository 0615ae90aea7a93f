"""How many units of a line a month holds, and which volume rows they come from.

Quantities are exact fractions, so that a half cent at the end is a half cent. They are kept by row, because a
percent line surcharges only the rows its own filter matches.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from portal.pricing.values import OperatingLine, RateCard, ScenarioMonth, Unit, VolumeRow

SECONDS_PER_MINUTE = 60
SECONDS_PER_HOUR = 3600
MEASURED_BY_VOLUME = frozenset({Unit.CONTACT, Unit.MINUTE, Unit.HOUR})
COVERS_BY_STAFFING = frozenset({Unit.FTE_MONTH, Unit.SEAT_MONTH, Unit.MONTH})


@dataclass(frozen=True, slots=True)
class Part:
    """A share of a line's quantity, and the volume row it is for (None where no row tells)."""

    row: VolumeRow | None
    quantity: Fraction


def cola_factor(card: RateCard, month_index: int) -> Fraction:
    """What indexed rates are multiplied by in month `month_index`: 1 until the first adjustment, then compounding."""
    cola = card.cola
    if cola is None or month_index < cola.first_month:
        return Fraction(1)
    steps = (month_index - cola.first_month) // cola.every_months + 1
    pct = cola.pct if cola.cap_pct is None else min(cola.pct, cola.cap_pct)
    return (1 + Fraction(pct) / 100) ** steps


def parts_of(line: OperatingLine, month: ScenarioMonth) -> tuple[Part, ...]:
    """The line's quantity in `month`, by volume row. Units per staff, month or outcome are spread by workload."""
    rows = [row for row in month.volumes if line.filter.matches(row)]
    if line.unit in MEASURED_BY_VOLUME:
        return tuple(Part(row, _units(line, row)) for row in rows)
    return _spread(Fraction(measured(line, month) or 0), rows)


def measured(line: OperatingLine, month: ScenarioMonth) -> Decimal | int | None:
    """The quantity of a line that is not measured by volume; None where the month does not say it."""
    if line.unit is Unit.FTE_MONTH:
        return None if month.fte is None else month.fte * month.ramp
    if line.unit is Unit.SEAT_MONTH:
        seats = month.fte if month.seats is None else month.seats
        return None if seats is None else seats * month.ramp
    if line.unit is Unit.OUTCOME:
        return month.outcome(line.outcome)
    return 1


def is_measured(line: OperatingLine, month: ScenarioMonth) -> bool:
    """Whether `month` says all that this line's quantity needs."""
    return line.unit in MEASURED_BY_VOLUME or line.unit is Unit.PERCENT or measured(line, month) is not None


def total_quantity(parts: Iterable[Part]) -> Fraction:
    """The sum of the parts."""
    return sum((part.quantity for part in parts), Fraction(0))


def _units(line: OperatingLine, row: VolumeRow) -> Fraction:
    contacts, aht = Fraction(row.contacts), Fraction(row.aht_s)
    if line.unit is Unit.CONTACT:
        return contacts
    if line.unit is Unit.HOUR:
        return contacts * aht / SECONDS_PER_HOUR / Fraction(line.billing_occupancy)
    return contacts * _billed_seconds(aht, line.increment_s) / SECONDS_PER_MINUTE


def _billed_seconds(aht: Fraction, increment_s: Decimal | None) -> Fraction:
    """The average handle time rounded up to whole increments, as each contact of that length would be."""
    if increment_s is None:
        return aht
    step = Fraction(increment_s)
    return -(-aht // step) * step


def _spread(quantity: Fraction, rows: list[VolumeRow]) -> tuple[Part, ...]:
    """`quantity` shared among rows by the work they bring, or by contacts where no handle time is known."""
    weights = [Fraction(row.contacts) * Fraction(row.aht_s) for row in rows]
    if not any(weights):
        weights = [Fraction(row.contacts) for row in rows]
    whole = sum(weights)
    if not whole:
        return (Part(None, quantity),)
    return tuple(Part(row, quantity * weight / whole) for row, weight in zip(rows, weights, strict=True))
