"""What a service would cost outside, before anybody has bid: published cards priced over it, and when beginning pays.

Every published card that prices all of the service is priced over the same months. Quartiles of them are an order of
magnitude, never an offer. Amounts are minor units of one currency; all arithmetic is exact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from portal.kit.money import exponent, round_half_up, shift
from portal.pricing.begin_prices import DEFAULT_CURRENCY, LEAST_CARDS, Published, default_prices, prices_from
from portal.pricing.one_time import Drivers, Sum, begin_cost
from portal.pricing.total_cost import total_cost
from portal.pricing.values import Scenario, ScenarioMonth, VolumeRow


class Range(NamedTuple):
    """The lower quartile, the median and the upper quartile, in minor units."""

    low: int
    likely: int
    high: int


@dataclass(frozen=True, slots=True)
class Outside:
    """The price of a month outside; None while fewer than `LEAST_CARDS` of the `looked_at` cards price all of it."""

    month: Range | None
    cards: int
    looked_at: int


class Course(NamedTuple):
    """One course of events: a month outside with what stays, what it saves, and after how many months it has paid.

    `payback` is None where a month saves nothing: the one-time cost then never comes back.
    """

    outside_month: int
    saving_month: int
    one_time: int
    payback: Decimal | None
    term_saving: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """The own month against three courses: prices and one-time cost low, likely and high."""

    own_month: int
    low: Course
    likely: Course
    high: Course


def month_scenario(contacts: Decimal, aht_s: Decimal, fte: Decimal, *, channel: str, months: int) -> Scenario:
    """A service of one average month again and again, before there is a requirement."""
    row = VolumeRow(channel, contacts, aht_s)
    return Scenario(tuple(ScenarioMonth(k, (row,), fte, seats=fte) for k in range(1, months + 1)))


def outside(scenario: Scenario, currency: str, cards: Iterable[Published], worth: Mapping[str, Decimal]) -> Outside:
    """The price of a month over `scenario`; `worth` is what a unit of each currency is worth in `currency`."""
    found, looked_at = [], 0
    worth = {**worth, currency: Decimal(1)}
    for published in cards:
        card = published.card
        if card.currency not in worth:
            continue
        looked_at += 1
        cost = total_cost(card, scenario)
        if cost.unpriced or cost.unmeasured:
            continue
        running = cost.operating_minor + cost.extra_minor
        month = Fraction(shift(running, exponent(card.currency))) * Fraction(worth[card.currency])
        found.append(round_half_up(month / len(scenario.months), exponent(currency)))
    ordered, last = sorted(found), len(found) - 1
    enough = len(found) >= LEAST_CARDS
    quartiles = Range(*(ordered[last * quarter // 4] for quarter in (1, 2, 3))) if enough else None
    return Outside(quartiles, len(found), looked_at)


def beginning(drivers: Drivers, currency: str, cards: Iterable[Published], worth: Mapping[str, Decimal]) -> Sum | None:
    """The one-time cost of `drivers`, low, likely and high; None where no rate leads from the defaults' currency."""
    if currency != DEFAULT_CURRENCY and DEFAULT_CURRENCY not in worth:
        return None
    defaults = default_prices(currency, worth.get(DEFAULT_CURRENCY, Decimal(1)))
    return begin_cost(drivers, prices_from(cards, worth, defaults)).total


def compared(own_month: int, retained_month: int, price: Range, one_time: Sum, term: int) -> Comparison:
    """The own month against a month outside, with what the company would still pay itself, over `term` months."""
    courses = [_course(own_month, retained_month + price[at], one_time[at], term) for at in range(len(price))]
    return Comparison(own_month, *courses)


def _course(own_month: int, outside_month: int, one_time: int, term: int) -> Course:
    saving = own_month - outside_month
    tenths = -(-10 * one_time // saving) if saving > 0 else None
    payback = None if tenths is None else Decimal(tenths) / 10
    return Course(outside_month, saving, one_time, payback, saving * term - one_time)
