"""Reading the directory: filters, words, five orders, and pages that cost the same at any depth.

Ranking is what costs, not matching. What matches seldom is ranked whole; of what matches often only the best by the
stored quality order are, and the best of those that match in a title or name, so that a good match is not lost for a
vendor's low quality. Row level security hides the statistics of words and facets from the planner, so this module says
itself which way to go: through the index of words and facets, or along the order of the list. It knows from the kept
counts of facets, which it remembers for a minute for this alone, how many will about match.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import isqrt, prod
from typing import Any, Literal, NamedTuple

from portal.catalog import search_statements as statements
from portal.catalog.facets import is_of_service
from portal.catalog.marks import read_mark, write_mark
from portal.catalog.search_statements import MOST_WALKED, PAGE, TALLIED
from portal.catalog.wanted import Sort, Wanted
from portal.kit import public_reads
from portal.kit.text import tsquery

COUNTED_UP_TO = 1000
"""At least so many matches are counted exactly."""
WALK_ABOVE = 40
"""Looking at every match costs by their number m, walking along the order to the first ones by n / m for n vendors, so
the walk is the shorter where m² > c·n; c was measured."""
REMEMBERED_S = 60.0

Size = Literal["exact", "about", "over"]
_ORDERS: dict[Sort, tuple[str, str, str, tuple[str, str]]] = {
    "relevance": ("quality", "DESC", "<", ("bigint", "uuid")),
    "price": ("price_key", "", ">", ("bigint", "uuid")),
    "rating": ("rating_key", "DESC", "<", ("bigint", "uuid")),
    "name": ("name_key", "", ">", ("text", "uuid")),
    "newest": ("listed_at", "DESC", "<", ("timestamptz", "uuid")),
}


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found, and one page of it.

    :ivar total: how many match, as `size` says: exactly, about, or more than so many
    :ivar counts: by facet how many of the matches have it; exact where `is_counted`, else estimated from `TALLIED`
    :ivar listed: how many vendors the directory lists
    :ivar asked_at: when it was, by the portal's clock
    :ivar rows: the vendors of the page
    :ivar after: the mark of the page that follows, None for the last one
    :ivar ranked: whether the rows carry `in_title`, because words were looked for
    """

    total: int
    size: Size
    counts: dict[str, int]
    is_counted: bool
    listed: int
    asked_at: datetime
    rows: Sequence[Any] = ()
    after: str | None = None
    ranked: bool = False

    @property
    def is_exact(self) -> bool:
        """Whether `total` is."""
        return self.size == "exact"


def search(wanted: Wanted, after: str = "") -> Found:
    """The page of vendors that follows `after` (an opaque mark that the page before gave; '' for the first page).

    A mark that cannot be read begins anew. Mostly one statement, three at most, whatever the directory's size. It sees
    what is committed.
    """
    words = tsquery(wanted.q) if wanted.q else ""
    if wanted.q and not words:  # only signs were typed: nothing can match
        return replace(_whole_directory(), total=0, counts={})
    by_rank = bool(words) and wanted.sort == "relevance"
    kinds = ("bigint", "bigint", "uuid") if by_rank else _ORDERS[wanted.sort][3]
    asked = _Asked(wanted, words, read_mark(after, kinds), by_rank)
    found = _listed(asked) if not asked.conditions else _matching(asked)
    rows = found.rows
    next_mark = write_mark(rows[PAGE - 1], len(kinds)) if len(rows) > PAGE else None
    return replace(found, rows=rows[:PAGE], after=next_mark, ranked=by_rank)


def condition(wanted: Wanted) -> tuple[str, dict[str, Any]] | None:
    """The condition on `directory_entries` that a search puts, and its values; None when nothing can match it."""
    words = tsquery(wanted.q) if wanted.q else ""
    if wanted.q and not words:
        return None
    conditions, values = _conditions(words, wanted)
    return " AND ".join(conditions) or "true", values


class _Asked:
    """A search on its way into a statement."""

    def __init__(self, wanted: Wanted, words: str, mark: tuple[Any, ...] | None, by_rank: bool) -> None:
        self.wanted, self.words, self.mark, self.by_rank = wanted, words, mark, by_rank
        self.conditions, self.values = _conditions(words, wanted)
        self.values |= {f"after_{number}": value for number, value in enumerate(mark or (), start=1)}
        key, direction, sign, kinds = _ORDERS[wanted.sort]
        self.beyond = "({}, {}) " + f"{sign} (CAST(:after_1 AS {kinds[0]}), CAST(:after_2 AS {kinds[1]}))"
        self.names = {
            "first": key,
            "second": "vendor_id",
            "order": f"{key} {direction}, vendor_id {direction}",
            "by_keys": f"key_1 {direction}, key_2 {direction}",
        }

    def rows(self, statement: str, **names: str) -> Sequence[Any]:
        """The rows of a statement with the search put in."""
        rest = " AND ".join(one for one in self.conditions if ":words" not in one) or "true"
        return public_reads.rows(
            statement.format(**{"where": self.where, "rest": rest, **self.names, **names}), self.values
        )

    @property
    def filters(self) -> tuple[Any, ...]:
        """What is wanted besides words, the same in whatever order."""
        return (self.wanted.max_rate, *self.wanted.facets)

    @property
    def where(self) -> str:
        """All conditions."""
        return " AND ".join(self.conditions) or "true"

    @property
    def where_past_index(self) -> str:
        """The same in a form that no index serves, so that the order of the list is followed."""
        return self.where.replace("words @@", "coalesce(words, '') @@").replace(
            "facets @>", "coalesce(facets, '{}') @>"
        )

    @property
    def facets(self) -> str:
        """The statement that gives the facets of a sample, those of services only where one fits it all."""
        fits = _fits(self.wanted)
        return statements.FITTING_FACETS.format(fits=fits) if fits else statements.ALL_FACETS

    def beyond_mark(self, first: str = "key_1", second: str = "key_2") -> str:
        """What follows the mark."""
        return self.beyond.format(first, second) if self.mark else "true"


def _listed(asked: _Asked) -> Found:
    """The whole directory in an order."""
    rows = asked.rows(statements.LISTED, where=asked.beyond_mark(asked.names["first"], "vendor_id"))
    return replace(_whole(rows[0].asked_at, _kept.counts(rows[0].mark)), rows=rows) if rows else _whole_directory()


def _matching(asked: _Asked) -> Found:
    """What matches, along the way that is the shorter one for about so many."""
    if found := _seen_lately(asked):
        return found
    listed = _kept.lately.get("all", 0)
    if not asked.words and _kept.expected(asked.wanted) ** 2 > WALK_ABOVE * listed and (found := _along_order(asked)):
        return found
    most = max(COUNTED_UP_TO, isqrt(WALK_ABOVE * listed))
    asked.values["most"] = most
    beyond = (statements.BEYOND_RANK if asked.mark else "true") if asked.by_rank else asked.beyond_mark()
    statement = statements.BY_WORDS if asked.by_rank else statements.BY_INDEX
    rows = asked.rows(statement, facets=asked.facets, beyond=beyond)
    seen = rows[0].look["total"]
    found = _found(rows, asked, min(seen, most), "over" if seen > most else "exact")
    if seen <= most:
        return found
    if asked.by_rank:
        return replace(found, rows=asked.rows(statements.BROAD_WORDS, where=asked.where_past_index, beyond=beyond))
    return replace(found, rows=_ordered(asked))


def _seen_lately(asked: _Asked) -> Found | None:
    """A page of filters whose matches were counted in the last minute; None where the directory has changed since.

    What a minute may hide is a vendor that exchanges facets between its own services: the kept counts do not show it.
    """
    known = _looks.get(asked)
    if known is None:
        return None
    is_few = known.found.total <= COUNTED_UP_TO
    where = f"{asked.where if is_few else asked.where_past_index} AND "
    where += asked.beyond_mark(asked.names["first"], "vendor_id")
    rows = asked.rows(statements.LISTED, where=where)
    if not rows or rows[0].mark != known.mark:
        return None
    return replace(known.found, asked_at=rows[0].asked_at, rows=rows)


def _along_order(asked: _Asked) -> Found | None:
    """What matches, found along the order; None where so few do that a page of them was not found that way."""
    rows = asked.rows(statements.ALONG_ORDER, facets=asked.facets)
    look = rows[0].look
    of_all = _kept.counts(look["mark"]).get("all", 0)
    is_whole = look["total"] <= TALLIED and of_all <= MOST_WALKED
    if look["total"] <= PAGE and not is_whole:
        return None
    walked = look["walked"] if look["total"] > TALLIED else MOST_WALKED
    total = look["total"] if is_whole else round(look["total"] * of_all / walked)
    found = _found(rows, asked, total, "exact" if is_whole else "about")
    return replace(found, rows=_ordered(asked)) if asked.mark else found


def _ordered(asked: _Asked) -> Sequence[Any]:
    """The page along the order, where many match."""
    beyond = asked.beyond_mark(asked.names["first"], "vendor_id")
    return asked.rows(statements.ORDERED, where=f"{asked.where_past_index} AND {beyond}")


def _found(rows: Sequence[Any], asked: _Asked, total: int, size: Size) -> Found:
    look, facets = rows[0].look, asked.wanted.facets
    kept, counts = _kept.counts(look["mark"]), look["counts"] or {}
    if not asked.words and not asked.wanted.over_steps and len(facets) == 1:  # how many have one facet is kept
        total, size = kept.get(facets[0], 0), "exact"
    is_counted = total <= TALLIED
    if not is_counted:
        counts = {facet: round(count * total / TALLIED) for facet, count in counts.items()}
    page = [row for row in rows if row.vendor_id is not None]
    found = Found(total, size, counts, is_counted, kept.get("all", 0), rows[0].asked_at, page)
    _looks.note(asked, look["mark"], found)
    return found


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
    if len(together) > 1:  # of a vendor with one service the facets say it already
        one_fits = f"EXISTS (SELECT 1 FROM unnest(offers) AS offer WHERE {_fits(wanted)})"  # noqa: S608 - constants
        conditions.append(f"(cardinality(offers) = 1 OR {one_fits})")
    if wanted.over_steps:
        conditions.append("price_key <= :max_price")
        values["max_price"] = (wanted.max_rate or 0) * 100
    return conditions, values


def _fits(wanted: Wanted) -> str:
    """The condition that an `offer` has all that is wanted of one service."""
    together = [facet for facet in wanted.facets if is_of_service(facet)]
    return " AND ".join(f"strpos(offer, :offer_{number}) > 0" for number in range(len(together)))


def _whole_directory() -> Found:
    return _whole(_kept.read(), _kept.lately)


def _whole(asked_at: datetime, counts: dict[str, int]) -> Found:
    """All vendors, with the counts of facets that are kept for the whole directory."""
    listed = counts.get("all", 0)
    return Found(listed, "exact", counts, True, listed, asked_at)


class _Kept:
    """How many vendors of the whole directory have each facet, read anew when its mark has changed."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._mark: str | None = None
        self._at = float("-inf")

    def read(self) -> datetime:
        """Read the counts; gives when that was, by the portal's clock."""
        row = public_reads.rows(statements.WHOLE)[0]
        self._counts, self._mark, self._at = row.kept or {}, row.mark, time.monotonic()
        asked_at: datetime = row.asked_at
        return asked_at

    def counts(self, mark: str | None) -> dict[str, int]:
        """The counts that a mark stands for."""
        if mark != self._mark:
            self.read()
        return self._counts

    @property
    def lately(self) -> dict[str, int]:
        """The counts of the last minute: for choosing a way, not to be shown."""
        if time.monotonic() - self._at > REMEMBERED_S:
            self.read()
        return self._counts

    def expected(self, wanted: Wanted) -> int:
        """About how many vendors have all facets that are wanted, as if these had nothing to do with each other."""
        counts = self.lately
        listed = counts.get("all", 0) or 1
        return round(listed * prod(counts.get(facet, 0) / listed for facet in wanted.facets))


_kept = _Kept()


class _Look(NamedTuple):
    """What was counted for some filters, with the mark of the whole directory's counts of that time."""

    found: Found
    mark: str | None
    at: float


class _Looks:
    """What was counted for filters in the last minute."""

    MOST = 500

    def __init__(self) -> None:
        self._looks: dict[tuple[Any, ...], _Look] = {}

    def note(self, asked: _Asked, mark: str | None, found: Found) -> None:
        """It was just counted. Words are too many to be asked for twice."""
        if not asked.words:
            if len(self._looks) >= self.MOST:
                self._looks.clear()
            self._looks[asked.filters] = _Look(replace(found, rows=()), mark, time.monotonic())

    def get(self, asked: _Asked) -> _Look | None:
        """What is known of the same filters in whatever order."""
        look = self._looks.get(asked.filters) if not asked.words else None
        return look if look and time.monotonic() - look.at < REMEMBERED_S else None


_looks = _Looks()
