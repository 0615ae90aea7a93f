"""What the directory can be filtered by, and how an entry says what it has. Pure.

A facet is a short text: a letter for its kind, a colon, a value. Channel, language, mode and industry belong to a
service, and several of them are found only in one and the same service, so that two services which fit by half are
never taken for one that fits. An `offer` is the facets of one service as one text with a blank on each side of each.
Prices, ratings and free seats are steps: an entry carries every step it reaches, so that asking for one is one facet.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

REFERENCE_CURRENCY = "EUR"
"""Prices per hour are compared in this currency, converted at the newest published rate."""
PRICE_STEPS = (10, 15, 20, 30, 50)
"""At most so much an hour, in whole units of the reference currency."""
RATING_STEPS = (Decimal("4.5"), Decimal(4), Decimal("3.5"), Decimal(3))
SEAT_STEPS = (10, 25, 50, 100, 250)
SERVICE_KINDS = "clmi"

Rates = Mapping[str, Decimal]
"""What one unit of each currency is worth in the reference currency."""


def offer_of(service: Mapping[str, Any]) -> str:
    """The facets of one service, sorted, each with a blank on both sides."""
    found = [f"c:{channel}" for channel in service["channels"]]
    found += [f"l:{spoken['code']}" for spoken in service["languages"]]
    found += [f"m:{mode}" for mode in service["modes"]]
    found += [f"i:{industry}" for industry in service["industries"]]
    return f" {' '.join(sorted(set(found)))} "


def facets_of(offers: Iterable[str], countries: Iterable[str], steps: Iterable[str]) -> list[str]:
    """Everything an entry can be found by, sorted."""
    services = {facet for offer in offers for facet in offer.split()}
    return sorted(services | {f"k:{country}" for country in countries} | set(steps))


def steps_of(*, hourly_minor: int | None, rating: Decimal | None, seats: int | None) -> list[str]:
    """The steps of price (minor units of the reference currency an hour), rating (1 to 5) and free seats reached."""
    found = [] if hourly_minor is None else [f"p:{most}" for most in PRICE_STEPS if hourly_minor <= most * 100]
    found += [] if rating is None else [f"r:{least}" for least in RATING_STEPS if rating >= least]
    found += [] if seats is None else [f"f:{least}" for least in SEAT_STEPS if seats >= least]
    return found


def is_of_service(facet: str) -> bool:
    """Whether a facet must be met by one service together with the others of its kind."""
    return facet[0] in SERVICE_KINDS
