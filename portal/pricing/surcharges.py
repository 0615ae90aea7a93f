"""Percent lines: surcharges on the part of other lines that their own filter matches.

A surcharge pays ``pct × matching quantity × effective average price`` of each line it applies to, so tiers and free
units of the base line are in it. Stacked additively, a contact that meets two surcharges pays both on the base price.
Stacked multiplicatively it pays the compounded increment, which is divided among the lines in proportion to their
percentages: the order of lines on a card never changes a price.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod

from portal.pricing.quantities import Part, total_quantity
from portal.pricing.values import OperatingLine, Stacking, VolumeRow


@dataclass(frozen=True, slots=True)
class Base:
    """A priced line that surcharges may apply to: its quantity by row and its exact fee."""

    parts: tuple[Part, ...]
    fee: Fraction

    @property
    def quantity(self) -> Fraction:
        """All units of the line, the free ones included."""
        return total_quantity(self.parts)

    @property
    def average_price(self) -> Fraction:
        """What one unit really costs after tiers and free units; 0 without units."""
        return self.fee / self.quantity if self.quantity else Fraction(0)


@dataclass(frozen=True, slots=True)
class Surcharge:
    """The exact fee of a percent line and the base money that attracted it."""

    attracting: Fraction
    fee: Fraction


def surcharge(
    line: OperatingLine, percents: Sequence[OperatingLine], bases: Mapping[str, Base], stacking: Stacking
) -> Surcharge:
    """Price the percent line `line`; `percents` are all percent lines of its card, itself among them."""
    attracting, fee = Fraction(0), Fraction(0)
    for code in line.applies_to:
        base = bases[code]
        rivals = [other for other in percents if code in other.applies_to]
        price = base.average_price
        for part in base.parts:
            if not _meets(line, part.row):
                continue
            attracting += price * part.quantity
            fee += price * part.quantity * _share(line, rivals, part.row, stacking)
    return Surcharge(attracting, fee)


def _meets(line: OperatingLine, row: VolumeRow | None) -> bool:
    return line.filter.is_open if row is None else line.filter.matches(row)


def _share(line: OperatingLine, rivals: Sequence[OperatingLine], row: VolumeRow | None, stacking: Stacking) -> Fraction:
    """The part of the row's base price that `line` adds."""
    own = _fraction(line)
    if stacking is Stacking.ADDITIVE or not own:
        return own
    met = [_fraction(other) for other in rivals if _meets(other, row)]
    return own / sum(met) * (prod(1 + share for share in met) - 1)


def _fraction(line: OperatingLine) -> Fraction:
    return Fraction(line.pct or 0) / 100
