"""Reading the directory: filters, words, five orders, and pages that cost the same at any depth.

Ranking is what costs, not matching. What matches seldom is ranked whole; of what matches often only the best by the
stored quality order are, and the best of those that match in a title or name, so that a good match is not lost for a
vendor's low quality. Row level security hides the statistics of words and facets from the planner, so this module
counts first and then says which way to go: through the index of words and facets, or along the order of the list.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from portal.catalog.facets import is_of_service
from portal.catalog.marks import read_mark, write_mark
from portal.catalog.wanted import Sort, Wanted
from portal.kit.db import db
from portal.kit.text import tsquery

PAGE = 20
CANDIDATES = 200
"""How many matches by quality, and as many by title, are ranked when there are too many to rank all."""
COUNTED_UP_TO = 1000
"""Matches are counted exactly, and ranked whole, up to here; beyond it the page says "more than"."""
TALLIED = 250
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
                        WHERE {_IN_TITLE} AND {{where}} LIMIT {COUNTED_UP_TO}) AS titled
 ORDER BY quality DESC, vendor_id DESC LIMIT {CANDIDATES}
"""  # noqa: S608 - made of constants; values are bound
_RANKED = f"""
WITH best AS ({{candidates}}), ranked AS (
    SELECT {_COLUMNS}, {_RANK} AS rank, {_IN_TITLE} AS in_title FROM directory_entries JOIN best USING (vendor_id)
)
SELECT {_COLUMNS}, rank, in_title, rank AS key_1, quality AS key_2, vendor_id AS key_3 FROM ranked WHERE {{beyond}}
 ORDER BY rank DESC, quality DESC, vendor_id DESC LIMIT {PAGE + 1}
"""  # noqa: S608 - made of constants; values are bound
_PLAN = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_bitmapscan', :bitmap, true),"
    " set_config('enable_seqscan', :bitmap, true)"
)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of vendors.

    :ivar total: how many match; exact up to `COUNTED_UP_TO`
    :ivar counts: by facet how many of the matches have it; exact where `is_counted`, else estimated from `TALLIED`
    :ivar listed: how many vendors the directory lists
    :ivar ranked: whether the rows carry `rank` and `in_title`, because words were looked for
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

    A mark that cannot be read begins anew. Six statements at most, whatever the directory's size.
    """
    words = tsquery(wanted.q) if wanted.q else ""
    kept = _kept_counts()
    listed = kept.get("all", 0)
    if wanted.q and not words:  # only signs were typed: nothing can match
        return Found([], 0, True, {}, True, listed, None)
    where, values = _where(words, wanted)
    by_rank = bool(words) and wanted.sort == "relevance"
    kinds = ("bigint", "bigint", "uuid") if by_rank else _ORDERS[wanted.sort][3]
    mark = read_mark(after, kinds)
    values |= {f"after_{number}": value for number, value in enumerate(mark or (), start=1)}
    total, is_exact = _total(where, values, wanted.facets if not words and not wanted.over_steps else None, kept)
    if by_rank and not is_exact:
        values["titled"] = list(db.session.scalars(text(_TITLED.format(where=where)), values))
    # What matches often is found soonest along the order of the list, what matches seldom through its own index.
    db.session.execute(_PLAN, {"bitmap": "on" if is_exact and total <= COUNTED_UP_TO else "off"})
    statement = _ranked(where, mark, is_exact) if by_rank else _ordered(wanted.sort, where, mark)
    rows = db.session.execute(text(statement), values).all()
    page, more = rows[:PAGE], len(rows) > PAGE
    counts, is_counted = (kept, True) if where == "true" else _tally(where, values, wanted, total)
    return Found(
        page, total, is_exact, counts, is_counted, listed, write_mark(page[-1], len(kinds)) if more else None, by_rank
    )


def condition(wanted: Wanted) -> tuple[str, dict[str, Any]] | None:
    """The condition on `directory_entries` that a search puts, and its values; None when nothing can match it."""
    words = tsquery(wanted.q) if wanted.q else ""
    return None if wanted.q and not words else _where(words, wanted)


def _where(words: str, wanted: Wanted) -> tuple[str, dict[str, Any]]:
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
    if len(together) > 1:
        has_all = " AND ".join(f"strpos(offer, :offer_{number}) > 0" for number in range(len(together)))
        conditions.append(f"EXISTS (SELECT 1 FROM unnest(offers) AS offer WHERE {has_all})")  # noqa: S608 - constants
        values |= {f"offer_{number}": f" {facet} " for number, facet in enumerate(together)}
    if wanted.over_steps:
        conditions.append("price_key <= :max_price")
        values["max_price"] = (wanted.max_rate or 0) * 100
    return " AND ".join(conditions) or "true", values


def _ranked(where: str, mark: tuple[Any, ...] | None, rank_all: bool) -> str:
    beyond = "(rank, quality, vendor_id) < (:after_1, :after_2, CAST(:after_3 AS uuid))" if mark else "true"
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


def _kept_counts() -> dict[str, int]:
    """How many vendors of the whole directory have each facet."""
    rows = db.session.execute(text("SELECT facet, count FROM directory_counts WHERE count > 0"))
    return {row[0]: row[1] for row in rows}


def _total(where: str, values: dict[str, Any], facets: list[str] | None, kept: dict[str, int]) -> tuple[int, bool]:
    """How many entries match: known already for none or one facet, else counted up to a limit.

    `facets` is None where other conditions stand beside them.
    """
    if facets is not None and len(facets) < 2:
        return kept.get(facets[0] if facets else "all", 0), True
    if any(facet not in kept for facet in facets or ()):
        return 0, True
    matches = f"SELECT 1 FROM directory_entries WHERE {where} LIMIT {COUNTED_UP_TO + 1}"  # noqa: S608 - constants
    statement = f"SELECT count(*) FROM ({matches}) AS matches"  # noqa: S608 - constants
    total: int = db.session.execute(text(statement), values).scalar_one()
    return min(total, COUNTED_UP_TO), total <= COUNTED_UP_TO


def _tally(where: str, values: dict[str, Any], wanted: Wanted, total: int) -> tuple[dict[str, int], bool]:
    """How many of the matches have each facet; those of services only where the service fits all that is wanted."""
    statement = f"SELECT facets, offers FROM directory_entries WHERE {where} LIMIT {TALLIED}"  # noqa: S608 - constants
    together = [f" {facet} " for facet in wanted.facets if is_of_service(facet)]
    rows = db.session.execute(text(statement), values).all()
    looked_at = len(rows)
    fitting = (
        {facet for offer in offers if all(one in offer for one in together) for facet in offer.split()}
        for _facets, offers in rows
    )
    found = Counter(facet for facets, _offers in rows for facet in facets if not is_of_service(facet))
    found.update(facet for facets in fitting for facet in facets)
    if total <= looked_at:
        return dict(found), True
    return {facet: round(count * total / looked_at) for facet, count in found.items()}, False
