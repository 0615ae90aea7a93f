"""What pricing answers: priced lines, months, and the total cost of a whole term, all in minor units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.kit.money import exponent, round_half_up, shift
from portal.pricing.values import SEGMENT_KEYS, FeeClass, VolumeRow

MIN_SHORTFALL = "MIN_SHORTFALL"
"""The code of the line that lifts a month to its minimum commitment."""

PER_CONTACT_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line of a month: ``quantity × unit_rate`` is `amount_minor` but for rounding.

    Tiered lines carry the effective average rate; percent lines carry the money they surcharge as quantity.
    Quantity and rate are for reading, rounded to six decimals; the amount was computed from exact figures.
    """

    fee_class: FeeClass
    code: str
    description: str
    category: str
    unit: str
    quantity: Decimal
    unit_rate: Decimal
    amount_minor: int


@dataclass(frozen=True, slots=True)
class MonthCost:
    """Month `k` of a forecast. Month 0 is before go-live and holds one-time lines only."""

    k: int
    one_time_lines: tuple[PricedLine, ...] = ()
    operating_lines: tuple[PricedLine, ...] = ()
    extra_lines: tuple[PricedLine, ...] = ()
    credit_minor: int | None = None

    @property
    def one_time_minor(self) -> int:
        """One-time fees due in the month."""
        return sum_minor(self.one_time_lines)

    @property
    def operating_minor(self) -> int:
        """Operating fees, the shortfall to the minimum commitment included."""
        return sum_minor(self.operating_lines)

    @property
    def extra_minor(self) -> int:
        """Expected extra fees."""
        return sum_minor(self.extra_lines)

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """All lines of the month, by fee class."""
        return self.one_time_lines + self.operating_lines + self.extra_lines

    @property
    def total_minor(self) -> int:
        """The month's cost after expected credits."""
        return sum_minor(self.lines) - (self.credit_minor or 0)


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Volume that no line of a card prices: a bid with such rows is incomplete, not cheap."""

    channel: str
    lang: str | None = None
    window: str | None = None
    location: str | None = None
    skill: str | None = None
    segment: str | None = None

    @classmethod
    def of(cls, row: VolumeRow) -> Unpriced:
        """The kind of contacts that `row` counts."""
        return cls(row.channel, row.lang, row.window, row.location, row.skill, row.segment)

    def to_document(self) -> dict[str, str]:
        """The keys that are set, by name."""
        values = {key: getattr(self, key) for key in SEGMENT_KEYS}
        return {key: value for key, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class TotalCost:
    """A rate card priced over a scenario.

    :ivar before_start: month 0
    :ivar months: months 1…M
    :ivar contacts: all contacts of the scenario
    :ivar npv_minor: present value, where the scenario has a discount rate
    :ivar unpriced: volumes nobody prices
    :ivar unmeasured: codes of lines whose quantity the scenario does not state (no FTE, no outcome), priced as zero
    """

    currency: str
    before_start: MonthCost
    months: tuple[MonthCost, ...]
    contacts: Decimal
    npv_minor: int | None
    unpriced: tuple[Unpriced, ...]
    unmeasured: tuple[str, ...]

    @property
    def all_months(self) -> tuple[MonthCost, ...]:
        """Month 0 and the months after it; their totals sum to the total."""
        return (self.before_start, *self.months)

    @property
    def lines(self) -> tuple[PricedLine, ...]:
        """Every priced line of every month."""
        return tuple(line for month in self.all_months for line in month.lines)

    @property
    def one_time_minor(self) -> int:
        """All one-time fees."""
        return sum(month.one_time_minor for month in self.all_months)

    @property
    def operating_minor(self) -> int:
        """All operating fees, shortfalls included."""
        return sum(month.operating_minor for month in self.months)

    @property
    def extra_minor(self) -> int:
        """All expected extra fees."""
        return sum(month.extra_minor for month in self.months)

    @property
    def credits_minor(self) -> int:
        """All expected credits."""
        return sum(month.credit_minor or 0 for month in self.months)

    @property
    def total_before_credits_minor(self) -> int:
        """What bids are scored on by default: a vendor that expects failures must not look cheaper."""
        return self.one_time_minor + self.operating_minor + self.extra_minor

    @property
    def total_minor(self) -> int:
        """One-time, operating and extra fees less expected credits."""
        return self.total_before_credits_minor - self.credits_minor

    @property
    def average_month_minor(self) -> int:
        """The total per month of the term, rounded half up."""
        return round_half_up(Decimal(self.total_minor) / len(self.months), 0)

    @property
    def cost_per_contact(self) -> Decimal | None:
        """Major units per contact to four decimals; None without contacts."""
        if not self.contacts:
            return None
        per_contact = shift(self.total_minor, exponent(self.currency)) / self.contacts
        return shift(round_half_up(per_contact, PER_CONTACT_DECIMALS), PER_CONTACT_DECIMALS)

    @property
    def incomplete(self) -> bool:
        """Whether the figures leave something unpriced, so that they cannot be compared."""
        return bool(self.unpriced or self.unmeasured)

    def by_category(self) -> Mapping[tuple[FeeClass, str], int]:
        """Minor units by fee class and category."""
        sums: Counter[tuple[FeeClass, str]] = Counter()
        for line in self.lines:
            sums[line.fee_class, line.category] += line.amount_minor
        return dict(sums)

    def by_code(self) -> Mapping[str, int]:
        """Minor units by line code."""
        sums: Counter[str] = Counter()
        for line in self.lines:
            sums[line.code] += line.amount_minor
        return dict(sums)

    def to_document(self) -> dict[str, Any]:
        """The answer as JSON: ``expected`` (totals), ``expected_months``, and what is missing. Amounts are strings."""
        return {
            "expected": self._totals(),
            "expected_months": [self._month(month) for month in self.months],
            "total_before_credits": self._text(self.total_before_credits_minor),
            "unpriced": [row.to_document() for row in self.unpriced],
            "unmeasured": list(self.unmeasured),
            "incomplete": self.incomplete,
        }

    def _totals(self) -> dict[str, str | None]:
        lines = self.lines
        per_contact = self.cost_per_contact
        totals = {
            "one_time": self._sum(self.one_time_minor, _has(lines, FeeClass.ONE_TIME)),
            "operating": self._sum(self.operating_minor, _has(lines, FeeClass.OPERATING)),
            "extra": self._sum(self.extra_minor, _has(lines, FeeClass.EXTRA)),
            "credits": self._sum(self.credits_minor, any(month.credit_minor is not None for month in self.months)),
            "total": self._text(self.total_minor),
            "avg_month": self._text(self.average_month_minor),
            "cost_per_contact": None if per_contact is None else format(per_contact, "f"),
        }
        return totals if self.npv_minor is None else totals | {"npv": self._text(self.npv_minor)}

    def _month(self, month: MonthCost) -> dict[str, Any]:
        return {
            "k": month.k,
            "lines": [[line.code, self._text(line.amount_minor)] for line in month.operating_lines],
            "operating": self._sum(month.operating_minor, bool(month.operating_lines)),
            "extra": self._sum(month.extra_minor, bool(month.extra_lines)),
            "credit": self._sum(month.credit_minor or 0, month.credit_minor is not None),
        }

    def _text(self, minor: int) -> str:
        return format(shift(minor, exponent(self.currency)), "f")

    def _sum(self, minor: int, anything: bool) -> str:
        """The sum of no amount at all is a plain ``0``: it was not priced to nothing, there was nothing to price."""
        return self._text(minor) if anything else "0"


def sum_minor(lines: Iterable[PricedLine]) -> int:
    """The sum of the lines' amounts."""
    return sum(line.amount_minor for line in lines)


def _has(lines: Iterable[PricedLine], fee_class: FeeClass) -> bool:
    return any(line.fee_class is fee_class for line in lines)
