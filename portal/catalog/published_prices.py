"""The rate cards that are published now, as estimates read them."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.catalog.models import DirectoryEntry
from portal.kit.db import db
from portal.pricing.begin_prices import Published
from portal.pricing.documents import rate_card_from_document

CARDS_READ = 100
"""How many vendors are looked at, best first: enough for quartiles, and the page stays quick with any directory."""


def published_cards() -> list[Published]:
    """The card of the first service of each of the first vendors of the directory: no vendor counts twice."""
    entry = DirectoryEntry
    query = select(entry.services, entry.profile).order_by(entry.quality.desc(), entry.vendor_id.desc())
    rows = db.session.execute(query.limit(CARDS_READ)).all()
    cards = ((row.services[0].get("rate_card"), row.profile) for row in rows)
    return [_published(card["document"], profile) for card, profile in cards if card]


def _published(document: dict[str, Any], profile: dict[str, Any]) -> Published:
    hours = (profile.get("quality") or {}).get("initial_hours")
    return Published(rate_card_from_document(document, ""), Decimal(hours) if hours else None)
