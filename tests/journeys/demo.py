"""The demo plays through, leaves believable data behind and keeps the books in order."""

import json
import time

import psycopg

from portal.demo import world
from portal.kit.evidence import GENESIS

# Of this process's own work, which does not depend on what else the machine does; about 20 s on 2 cores.
LOADS_WITHIN_S = 60


def load_demo(superuser: psycopg.Connection) -> None:
    """Play the demo through; it tells a year without much work and keeps the books in order."""
    said: list[str] = []
    began = time.process_time()
    world.load(7, said.append)
    assert time.process_time() - began < LOADS_WITHIN_S
    assert said
    one = superuser.execute

    def count(query: str) -> int:
        row = one(f"SELECT count(*) FROM {query}").fetchone()
        assert row is not None
        return int(row[0])

    assert count("companies WHERE kind = 'vendor'") == 40
    assert count("companies WHERE kind = 'buyer'") == 12
    assert count("directory_entries") == 40
    assert count("shortlist_entries") == 2 and count("saved_searches") == 1
    states = one("SELECT state, count(*) FROM requirements GROUP BY state").fetchall()
    assert dict(states) == {"awarded": 2, "opened": 1, "published": 4, "draft": 1}
    assert {mode for (mode,) in one("SELECT mode FROM requirements").fetchall()} == {"full", "partial", "temporary"}
    agreements = one(
        "SELECT state, currency, portal_now() - go_live_at > interval '180 days' FROM agreements"
    ).fetchall()
    assert sorted(agreements) == [("active", "GBP", True), ("active", "TWD", True)]
    classes = {name for (name,) in one("SELECT DISTINCT fee_class FROM charges").fetchall()}
    assert {"one_time", "operating", "extra"} <= classes
    assert count("invoices WHERE state = 'paid'") > 12
    assert count("reviews WHERE state IN ('revealed', 'answered')") == 4
    assert one("SELECT currency FROM postings GROUP BY currency HAVING sum(amount_minor) <> 0").fetchall() == []
    assert one("SELECT ahead FROM portal_clock").fetchone()[0].total_seconds() == 0  # type: ignore[index]
    _check_chains(superuser)


def _check_chains(superuser: psycopg.Connection) -> None:
    rows = superuser.execute(
        "SELECT chain_id, payload, previous_hash, hash FROM evidence_entries ORDER BY chain, chain_id, position"
    ).fetchall()
    heads: dict[object, str] = {}
    for chain_id, payload, previous, digest in rows:
        assert previous == heads.get(chain_id, GENESIS)
        assert json.loads(payload)["kind"]
        heads[chain_id] = digest
    assert len(rows) > 20
