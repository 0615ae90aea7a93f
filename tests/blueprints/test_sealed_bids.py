"""Sealed bids from outside: whatever page anybody but the vendor asks for, there is no word, figure or number of them.

The walk takes every GET route there is and every link the pages hold, so that it stays true as pages are added.
"""

import itertools
import re
from collections import deque
from datetime import timedelta

import pytest
from flask import url_for
from prometheus_client import generate_latest

from portal.kit.ids import new_id
from portal.needs import queries as needs
from portal.selection import actions
from portal.selection.actions.bids import asked_of_vendors
from tests.factories.accounts import actor_for, execute, make_person, make_staff, sign_in
from tests.factories.needs import in_scope
from tests.factories.selection import close, make_cast, open_all, sign_in_as, submit

MOST_PAGES = 250
# What differs between two showings of one page: nonces, ids of forms, and fingerprints of a request.
VARYING = re.compile(r'nonce="[^"]*"|name="submission_id"[^>]*>|name="csrf_token"[^>]*>|<code>[0-9a-f]{12}</code>')
STATIC = {"static", "bootstrap.static"}


def card_with(word, rate):
    return {
        "currency": "GBP",
        "one_time": [{"code": f"{word}A", "qty": "1", "rate": rate, "unit": f"{word}unit", "note": f"{word}note"}],
        "operating": [{"code": f"{word}B", "unit": "month", "rate": "0", "description": f"{word}description"}],
        "extra": [{"code": f"{word}C", "qty": "1", "rate": "1", "months": [1], "trigger_text": f"{word}trigger"}],
    }


def sealed_bid(vendor, requirement, word, rate):
    """A submitted bid with `word` in each of its texts and codes."""

    def write():
        bid = actions.draft_bid(vendor, requirement, document=card_with(word, rate))
        answers = {one.id: f"{word}answer" for one in asked_of_vendors(needs.criteria_of(requirement))}
        until = requirement.deadline_at.date() + timedelta(days=90)
        actions.save_answers(
            vendor, bid, answers=answers, reference=f"{word}ref", valid_until=until, version=bid.version
        )
        return bid

    return submit(vendor, in_scope(vendor, write))


class Walker:
    """Asks, as one actor, for every page there is."""

    def __init__(self, app, browser, ids):
        self.app, self.browser, self.ids = app, browser, ids

    def addresses(self):
        with self.app.test_request_context():
            for rule in self.app.url_map.iter_rules():
                if "GET" in rule.methods and rule.endpoint not in STATIC:
                    names = list(rule._converters)
                    values = [self._values(rule._converters[name]) for name in names]
                    for chosen in itertools.product(*values):
                        ids = [value for value in chosen if value in self.ids]
                        if len(self.ids) > 1 and len(set(ids)) < len(ids):
                            continue  # one thing is not the part of itself
                        yield url_for(rule.endpoint, **dict(zip(names, chosen, strict=True)))

    def _values(self, converter):
        kind = type(converter).__name__
        if kind == "UUIDConverter":
            return self.ids
        if kind == "AnyConverter":
            return sorted(converter.items)[:1]
        return [1] if kind == "IntegerConverter" else ["x"]

    def walk(self):
        """Address and body of every page that answers with one; no page may fail."""
        found, waiting, seen = 0, deque(self.addresses()), set()
        while waiting and found < MOST_PAGES:
            address = waiting.popleft()
            path = address.partition("?")[0]  # one page for each address: what follows only sorts and filters it
            if path in seen or "sign-out" in address or address.startswith("/look"):
                continue
            seen.add(path)
            answer = self.browser.get(address)
            assert answer.status_code < 500, address
            if answer.status_code == 200 and answer.mimetype in ("text/html", "application/json", "text/csv"):
                found += 1
                yield address, VARYING.sub("", answer.text)
                links = re.findall(r'href="(/[^"#]*)"', answer.text)
                waiting.extend(link for link in links if "/static/" not in link and "lang=" not in link)


@pytest.fixture
def cast(app):
    return make_cast(3)


def outsiders(cast, make_client):
    """A browser for each kind of actor who must not know of a bid."""
    company = execute("SELECT * FROM companies WHERE id = :id", id=cast.buyer.company_id)[0]
    staff = make_client()
    sign_in(staff, make_staff("moderator", "support", "finance"))
    return {
        "buyer's owner": sign_in_as(make_client(), cast.buyer),
        "buyer's viewer": sign_in_as(make_client(), actor_for(make_person(company, "viewer"), company)),
        "rival": sign_in_as(make_client(), cast.vendors[2]),
        "staff": staff,
        "stranger": make_client(),
    }


def words_of(bid, word, total):
    return (word, total, f"{int(total):,}", bid.receipt_sha256, str(bid.id))


class TestSealed:
    def test_no_page_changes_when_two_vendors_bid(self, app, cast, make_client):
        browsers = outsiders(cast, make_client)
        ids = [cast.requirement.id]
        before = {name: dict(Walker(app, browser, ids).walk()) for name, browser in browsers.items()}
        sealed_bid(cast.vendors[0], cast.requirement, "CNRYONE", "7771234")
        sealed_bid(cast.vendors[1], cast.requirement, "CNRYTWO", "8882345")
        for name, browser in browsers.items():
            assert len(before[name]) > 3, name
            after = {address: VARYING.sub("", browser.get(address).text) for address in before[name]}
            assert after == before[name], name

    def test_no_page_mail_notice_entry_or_log_line_holds_a_word_of_them(self, app, cast, make_client, capsys):
        first = sealed_bid(cast.vendors[0], cast.requirement, "CNRYONE", "7771234")
        second = sealed_bid(cast.vendors[1], cast.requirement, "CNRYTWO", "8882345")
        close(cast.requirement)
        forbidden = words_of(first, "CNRYONE", "7771235") + words_of(second, "CNRYTWO", "8882346")
        ids = [cast.requirement.id, first.id]  # where the second is shown, a link or a list leads
        for name, browser in outsiders(cast, make_client).items():
            for address, body in Walker(app, browser, ids).walk():
                assert [word for word in forbidden if word in body] == [], (name, address)
        for table, text in _records():
            assert [word for word in forbidden if word in text] == [], table
        captured = capsys.readouterr()
        logged = [line for line in (captured.out + captured.err).splitlines() if "CNRY" in line]
        assert logged == []

    def test_after_the_opening_the_buyer_reads_them_and_the_others_still_do_not(self, app, cast, make_client):
        bid = sealed_bid(cast.vendors[0], cast.requirement, "CNRYONE", "7771234")
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        for name, browser in outsiders(cast, make_client).items():
            pages = Walker(app, browser, [cast.requirement.id, bid.id]).walk()
            holds = any("CNRYONE" in body for _address, body in pages)
            assert holds == name.startswith("buyer"), name


def _records():
    """What is written down outside the bids themselves, as text."""
    for table in ("notifications", "mails", "mail_bodies", "procrastinate_jobs", "evidence_entries", "submissions"):
        yield table, "\n".join(str(tuple(row)) for row in execute(f"SELECT * FROM {table}"))
    yield "audit_entries", "\n".join(str(tuple(row)) for row in execute("SELECT * FROM audit_entries WHERE NOT sealed"))


class TestMeters:
    def test_submitting_looks_like_any_other_work_on_a_bid(self, app, client):
        cast = make_cast(1)
        seller = sign_in_as(client, cast.vendors[0])
        seller.post(f"/vendor/bids/{new_id()}/submit", data={})
        lines = generate_latest().decode()
        assert "vendor.submit_bid" not in lines and "vendor.withdraw_bid" not in lines
