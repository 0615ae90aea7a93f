"""Public pages are found under one address, say what they are, and are not sent twice to whoever has them."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.actions.company import rename_company
from portal.accounts.models import Company
from portal.catalog import directory, queries
from portal.catalog.actions.service import edit_service, submit_service
from portal.kit import tenancy
from portal.kit.db import db
from portal.moderation.states import Verdict
from tests.factories import reviews
from tests.factories.accounts import execute, make_company, make_person, sign_in
from tests.factories.catalog import MadeVendor, make_live_service, make_live_vendor, make_moderator, service_values
from tests.factories.moderation import decided
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def rename(vendor: MadeVendor, name: str) -> str:
    """Rename a vendor and give its new address."""
    with tenancy.scope(vendor.actor.scope):
        company = db.session.get_one(Company, vendor.company.id)
        slug = rename_company(vendor.actor, name=name, version=company.version).slug
        db.session.commit()
    return slug


def facts(answer: TestResponse) -> dict[str, dict[str, Any]]:
    """The linked data of a page by type, the last of each."""
    found = re.findall(r'<script type="application/ld\+json" nonce="[^"]+">(.*?)</script>', answer.text, re.DOTALL)
    assert len(found) == 1
    return {one["@type"]: one for one in json.loads(found[0])["@graph"]}


def canonical(answer: TestResponse) -> str:
    found = re.search(r'<link rel="canonical" href="([^"]+)"', answer.text)
    assert found
    return found[1].replace("&amp;", "&")


class TestAddressesAfterANewName:
    def test_every_old_address_leads_to_the_newest_one(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        first, second, third = vendor.company.slug, rename(vendor, "翎禾客服"), rename(vendor, "Linghe Care")
        assert (second, third) == ("ling-he-ke-fu", "linghe-care")
        for old in (first, second):
            answer = client.get(f"/vendors/{old}?term=12")
            assert (answer.status_code, answer.headers["Location"]) == (301, "/vendors/linghe-care?term=12")
        assert canonical(client.get("/vendors/linghe-care")) == "http://localhost/vendors/linghe-care"
        assert client.get(f"/api/v1/vendors/{first}").json["slug"] == "linghe-care"

    def test_a_vendor_gets_its_old_address_back_with_its_old_name(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        second = rename(vendor, "Linghe Care")
        assert rename(vendor, "Kestrelway") == "kestrelway"
        assert rename(vendor, "Linghe Care") == second
        assert client.get("/vendors/kestrelway").headers["Location"] == f"/vendors/{second}"

    def test_an_address_leads_nowhere_while_its_vendor_is_not_listed(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        old = vendor.company.slug
        rename(vendor, "Linghe Care")
        execute("DELETE FROM directory_entries")
        assert client.get(f"/vendors/{old}").status_code == 404

    def test_a_service_s_old_address_leads_to_its_new_one(self, client: FlaskClient) -> None:
        vendor, moderator = make_live_vendor("Kestrelway Contact"), make_moderator()
        make_live_service(vendor, moderator, title="Travel desk")
        with tenancy.scope(vendor.actor.scope):
            service = next(one for one in queries.services_for(vendor.actor) if one.title == "Retail after-sales")
            values = service_values(service.rate_card_id, title="Shop care")
            edit_service(vendor.actor, service, values=values, version=service.version)
            submit_service(vendor.actor, service, version=service.version)
            service_id = service.id
            db.session.commit()
        address = f"/vendors/{vendor.company.slug}"
        assert client.get(f"{address}?service=retail-after-sales").status_code == 200  # not before it is published
        decided(moderator, service_id, Verdict.APPROVE)
        answer = client.get(f"{address}?service=retail-after-sales&term=12")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{address}?service=shop-care&term=12")
        page = client.get(f"{address}?service=shop-care")
        assert page.status_code == 200
        for anchor in ("service-shop-care", "service-retail-after-sales", "service-travel-desk"):  # old links land
            assert page.text.count(f'id="{anchor}"') == 1
        with tenancy.scope(tenancy.PUBLIC):
            assert directory.faults() == []


class TestSitemap:
    def test_the_index_leads_to_every_vendor_in_lists_of_one_statement(
        self, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(directory, "ADDRESSES", 2)
        moderator = make_moderator()
        slugs = {make_live_vendor(f"Vendor {number}", moderator).company.slug for number in range(5)}
        with counted(db.engine) as statements:
            index = ET.fromstring(client.get("/sitemap.xml").data)
        costs, found = {len(statements)}, []
        for place in index.iter(f"{SITEMAP}loc"):
            with counted(db.engine) as statements:
                page = client.get((place.text or "").removeprefix("http://localhost"))
            assert page.status_code == 200
            costs.add(len(statements))
            found += list(ET.fromstring(page.data).iter(f"{SITEMAP}url"))
        assert max(costs) <= 4
        places = {one.findtext(f"{SITEMAP}loc"): one for one in found}
        assert len(places) == len(found)
        assert {f"http://localhost/vendors/{slug}" for slug in slugs} <= places.keys()
        assert {"http://localhost/", "http://localhost/vendors", "http://localhost/help"} <= places.keys()
        vendor = places[f"http://localhost/vendors/{min(slugs)}"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", vendor.findtext(f"{SITEMAP}lastmod") or "")
        languages = {link.get("hreflang"): link.get("href") for link in vendor.iter(f"{XHTML}link")}
        assert languages.keys() == {"en", "zh-Hant", "zh-Hans", "x-default"}
        assert languages["zh-Hant"] == f"http://localhost/vendors/{min(slugs)}?lang=zh_Hant"

    def test_a_mark_that_is_none_is_not_found(self, client: FlaskClient) -> None:
        assert client.get("/sitemaps/vendors.xml?after=x").status_code == 404

    def test_robots_are_kept_from_what_needs_a_sign_in_and_told_of_the_index(self, client: FlaskClient) -> None:
        text = client.get("/robots.txt").text
        assert "Disallow: /vendor/\nDisallow: /vendor$\n" in text and "Disallow: /vendors" not in text
        assert "\nSitemap: http://localhost/sitemap.xml\n" in text


class TestHead:
    def test_a_language_in_the_address_has_an_address_of_its_own(self, client: FlaskClient) -> None:
        answer = client.get("/vendors?lang=zh_Hant")
        assert canonical(answer) == "http://localhost/vendors?lang=zh_Hant"
        assert 'hreflang="zh-Hans" href="http://localhost/vendors?lang=zh_Hans"' in answer.text
        assert 'hreflang="x-default" href="http://localhost/vendors"' in answer.text
        assert '<meta property="og:locale" content="zh_TW">' in answer.text

    @pytest.mark.parametrize(
        "query, is_found",
        [("", True), ("?channel=phone", True), ("?language=de&channel=phone", False), ("?q=retail", False)]
        + [("?sort=name", False), ("?channel=phone&after=x", False), ("?country=FR", False)],
    )
    def test_of_the_directory_the_whole_and_single_filters_are_found(
        self, client: FlaskClient, query: str, is_found: bool
    ) -> None:
        make_live_vendor("Kestrelway Contact")
        answer = client.get(f"/vendors{query}")
        assert ('content="noindex, follow"' not in answer.text) is is_found
        if is_found:
            assert canonical(answer) == f"http://localhost/vendors{query}"

    def test_a_vendor_s_facts_hold_its_prices_and_no_rating_before_the_first_review(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact", profile={"headline": "Five languages", "founded": 2011})
        found = facts(client.get(f"/vendors/{vendor.company.slug}"))
        assert found["Organization"]["name"] == "Kestrelway Contact"
        assert "aggregateRating" not in found["Organization"]
        price = found["Service"]["offers"]["priceSpecification"]
        assert (price["minPrice"], price["priceCurrency"], price["unitCode"]) == ("17.90", "GBP", "HUR")
        assert [one["position"] for one in found["BreadcrumbList"]["itemListElement"]] == [1, 2]
        assert found.keys() == {"Organization", "Service", "BreadcrumbList"}

    def test_reviews_of_real_engagements_make_a_rating(self, client: FlaskClient) -> None:
        deal = reviews.make_open()
        _buyer, vendor = deal.sides
        execute("INSERT INTO standings VALUES (:vendor, 'rating', '4.31', 3, portal_now())", vendor=vendor.company_id)
        company = execute("SELECT slug FROM companies WHERE id = :id", id=vendor.company_id)[0]
        make_live_service(MadeVendor(None, None, vendor))  # type: ignore[arg-type]
        rating = facts(client.get(f"/vendors/{company.slug}"))["Organization"]["aggregateRating"]
        assert (rating["ratingValue"], rating["reviewCount"], rating["bestRating"]) == ("4.31", 3, 5)

    def test_no_name_ends_the_script_it_stands_in(self, client: FlaskClient) -> None:
        name = '</script><script>alert("1")</script>'
        vendor = make_live_vendor(name, profile={"headline": name, "description": "\u2028" + name})
        for address in (f"/vendors/{vendor.company.slug}", "/vendors"):
            answer = client.get(address)
            assert "<script>alert" not in answer.text
            assert facts(answer)
        assert facts(client.get(f"/vendors/{vendor.company.slug}"))["Organization"]["name"] == name


class TestCaching:
    @pytest.fixture
    def addresses(self) -> list[str]:
        vendor = make_live_vendor("Kestrelway Contact")
        return ["/", "/vendors", f"/vendors/{vendor.company.slug}", "/help", "/help/what-is-signed", "/privacy"]

    def test_a_stranger_who_has_a_page_is_not_sent_it_again(self, client: FlaskClient, addresses: list[str]) -> None:
        for address in addresses:
            first = client.get(address)
            assert first.headers["Cache-Control"] == "public, max-age=60", address
            assert {"Cookie", "Accept-Language"} <= set(first.vary)
            again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b""), address
            assert "Content-Security-Policy" not in again.headers
            other = {"If-None-Match": first.headers["ETag"], "Accept-Language": "zh-TW"}
            assert client.get(address, headers=other).status_code == 200, address

    def test_a_vendor_s_page_says_when_it_changed_and_is_sent_again_after_that(
        self, client: FlaskClient, addresses: list[str]
    ) -> None:
        address = addresses[2]
        changed = client.get(address).headers["Last-Modified"]
        assert client.get(address, headers={"If-Modified-Since": changed}).status_code == 304
        execute("UPDATE directory_entries SET updated_at = portal_now() + interval '2 seconds', headline = 'New'")
        assert client.get(address, headers={"If-Modified-Since": changed}).status_code == 200

    def test_a_stranger_who_chose_a_language_keeps_it_alone(self, client: FlaskClient, addresses: list[str]) -> None:
        client.get("/?lang=zh_Hant")
        for address in addresses:
            first = client.get(address)
            assert first.headers["Cache-Control"] == "private, no-cache"
            assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    def test_nothing_of_who_has_signed_in_or_was_told_something_is_kept(
        self, client: FlaskClient, make_client: Callable[[], FlaskClient], addresses: list[str]
    ) -> None:
        tags = {address: client.get(address).headers["ETag"] for address in addresses}
        member, told = make_client(), make_client()
        sign_in(member, make_person(make_company("buyer")))
        for address, tag in tags.items():
            with told.session_transaction() as session:
                session["_flashes"] = [("success", "Said once.")]
            for reader in (member, told):
                answer = reader.get(address, headers={"If-None-Match": tag})
                assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), address
                assert "ETag" not in answer.headers
