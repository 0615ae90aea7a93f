"""What a bid costs, in the few figures that pages show and bids are compared by.

The engine's whole answer is long; this keeps its sums by fee class, category and month in minor units, and what the
card leaves unpriced. It is written beside the bid when the price is saved, so that comparing does not price again.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from portal.pricing.results import TotalCost
from portal.pricing.values import FeeClass, OperatingLine, RateCard, Unit


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """One month's fees by class, in minor units; month 0 is before go-live."""

    k: int
    one_time: int
    operating: int
    extra: int


@dataclass(frozen=True, slots=True)
class MainLine:
    """The operating line most of the money goes through: how a bid charges, in a word and a rate."""

    unit: str
    rate: str


@dataclass(frozen=True, slots=True)
class PriceSummary:
    """Sums in minor units of `currency`. `total` is before expected credits: what bids are scored by."""

    currency: str
    one_time: int
    operating: int
    extra: int
    credits: int
    total: int
    per_contact: str | None
    categories: tuple[tuple[str, str, int], ...]
    months: tuple[MonthFigures, ...]
    main_line: MainLine | None
    unpriced: tuple[dict[str, str], ...]
    unmeasured: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every kind of contact is priced and every line could be measured."""
        return not self.unpriced and not self.unmeasured

    @property
    def highest_month(self) -> int:
        """The dearest month's fees, for a scale that several charts share."""
        return max((month.one_time + month.operating + month.extra for month in self.months), default=0)

    def of_category(self, fee_class: str, category: str) -> int:
        """The sum of one category of a fee class, 0 where the bid has no such line."""
        return sum(amount for kind, name, amount in self.categories if (kind, name) == (fee_class, category))

    def to_document(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> PriceSummary:
        """Read what `to_document` wrote."""
        main = document["main_line"]
        return cls(
            **{
                **document,
                "categories": tuple((kind, name, amount) for kind, name, amount in document["categories"]),
                "months": tuple(MonthFigures(**month) for month in document["months"]),
                "main_line": MainLine(**main) if main else None,
                "unpriced": tuple(document["unpriced"]),
                "unmeasured": tuple(document["unmeasured"]),
            }
        )


def summarise(card: RateCard, cost: TotalCost) -> PriceSummary:
    """The summary of `cost`, which is `card` priced over a scenario."""
    per_contact = cost.cost_per_contact
    return PriceSummary(
        currency=cost.currency,
        one_time=cost.one_time_minor,
        operating=cost.operating_minor,
        extra=cost.extra_minor,
        credits=cost.credits_minor,
        total=cost.total_before_credits_minor,
        per_contact=None if per_contact is None else format(per_contact, "f"),
        categories=tuple(
            (fee_class.value, str(category), amount) for (fee_class, category), amount in cost.by_category().items()
        ),
        months=tuple(
            MonthFigures(month.k, month.one_time_minor, month.operating_minor, month.extra_minor)
            for month in (cost.before_start, *cost.months)
        ),
        main_line=_main_line(card, cost),
        unpriced=tuple(row.to_document() for row in cost.unpriced),
        unmeasured=tuple(cost.unmeasured),
    )


def _main_line(card: RateCard, cost: TotalCost) -> MainLine | None:
    amounts = cost.by_code()
    lines = [line for line in card.operating if line.unit is not Unit.PERCENT]
    if not lines:
        return None
    main = max(lines, key=lambda line: amounts.get(line.code, 0))
    return MainLine(main.unit.value, format(_first_rate(main), "f"))


def _first_rate(line: OperatingLine) -> Decimal:
    return line.tiers[0].rate if line.tiers else line.rate or Decimal(0)


FEE_CLASSES = (FeeClass.ONE_TIME, FeeClass.OPERATING, FeeClass.EXTRA)
