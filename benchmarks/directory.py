"""The public directory over many vendors: pages against a bare Flask page, search against its raw statement.

    python -m benchmarks.directory [10000 100000 1000000]

For each size it loads vendors into a database of its own and prints the figure, the floor and their ratio. Pages:
anonymous, 16 connections, no page cache (each address is different), two workers on the same machine as the load.
"""

import sys
import time
from collections.abc import Callable
from itertools import product
from statistics import median
from typing import Any

from sqlalchemy import text

from benchmarks import stand
from portal.catalog.search import search
from portal.catalog.search_statements import CANDIDATES
from portal.catalog.wanted import Wanted
from portal.demo.bulk import vocabulary
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.text import tsquery

REPEATS = 30
COMMON = 60
"""The rank of a word that about 9 % of the texts hold."""
RARE = 800
RAW = f"""
SELECT vendor_id, ts_rank(words, q) AS rank FROM (
    SELECT vendor_id, words, q FROM directory_entries, CAST(:words AS tsquery) AS q WHERE words @@ q
     ORDER BY quality DESC, vendor_id DESC LIMIT {CANDIDATES}) AS best ORDER BY rank DESC LIMIT 20
"""


def main() -> None:
    """Measure every size that the command line names."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000]
    print(stand.machine())
    for size in sizes:
        with stand.database(size) as environment:
            with stand.application(environment):
                _search(size)
            _pages(size, environment)


def _search(size: int) -> None:
    words = list(vocabulary())
    with tenancy.scope(tenancy.PUBLIC):
        for name, rank in (("common", COMMON), ("rare", RARE)):
            word = words[rank]
            found = search(Wanted(q=word))
            share = f"{found.total:,}{'' if found.is_exact else '+'} matches"
            raw = _timed(lambda word=word: db.session.execute(text(RAW), {"words": tsquery(word)}).all())
            own = _timed(lambda word=word: search(Wanted(q=word)))
            print(f"search, {name} word ({share}): {own:.1f} ms, raw {raw:.1f} ms, ratio {own / raw:.2f} (at most 2)")
        first = _timed(lambda: search(Wanted(channels=("phone",))))
        mark = ""
        for _ in range(min(200, size // 100)):
            mark = search(Wanted(channels=("phone",)), mark).after or mark
        deep = _timed(lambda: search(Wanted(channels=("phone",)), mark))
        far = f"page {min(200, size // 100)}"
        print(f"{far}: {deep:.1f} ms, page 1 {first:.1f} ms, ratio {deep / first:.2f} (at most 1.5)")
        db.session.remove()


def _timed(work: Callable[[], Any]) -> float:
    """The middle of several runs, in milliseconds; each in a transaction of its own, as a request is."""
    times = []
    for _ in range(REPEATS):
        db.session.rollback()
        db.session.execute(text("SELECT 1"))
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


def _pages(size: int, environment: dict[str, str]) -> None:
    with stand.served("benchmarks.floor:create_app", environment) as port:
        floor = stand.load(port, [f"/?below={below}" for below in range(400, 500)])
    print(f"floor, bare page: {floor.rate:.0f}/s, {floor.middle_ms:.1f} / {floor.late_ms:.1f} ms")
    words = list(vocabulary())
    with stand.application(environment), tenancy.scope(tenancy.PUBLIC):
        slugs = [row.slug for row in search(Wanted()).rows]
        db.session.remove()
    channels, languages, modes = ("phone", "email", "chat", "social"), ("en", "de", "fr", "es"), ("full", "partial")
    sets = {
        "list": [f"/vendors?sort={sort}&n={n}" for sort, n in product(("name", "newest", "rating", ""), range(25))],
        "filter": [
            f"/vendors?channel={channel}&language={language}&mode={mode}&n={n}"
            for channel, language, mode, n in product(channels, languages, modes, range(4))
        ],
        "search, common word": [f"/vendors?q={word}" for word in words[COMMON : COMMON + 40]],
        "vendor page": [f"/vendors/{slug}?n={n}" for slug, n in product(slugs, range(10))],
    }
    with stand.served("wsgi:create_app", environment) as port:
        for name, paths in sets.items():
            got = stand.load(port, paths)
            ratio = got.rate / floor.rate
            print(f"{name}: {got.rate:.0f}/s, {got.middle_ms:.1f} / {got.late_ms:.1f} ms, {ratio:.2f} of the floor")


if __name__ == "__main__":
    main()
