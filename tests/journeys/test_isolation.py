"""Another company, knowing every true id, learns nothing and changes nothing; each wall holds without the other."""

from contextlib import nullcontext
from typing import Any

import psycopg
import pytest
from flask import Flask

from portal.kit import tenancy
from portal.messaging import queries, threads
from tests.factories.needs import in_scope
from tests.journeys.isolation import (
    CANARY,
    World,
    make_world,
    own_answers,
    signed_in,
    state,
    strangers,
    walk,
    without_row_level_security,
)


@pytest.fixture
def world(app: Flask, superuser: psycopg.Connection[Any]) -> World:
    """Two companies with everything that an engagement brings."""
    return make_world(superuser)


@pytest.mark.parametrize("walls", ["both", "the database's alone", "the program's alone"])
def test_a_stranger_with_the_true_ids_learns_and_changes_nothing(
    app: Flask,
    world: World,
    superuser: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    walls: str,
) -> None:
    before = state(superuser, world)
    others = strangers()
    monkeypatch.setattr(tenancy.Walls, "python", walls != "the database's alone")
    with without_row_level_security(superuser) if walls == "the program's alone" else nullcontext():
        faults = [
            fault for stranger in others for fault in walk(app, world, stranger, past_guards_only=walls != "both")
        ]
    assert faults == [], "\n".join(faults)
    after = state(superuser, world)
    assert {table for table in before if before[table] != after[table]} == set()
    mails = superuser.execute(
        "SELECT count(*) FROM mail_bodies WHERE recipient = ANY (%s) AND params::text LIKE %s",
        [[stranger.email for stranger in others], f"%{CANARY}%"],
    ).fetchone()
    assert mails == (0,)

    for stranger in others:  # who was still let in at the end
        assert signed_in(app, stranger).get(f"/{stranger.company_kind}").status_code == 200, (
            "the stranger was a stranger to the end"
        )


class TestThatTheWalkBites:
    def test_the_two_themselves_are_answered(self, app: Flask, world: World) -> None:
        """Otherwise everybody might get 404 because the ids are wrong."""
        answers = own_answers(app, world)
        shown = {rule for rule, status in answers.items() if status in (200, 302)}
        refused = {rule: status for rule, status in answers.items() if rule not in shown}
        assert len(shown) >= 0.75 * len(answers), refused
        for rule in (
            "/agreements/<uuid:agreement_id>",
            "/invoices/<uuid:invoice_id>",
            "/messages/<uuid:thread_id>",
            "/api/v1/agreements/<uuid:agreement_id>/months",
            "/api/v1/invoices/<uuid:invoice_id>",
            "/api/v1/bids/<uuid:bid_id>",
        ):
            assert rule in shown

    def test_without_both_walls_leaks_are_found(
        self, app: Flask, world: World, superuser: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        routes = (
            "/messages/<uuid:thread_id>",
            "/agreements/<uuid:agreement_id>",
            "/invoices/<uuid:invoice_id>",
            "/api/v1/agreements/<uuid:agreement_id>",
            "/api/v1/invoices/<uuid:invoice_id>",
        )
        monkeypatch.setattr(tenancy.Walls, "python", False)
        with without_row_level_security(superuser):
            found = walk(app, world, strangers()[0], only=routes)
        for route in routes:
            assert any(fault.startswith(f"GET {route} ") for fault in found), route
        assert any(CANARY in fault for fault in found)

    def test_a_change_of_any_row_is_seen(self, world: World, superuser: psycopg.Connection[Any]) -> None:
        before = state(superuser, world)

        def write() -> None:
            threads.post(world.buyer, queries.threads_for(world.buyer)[0], body="One more word.")

        in_scope(world.buyer, write)
        after = state(superuser, world)
        assert {table for table in before if before[table] != after[table]} >= {"messages"}
