"""The demo is believable, and every page that its people can reach by following links answers, is well formed, and
asks the database little, also with ten times the rows."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.demo.cast import PASSWORD
from portal.kit.db import db
from tests.journeys.demo import load_demo
from tests.statements import counted

MOST_STATEMENTS = 12
MOST_PAGES = 400
STARTS = ("/", "/vendors", "/verify", "/buyer", "/vendor", "/admin", "/account", "/notifications", "/messages")
PEOPLE = (None, "buyer@demo.test", "vendor@demo.test", "vendor2@demo.test", "haoyu@demo.test", "staff@demo.test")
# What the lists are made of, with the columns that must differ from row to row.
COPIED: dict[str, tuple[str, ...]] = {
    "notifications": (),
    "audit_entries": (),
    "survey_responses": (),
    "rate_cards": ("name",),
    "services": ("slug",),
    "requirements": ("number",),
    "invoices": ("number", "reference"),
    "bank_receipts": ("bank_ref",),
}
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=^/vendors/)[^/]+")
# By patterns, not by a parser, which would take as long as the portal takes to write the pages.
_LINK = re.compile(r'<a\b[^>]*?\shref="(/[^"#]*)')
_ELEMENT_ID = re.compile(r'<[a-z][^>]*?\sid="([^"]+)"')


def sign_in(client: FlaskClient, email: str) -> None:
    """By the page, as a person does."""
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


def crawl(client: FlaskClient, who: str | None, most_of_a_kind: int) -> list[str]:
    """Follow every link, to so many pages of a kind, and say what is wrong."""
    faults: list[str] = []
    waiting, seen, kinds = list(STARTS), set[str](), dict[str, int]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = _ID.sub("<id>", path.partition("?")[0])
        if path in seen or "lang=" in path or kinds.get(kind, 0) >= most_of_a_kind:
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        with counted(db.engine) as statements:
            answer = client.get(path)
        if path in STARTS and answer.status_code in (302, 404):
            continue
        faults += [f"{who} {path}: {fault}" for fault in _faults(answer, len(statements))]
        if answer.mimetype == "text/html":
            waiting += [unescape(link) for link in _LINK.findall(answer.text)]
    return faults


def _faults(answer: Any, statements: int) -> Iterator[str]:
    if answer.status_code >= 400:
        yield f"status {answer.status_code}"
    if statements > MOST_STATEMENTS:
        yield f"{statements} statements"
    if answer.mimetype == "text/html" and answer.status_code == 200:
        headings = len(re.findall(r"<h1\b", answer.text))
        if headings != 1:
            yield f"{headings} headings of the first level"
        if "<title" not in answer.text:
            yield "no title"
        twice = [name for name, times in Counter(_ELEMENT_ID.findall(answer.text)).items() if times > 1]
        if twice:
            yield f"ids used twice: {', '.join(sorted(twice))}"


def grow(superuser: psycopg.Connection, times: int) -> None:
    """Give each company `times` as many rows in what its lists show. The copies sort behind the rows they are of."""
    superuser.execute("SET session_replication_role = replica")
    for table, changed in COPIED.items():
        renamed = ", ".join(f"'{column}', {column} || '-' || n" for column in changed)
        superuser.execute(
            f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(t) || jsonb_build_object("
            f" 'id', '00000000' || substr(gen_random_uuid()::text, 9) {', ' + renamed if renamed else ''}))).*"
            f" FROM {table} t, generate_series(2, {times}) n"
        )
    superuser.execute("SET session_replication_role = origin")


@pytest.mark.sweep
def test_the_demo_and_every_page_of_it(
    app: Flask, make_client: Callable[[], FlaskClient], superuser: psycopg.Connection, full_counts: bool
) -> None:
    load_demo(superuser)
    assert walk(make_client, most_of_a_kind=3 if full_counts else 2) == []
    grow(superuser, 10)
    assert walk(make_client, most_of_a_kind=3 if full_counts else 1) == []


def walk(make_client: Callable[[], FlaskClient], most_of_a_kind: int) -> list[str]:
    """What is wrong with any page that any of the people can reach."""
    faults: list[str] = []
    for who in PEOPLE:
        client = make_client()
        if who:
            sign_in(client, who)
        faults += crawl(client, who, most_of_a_kind)
    return faults
