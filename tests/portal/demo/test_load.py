"""The demo plays through, leaves believable data behind and keeps the books in order."""

import dataclasses
import json
import time

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask

from portal.demo import world
from portal.demo.commands import load
from portal.kit.evidence import GENESIS
from tests.factories.accounts import make_company

# Of this process's own work, which does not depend on what else the machine does; about 15 s on 2 cores.
LOADS_WITHIN_S = 60


def test_the_demo_tells_a_year_without_much_work(app: Flask, superuser: psycopg.Connection) -> None:
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

    assert count("companies WHERE kind = 'vendor'") == 8
    assert count("companies WHERE kind = 'buyer'") == 4
    assert count("directory_entries") == 8
    states = one("SELECT state, count(*) FROM requirements GROUP BY state").fetchall()
    assert dict(states) == {"awarded": 2, "opened": 1, "published": 1, "draft": 1}
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


def test_a_card_provider_is_not_asked_about_the_demos_past(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = app.config["PORTAL"]
    app.config["PORTAL"] = dataclasses.replace(
        before, stripe_secret_key="sk_test_x", stripe_webhook_secret="x", stripe_api_base="http://127.0.0.1:9"
    )
    during: list[bool] = []
    monkeypatch.setattr(world, "load", lambda _seed, _say: during.append(app.config["PORTAL"].takes_cards))
    try:
        answer = CliRunner().invoke(load)
        after = app.config["PORTAL"].takes_cards
    finally:
        app.config["PORTAL"] = before
    assert (answer.exit_code, during, after) == (0, [False], True)


def test_production_refuses_the_demo(app: Flask) -> None:
    before = app.config["PORTAL"]
    app.config["PORTAL"] = dataclasses.replace(before, env="production")
    try:
        answer = CliRunner().invoke(load)
    finally:
        app.config["PORTAL"] = before
    assert answer.exit_code == 1
    assert "production" in answer.output


def test_a_portal_with_companies_is_left_alone(app: Flask, superuser: psycopg.Connection) -> None:
    make_company("buyer")
    answer = CliRunner().invoke(load)
    assert answer.exit_code == 1
    assert "already" in answer.output
