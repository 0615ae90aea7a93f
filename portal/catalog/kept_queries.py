"""Reads of what buyers keep: a company's shortlist, and a person's saved searches."""

import uuid
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Row, exists, or_, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.kept_models import SavedSearch, ShortlistEntry
from portal.catalog.models import DirectoryEntry
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine

MOST_KEPT = 100
"""Vendors on one company's shortlist: beyond this it is a directory again."""
MOST_SEARCHES = 20
"""Saved searches of one person in one company."""


def shortlist_for(actor: Actor) -> Sequence[Row[Any]]:
    """The company's kept vendors, newest first: (ShortlistEntry, the directory's columns or None where it has left)."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    entry = DirectoryEntry
    query: Any = (
        select(
            ShortlistEntry,
            entry.slug,
            entry.name,
            entry.country,
            entry.city,
            entry.price_from_minor,
            entry.price_unit,
            entry.price_basis,
            entry.price_currency,
            entry.rating,
            entry.review_count,
            entry.seats_free,
        )
        .outerjoin(entry, entry.vendor_id == ShortlistEntry.vendor_id)
        .where(mine(ShortlistEntry))
        .order_by(ShortlistEntry.id.desc())
        .limit(MOST_KEPT)
    )
    rows: Sequence[Row[Any]] = db.session.execute(query).all()
    return rows


def shortlist_entry_for(actor: Actor, entry_id: uuid.UUID) -> ShortlistEntry:
    """One kept vendor of the company. Raises NotFound."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(ShortlistEntry).where(mine(ShortlistEntry), ShortlistEntry.id == entry_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def named_and_kept(slugs: Collection[str], vendor_ids: Collection[uuid.UUID]) -> Sequence[Row[Any]]:
    """Listed vendors by address or id (vendor_id, slug, name), and whether the company of the scope keeps each.

    One statement for what a page chose and what it shows. No order.
    """
    entry = DirectoryEntry
    kept = exists().where(mine(ShortlistEntry), ShortlistEntry.vendor_id == entry.vendor_id)
    query: Any = select(entry.vendor_id, entry.slug, entry.name, kept.label("is_kept"))
    rows: Sequence[Row[Any]] = db.session.execute(
        query.where(or_(entry.slug.in_(slugs), entry.vendor_id.in_(vendor_ids)))
    ).all()
    return rows


def searches_for(actor: Actor) -> Sequence[SavedSearch]:
    """The actor's own saved searches in this company, by name."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(SavedSearch).where(mine(SavedSearch), SavedSearch.person_id == actor.person_id)
    return db.session.scalars(query.order_by(SavedSearch.name, SavedSearch.id).limit(MOST_SEARCHES)).all()


def search_for(actor: Actor, search_id: uuid.UUID) -> SavedSearch:
    """One of the actor's own saved searches. Raises NotFound, for a colleague's too."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(SavedSearch).where(mine(SavedSearch), SavedSearch.person_id == actor.person_id)
    found = db.session.scalar(query.where(SavedSearch.id == search_id))
    if found is None:
        raise NotFound
    return found
