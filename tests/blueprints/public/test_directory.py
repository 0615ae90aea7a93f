"""The public directory and a vendor's page, as strangers see them."""

import re
import uuid
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from portal.accounts.actions.company import close_company, reinstate_company, suspend_company
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import IllegalMove
from tests.factories.accounts import actor_for, make_company, make_person, make_staff, sign_in
from tests.factories.catalog import (
    make_draft,
    make_live_service,
    make_live_vendor,
    make_moderator,
    make_profile,
    make_submitted,
    make_vendor,
)
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def page(client: FlaskClient, address: str) -> str:
    """The text of a page that must answer 200."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.text


class TestListVendors:
    def test_an_empty_directory_says_so(self, client: FlaskClient) -> None:
        assert "No vendor is listed yet" in page(client, "/vendors")

    def test_drafts_and_submitted_services_are_not_listed(self, client: FlaskClient) -> None:
        make_draft(make_vendor("Draftholm"))
        make_submitted(make_vendor("Waitingham"))
        text = page(client, "/vendors")
        assert "Draftholm" not in text and "Waitingham" not in text

    def test_a_vendor_with_a_live_service_is_listed(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        text = page(client, "/vendors")
        assert "Kestrelway Contact" in text and "1 vendor" in text and "£17.90" in text
        assert "No reviews yet" in text
        assert vendor.person.email not in text

    def test_a_suspended_vendor_leaves_at_once_and_comes_back(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        staff = actor_for(make_staff("moderator"))
        with tenancy.scope(staff.scope):
            suspend_company(staff, vendor.company.id, reason="Complaints")
            db.session.commit()
        assert "Kestrelway" not in page(client, "/vendors")
        assert client.get(f"/vendors/{vendor.company.slug}").status_code == 404
        with tenancy.scope(staff.scope):
            reinstate_company(staff, vendor.company.id, reason="Mended")
            db.session.commit()
        assert "Kestrelway" in page(client, "/vendors")

    @pytest.mark.parametrize("steps", [(suspend_company, close_company), (close_company,)])
    def test_a_closed_vendor_leaves_for_good_whatever_it_still_saves(self, client, steps) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        staff = actor_for(make_staff("moderator"))
        with tenancy.scope(staff.scope):
            for step in steps:
                step(staff, vendor.company.id, reason="Wound up")
            db.session.commit()
            with pytest.raises(IllegalMove):
                reinstate_company(staff, vendor.company.id, reason="Mended")
        make_profile(vendor, headline="Still here")
        assert "Kestrelway" not in page(client, "/vendors")
        assert client.get(f"/vendors/{vendor.company.slug}").status_code == 404

    def test_channel_and_language_must_meet_in_one_service(self, client: FlaskClient) -> None:
        vendor = make_vendor("Two Halves")
        make_live_service(vendor, channels=["phone"], languages=[{"code": "en", "level": "C2"}])
        make_live_service(vendor, channels=["chat"], languages=[{"code": "ja", "level": "C1"}])
        assert "Two Halves" in page(client, "/vendors?channel=phone&language=en")
        assert "Two Halves" not in page(client, "/vendors?channel=phone&channel=chat")
        assert "Two Halves" not in page(client, "/vendors?channel=phone&language=ja")

    @pytest.mark.parametrize(
        "filters", ["mode=temporary", "industry=travel", "country=FR", "language=fr", "channel=social", "q=zebra"]
    )
    def test_a_filter_that_does_not_fit_leaves_the_vendor_out(self, client: FlaskClient, filters: str) -> None:
        make_live_vendor("Kestrelway Contact")
        text = page(client, f"/vendors?{filters}")
        assert "Kestrelway" not in text and "No vendor fits all of this" in text

    @pytest.mark.parametrize("filters", ["mode=full", "industry=retail", "country=gb", "language=de", "q=RETURNS"])
    def test_a_filter_that_fits_keeps_it(self, client: FlaskClient, filters: str) -> None:
        make_live_vendor("Kestrelway Contact")
        assert "Kestrelway" in page(client, f"/vendors?{filters}")

    def test_words_are_found_in_chinese_and_by_their_beginning(self, client: FlaskClient) -> None:
        make_live_vendor("翎禾客服 Linghe", title="電商售後服務")
        assert "Linghe" in page(client, "/vendors?q=售後")
        assert "Linghe" in page(client, "/vendors?q=ling")

    def test_a_title_outranks_a_description(self, client: FlaskClient) -> None:
        moderator = make_moderator()
        make_live_vendor("Aardvark Care", moderator, description="We also know refunds and much else.")
        make_live_vendor("Zeta Care", moderator, title="Refunds desk")
        text = page(client, "/vendors?q=refunds")
        assert text.index("Zeta Care") < text.index("Aardvark Care")

    def test_pages_show_every_vendor_once_in_each_order(self, client: FlaskClient) -> None:
        moderator = make_moderator()
        names = {f"Vendor {number:02d}" for number in range(23)}
        for name in names:
            make_live_vendor(name, moderator)
        for sort in ("", "name", "newest"):
            for words in ("", "retail"):
                seen = _walk(client, f"/vendors?sort={sort}&q={words}")
                assert sorted(seen) == sorted(names), (sort, words)
        assert _walk(client, "/vendors?sort=name") == sorted(names)

    @pytest.mark.parametrize(
        "address",
        [
            "/vendors?after=" + mark + "&sort=" + sort
            for mark in ("x", "%00", "WyJhIl0", "W10", "bnVsbA", "WzEsMiwzXQ", "%F0%9F%98%80", "A" * 5000)
            for sort in ("", "name", "newest", "bogus")
        ]
        + [
            "/vendors?q=%00%27%22%3A%26%7C%21%28%29%3C-%3E%2A%5C",
            "/vendors?q=" + "x" * 3000,
            "/vendors?channel=%27%3B--&language=%FF&mode=&industry=1&country=%00%00",
            "/vendors?channel[]=phone&sort[]=name&q[]=1",
            "/vendors?language=zh_Hant&language=zz&country=XX",
            "/vendors?q=%F0%9F%98%80",
        ],
    )
    def test_no_address_fails(self, client: FlaskClient, address: str) -> None:
        make_live_vendor("Kestrelway Contact")
        assert client.get(address).status_code == 200

    def test_a_stranger_s_page_may_be_cached_and_a_member_s_may_not(
        self, client: FlaskClient, make_client: Callable[[], FlaskClient]
    ) -> None:
        answer = client.get("/vendors")
        assert "public" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
        member = make_client()
        sign_in(member, make_person(make_company("buyer")))
        assert member.get("/vendors").headers["Cache-Control"] == "no-store"

    def test_the_number_of_statements_is_small_and_does_not_grow(self, client: FlaskClient) -> None:
        moderator = make_moderator()
        make_live_vendor("Vendor A", moderator)
        few = _statements(client, "/vendors?q=retail&channel=phone&language=de")
        for number in range(10):
            make_live_vendor(f"Vendor {number}", moderator)
        many = _statements(client, "/vendors?q=retail&channel=phone&language=de")
        assert few == many <= 12


class TestShowVendor:
    def test_an_unknown_vendor_is_not_found(self, client: FlaskClient) -> None:
        assert client.get("/vendors/nobody").status_code == 404
        assert client.get(f"/vendors/{uuid.uuid4()}").status_code == 404

    def test_a_vendor_that_was_never_published_is_not_found(self, client: FlaskClient) -> None:
        vendor = make_vendor("Draftholm")
        make_submitted(vendor)
        assert client.get(f"/vendors/{vendor.company.slug}").status_code == 404

    def test_it_shows_profile_services_and_rates_by_fee_class(self, client: FlaskClient) -> None:
        vendor = make_live_vendor(
            "Kestrelway Contact",
            profile={
                "headline": "Five languages, two sites",
                "founded": 2011,
                "seats_free": 46,
                "sites": [{"city": "Kraków", "country": "PL", "timezone": "Europe/Warsaw", "seats": 320}],
            },
        )
        text = page(client, f"/vendors/{vendor.company.slug}")
        for words in ("Five languages, two sites", "Kraków", "Founded 2011", "46 seats free", "Retail after-sales"):
            assert words in text
        for words in ("One-time costs", "Operating costs", "Extra costs", "17.90", "Monday to Friday 08:00–20:00"):
            assert words in text
        assert vendor.person.email not in text and "Test Street" not in text

    def test_an_estimate_is_priced_by_the_engine(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        text = page(client, f"/vendors/{vendor.company.slug}?phone=1200&seconds=300&term=12")
        # 1,200 × 300 s = 100 h × 17.90 × 12 = 21,480 + 3,000 once + 10 × 24.80 in month 6
        assert "£24,728" in text and "21,480" in text

    @pytest.mark.parametrize(
        "query",
        ["phone=-1", "phone=x", "phone=99999999999999999999", "term=0&phone=5", "service=none&phone=1", "phone="],
    )
    def test_an_estimate_that_cannot_be_read_is_refused_kindly(self, client: FlaskClient, query: str) -> None:
        vendor = make_live_vendor("Kestrelway Contact")
        assert client.get(f"/vendors/{vendor.company.slug}?{query}").status_code == 200

    def test_a_channel_without_a_price_is_named(self, client: FlaskClient) -> None:
        card = {
            "currency": "GBP",
            "operating": [{"code": "CALL", "unit": "contact", "rate": "2", "filter": {"channel": ["phone"]}}],
        }
        vendor = make_vendor("Half Priced")
        make_live_service(vendor, card=card)
        text = page(client, f"/vendors/{vendor.company.slug}?phone=100&email=50")
        assert "does not price: E-mail" in text

    def test_text_of_a_vendor_is_never_markup(self, client: FlaskClient) -> None:
        vendor = make_vendor("Angle <b>Brackets</b>")
        make_profile(vendor, headline="<script>alert(1)</script>", website='https://example.com/"onclick="x')
        make_live_service(vendor, title="<img src=x>")
        text = page(client, f"/vendors/{vendor.company.slug}") + page(client, "/vendors")
        assert "<script>alert" not in text and "<img src=x" not in text and '"onclick="' not in text


def _walk(client: FlaskClient, address: str) -> list[str]:
    """The names on all pages, in order."""
    seen: list[str] = []
    while address:
        text = page(client, address)
        seen += re.findall(r'class="vendor-name"><a href="[^"]*">([^<]*)<', text)
        following = re.search(r'rel="next" href="([^"]*)"', text)
        address = following.group(1).replace("&amp;", "&") if following else ""
    return seen


def _statements(client: FlaskClient, address: str) -> int:
    with counted(db.engine) as seen:
        page(client, address)
    return len(seen)
