"""What a measure is: a ratio of sums of reported data items, with a unit and a direction.

A variant is another formula of the same measure; an agreement always names the one it means. Numerator and
denominator are linear in the items, so that figures of many days or channels are summed first and divided once:
percentages are never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Terms = Mapping[str, int]
"""Data items and what each counts for in a sum, such as ``{"offered": 1, "short": -1}``."""


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    RANGE = "range"


class Unit(StrEnum):
    """What a value is counted in."""

    PERCENT = "percent"
    PER_MILLE = "per_mille"
    SECONDS = "seconds"
    HOURS = "hours"
    COUNT = "count"
    MONEY = "money"
    PER_HOUR = "per_hour"
    POINTS = "points"
    SCALE_1_7 = "scale_1_7"


class Aggregation(StrEnum):
    """How several periods or queues become one value."""

    SUMS = "sums"
    LAST = "last"
    AS_REPORTED = "as_reported"


@dataclass(frozen=True, slots=True)
class Variant:
    """One formula: ``scale × Σ numerator ÷ Σ denominator``; without a denominator the sum itself.

    :ivar per: item the result is divided by besides, for yearly rates
    :ivar aggregation: AS_REPORTED values, such as a median, cannot be computed from other periods' values
    """

    code: str
    formula: str
    numerator: Terms
    denominator: Terms | None = None
    scale: int = 1
    unit: Unit = Unit.PERCENT
    direction: Direction = Direction.HIGHER
    per: str | None = None
    aggregation: Aggregation = Aggregation.SUMS

    @property
    def needs(self) -> tuple[str, ...]:
        """The data items the formula reads, in its own order."""
        items = [*self.numerator, *(self.denominator or {}), *([self.per] if self.per else [])]
        return tuple(dict.fromkeys(items))


@dataclass(frozen=True, slots=True)
class Measure:
    """A key figure of the catalogue; the first variant is the default one.

    :ivar name: lazily translated
    :ivar precision: decimals a value is rounded to before it is compared or shown
    :ivar min_sample: answers or audits below which the value is no ground for a verdict
    :ivar sample: the item that counts them
    """

    code: str
    name: Any
    variants: tuple[Variant, ...]
    typical: str = ""
    precision: int = 2
    min_sample: int = 0
    sample: str | None = None

    @property
    def default(self) -> Variant:
        """The variant meant where none is named."""
        return self.variants[0]

    def variant(self, code: str | None = None) -> Variant:
        """The variant `code`, or the default one.

        :raises LookupError: for a variant the measure does not have
        """
        if code is None:
            return self.default
        for one in self.variants:
            if one.code == code:
                return one
        raise LookupError(f"{self.code} has no variant {code!r}; it has {[one.code for one in self.variants]}")


def percent(numerator: Terms, denominator: Terms, formula: str, **more: Any) -> Variant:
    """A share shown in percent."""
    return Variant(more.pop("code", "standard"), formula, numerator, denominator, scale=100, **more)


def count_of(item: str, formula: str, **more: Any) -> Variant:
    """A plain number of things."""
    return Variant(more.pop("code", "standard"), formula, {item: 1}, unit=Unit.COUNT, **more)


def as_reported(code: str, item: str, formula: str, unit: Unit, direction: Direction) -> Variant:
    """A value taken over as it was reported, never computed again from others of its kind."""
    return Variant(code, formula, {item: 1}, unit=unit, direction=direction, aggregation=Aggregation.AS_REPORTED)
