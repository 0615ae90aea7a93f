"""What may be read: each company its own, the public directory everybody, all in pages and in plain types."""

import re

import pytest

from portal.kit.db import db
from tests.factories import billing
from tests.factories import selection as box
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.api import program_of
from tests.factories.catalog import make_live_service, make_vendor
from tests.factories.needs import make_published
from tests.statements import counted

API = "/api/v1"
MOST_STATEMENTS = 12


def everything(value, path=""):
    """(path, value) of every leaf of a document."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from everything(one, f"{path}.{name}")
    elif isinstance(value, list):
        for one in value:
            yield from everything(one, path)
    else:
        yield path, value


def assert_plain(document):
    """No binary fraction anywhere; money as an integer beside its currency; instants in UTC."""
    for path, value in everything(document):
        assert not isinstance(value, float), path
        if path.endswith("_minor"):
            assert isinstance(value, int), path
        if path.endswith("_at") and value is not None:
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value), (path, value)


def pages(caller, path):
    """All items of a list, page by page."""
    found, after = [], None
    for _ in range(10):
        answer = caller.get(path, query_string={"after": after} if after else {})
        assert answer.status_code == 200, answer.text
        found.append([one["id"] for one in answer.json["items"]])
        after = answer.json["next"]
        if after is None:
            return found
    raise AssertionError("the pages have no end")


class TestVendors:
    def test_are_public(self, app, client):
        made = make_vendor()
        make_live_service(made)
        (one,) = client.get(f"{API}/vendors").json["items"]
        assert one["name"] == made.company.name and one["price_from"]["price"]["currency"] == "GBP"
        shown = client.get(f"{API}/vendors/{one['slug']}")
        assert shown.status_code == 200 and shown.json["services"][0]["rate_card"]["operating"]
        assert_plain(shown.json)
        channels = one["channels"]
        assert client.get(f"{API}/vendors?channel={channels[0]}").json["total"] == 1
        assert client.get(f"{API}/vendors?q=zzzzqqq&channel=phone&channel=chat").json["items"] == []


class TestDeal:
    def test_both_sides_read_what_is_theirs_cheaply_and_nobody_else_does(
        self, app, deal, vendor_program, buyer_program
    ):
        for caller in (vendor_program, buyer_program):
            (one,) = caller.get(f"{API}/agreements").json["items"]
            assert one["buyer"]["id"] == str(deal.buyer.company_id) and one["timezone"]
            shown = caller.get(f"{API}/agreements/{one['id']}").json
            assert shown["total"]["currency"] == shown["currency"] and shown["targets"][0]["items"]
            assert_plain(shown)
            assert_plain(caller.get(f"{API}/agreements/{one['id']}/months").json)
        (won,) = vendor_program.get(f"{API}/bids").json["items"]
        assert won["state"] == "won" and won["award"]["state"] == "accepted"
        bid = vendor_program.get(f"{API}/bids/{won['id']}").json
        assert bid["answers"] and bid["rate_card"]["currency"] == "GBP"
        assert_plain(bid)
        assert buyer_program.get(f"{API}/bids").status_code == 404
        assert buyer_program.get(f"{API}/bids/{won['id']}").status_code == 404

        stranger = program_of(app, deal.loser)
        assert stranger.get(f"{API}/agreements").json == {"items": [], "next": None}
        assert stranger.get(f"{API}/agreements/{deal.agreement.id}").status_code == 404
        assert stranger.get(f"{API}/bids/{won['id']}").status_code == 404
        (lost,) = stranger.get(f"{API}/bids").json["items"]
        assert lost["state"] == "lost" and lost["award"] is None
        assert vendor_program.get(f"{API}/bids/{lost['id']}").status_code == 404

        lists = [f"{API}/{name}" for name in ("me", "vendors", "requirements", "agreements", "bids", "invoices")]
        agreement = f"{API}/agreements/{deal.agreement.id}"
        ones = [f"{API}/requirements/{deal.agreement.requirement_id}", f"{API}/bids/{won['id']}", agreement]
        for path in (*lists, *ones, f"{agreement}/months"):
            with counted(db.engine) as statements:
                assert vendor_program.get(path).status_code == 200
            assert len(statements) <= MOST_STATEMENTS, (path, statements)


class TestBids:
    def test_a_vendor_does_not_learn_who_is_ahead(self, app):
        cast, _bids = box.make_evaluated()
        for vendor in cast.vendors:
            (one,) = program_of(app, vendor).get(f"{API}/bids").json["items"]
            assert one["state"] == "in_evaluation"


class TestRequirements:
    def test_a_buyer_reads_its_own_and_a_vendor_the_open_ones(self, app):
        cast = box.make_cast(1)
        other = box.make_cast(1)
        (own,) = program_of(app, cast.buyer).get(f"{API}/requirements").json["items"]
        assert own["id"] == str(cast.requirement.id) and own["deadline_zone"] and own["deadline_at"].endswith("Z")
        vendor = program_of(app, cast.vendors[0])
        assert len(vendor.get(f"{API}/requirements").json["items"]) == 2
        shown = vendor.get(f"{API}/requirements/{cast.requirement.id}").json
        assert shown["channels"][0]["target"]["metric"] and shown["criteria"] and "budget" not in str(shown)
        assert_plain(shown)
        buyer = program_of(app, other.buyer)
        assert buyer.get(f"{API}/requirements/{cast.requirement.id}").status_code == 404

    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_come_in_pages(self, app, monkeypatch, kind):
        monkeypatch.setattr("portal.needs.queries.PAGE", 2)
        monkeypatch.setattr("blueprints.api.schemas.values.PAGE", 2)
        cast = box.make_cast(1)
        ids = {str(cast.requirement.id)} | {str(make_published(cast.buyer).id) for _ in range(4)}
        execute("ALTER TABLE requirements DISABLE TRIGGER stay_as_published")
        execute("UPDATE requirements SET deadline_at = deadline_at + (random() * interval '1 hour')")
        execute("ALTER TABLE requirements ENABLE TRIGGER stay_as_published")
        caller = program_of(app, cast.buyer if kind == "buyer" else cast.vendors[0])
        found = pages(caller, f"{API}/requirements")
        assert [len(one) for one in found] == [2, 2, 1] and {id_ for one in found for id_ in one} == ids
        if kind == "vendor":
            answer = caller.get(f"{API}/requirements?after=0190a000-0000-7000-8000-000000000000")
            assert answer.status_code == 422


class TestInvoices:
    def test_a_draft_is_its_vendors_and_an_issued_one_both_sides(self, app):
        companies = buyer, vendor = make_company("buyer"), make_company("vendor")
        schedule = billing.make_schedule(buyer, vendor)
        draft = billing.make_invoice(schedule, vendor, issue=False)
        seller, payer = (program_of(app, actor_for(make_person(one), one)) for one in reversed(companies))
        assert seller.get(f"{API}/invoices/{draft}").json["number"] is None
        assert payer.get(f"{API}/invoices/{draft}").status_code == 404
        assert payer.get(f"{API}/invoices").json["items"] == []
        issued = billing.make_invoice(schedule, vendor)
        for caller in (seller, payer):
            shown = caller.get(f"{API}/invoices/{issued}").json
            assert shown["due"] == shown["total"] and shown["total"]["amount_minor"] > 0
            assert shown["lines"][0]["tax_percent"] == "20" and shown["lines"][0]["quantity"] == "1"
            assert "commission" not in str(shown)
            assert_plain(shown)
        assert [one["id"] for one in seller.get(f"{API}/invoices?state=open").json["items"]] == [str(issued)]

    def test_come_in_pages(self, app, monkeypatch):
        monkeypatch.setattr("portal.billing.queries.PAGE", 2)
        buyer, vendor = make_company("buyer"), make_company("vendor")
        schedule = billing.make_schedule(buyer, vendor)
        ids = {str(billing.make_invoice(schedule, vendor)) for _ in range(3)}
        found = pages(program_of(app, actor_for(make_person(buyer), buyer)), f"{API}/invoices")
        assert [len(one) for one in found] == [2, 1] and {id_ for one in found for id_ in one} == ids
