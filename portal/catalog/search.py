"""Reading the directory: filters, words, three orders, and pages that cost the same at any depth.

Ranking is what costs, not matching. What matches seldom is ranked whole; of what matches often only the best by the
stored quality order are, and the best of those that match in a title or name, so that a good match is not lost for a
vendor's low quality. Row level security hides the statistics of words and facets from the planner, so this module
counts first and then says which way to go: through the index of words and facets, or along the order of the list.
"""

import base64
import binascii
import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, text

from portal.catalog.vocabulary import LANGUAGES
from portal.kit.db import db
from portal.kit.text import tsquery
from portal.measures.words import Channel, Industry, Mode

Sort = Literal["relevance", "name", "newest"]
PAGE = 20
CANDIDATES = 200
"""How many matches by quality, and as many by title, are ranked when there are too many to rank all."""
COUNTED_UP_TO = 1000
"""Matches are counted exactly, and ranked whole, up to here; beyond it the page says "more than"."""
MAX_WORDS = 200
MAX_BIGINT = 2**63 - 1

_COLUMNS = (
    "vendor_id, slug, name, country, city, timezone, headline, channels, languages, price_from_minor, price_unit,"
    " price_basis, price_currency, lead_days, seats_free, rating, review_count"
)
_ORDERS = {
    "relevance": ("quality, vendor_id", "quality DESC, vendor_id DESC", "<", ("bigint", "uuid")),
    "name": ("name_key, vendor_id", "name_key, vendor_id", ">", ("text", "uuid")),
    "newest": ("listed_at, vendor_id", "listed_at DESC, vendor_id DESC", "<", ("timestamptz", "uuid")),
}
# Word weights of D, C, B, A: a word in a name or title counts ten times one in a description.
_RANK = "(ts_rank(CAST(ARRAY[0.1, 0.2, 0.4, 1.0] AS real[]), words, CAST(:words AS tsquery)) * 1000000)::bigint"
_MATCHING = "SELECT vendor_id FROM directory_entries WHERE {where}"
_BEST = f"""
    (SELECT vendor_id FROM directory_entries WHERE {{where}} ORDER BY quality DESC, vendor_id DESC LIMIT {CANDIDATES})
    UNION SELECT unnest(CAST(:titled AS uuid[]))
"""  # noqa: S608 - made of constants; values are bound
_TITLED = f"""
SELECT vendor_id FROM (SELECT vendor_id, quality FROM directory_entries
                        WHERE title_words @@ CAST(:words AS tsquery) AND {{where}} LIMIT {COUNTED_UP_TO}) AS titled
 ORDER BY quality DESC, vendor_id DESC LIMIT {CANDIDATES}
"""  # noqa: S608 - made of constants; values are bound
_RANKED = f"""
WITH best AS ({{candidates}}), ranked AS (
    SELECT {_COLUMNS}, quality, {_RANK} AS rank FROM directory_entries JOIN best USING (vendor_id)
)
SELECT {_COLUMNS}, rank AS key_1, quality AS key_2, vendor_id AS key_3 FROM ranked WHERE {{beyond}}
 ORDER BY rank DESC, quality DESC, vendor_id DESC LIMIT {PAGE + 1}
"""  # noqa: S608 - made of constants; values are bound
_PLAN = text(
    "SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('enable_bitmapscan', :bitmap, true),"
    " set_config('enable_seqscan', :bitmap, true)"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for. Values that nothing can match are left out by `of`."""

    q: str = ""
    channels: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    country: str = ""
    sort: Sort = "relevance"

    @classmethod
    def of(
        cls,
        q: str = "",
        channels: Sequence[str] = (),
        languages: Sequence[str] = (),
        modes: Sequence[str] = (),
        industries: Sequence[str] = (),
        country: str = "",
        sort: str = "",
    ) -> "Wanted":
        """From whatever an address holds: what is not known is dropped, nothing is refused."""
        is_country = len(country) == 2 and country.isascii() and country.isalpha()
        return cls(
            q=" ".join(q.split())[:MAX_WORDS],
            channels=tuple(value for value in Channel if value in channels),
            languages=tuple(value for value in LANGUAGES if value in languages),
            modes=tuple(value for value in Mode if value in modes),
            industries=tuple(value for value in Industry if value in industries),
            country=country.upper() if is_country else "",
            sort="name" if sort == "name" else "newest" if sort == "newest" else "relevance",
        )

    @property
    def facets(self) -> list[str]:
        """The facets an entry must carry, all of them. Channels and languages must meet in one service."""
        found = [f"m:{mode}" for mode in self.modes] + [f"i:{industry}" for industry in self.industries]
        if self.channels and self.languages:
            found += [f"cl:{channel}/{language}" for channel in self.channels for language in self.languages]
        else:
            found += [f"c:{channel}" for channel in self.channels]
            found += [f"l:{language}" for language in self.languages]
        return found + ([f"k:{self.country}"] if self.country else [])


@dataclass(frozen=True, slots=True)
class Found:
    """One page of vendors. `total` is exact up to `COUNTED_UP_TO`; `counts` are of the whole directory by facet."""

    rows: Sequence[Row[Any]]
    total: int
    is_exact: bool
    counts: dict[str, int]
    after: str | None

    @property
    def listed(self) -> int:
        """How many vendors the directory lists."""
        return self.counts.get("all", 0)


def search(wanted: Wanted, after: str = "") -> Found:
    """The page of vendors that follows `after` (an opaque mark that the page before gave; '' for the first page).

    A mark that cannot be read begins anew. Five statements at most, whatever the directory's size.
    """
    words = tsquery(wanted.q) if wanted.q else ""
    if wanted.q and not words:  # only signs were typed: nothing can match
        return Found([], 0, True, _counts(), None)
    facets = wanted.facets
    by_rank = bool(words) and wanted.sort == "relevance"
    where, values = _where(words, facets)
    kinds = ("bigint", "bigint", "uuid") if by_rank else _ORDERS[wanted.sort][3]
    mark = _read_mark(after, kinds)
    if mark:
        values |= {f"after_{number}": value for number, value in enumerate(mark, start=1)}
    counts = _counts(facets)
    total, is_exact = _total(words, facets, counts)
    is_rare = is_exact and total <= COUNTED_UP_TO
    statement = _ranked(where, mark, is_rare) if by_rank else _ordered(wanted.sort, where, mark)
    if by_rank and not is_rare:
        values["titled"] = list(db.session.scalars(text(_TITLED.format(where=where)), values))
    # What matches often is found soonest along the order of the list, what matches seldom through its own index.
    db.session.execute(_PLAN, {"bitmap": "on" if is_rare else "off"})
    rows = db.session.execute(text(statement), values).all()
    page, more = rows[:PAGE], len(rows) > PAGE
    return Found(page, total, is_exact, counts, _write_mark(page[-1], len(kinds)) if more else None)


def _where(words: str, facets: list[str]) -> tuple[str, dict[str, Any]]:
    conditions, values = [], {}
    if words:
        conditions.append("words @@ CAST(:words AS tsquery)")
        values["words"] = words
    if facets:
        conditions.append("facets @> CAST(:facets AS text[])")
        values["facets"] = facets  # type: ignore[assignment]
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


def _counts(facets: Sequence[str] = ()) -> dict[str, int]:
    """How many vendors of the whole directory have each facet; of pairs only those that were asked for."""
    rows = db.session.execute(
        text(
            "SELECT facet, count FROM directory_counts"
            " WHERE count > 0 AND (facet NOT LIKE 'cl:%' OR facet = ANY(CAST(:facets AS text[])))"
        ),
        {"facets": list(facets)},
    )
    return {row[0]: row[1] for row in rows}


def _total(words: str, facets: list[str], counts: dict[str, int]) -> tuple[int, bool]:
    """How many entries match: known already for none or one facet, else counted up to a limit."""
    if not words and not facets:
        return counts.get("all", 0), True
    if not words and len(facets) == 1:
        return counts.get(facets[0], 0), True
    if any(facet not in counts for facet in facets):
        return 0, True
    where, values = _where(words, facets)
    matches = f"SELECT 1 FROM directory_entries WHERE {where} LIMIT {COUNTED_UP_TO + 1}"  # noqa: S608 - constants
    statement = f"SELECT count(*) FROM ({matches}) AS matches"  # noqa: S608 - constants
    total: int = db.session.execute(text(statement), values).scalar_one()
    return min(total, COUNTED_UP_TO), total <= COUNTED_UP_TO


def _write_mark(row: Row[Any], keys: int) -> str:
    values = [str(getattr(row, f"key_{number}")) for number in range(1, keys + 1)]
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def _read_mark(mark: str, kinds: Sequence[str]) -> tuple[Any, ...] | None:
    """The values of a mark, None for one that is not ours."""
    if not mark or len(mark) > 2000:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        if not isinstance(values, list) or len(values) != len(kinds):
            return None
        return tuple(_read_key(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (ValueError, TypeError, AttributeError, OverflowError, binascii.Error, RecursionError):
        return None


def _read_key(value: Any, kind: str) -> Any:
    if kind == "uuid":
        return uuid.UUID(value)
    if kind == "timestamptz":
        return datetime.fromisoformat(value)
    if kind == "text":
        if "\x00" in value or not value.isprintable():
            raise ValueError(value)
        return value
    number = int(value)
    if abs(number) > MAX_BIGINT:
        raise ValueError(value)
    return number
