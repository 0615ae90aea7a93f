"""Heads of evidence chains, kept outside: what they show that the chains alone cannot."""

import json
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from portal.kit import evidence, evidence_heads, jobs, tenancy
from portal.kit.db import db
from portal.kit.ids import new_id
from tests.factories.accounts import make_company


@pytest.fixture
def chain(app: Flask) -> str:
    """A chain of five links, and another of one; gives the first one's id."""
    company = make_company("buyer")
    chain_id = new_id()
    with tenancy.scope(tenancy.member(company.id)):
        for number in range(5):
            evidence.append("agreement", chain_id, "signature", {"n": number, "名": "林"}, buyer_id=company.id)
        evidence.append("requirement", new_id(), "closing", {}, buyer_id=company.id)
        db.session.commit()
    return str(chain_id)


def verify(app: Flask, *arguments: str) -> tuple[int, str]:
    """Exit code and output of `flask evidence verify`."""
    done = app.test_cli_runner().invoke(args=["evidence", "verify", *arguments])
    return done.exit_code, done.output


def test_an_untouched_chain_is_whole_and_its_heads_are_printed(app: Flask, chain: str) -> None:
    code, said = verify(app)
    assert code == 0
    assert f"agreement {chain} 5 " in said
    assert "6 links of evidence follow from each other." in said


def test_links_cut_off_the_end_show_against_the_noted_heads(
    app: Flask, chain: str, superuser: psycopg.Connection
) -> None:
    noted = app.test_cli_runner().invoke(args=["evidence", "heads"])
    assert noted.exit_code == 0
    superuser.execute("SET session_replication_role = replica")
    superuser.execute("DELETE FROM evidence_entries WHERE chain_id = %s AND position = 5", [chain])
    code, said = verify(app)
    assert code == 1
    assert f"agreement {chain}, link 5: was noted in heads-" in said
    for path in evidence_heads.folder().glob("*"):
        path.unlink()
    assert verify(app)[0] == 0, "without a note outside, a shorter chain looks whole"


def test_the_worker_notes_the_heads_once_a_day(app: Flask, chain: str, tmp_path: Path) -> None:
    jobs.run_due()
    jobs.run_due()
    (path,) = evidence_heads.folder().glob("*")
    document = json.loads(path.read_text())
    assert {(head["chain"], head["position"]) for head in document["heads"]} == {("agreement", 5), ("requirement", 1)}
    copy = tmp_path / "kept-elsewhere.json"
    copy.write_text(path.read_text())
    assert verify(app, "--heads", str(copy))[0] == 0


def test_nobody_in_a_scope_of_their_own_may_ask_for_all_heads(app: Flask, chain: str) -> None:
    from sqlalchemy import text

    company = make_company("buyer")
    for scope in (tenancy.member(company.id), tenancy.staff()):
        with tenancy.scope(scope):
            assert db.session.execute(text(evidence_heads.HEADS)).all() == []
            db.session.rollback()
