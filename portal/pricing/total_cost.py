"""The total cost of a rate card over a scenario: one-time, operating and extra fees less expected credits.

Two results may be compared only when they come from the same scenario, currency and tax mode; this module computes
one and leaves that care to whoever compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal, localcontext

from portal.kit.money import round_half_up
from portal.pricing.charges import expected_extra_charge, one_time_charge, operating_charges
from portal.pricing.credits import expected_credit
from portal.pricing.quantities import COVERS_BY_STAFFING, MEASURED_BY_VOLUME, cola_factor, is_measured
from portal.pricing.results import MonthCost, PricedLine, TotalCost, Unpriced, sum_minor
from portal.pricing.values import OperatingLine, RateCard, Scenario, ScenarioMonth, Unit, VolumeRow

PRESENT_VALUE_DIGITS = 40
"""Working precision of the discount factors, the only figures here that are not exact fractions."""


def total_cost(card: RateCard, scenario: Scenario) -> TotalCost:
    """Price `card` over all months of `scenario`. Deterministic and exact to the minor unit of the card's currency."""
    operating = _operating_of(card)
    months = tuple(_month_cost(card, scenario, month, operating(month)) for month in scenario.months)
    at_start = tuple(one_time_charge(card, line) for line in card.one_time if not line.month)
    before_start = MonthCost(0, one_time_lines=at_start)
    return TotalCost(
        currency=card.currency,
        before_start=before_start,
        months=months,
        contacts=sum((row.contacts for row in _rows(scenario)), Decimal(0)),
        npv_minor=_present_value(scenario, (before_start, *months)),
        unpriced=_unpriced(card, scenario),
        unmeasured=_unmeasured(card, scenario),
    )


def _operating_of(card: RateCard) -> Callable[[ScenarioMonth], tuple[PricedLine, ...]]:
    """Prices the operating lines of months; those alike, at the same point of the cost-of-living adjustment and of
    the minimum commitment, are priced once, because a forecast often repeats one month many times."""
    known: dict[tuple[object, ...], tuple[PricedLine, ...]] = {}
    exempt = card.min_commitment.exempt_months if card.min_commitment else ()

    def priced(month: ScenarioMonth) -> tuple[PricedLine, ...]:
        key = (replace(month, k=0), cola_factor(card, month.k), month.k in exempt)
        if key not in known:
            known[key] = tuple(operating_charges(card, month.k, month))
        return known[key]

    return priced


def _month_cost(
    card: RateCard, scenario: Scenario, month: ScenarioMonth, operating: tuple[PricedLine, ...]
) -> MonthCost:
    last = len(scenario.months)
    return MonthCost(
        k=month.k,
        # What falls due after the term, such as winding down, belongs to its last month.
        one_time_lines=tuple(one_time_charge(card, line) for line in card.one_time if min(line.month, last) == month.k),
        operating_lines=operating,
        extra_lines=tuple(expected_extra_charge(card, line) for line in card.extra if month.k in line.months),
        credit_minor=expected_credit(card.sla, sum_minor(operating)) if card.sla else None,
    )


def _present_value(scenario: Scenario, months: Iterable[MonthCost]) -> int | None:
    """One-time fees at face value plus every month's running cost discounted to go-live."""
    if scenario.discount_pct is None:
        return None
    with localcontext(prec=PRESENT_VALUE_DIGITS):
        yearly = 1 + scenario.discount_pct / 100
        value = Decimal(0)
        for month in months:
            running = month.total_minor - month.one_time_minor
            value += month.one_time_minor + running / yearly ** (Decimal(month.k) / 12)
        return round_half_up(value, 0)


def _rows(scenario: Scenario) -> Iterator[VolumeRow]:
    return (row for month in scenario.months for row in month.volumes)


def _unpriced(card: RateCard, scenario: Scenario) -> tuple[Unpriced, ...]:
    """The kinds of contacts that no line prices, each once, in the order of the scenario."""
    open_rows = (row for row in _rows(scenario) if row.contacts and not _is_priced(card, row))
    return tuple(dict.fromkeys(Unpriced.of(row) for row in open_rows))


def _is_priced(card: RateCard, row: VolumeRow) -> bool:
    return any(_covers(line, row) for line in card.operating)


def _covers(line: OperatingLine, row: VolumeRow) -> bool:
    """A bonus per outcome covers a row only when its filter says so: it seldom is the price of the contact."""
    if line.unit is Unit.OUTCOME:
        return not line.filter.is_open and line.filter.matches(row)
    return line.unit in MEASURED_BY_VOLUME | COVERS_BY_STAFFING and line.filter.matches(row)


def _unmeasured(card: RateCard, scenario: Scenario) -> tuple[str, ...]:
    return tuple(line.code for line in card.operating if not all(is_measured(line, month) for month in scenario.months))
