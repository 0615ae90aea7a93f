"""An example year to try a card's prices on: the contacts of a month, spread over what the card tells apart.

It is made up to show how a card works, and is no forecast. Values that only surcharges ask for (a language, a
holiday) get a tenth of the contacts each; the rest is shared evenly by the values that base prices are for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from portal.pricing.values import OperatingLine, RateCard, Scenario, ScenarioMonth, Unit, VolumeRow

KEYS = ("channel", "window", "lang")
DEFAULTS: dict[str, str | None] = {"channel": "phone", "window": "standard", "lang": None}
SURCHARGED = Decimal("0.1")
MOST_VALUES = 6
MONTHS = 12

Shares = list[tuple[str | None, Decimal]]


@dataclass(frozen=True, slots=True)
class Example:
    """A month: contacts in all, seconds of handle time of each, full-time agents."""

    contacts: Decimal = Decimal(10_000)
    aht_s: Decimal = Decimal(300)
    fte: Decimal = Decimal(20)


def example_year(card: RateCard, example: Example) -> Scenario:
    """Twelve equal months that meet every channel, hour and language the card prices by, up to six of each."""
    spread = [_shares(card, key) for key in KEYS]
    rows = tuple(
        VolumeRow(
            channel=str(channel),
            window=window,
            lang=lang,
            contacts=example.contacts * share_of_channel * share_of_window * share_of_lang,
            aht_s=example.aht_s,
        )
        for (channel, share_of_channel), (window, share_of_window), (lang, share_of_lang) in product(*spread)
    )
    months = (ScenarioMonth(k=k, volumes=rows, fte=example.fte) for k in range(1, MONTHS + 1))
    return Scenario(months=tuple(months), name="example")


def _shares(card: RateCard, key: str) -> Shares:
    base = [line for line in card.operating if line.unit is not Unit.PERCENT]
    priced = _values(base, key)[:MOST_VALUES]
    if not priced or any(not getattr(line.filter, key) for line in base):
        priced = list(dict.fromkeys([DEFAULTS[key], *priced]))[:MOST_VALUES]
    percents = [line for line in card.operating if line.unit is Unit.PERCENT]
    extra = [value for value in _values(percents, key) if value not in priced][: MOST_VALUES - 1]
    rest = 1 - SURCHARGED * len(extra)
    return [*((value, rest / len(priced)) for value in priced), *((value, SURCHARGED) for value in extra)]


def _values(lines: Iterable[OperatingLine], key: str) -> list[str | None]:
    return list(dict.fromkeys(value for line in lines for value in getattr(line.filter, key)))
