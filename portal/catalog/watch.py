"""What newly fits a saved search: each is a statement of the database's own, whatever the directory's size.

A search remembers every vendor that it has met, so that one that changes, leaves and comes back is told once. A search
that fits more than `search.COUNTED_UP_TO` vendors remembers only whom it has told of, and tells only of vendors listed
since it is watched: among so many, whoever is not new was found by looking.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text

from portal.catalog.kept_models import SavedSearch
from portal.catalog.search import COUNTED_UP_TO, condition
from portal.catalog.wanted import Wanted
from portal.kit.db import db

TOLD_AT_ONCE = 50
"""The most vendors that one look at one search tells of; the others follow the next day."""
OVERLAP = timedelta(days=1)
"""How far behind the last look a broad search looks again: a listing may be committed after others that are newer."""

_MEET = """
INSERT INTO searched_vendors (search_id, company_id, person_id, vendor_id)
SELECT CAST(:search AS uuid), CAST(:company AS uuid), CAST(:person AS uuid), vendor_id
  FROM directory_entries WHERE {where}
    ON CONFLICT DO NOTHING
"""
_TELL = """
WITH fitting AS (
    SELECT vendor_id FROM directory_entries d
     WHERE {where} AND NOT EXISTS (SELECT FROM searched_vendors s
                                    WHERE s.search_id = :search AND s.vendor_id = d.vendor_id)
     ORDER BY listed_at DESC, vendor_id DESC LIMIT {most}
), told AS (
    INSERT INTO searched_vendors (search_id, company_id, person_id, vendor_id, told_at)
    SELECT CAST(:search AS uuid), CAST(:company AS uuid), CAST(:person AS uuid), vendor_id, portal_now() FROM fitting
        ON CONFLICT DO NOTHING RETURNING vendor_id
)
SELECT d.slug, d.name FROM told JOIN directory_entries d USING (vendor_id) ORDER BY d.name_key, d.vendor_id
"""


def meet_all(search: SavedSearch) -> bool:
    """Remember every vendor that fits now; gives True, and remembers none, where too many fit. Two statements."""
    found = condition(Wanted.read(search.query))
    if found is None:
        return False
    where, values = found
    matches = f"SELECT 1 FROM directory_entries WHERE {where} LIMIT {COUNTED_UP_TO + 1}"  # noqa: S608 - constants
    statement = f"SELECT count(*) FROM ({matches}) AS matches"  # noqa: S608 - constants
    if db.session.execute(text(statement), values).scalar_one() > COUNTED_UP_TO:
        return True
    db.session.execute(text(_MEET.format(where=where)), values | _owner(search))
    return False


def tell_new(search: SavedSearch) -> Sequence[Row[Any]]:
    """The vendors (slug, name) that fit and were never met, by name; from now on they are. One statement."""
    found = condition(Wanted.read(search.query))
    if found is None:
        return []
    where, values = found
    if search.is_broad:
        where += " AND listed_at > :since"
        values["since"] = max(search.watched_from, search.looked_at - OVERLAP)
    statement = _TELL.format(where=where, most=TOLD_AT_ONCE)
    return db.session.execute(text(statement), values | _owner(search)).all()


def _owner(search: SavedSearch) -> dict[str, Any]:
    return {"search": search.id, "company": search.company_id, "person": search.person_id}
