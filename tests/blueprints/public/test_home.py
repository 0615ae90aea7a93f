"""The front page and the pages of plain words, as a stranger gets them."""

import re
from types import SimpleNamespace

import pytest
from flask import Flask
from flask_wtf import CSRFProtect

from blueprints import public
from blueprints.public.examples import contacts_a_year, offers
from tests.factories.catalog import make_live_vendor

PAGES = ["/", "/help", "/how-fees-become-comparable", "/privacy", "/accessibility"]


class TestExample:
    def test_the_offers_cost_what_the_engine_says(self):
        assert [offer.total_minor for offer in offers()] == [20_504_260, 21_458_000, 22_658_000]

    def test_the_cheapest_stands_first(self):
        totals = [offer.total_minor for offer in offers()]
        assert totals == sorted(totals)

    def test_a_contact_costs_the_total_by_the_contacts(self):
        first = offers()[0]
        assert first.per_contact_minor * contacts_a_year() == first.total_minor


class TestPages:
    @pytest.mark.parametrize("address", PAGES)
    def test_a_stranger_may_read_them(self, client, address):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.text.count("<h1") == 1

    @pytest.mark.parametrize("address", PAGES)
    def test_every_id_is_there_once_and_every_script_carries_the_nonce(self, client, address):
        page = client.get(address).text
        ids = re.findall(r'\sid="([^"]+)"', page)
        assert len(ids) == len(set(ids))
        assert all("nonce=" in script for script in re.findall(r"<script[^>]*>", page))

    def test_the_language_of_the_address_is_the_language_of_the_page(self, client):
        assert '<html lang="zh-Hant"' in client.get("/?lang=zh_Hant").text


class TestFrontPage:
    def test_shows_the_example_with_the_word_at_the_lowest(self, client):
        page = client.get("/").text
        assert "205,043" in page
        assert page.count(">Lowest<") == 1

    def test_searches_the_directory(self, client):
        assert '<form class="hero-search" action="/vendors" method="get"' in client.get("/").text


class TestVendors:
    def test_without_listed_vendors_there_is_no_table_of_them(self, client):
        assert "Vendors with room now" not in client.get("/").text

    def test_shows_listed_vendors_that_have_room(self, client):
        make_live_vendor("Kestrelway Contact", profile={"seats_free": 46})
        make_live_vendor("Fullhouse Desk", profile={"seats_free": 0})
        page = client.get("/").text
        assert "Kestrelway Contact" in page
        assert "£17.90" in page
        assert "Fullhouse Desk" not in page
        assert "2 vendors are listed" in page

    def test_offers_the_languages_they_work_in(self, client):
        make_live_vendor("Kestrelway Contact")
        assert '<option value="de">German</option>' in client.get("/").text


class TestStylePage:
    def test_shows_every_component_in_development(self, client):
        assert client.get("/look").status_code == 200

    def test_is_absent_in_production(self):
        app = Flask(__name__)
        app.config["PORTAL"] = SimpleNamespace(is_production=True)
        CSRFProtect(app)
        public.register(app)
        assert "public.look" not in app.view_functions
        assert "public.show_home" in app.view_functions
