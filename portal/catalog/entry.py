"""Works out a vendor's public entry from what is published of it. Pure: the same source gives the same entry."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from portal.catalog.published import published
from portal.kit.text import fold, tsvector
from portal.measures.words import Channel, Industry, Mode
from portal.pricing.documents import rate_card_from_document
from portal.pricing.indicative import Indicative, indicative_price

Source = dict[str, Any]
Entry = dict[str, Any]

NEUTRAL_RATING = Decimal(3)
"""Where a vendor without reviews stands in the order: in the middle of the scale, neither praised nor blamed."""
PROFILE_PARTS = ("headline", "description", "website", "founded", "agents", "seats_free", "sites", "languages")
MAX_REVIEW_POINTS = 50


def entry_of(source: Source) -> Entry:
    """The row of `directory_entries` for a source that `directory_source` gave, but for the time of writing."""
    (profile, more_facets, next_change_at), services = published(source), source["services"]
    rating = (source.get("standings") or {}).get("rating")
    sites = profile.get("sites") or []
    price = _price(services)
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
        "facets": sorted({*_facets(source), *more_facets}),
        "services": services,
        "profile": profile,
        "price_from_minor": price.minor if price else None,
        "price_unit": price.unit if price else None,
        "price_basis": price.basis if price else None,
        "price_currency": price.currency if price else None,
        "lead_days": min((s["lead_days"] for s in services if s.get("lead_days") is not None), default=None),
        "seats_free": profile.get("seats_free"),
        "rating": rating["value"] if rating else None,
        "review_count": rating["n"] if rating else 0,
        "words": _words(source),
        "title_words": tsvector(_titles(source)),
        "quality": _quality(profile, rating),
        "listed_at": source["listed_at"],
        "next_change_at": next_change_at.isoformat() if next_change_at else None,
    }


def _price(services: Iterable[dict[str, Any]]) -> Indicative | None:
    cards = [rate_card_from_document(s["rate_card"]["document"], "") for s in services if s.get("rate_card")]
    return indicative_price(cards)


def _in_order(words: Iterable[str], lists: Iterable[list[str]]) -> list[str]:
    found = {word for one in lists for word in one}
    return [str(word) for word in words if word in found]


def _facets(source: Source) -> list[str]:
    """What filters ask for: each value, and each channel with each language that one and the same service offers."""
    found = {f"k:{source['country']}"}
    found |= {f"k:{site['country']}" for site in (source.get("profile") or {}).get("sites") or []}
    for service in source["services"]:
        languages = [spoken["code"] for spoken in service["languages"]]
        found |= {f"c:{channel}" for channel in service["channels"]}
        found |= {f"l:{language}" for language in languages}
        found |= {f"cl:{channel}/{language}" for channel in service["channels"] for language in languages}
        found |= {f"m:{mode}" for mode in service["modes"]}
        found |= {f"i:{industry}" for industry in service["industries"]}
        found |= {f"k:{country}" for country in service["countries"]}
    return sorted(found)


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


def _quality(profile: dict[str, Any], rating: dict[str, Any] | None) -> int:
    """The stored order of the list: 100 points for each mark of the rating, up to 100 for a complete profile, and
    one for each review up to 50, so that a well-tried vendor stands before one with a single good review."""
    mark = Decimal(rating["value"]) if rating else NEUTRAL_RATING
    filled = sum(1 for part in PROFILE_PARTS if profile.get(part) not in (None, "", []))
    reviews = min(rating["n"] if rating else 0, MAX_REVIEW_POINTS)
    return int(mark * 100) + 100 * filled // len(PROFILE_PARTS) + reviews
