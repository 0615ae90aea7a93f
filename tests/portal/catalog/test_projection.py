"""The public directory always shows what is published, and `flask directory check` would notice if not."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.catalog import directory, standing
from portal.kit import jobs, tenancy
from portal.kit.clock import now
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.pricing.exchange import import_rates
from tests.factories.accounts import actor_for, execute, make_staff
from tests.factories.catalog import make_live_service, make_live_vendor, make_profile, make_vendor

pytestmark = pytest.mark.usefixtures("app")


def faults() -> list[str]:
    with tenancy.scope(tenancy.PUBLIC):
        found = directory.faults()
        db.session.rollback()
    return found


def counts() -> dict[str, int]:
    return {row.facet: row.count for row in execute("SELECT facet, count FROM directory_counts WHERE count <> 0")}


class TestProject:
    def test_the_directory_agrees_with_the_catalog(self) -> None:
        make_live_vendor("Kestrelway Contact", profile={"headline": "Two sites", "founded": 2011})
        make_live_vendor("Vellaro Assist")
        assert faults() == []
        assert counts()["all"] == 2 and counts()["c:phone"] == 2

    def test_counts_follow_every_change(self) -> None:
        vendor = make_vendor("Two Desks")
        make_live_service(vendor, channels=["phone"])
        make_live_service(vendor, channels=["chat"], languages=[{"code": "ja", "level": "C1"}])
        assert counts() == {
            "all": 1,
            "c:phone": 1,
            "c:chat": 1,
            "l:en": 1,
            "l:de": 1,
            "l:ja": 1,
            "m:full": 1,
            "m:partial": 1,
            "i:retail": 1,
            "k:GB": 1,
        }

    def test_an_entry_that_was_tampered_with_is_found(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        execute("ALTER TABLE directory_entries NO FORCE ROW LEVEL SECURITY")
        try:
            execute("UPDATE directory_entries SET headline = 'Cheapest of all', words = ''::tsvector")
        finally:
            execute("ALTER TABLE directory_entries FORCE ROW LEVEL SECURITY")
        assert faults() == [
            f"{vendor.company.id}: headline is out of date",
            f"{vendor.company.id}: words is out of date",
        ]

    def test_the_public_cannot_write_it(self) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        with tenancy.scope(tenancy.PUBLIC), pytest.raises(DBAPIError):
            db.session.execute(text("SELECT directory_write(:v, NULL)"), {"v": vendor.company.id})
        db.session.rollback()
        with tenancy.scope(vendor.actor.scope), pytest.raises(DBAPIError):
            db.session.execute(text("UPDATE directory_entries SET name = 'x'"))
        db.session.rollback()

    def test_a_profile_alone_lists_nobody(self) -> None:
        vendor = make_vendor("Profile Only")
        make_profile(vendor, headline="We exist")
        with tenancy.scope(tenancy.PUBLIC), pytest.raises(NotFound):
            directory.find(vendor.company.slug)
        db.session.rollback()

    def test_the_command_says_so(self, app: Flask) -> None:
        make_live_vendor("Kestrelway Contact")
        answer = app.test_cli_runner().invoke(args=["directory", "check"])
        assert answer.exit_code == 0 and "shows what the catalog holds" in answer.output


class TestStanding:
    def test_a_rating_is_shown_with_its_n_and_moves_the_vendor_up(self) -> None:
        make_live_vendor("Aardvark Care")
        rated = make_live_vendor("Zeta Care")
        with tenancy.scope(rated.actor.scope):
            standing.write(rated.company.id, standing.RATING, "4.31", 26, now())
            directory.project(rated.company.id)
            db.session.commit()
        with tenancy.scope(tenancy.PUBLIC):
            first: Any = directory.search(directory.Wanted()).rows[0]
            assert (first.name, first.rating, first.review_count) == ("Zeta Care", "4.31", 26)
            assert standing.read(rated.company.id)["rating"].n == 26
            db.session.rollback()
        assert faults() == []


class TestPrices:
    def test_new_exchange_rates_are_followed_by_a_job(self, app: Flask) -> None:
        vendor = make_live_vendor("Kestrelway Contact")  # its card is in pounds
        before = execute("SELECT price_currency, hourly_minor, updated_at FROM directory_entries")[0]
        assert before.price_currency == "GBP" and before.hourly_minor is None
        treasurer = actor_for(make_staff("finance"))
        with tenancy.scope(treasurer.scope):
            import_rates(treasurer, b"date,base,currency,rate,source\n2020-01-02,EUR,GBP,0.8,Central bank\n")
            db.session.commit()
        jobs.run_waiting(app)
        after = execute("SELECT hourly_minor, facets FROM directory_entries")[0]
        assert after.hourly_minor is not None and any(facet.startswith("p:") for facet in after.facets), vendor
        assert faults() == []
