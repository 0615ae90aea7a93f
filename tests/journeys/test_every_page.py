"""Every page that the demo's people can reach by following links answers, is well formed, and asks the database little,
also with ten times the rows."""

import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from typing import Any

import psycopg
from flask import Flask
from flask.testing import FlaskClient

from portal.demo import world
from portal.demo.cast import PASSWORD
from portal.kit.db import db
from tests.statements import counted

MOST_STATEMENTS = 12
MOST_PAGES = 400
MOST_OF_A_KIND = 3
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
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")


class Page(HTMLParser):
    """What the crawl looks at: links, headings, ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.headings = 0
        self.ids: list[str] = []
        self.has_title = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and (values.get("href") or "").startswith("/"):
            self.links.append((values["href"] or "").partition("#")[0])
        self.headings += tag == "h1"
        self.has_title |= tag == "title"
        if values.get("id"):
            self.ids.append(values["id"] or "")


def sign_in(client: FlaskClient, email: str) -> None:
    """By the page, as a person does."""
    answer = client.post("/sign-in", data={"email": email, "password": PASSWORD})
    assert answer.status_code == 302, answer.text


def crawl(client: FlaskClient, who: str | None) -> list[str]:
    """Follow every link, at most three pages of a kind, and say what is wrong."""
    faults: list[str] = []
    waiting, seen, kinds = list(STARTS), set[str](), dict[str, int]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = _ID.sub("<id>", path.partition("?")[0])
        if path in seen or "lang=" in path or kinds.get(kind, 0) >= MOST_OF_A_KIND:
            continue
        seen.add(path)
        kinds[kind] = kinds.get(kind, 0) + 1
        with counted(db.engine) as statements:
            answer = client.get(path)
        if path in STARTS and answer.status_code in (302, 404):
            continue
        faults += [f"{who} {path}: {fault}" for fault in _faults(answer, len(statements))]
        if answer.mimetype == "text/html":
            waiting += Page(answer.text).links
    return faults


def _faults(answer: Any, statements: int) -> Iterator[str]:
    if answer.status_code >= 400:
        yield f"status {answer.status_code}"
    if statements > MOST_STATEMENTS:
        yield f"{statements} statements"
    if answer.mimetype == "text/html" and answer.status_code == 200:
        page = Page(answer.text)
        if page.headings != 1:
            yield f"{page.headings} headings of the first level"
        if not page.has_title:
            yield "no title"
        twice = {name for name in page.ids if page.ids.count(name) > 1}
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


def test_every_page_of_the_demo(
    app: Flask, make_client: Callable[[], FlaskClient], superuser: psycopg.Connection
) -> None:
    world.load(7, lambda _words: None)
    assert walk(make_client) == []
    grow(superuser, 10)
    assert walk(make_client) == []


def walk(make_client: Callable[[], FlaskClient]) -> list[str]:
    """What is wrong with any page that any of the people can reach."""
    faults: list[str] = []
    for who in PEOPLE:
        client = make_client()
        if who:
            sign_in(client, who)
        faults += crawl(client, who)
    return faults
