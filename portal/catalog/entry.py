"""Works out a vendor's public entry from what is published of it. Pure: the same source gives the same entry."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from portal.catalog.facets import REFERENCE_CURRENCY, Rates, facets_of, offer_of, steps_of
from portal.catalog.published import published
from portal.kit.text import fold, tsvector
from portal.measures.words import Channel, Industry, Mode
from portal.pricing.documents import rate_card_from_document
from portal.pricing.indicative import hourly_price, indicative_price
from portal.pricing.values import RateCard

Source = dict[str, Any]
Entry = dict[str, Any]

NEUTRAL_RATING = Decimal(3)
"""Where a vendor without reviews stands in the order: in the middle of the scale, neither praised nor blamed."""
ReadCard = Callable[[Any, str], RateCard]
PROFILE_PARTS = ("headline", "description", "website", "founded", "agents", "seats_free", "sites", "languages")
MAX_REVIEW_POINTS = 50
NO_PRICE = 2**62
"""Where a vendor without an hourly price stands in the order by price: behind all others."""


def entry_of(source: Source, rates: Rates | None = None, read_card: ReadCard = rate_card_from_document) -> Entry:
    """The row of `directory_entries` for a source that `directory_source` gave, but for the time of writing.

    `rates` says what a unit of each currency is worth in the reference currency; a price in a currency that it does
    not hold is shown, but not compared with others. `read_card` reads a rate card from its document; whoever works out
    many entries with the same cards may remember them.
    """
    (profile, more_facets, next_change_at), services = published(source), source["services"]
    rating = (source.get("standings") or {}).get("rating")
    sites = profile.get("sites") or []
    cards = [read_card(one["rate_card"]["document"], "") for one in services if one.get("rate_card")]
    price, hourly = indicative_price(cards), hourly_price(cards, rates or {}, REFERENCE_CURRENCY)
    offers = [offer_of(service) for service in services]
    steps = steps_of(
        hourly_minor=hourly,
        rating=Decimal(rating["value"]) if rating else None,
        seats=profile.get("seats_free"),
    )
    return {
        "vendor_id": source["vendor_id"],
        "slug": source["slug"],
        "name": source["name"],
        "name_key": fold(source["name"]),
        "country": sites[0]["country"] if sites else source["country"],
        "city": sites[0]["city"] if sites else "",
        "timezone": sites[0]["timezone"] if sites else source["timezone"],
        "headline": profile.get("headline") or services[0]["summary"],
        "description": profile.get("description") or "",
        "channels": _in_order(Channel, (service["channels"] for service in services)),
        "languages": sorted({spoken["code"] for service in services for spoken in service["languages"]}),
        "modes": _in_order(Mode, (service["modes"] for service in services)),
        "industries": _in_order(Industry, (service["industries"] for service in services)),
        "facets": facets_of(offers, _countries(source), [*steps, *more_facets]),
        "offers": offers,
        "services": services,
        "profile": profile,
        "price_from_minor": price.minor if price else None,
        "price_unit": price.unit if price else None,
        "price_basis": price.basis if price else None,
        "price_currency": price.currency if price else None,
        "lead_days": min((s["lead_days"] for s in services if s.get("lead_days") is not None), default=None),
        "seats_free": profile.get("seats_free"),
        "hourly_minor": hourly,
        "price_key": NO_PRICE if hourly is None else hourly,
        "rating": rating["value"] if rating else None,
        "rating_key": _rating_key(rating),
        "review_count": rating["n"] if rating else 0,
        "words": _words(source),
        "title_words": tsvector(_titles(source)),
        "quality": _quality(profile, rating),
        "listed_at": source["listed_at"],
        "next_change_at": next_change_at.isoformat() if next_change_at else None,
    }


def _in_order(words: Iterable[str], lists: Iterable[list[str]]) -> list[str]:
    found = {word for one in lists for word in one}
    return [str(word) for word in words if word in found]


def _countries(source: Source) -> set[str]:
    """Where a vendor is, has sites, or delivers from."""
    sites = (source.get("profile") or {}).get("sites") or []
    delivered = {country for service in source["services"] for country in service["countries"]}
    return {source["country"], *(site["country"] for site in sites), *delivered}


def _words(source: Source) -> str:
    profile = source.get("profile") or {}
    services = source["services"]
    cities = " ".join(site["city"] for site in profile.get("sites") or [])
    return tsvector(
        [
            *_titles(source),
            (profile.get("headline") or "", "B"),
            *((service["summary"], "B") for service in services),
            (cities, "C"),
            (profile.get("description") or "", "D"),
            *((service["description"], "D") for service in services),
        ]
    )


def _titles(source: Source) -> list[tuple[str, str]]:
    return [(source["name"], "A"), *((service["title"], "A") for service in source["services"])]


def _rating_key(rating: dict[str, Any] | None) -> int:
    """The order by rating: the mark first, then how many reviews it rests on; 0 without one."""
    return int(Decimal(rating["value"]) * 10_000) * 10_000 + min(rating["n"], 9_999) if rating else 0


class StandingPoints(NamedTuple):
    """What the stored order of the list is made of."""

    rating: int
    profile: int
    reviews: int


def standing_points(quality: int, rating: str | None, review_count: int) -> StandingPoints:
    """The parts of a stored `quality`, for showing where it comes from."""
    marks, reviews = _rating_points(rating), min(review_count, MAX_REVIEW_POINTS)
    return StandingPoints(marks, quality - marks - reviews, reviews)


def _rating_points(rating: str | None) -> int:
    return int((Decimal(rating) if rating else NEUTRAL_RATING) * 100)


def _quality(profile: dict[str, Any], rating: dict[str, Any] | None) -> int:
    """The stored order of the list: 100 points for each mark of the rating, up to 100 for a complete profile, and
    one for each review up to 50, so that a well-tried vendor stands before one with a single good review."""
    filled = sum(1 for part in PROFILE_PARTS if profile.get(part) not in (None, "", []))
    reviews = min(rating["n"] if rating else 0, MAX_REVIEW_POINTS)
    return _rating_points(rating["value"] if rating else None) + 100 * filled // len(PROFILE_PARTS) + reviews
