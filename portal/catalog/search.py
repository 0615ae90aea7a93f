"""Reading the directory: filters, words, five orders, and pages that cost the same at any depth.

Ranking is what costs, not matching. What matches seldom is ranked whole; of what matches often only the best by the
stored quality order are, and the best of those that match in a title or name, so that a good match is not lost for a
vendor's low quality. Row level security hides the statistics of words and facets from the planner, so this module
counts first and then says which way to go: through the index of words and facets, or along the order of the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import CursorResult, Row, text

from portal.catalog.facets import SERVICE_KINDS, is_of_service
from portal.catalog.marks import read_mark, write_mark
from portal.catalog.wanted import Sort, Wanted
from portal.kit.db import db
from portal.kit.text import tsquery

PAGE = 20
RANKED_WHOLE = 500
"""Up to so many matches all of them are ranked."""
CANDIDATES = 120
"""How many of more matches are ranked: the best by quality."""
TITLED = 50
"""How many more of them are ranked because they match in a title or name."""
COUNTED_UP_TO = 1000
"""Matches are counted exactly up to here; beyond it the page says "more than"."""
TALLIED = 100
"""Facets of a search are counted exactly among so many matches; beyond it they are estimated from so many."""

_COLUMNS = (
    "vendor_id, slug, name, country, city, timezone, headline, channels, languages, price_from_minor, price_unit,"
    " price_basis, price_currency, lead_days, seats_free, rating, review_count, quality,"
    " updated_at"
)
_ORDERS: dict[Sort, tuple[str, str, str, tuple[str, str]]] = {
    "relevance": ("quality, vendor_id", "quality DESC, vendor_id DESC", "<", ("bigint", "uuid")),
    "price": ("price_key, vendor_id", "price_key, vendor_id", ">", ("bigint", "uuid")),
    "rating": ("rating_key, vendor_id", "rating_key DESC, vendor_id DESC", "<", ("bigint", "uuid")),
    "name": ("name_key, vendor_id", "name_key, vendor_id", ">", ("text", "uuid")),
    "newest": ("listed_at, vendor_id", "listed_at DESC, vendor_id DESC", "<", ("timestamptz", "uuid")),
}
# Word weights of D, C, B, A: a word in a name or title counts ten times one in a description.
_RANK = "(ts_rank(CAST(ARRAY[0.1, 0.2, 0.4, 1.0] AS real[]), words, CAST(:words AS tsquery)) * 1000000)::bigint"
_IN_TITLE = "title_words @@ CAST(:words AS tsquery)"
_MATCHING = "SELECT vendor_id FROM directory_entries WHERE {where}"
_BEST = f"""
    (SELECT vendor_id FROM directory_entries WHERE {{where}} ORDER BY quality DESC, vendor_id DESC LIMIT {CANDIDATES})
    UNION SELECT unnest(CAST(:titled AS uuid[]))
"""  # noqa: S608 - made of constants; values are bound
_TITLED = f"""
SELECT vendor_id FROM (SELECT vendor_id, quality FROM directory_entries
                        WHERE {_IN_TITLE} AND {{rest}} LIMIT {COUNTED_UP_TO}) AS titled
 ORDER BY quality DESC, vendor_id DESC LIMIT {TITLED}
"""  # noqa: S608 - made of constants; values are bound
# The wide columns are read for the page alone.
_RANKED = f"""
WITH best AS ({{candidates}}), ranked AS (
    SELECT vendor_id, {_RANK} AS key_1, quality AS key_2, vendor_id AS key_3, {_IN_TITLE} AS in_title
      FROM directory_entries JOIN best USING (vendor_id)
), page AS (SELECT * FROM ranked WHERE {{beyond}} ORDER BY key_1 DESC, key_2 DESC, key_3 DESC LIMIT {PAGE + 1})
SELECT {_COLUMNS}, in_title, key_1, key_2, key_3 FROM page JOIN directory_entries USING (vendor_id)
 ORDER BY key_1 DESC, key_2 DESC, key_3 DESC
"""  # noqa: S608 - made of constants; values are bound
# The index is asked once: for how many match, and for a sample of them whose facets are counted.
_LOOK = f"""
WITH matches AS MATERIALIZED (SELECT ctid AS place FROM directory_entries WHERE {{where}} LIMIT {COUNTED_UP_TO + 1}),
sample AS MATERIALIZED (SELECT vendor_id, facets, offers FROM directory_entries
                         WHERE ctid = ANY(ARRAY(SELECT place FROM matches LIMIT {TALLIED}))),
tally AS (SELECT facet, count(*) AS count FROM ({{found}}) AS found GROUP BY facet)
SELECT (SELECT count(*) FROM matches) AS total, (SELECT jsonb_object_agg(facet, count) FROM tally) AS counts
"""  # noqa: S608 - made of constants; values are bound
_ALL_FACETS = "SELECT unnest(facets) AS facet FROM sample"
# Facets of services count only where the service has all that is wanted of one.
_FITTING_FACETS = f"""
SELECT facet FROM ({_ALL_FACETS}) AS all_of_them WHERE strpos('{SERVICE_KINDS}', left(facet, 1)) = 0
 UNION ALL
SELECT facet FROM (SELECT DISTINCT vendor_id, facet FROM sample, unnest(offers) AS offer,
                          unnest(string_to_array(btrim(offer), ' ')) AS facet WHERE {{fits}}) AS of_fitting
"""  # noqa: S608 - made of constants; values are bound
_BEGIN = (
    "SELECT (SELECT jsonb_object_agg(facet, count) FROM directory_counts WHERE count > 0),"
    " set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_bitmapscan', 'on', true),"
    " set_config('enable_seqscan', 'off', true)"
)
_WALK = "SELECT set_config('enable_bitmapscan', 'off', true)"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of vendors.

    :ivar total: how many match; exact up to `COUNTED_UP_TO`
    :ivar counts: by facet how many of the matches have it; exact where `is_counted`, else estimated from `TALLIED`
    :ivar listed: how many vendors the directory lists
    :ivar ranked: whether the rows carry `in_title`, because words were looked for
    """

    rows: Sequence[Row[Any]]
    total: int
    is_exact: bool
    counts: dict[str, int]
    is_counted: bool
    listed: int
    after: str | None
    ranked: bool = False


def search(wanted: Wanted, after: str = "") -> Found:
    """The page of vendors that follows `after` (an opaque mark that the page before gave; '' for the first page).

    A mark that cannot be read begins anew. Five statements at most, whatever the directory's size.
    """
    words = tsquery(wanted.q) if wanted.q else ""
    kept = _begin()
    listed = kept.get("all", 0)
    if wanted.q and not words:  # only signs were typed: nothing can match
        return Found([], 0, True, {}, True, listed, None)
    conditions, values = _conditions(words, wanted)
    where = " AND ".join(conditions) or "true"
    by_rank = bool(words) and wanted.sort == "relevance"
    kinds = ("bigint", "bigint", "uuid") if by_rank else _ORDERS[wanted.sort][3]
    mark = read_mark(after, kinds)
    values |= {f"after_{number}": value for number, value in enumerate(mark or (), start=1)}
    look = _look(where, values, wanted, kept) if conditions else _Look(listed, True, kept, True)
    total = look.total
    if not total:
        return Found([], 0, True, look.counts, look.is_counted, listed, None)
    if by_rank and total > RANKED_WHOLE:
        # What matches in a title matches in the words too.
        titled = _TITLED.format(rest=" AND ".join(conditions[1:]) or "true")
        values["titled"] = list(_run(titled, values).scalars())
    # What matches often is found soonest along the order of the list, what matches seldom through its own index.
    if conditions and (not look.is_exact or total > COUNTED_UP_TO):
        _run(_WALK)
    statement = _ranked(where, mark, total <= RANKED_WHOLE) if by_rank else _ordered(wanted.sort, where, mark)
    rows = _run(statement, values).all()
    page, more = rows[:PAGE], len(rows) > PAGE
    next_mark = write_mark(page[-1], len(kinds)) if more else None
    return Found(page, total, look.is_exact, look.counts, look.is_counted, listed, next_mark, by_rank)


_clause = lru_cache(maxsize=512)(text)
"""Statements that were read before: an address gives one of a few hundred."""


def _run(statement: str, values: dict[str, Any] | None = None) -> CursorResult[Any]:
    return db.session.connection().execute(_clause(statement), values)


def condition(wanted: Wanted) -> tuple[str, dict[str, Any]] | None:
    """The condition on `directory_entries` that a search puts, and its values; None when nothing can match it."""
    words = tsquery(wanted.q) if wanted.q else ""
    if wanted.q and not words:
        return None
    conditions, values = _conditions(words, wanted)
    return " AND ".join(conditions) or "true", values


def _conditions(words: str, wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    """What an entry must fulfil, that about words first, and the values in it."""
    conditions: list[str] = []
    values: dict[str, Any] = {}
    facets = wanted.facets
    if words:
        conditions.append("words @@ CAST(:words AS tsquery)")
        values["words"] = words
    if facets:
        conditions.append("facets @> CAST(:facets AS text[])")
        values["facets"] = facets
    together = [facet for facet in facets if is_of_service(facet)]
    values |= {f"offer_{number}": f" {facet} " for number, facet in enumerate(together)}
    if len(together) > 1:
        conditions.append(f"EXISTS (SELECT 1 FROM unnest(offers) AS offer WHERE {_fits(wanted)})")  # noqa: S608 - constants
    if wanted.over_steps:
        conditions.append("price_key <= :max_price")
        values["max_price"] = (wanted.max_rate or 0) * 100
    return conditions, values


def _fits(wanted: Wanted) -> str:
    """The condition that an `offer` has all that is wanted of one service."""
    together = [facet for facet in wanted.facets if is_of_service(facet)]
    return " AND ".join(f"strpos(offer, :offer_{number}) > 0" for number in range(len(together)))


def _ranked(where: str, mark: tuple[Any, ...] | None, rank_all: bool) -> str:
    beyond = "(key_1, key_2, key_3) < (:after_1, :after_2, CAST(:after_3 AS uuid))" if mark else "true"
    candidates = (_MATCHING if rank_all else _BEST).format(where=where)
    return _RANKED.format(candidates=candidates, beyond=beyond)


def _ordered(sort: Sort, where: str, mark: tuple[Any, ...] | None) -> str:
    keys, order, sign, kinds = _ORDERS[sort]
    if mark:
        where += f" AND ({keys}) {sign} (CAST(:after_1 AS {kinds[0]}), CAST(:after_2 AS {kinds[1]}))"
    first, second = keys.split(", ")
    return (
        f"SELECT {_COLUMNS}, {first} AS key_1, {second} AS key_2 FROM directory_entries"  # noqa: S608 - constants
        f" WHERE {where} ORDER BY {order} LIMIT {PAGE + 1}"
    )


def _begin() -> dict[str, int]:
    """Prepare the planner for this transaction; gives how many vendors of the whole directory have each facet.

    These come as one value, because a row for each costs more to fetch than to count.
    """
    return _run(_BEGIN).one()[0] or {}


class _Look(NamedTuple):
    """How many match and which facets they have; see `Found`."""

    total: int
    is_exact: bool
    counts: dict[str, int]
    is_counted: bool


def _look(where: str, values: dict[str, Any], wanted: Wanted, kept: dict[str, int]) -> _Look:
    """Count matches up to a limit, and the facets of some of them; those of services only where one fits it all."""
    if any(facet not in kept for facet in wanted.facets):
        return _Look(0, True, {}, True)
    fits = _fits(wanted)
    found = _FITTING_FACETS.format(fits=fits) if fits else _ALL_FACETS
    row = _run(_LOOK.format(where=where, found=found), values).one()
    total, is_exact, counts = min(row.total, COUNTED_UP_TO), row.total <= COUNTED_UP_TO, row.counts or {}
    if not wanted.q and not wanted.over_steps and len(wanted.facets) == 1:  # how many have one facet is kept
        total, is_exact = kept[wanted.facets[0]], True
    if total <= TALLIED:
        return _Look(total, is_exact, counts, True)
    return _Look(total, is_exact, {facet: round(count * total / TALLIED) for facet, count in counts.items()}, False)
