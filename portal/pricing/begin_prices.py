"""Unit prices for estimating what it costs to begin: defaults, and what published rate cards say where enough do.

The defaults are in US dollars, the currency in which wages of this trade are published. They come from four worked
examples of full rate cards (12 and 24 months, a peak of 3 months) and are an orientation, not a market survey.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from portal.kit.rounding import rounded
from portal.pricing.one_time import Price, Prices, Range
from portal.pricing.values import ExtraCategory, OneTimeCategory, RateCard

DEFAULT_CURRENCY = "USD"
DEFAULTS: Mapping[Price, Range] = {
    # Contract and set-up fees of the examples: 1,500, 2,000 and 3,500.
    Price.CONTRACT: Range.of(1500, 2000, 3500),
    # The examples' change order costs 450 a person and day; a third less and more are assumed.
    Price.DAY: Range.of(300, 450, 600),
    # Low: a sustainable offshore billing rate of 7 to 8 an hour. Likely: the examples' 480 hours at 10. High: their
    # 14.50 for an hour in service, as where training is charged like service.
    Price.TRAINING_HOUR: Range.of("7", "10", "14.5"),
}
LEAST_CARDS = 5
"""Below so many published cards a price stays a default: quartiles of fewer say little, and could name a vendor's."""
DECIMALS = 2
PER_SYSTEM, PER_AGENT, PER_HOUR, PER_DAY = "system", "agent", "hour", "day"


class Published(NamedTuple):
    """A published card, and the hours of initial training that its vendor states (None where it does not)."""

    card: RateCard
    training_hours: Decimal | None = None


def default_prices(currency: str = DEFAULT_CURRENCY, per_dollar: Decimal = Decimal(1)) -> Prices:
    """The defaults in `currency`; `per_dollar` is what one US dollar is worth in it."""
    return Prices(currency, {price: _times(found, per_dollar) for price, found in DEFAULTS.items()}, {})


def prices_from(cards: Iterable[Published], worth: Mapping[str, Decimal], otherwise: Prices) -> Prices:
    """`otherwise`, with each price that at least `LEAST_CARDS` cards state replaced by their quartiles and median.

    `worth` is what a unit of each currency is worth in that of `otherwise`; cards in other currencies are left out.
    """
    worth = {**worth, otherwise.currency: Decimal(1)}
    stated: defaultdict[Price, list[Decimal]] = defaultdict(list)
    for published in cards:
        if published.card.currency in worth:
            for price, rate in _stated(published):
                stated[price].append(rate * worth[published.card.currency])
    found = {price: rates for price, rates in stated.items() if len(rates) >= LEAST_CARDS}
    ranges = {price: _quartiles(rates) for price, rates in found.items()}
    cards_of = {price: len(rates) for price, rates in found.items()}
    return Prices(otherwise.currency, {**otherwise.ranges, **ranges}, cards_of)


def _stated(published: Published) -> Iterator[tuple[Price, Decimal]]:
    """At most one figure of each price: a vendor with many lines counts once."""
    card, hours = published
    contracts = [line.qty * line.rate for line in card.one_time if line.category is OneTimeCategory.CONTRACT]
    if any(contracts):
        yield Price.CONTRACT, sum(contracts, Decimal(0))
    units = {
        (line.category, line.unit): line.rate for line in sorted(card.one_time, key=lambda line: line.rate) if line.rate
    }
    per_hour = units.get((OneTimeCategory.TRAINING_INITIAL, PER_HOUR))
    per_agent = units.get((OneTimeCategory.TRAINING_INITIAL, PER_AGENT))
    if per_hour is not None:
        yield Price.TRAINING_HOUR, per_hour
    elif per_agent is not None and hours:
        yield Price.TRAINING_HOUR, per_agent / hours
    for price, key in (
        (Price.SYSTEM, (OneTimeCategory.INTEGRATION, PER_SYSTEM)),
        (Price.HIRE, (OneTimeCategory.RECRUITMENT, PER_AGENT)),
    ):
        if key in units:
            yield price, units[key]
    days = [
        line.rate
        for line in card.extra
        if line.category is ExtraCategory.CHANGE_ORDER and line.unit == PER_DAY and line.rate
    ]
    if days:
        yield Price.DAY, max(days)


def _quartiles(rates: list[Decimal]) -> Range:
    """The lower quartile, the median and the upper quartile, each a rate that somebody states."""
    ordered = sorted(rates)
    last = len(ordered) - 1
    return Range(*(rounded(ordered[last * quarter // 4], DECIMALS) for quarter in (1, 2, 3)))


def _times(found: Range, factor: Decimal) -> Range:
    return Range(*(rounded(value * factor, DECIMALS) for value in found))
