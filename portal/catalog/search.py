"""Reading the directory: filters, words, five orders, and pages that cost the same at any depth.

Ranking is what costs, not matching. What matches seldom is ranked whole; of what matches often only the best by the
stored quality order are, and the best of those that match in a title or name, so that a good match is not lost for a
vendor's low quality. Row level security hides the statistics of words and facets from the planner, so this module
counts first and then says which way to go: through the index of words and facets, or along the order of the list.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from portal.catalog.facets import SERVICE_KINDS, is_of_service
from portal.catalog.marks import read_mark, write_mark
from portal.catalog.wanted import Sort, Wanted
from portal.kit import public_reads
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
    UNION
    (SELECT vendor_id FROM (SELECT vendor_id, quality FROM directory_entries
                             WHERE {_IN_TITLE} AND {{rest}} LIMIT {COUNTED_UP_TO}) AS titled
      ORDER BY quality DESC, vendor_id DESC LIMIT {TITLED})
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
_KEPT = "(SELECT jsonb_object_agg(facet, count) FROM directory_counts WHERE count > 0)"
"""How many vendors of the whole directory have each facet, as one value: a row for each costs more to fetch."""
# The index is asked once: for how many match, and for a sample of them whose facets are counted.
_LOOK = f"""
WITH matches AS MATERIALIZED (SELECT ctid AS place FROM directory_entries WHERE {{where}} LIMIT {COUNTED_UP_TO + 1}),
sample AS MATERIALIZED (SELECT vendor_id, facets, offers FROM directory_entries
                         WHERE ctid = ANY(ARRAY(SELECT place FROM matches LIMIT {TALLIED}))),
tally AS (SELECT facet, count(*) AS count FROM ({{found}}) AS found GROUP BY facet)
SELECT (SELECT count(*) FROM matches) AS total, (SELECT jsonb_object_agg(facet, count) FROM tally) AS counts,
       {_KEPT} AS kept, portal_now() AS asked_at
"""  # noqa: S608 - made of constants; values are bound
_ALL_FACETS = "SELECT unnest(facets) AS facet FROM sample"
# Facets of services count only where the service has all that is wanted of one.
_FITTING_FACETS = f"""
SELECT facet FROM ({_ALL_FACETS}) AS all_of_them WHERE strpos('{SERVICE_KINDS}', left(facet, 1)) = 0
 UNION ALL
SELECT facet FROM (SELECT DISTINCT vendor_id, facet FROM sample, unnest(offers) AS offer,
                          unnest(string_to_array(btrim(offer), ' ')) AS facet WHERE {{fits}}) AS of_fitting
"""  # noqa: S608 - made of constants; values are bound


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and one page of it.

    :ivar total: how many match; exact up to `COUNTED_UP_TO`
    :ivar counts: by facet how many of the matches have it; exact where `is_counted`, else estimated from `TALLIED`
    :ivar listed: how many vendors the directory lists
    :ivar asked_at: when it was, by the portal's clock
    :ivar rows: the vendors of the page
    :ivar after: the mark of the page that follows, None for the last one
    :ivar ranked: whether the rows carry `in_title`, because words were looked for
    """

    total: int
    is_exact: bool
    counts: dict[str, int]
    is_counted: bool
    listed: int
    asked_at: datetime
    rows: Sequence[Any] = ()
    after: str | None = None
    ranked: bool = False


def search(wanted: Wanted, after: str = "") -> Found:
    """The page of vendors that follows `after` (an opaque mark that the page before gave; '' for the first page).

    A mark that cannot be read begins anew. One statement for the whole list, two for filters, three at most for words,
    whatever the directory's size. It sees what is committed.
    """
    words = tsquery(wanted.q) if wanted.q else ""
    if wanted.q and not words:  # only signs were typed: nothing can match
        return replace(_whole_directory(), total=0, counts={})
    conditions, values = _conditions(words, wanted)
    by_rank = bool(words) and wanted.sort == "relevance"
    kinds = ("bigint", "bigint", "uuid") if by_rank else _ORDERS[wanted.sort][3]
    mark = read_mark(after, kinds)
    values |= {f"after_{number}": value for number, value in enumerate(mark or (), start=1)}
    if not conditions:
        rows = public_reads.rows(_ordered(wanted.sort, [], mark, with_kept=True), values)
        found = _whole(rows[0]) if rows else _whole_directory()
    else:
        found = _look(conditions, values, wanted)
        rows = _matching_rows(found, conditions, values, wanted, mark) if found.total else []
    next_mark = write_mark(rows[PAGE - 1], len(kinds)) if len(rows) > PAGE else None
    return replace(found, rows=rows[:PAGE], after=next_mark, ranked=by_rank)


def _matching_rows(
    found: Found, conditions: list[str], values: dict[str, Any], wanted: Wanted, mark: tuple[Any, ...] | None
) -> Sequence[Any]:
    """The rows of a page, along the way that is the shorter one for so many matches."""
    # What matches often is found soonest along the order of the list, what matches seldom through its own index.
    is_often = not found.is_exact or found.total > COUNTED_UP_TO
    where = [_past_index(one) for one in conditions] if is_often else conditions
    if "words" not in values or wanted.sort != "relevance":
        return public_reads.rows(_ordered(wanted.sort, where, mark), values)
    if found.total <= RANKED_WHOLE:
        return public_reads.rows(_ranked(_MATCHING.format(where=" AND ".join(where)), mark), values)
    # What matches in a title matches in the words too.
    best = _BEST.format(where=" AND ".join(where), rest=" AND ".join(conditions[1:]) or "true")
    return public_reads.rows(_ranked(best, mark), values)


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


def _past_index(condition: str) -> str:
    """The same condition in a form that no index serves."""
    return condition.replace("words @@", "coalesce(words, '') @@").replace("facets @>", "coalesce(facets, '{}') @>")


def _ranked(candidates: str, mark: tuple[Any, ...] | None) -> str:
    beyond = "(key_1, key_2, key_3) < (:after_1, :after_2, CAST(:after_3 AS uuid))" if mark else "true"
    return _RANKED.format(candidates=candidates, beyond=beyond)


def _ordered(sort: Sort, conditions: list[str], mark: tuple[Any, ...] | None, *, with_kept: bool = False) -> str:
    """The page in an order; with `with_kept` its first row carries the counts of the whole directory."""
    keys, order, sign, kinds = _ORDERS[sort]
    beyond = [f"({keys}) {sign} (CAST(:after_1 AS {kinds[0]}), CAST(:after_2 AS {kinds[1]}))"] if mark else []
    first, second = keys.split(", ")
    statement = (
        f"SELECT {_COLUMNS}, {first} AS key_1, {second} AS key_2 FROM directory_entries"  # noqa: S608 - constants
        f" WHERE {' AND '.join([*conditions, *beyond]) or 'true'} ORDER BY {order} LIMIT {PAGE + 1}"
    )
    if not with_kept:
        return statement
    first_alone = f"CASE row_number() OVER () WHEN 1 THEN {_KEPT} END AS kept"
    return f"WITH page AS ({statement}) SELECT page.*, {first_alone}, portal_now() AS asked_at FROM page"  # noqa: S608


def _whole_directory() -> Found:
    return _whole(public_reads.rows(f"SELECT {_KEPT} AS kept, portal_now() AS asked_at")[0])


def _whole(row: Any) -> Found:
    """All vendors, with the counts of facets that are kept for the whole directory."""
    counts = row.kept or {}
    return Found(counts.get("all", 0), True, counts, True, counts.get("all", 0), row.asked_at)


def _look(conditions: list[str], values: dict[str, Any], wanted: Wanted) -> Found:
    """Count matches up to a limit, and the facets of some of them; those of services only where one fits it all."""
    fits = _fits(wanted)
    facets = _FITTING_FACETS.format(fits=fits) if fits else _ALL_FACETS
    row = public_reads.rows(_LOOK.format(where=" AND ".join(conditions), found=facets), values)[0]
    whole, counts = _whole(row), row.counts or {}
    total, is_exact = min(row.total, COUNTED_UP_TO), row.total <= COUNTED_UP_TO
    if not wanted.q and not wanted.over_steps and len(wanted.facets) == 1:  # how many have one facet is kept
        total, is_exact = whole.counts.get(wanted.facets[0], 0), True
    is_counted = total <= TALLIED
    if not is_counted:
        counts = {facet: round(count * total / TALLIED) for facet, count in counts.items()}
    return replace(whole, total=total, is_exact=is_exact, counts=counts, is_counted=is_counted)
