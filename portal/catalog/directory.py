"""The public directory. `project` is the only writer of its entries; `search` and `find` read them."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, text

from portal.catalog.entry import Entry, entry_of
from portal.catalog.facets import REFERENCE_CURRENCY, Rates
from portal.catalog.models import DirectoryEntry
from portal.catalog.search import Found, search
from portal.catalog.wanted import Wanted
from portal.kit import clock, public_reads
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.pricing.exchange import worth_in

__all__ = [
    "Found",
    "Wanted",
    "addresses",
    "compared",
    "details",
    "due",
    "faults",
    "find",
    "moved_to",
    "named",
    "page_mark",
    "page_marks",
    "priced_elsewhere",
    "project",
    "search",
    "vendors",
]

ADDRESSES = 10_000
"""Vendors on one list of addresses. A sitemap may hold 50,000 and 50 MB; with every language named, so many could be
more than that."""
VECTORS = ("words", "title_words")
INSTANTS = ("next_change_at",)
COMPARED = [c.key for c in DirectoryEntry.__table__.columns if c.key not in ("updated_at", *VECTORS, *INSTANTS)]


def project(vendor_id: uuid.UUID) -> None:
    """Bring a vendor's entry in line with what is published of it; without anything published it disappears.

    Called inside the transaction of every act that changes what the directory shows.
    """
    db.session.flush()
    entry = _worked_out(vendor_id)
    if entry is not None:
        entry["updated_at"] = clock.now().isoformat()
    db.session.execute(
        text("SELECT directory_write(:vendor, CAST(:entry AS jsonb))"),
        {"vendor": vendor_id, "entry": None if entry is None else json.dumps(entry)},
    )


def due() -> Sequence[uuid.UUID]:
    """The vendors whose entry the passing of time has changed."""
    entry = DirectoryEntry
    query = select(entry.vendor_id).where(entry.next_change_at <= clock.now()).order_by(entry.vendor_id)
    return db.session.scalars(query).all()


def priced_elsewhere() -> Sequence[uuid.UUID]:
    """The vendors whose price is in another currency than the one prices are compared in."""
    entry = DirectoryEntry
    query = select(entry.vendor_id).where(entry.price_currency != REFERENCE_CURRENCY).order_by(entry.vendor_id)
    return db.session.scalars(query).all()


def find(slug: str, *, also_old: bool = False) -> Row[Any]:
    """The entry of the vendor at an address, with everything public about it; with `also_old` at any it ever had.

    Raises NotFound.
    """
    columns = [column for column in DirectoryEntry.__table__.columns if column.key not in (*VECTORS, "facets")]
    found = db.session.execute(select(*columns).where(DirectoryEntry.slug == slug)).one_or_none()
    if found is None and also_old and (current := moved_to(slug)):
        return find(current)
    if found is None:
        raise NotFound
    return found


def page_mark(slug: str) -> Any | None:
    """What changes with a vendor's public page, read as the public; None where nobody is listed there.

    A row of vendor_id, updated_at and asked_at, by the portal's clock. What a page shows besides the entry (names of
    those who wrote reviews) may be a minute older.
    """
    query = "SELECT vendor_id, updated_at, portal_now() AS asked_at FROM directory_entries WHERE slug = :slug"
    found = public_reads.rows(query, {"slug": slug})
    return found[0] if found else None


def named(slugs: Sequence[str]) -> Sequence[Row[Any]]:
    """The id, slug and name of the listed vendors among these addresses, in no order."""
    entry = DirectoryEntry
    query: Any = select(entry.vendor_id, entry.slug, entry.name).where(entry.slug.in_(slugs))
    rows: Sequence[Row[Any]] = db.session.execute(query).all()
    return rows


def compared(slugs: Sequence[str]) -> Sequence[Row[Any]]:
    """The entries of the listed vendors among these addresses, each once and in their order, for a comparison.

    An address that a vendor had before leads to it. One statement; two more where an address is no vendor's of now.
    """
    found = _entries(slugs)
    if lost := [slug for slug in slugs if slug not in found]:
        query = text("SELECT old, slug_moved(old) AS slug FROM unnest(CAST(:lost AS text[])) AS old")
        moved = {row.old: row.slug for row in db.session.execute(query, {"lost": lost}) if row.slug}
        now = _entries(list(moved.values()))
        found |= {old: now[slug] for old, slug in moved.items() if slug in now}
    return list({found[slug].vendor_id: found[slug] for slug in slugs if slug in found}.values())


def _entries(slugs: Sequence[str]) -> dict[str, Row[Any]]:
    columns = [
        column for column in DirectoryEntry.__table__.columns if column.key not in (*VECTORS, "facets", "offers")
    ]
    query: Any = select(*columns).where(DirectoryEntry.slug.in_(slugs))
    return {row.slug: row for row in db.session.execute(query)} if slugs else {}


def moved_to(slug: str) -> str | None:
    """The address of a listed vendor that had another one before; None where nobody listed ever had it."""
    found: str | None = db.session.scalar(text("SELECT slug_moved(:slug)"), {"slug": slug})
    return found


def page_marks() -> Sequence[uuid.UUID]:
    """Where each list of `ADDRESSES` vendors but the last one ends, in the order of their ids."""
    numbered = "SELECT vendor_id, row_number() OVER (ORDER BY vendor_id) AS number FROM directory_entries"
    ends = text(f"SELECT vendor_id FROM ({numbered}) AS n WHERE number % :size = 0 ORDER BY vendor_id")  # noqa: S608
    return db.session.scalars(ends, {"size": ADDRESSES}).all()


def addresses(after: uuid.UUID | None) -> Sequence[Row[str, datetime]]:
    """The slugs of up to `ADDRESSES` vendors by id, the first of them after `after`, and when each last changed."""
    entry = DirectoryEntry
    query = select(entry.slug, entry.updated_at).order_by(entry.vendor_id).limit(ADDRESSES)
    return db.session.execute(query if after is None else query.where(entry.vendor_id > after)).all()


def details(vendor_ids: Sequence[uuid.UUID]) -> Sequence[Row[Any]]:
    """The published services of several vendors, for measuring them against a requirement."""
    entry = DirectoryEntry
    query = select(entry.vendor_id, entry.services, entry.profile, entry.timezone, entry.country, entry.rating)
    return db.session.execute(query.where(entry.vendor_id.in_(vendor_ids))).all()


def vendors() -> Sequence[uuid.UUID]:
    """Every vendor that is listed or has something published."""
    return db.session.scalars(text("SELECT directory_vendors()")).all()


def faults() -> list[str]:
    """One sentence for each entry that is not what working it out anew gives; empty when all is well."""
    rates = _rates()
    found = [sentence for vendor_id in vendors() for sentence in _faults_of(vendor_id, rates)]
    shown = _counts("SELECT facet, count FROM directory_counts WHERE count <> 0")
    counted = _counts(
        "SELECT facet, count(*) AS count FROM directory_entries, unnest(facets) AS facet"
        " GROUP BY facet UNION ALL SELECT 'all', count(*) FROM directory_entries HAVING count(*) > 0"
    )
    for facet in sorted(shown.keys() | counted.keys()):
        if shown.get(facet, 0) != counted.get(facet, 0):
            found.append(f"{facet}: counted {shown.get(facet, 0)} times, occurs {counted.get(facet, 0)} times")
    return found


def _counts(statement: str) -> dict[str, int]:
    return {row[0]: row[1] for row in db.session.execute(text(statement))}


def _worked_out(vendor_id: uuid.UUID, rates: Rates | None = None) -> Entry | None:
    source = db.session.execute(text("SELECT directory_source(:vendor)"), {"vendor": vendor_id}).scalar_one()
    if source is None:
        return None
    extras = db.session.execute(text("SELECT directory_extras(:vendor)"), {"vendor": vendor_id}).scalar_one()
    return entry_of({**source, **extras, "now": clock.now().isoformat()}, _rates() if rates is None else rates)


def _rates() -> Rates:
    return worth_in(REFERENCE_CURRENCY, clock.now().date())


def _faults_of(vendor_id: uuid.UUID, rates: Rates) -> list[str]:
    right = _worked_out(vendor_id, rates)
    row = db.session.execute(
        text("SELECT to_jsonb(d) FROM directory_entries d WHERE vendor_id = :vendor"), {"vendor": vendor_id}
    ).scalar_one_or_none()
    if right is None or row is None:
        if right is None and row is None:
            return []
        return [f"{vendor_id}: is listed but should not be" if right is None else f"{vendor_id}: is not listed"]
    same = db.session.execute(
        text(
            "SELECT words = CAST(:words AS tsvector) AS words,"
            " title_words = CAST(:title_words AS tsvector) AS title_words,"
            " next_change_at IS NOT DISTINCT FROM CAST(:next_change_at AS timestamptz) AS next_change_at"
            " FROM directory_entries WHERE vendor_id = :vendor"
        ),
        {"vendor": vendor_id} | {name: right[name] for name in (*VECTORS, *INSTANTS)},
    ).one()
    different = [name for name in COMPARED if row[name] != right[name]]
    different += [name for name in (*VECTORS, *INSTANTS) if not getattr(same, name)]
    return [f"{vendor_id}: {name} is out of date" for name in different]
