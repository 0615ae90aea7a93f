"""Choosing vendors in the directory and seeing them side by side, as a stranger does; the address holds everything."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from flask.testing import FlaskClient

from portal.accounts.actions.company import rename_company, suspend_company
from portal.accounts.addresses import address_of
from portal.kit.db import db
from tests.factories.accounts import actor_for, make_company, make_person, make_staff, sign_in
from tests.factories.catalog import MadeVendor, make_live_service, make_live_vendor, make_moderator, make_profile
from tests.factories.kept import make_buyer
from tests.factories.profiles import days_ahead, doing, make_certificate
from tests.journeys.html_pages import Page
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def page(client: FlaskClient, address: str) -> str:
    """The words of a page that must answer 200."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    return Page(answer.text).words


def address(*vendors: MadeVendor, more: str = "") -> str:
    return "/vendors/compare?" + "&".join(f"v={vendor.company.slug}" for vendor in vendors) + more


def cells(client: FlaskClient, where: str, row: str) -> list[str]:
    """What stands in the row of a property."""
    found = re.search(
        rf'<tr[^>]*><th scope="row">{re.escape(row)}(?: <small>.*?)?</th>(.*?)</tr>', client.get(where).text
    )
    assert found, row
    texts = re.findall(r"<td.*?>(.*?)</td>", found.group(1), re.S)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split()) for text in texts]


class TestCompareVendors:
    def test_nobody_chosen_says_what_to_do(self, client: FlaskClient) -> None:
        assert "Nobody to compare yet" in page(client, "/vendors/compare")

    def test_they_stand_side_by_side_with_what_is_missing_said(self, client: FlaskClient) -> None:
        full = make_live_vendor(
            "Kestrelway",
            profile={
                "seats_free": 46,
                "agents": 420,
                "sites": [{"city": "Kraków", "country": "PL", "timezone": "Europe/Warsaw", "seats": 320}],
                "experience": [{"industry": "retail", "years": 8}],
                "agent_models": ["dedicated"],
                "technology": ["api", "chatbot"],
            },
        )
        make_live_service(full, channels=["chat"], languages=[{"code": "de", "level": "native"}])
        make_certificate(full, days_ahead(200), moderator=make_moderator())
        bare = make_live_vendor("Vellaro", channels=["phone"], modes=["full"], lead_days=20, industries=["travel"])
        where = address(full, bare)
        assert cells(client, where, "Price from") == ["£17.90 per logged-in hour"] * 2
        assert cells(client, where, "Live chat") == ["Provided", "Not provided"]
        assert cells(client, where, "German") == ["native", "C1"]
        assert cells(client, where, "Retail and e-commerce") == ["8 years", "Not named"]
        assert cells(client, where, "Travel and hospitality")[1] == "years not stated"
        assert cells(client, where, "Countries") == ["Poland", "United Kingdom"]
        assert cells(client, where, "Sites") == ["Kraków, Poland (320 seats)", "Not stated"]
        assert cells(client, where, "Hours")[0].startswith("Monday to Friday 08:00–20:00")
        assert cells(client, where, "Free seats") == ["46", "Not stated"]
        assert cells(client, where, "Ready for go-live") == ["49 days after signing", "Soonest 20 days after signing"]
        assert cells(client, where, "Rating") == ["No reviews yet"] * 2
        assert cells(client, where, "Agent models") == ["Dedicated agents", "Not stated"]
        assert cells(client, where, "What is automated") == ["Chatbot", "Not stated"]
        held = cells(client, where, "ISO/IEC 27001")
        assert held[0].startswith("Verified valid until") and held[1] == "Not held"
        assert client.get(where).text.count("#estimate") == 2

    def test_only_differences_leaves_out_what_is_the_same(self, client: FlaskClient) -> None:
        pair = make_live_vendor("Kestrelway"), make_live_vendor("Vellaro", lead_days=20)
        every, some = page(client, address(*pair)), page(client, address(*pair, more="&only=differences"))
        assert "Smallest team" in every and "Smallest team" not in some and "Ready for go-live" in some
        assert "the same for all and left out" in some

    def test_the_link_to_share_is_the_page_s_own_address_without_language_or_view(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("Kestrelway")
        text = client.get(address(vendor, more="&only=differences&lang=en&utm=x")).text
        shared = re.search(r'data-copy="([^"]*)"', text)
        assert shared and shared.group(1).endswith(address(vendor))
        assert "mailto:?subject=" in text

    def test_beyond_five_unknown_twice_and_suspended_are_named_or_counted(self, client: FlaskClient) -> None:
        moderator = make_moderator()
        vendors = [make_live_vendor(f"Vendor {number}", moderator) for number in range(6)]
        text = page(client, address(*vendors, vendors[0], more="&v=nobody"))
        assert "Compare 5 vendors" in text and "Left out: Vendor 5" in text and "1 vendor of this address" in text
        staff = actor_for(make_staff("moderator"))
        doing(staff, lambda: suspend_company(staff, vendors[0].company.id, reason="Complaints"))
        text = page(client, address(*vendors[:2]))
        assert "Compare 1 vendor" in text and "Vendor 0" not in text and "Add a second vendor" in text

    @pytest.mark.parametrize(
        "query",
        [
            "v=",
            "v=%00&v=%FF&v=%F0%9F%98%80",
            "v=" + "x" * 5000,
            "&".join(f"v=vendor-{number}" for number in range(300)),
            "v[]=a&v=../../etc&v=%27%3B--&only=&only=differences&lang=xx",
            "v=compare&after=x&sort=bogus",
        ],
    )
    def test_no_address_fails(self, client: FlaskClient, query: str) -> None:
        vendor = make_live_vendor("Kestrelway")
        assert "Kestrelway" in page(client, f"/vendors/compare?v={vendor.company.slug}&{query}")
        for where in ("/vendors/compare", "/vendors", f"/vendors/{vendor.company.slug}"):
            assert client.get(f"{where}?{query}").status_code == 200

    def test_words_of_a_vendor_are_never_markup(self, client: FlaskClient) -> None:
        vendor = make_live_vendor("<b>Angle</b>", profile={"systems": {"acd": "<script>alert(1)</script>"}})
        text = client.get(address(vendor)).text + client.get(f"/vendors?v={vendor.company.slug}").text
        assert "<script>alert" not in text and "<b>Angle" not in text

    def test_a_stranger_s_page_may_be_kept_and_a_buyer_s_may_not(
        self, client: FlaskClient, make_client: Callable[[], FlaskClient]
    ) -> None:
        vendor = make_live_vendor("Kestrelway")
        for where in (address(vendor), f"/vendors?v={vendor.company.slug}"):
            answer = client.get(where)
            assert "public" in answer.headers["Cache-Control"] and "Set-Cookie" not in answer.headers
            assert "/buyer/" not in answer.text
        member = make_client()
        sign_in(member, make_buyer().person)
        answer = member.get(address(vendor))
        assert answer.headers["Cache-Control"] == "no-store" and "/buyer/shortlist" in answer.text

    def test_five_vendors_cost_no_more_statements_than_one(self, client: FlaskClient) -> None:
        moderator = make_moderator()
        vendors = [make_live_vendor(f"Vendor {number}", moderator) for number in range(5)]
        with counted(db.engine) as one:
            page(client, address(vendors[0]))
        with counted(db.engine) as five:
            page(client, address(*vendors))
        assert len(one) == len(five) <= 3
        sign_in(client, make_buyer().person)
        with counted(db.engine) as signed_in:
            page(client, f"/vendors?q=retail&channel=phone&{address(*vendors).partition('?')[2]}")
        assert len(signed_in) <= 12

    def test_an_address_from_before_a_rename_still_leads_to_its_vendor(self, client: FlaskClient) -> None:
        vendor, other = make_live_vendor("Kestrelway"), make_live_vendor("Vellaro")
        owner = vendor.actor
        doing(owner, lambda: rename_company(owner, name="Kestrel Way", version=1).version)
        text = page(client, address(vendor, other))
        assert "Kestrel Way, Vellaro" in text and "is not listed" not in text

    def test_no_company_gets_the_page_s_name_for_its_own(self, client: FlaskClient) -> None:
        assert address_of("Compare!") != "compare"


class TestChoosing:
    def test_the_list_carries_who_is_chosen_through_filters_orders_and_rows(self, client: FlaskClient) -> None:
        slug = make_live_vendor("Kestrelway").company.slug
        make_live_vendor("Vellaro")
        text = unescape(client.get(f"/vendors?sort=name&channel=phone&v={slug}").text)
        assert f'href="/vendors?channel=phone&v={slug}&sort=price"' in text
        assert f'href="/vendors?sort=name&v={slug}"' in text  # without the filter
        assert f'href="/vendors?channel=phone&sort=name#vendor-{slug}"' in text  # without the vendor
        assert text.count(f'<input type="hidden" name="v" value="{slug}">') == 2  # filters, and choosing one more
        assert '<input type="hidden" name="channel" value="phone">' in text
        addresses = re.findall(r'class="vendor-name"><a href="([^"]*)"', text)
        assert len(addresses) == 2 and all(address.endswith(f"?v={slug}") for address in addresses)

    def test_a_vendor_s_page_keeps_them_with_its_estimate(self, client: FlaskClient) -> None:
        one, two = make_live_vendor("Kestrelway"), make_live_vendor("Vellaro")
        text = unescape(client.get(f"/vendors/{one.company.slug}?phone=1200&v={two.company.slug}").text)
        assert f"/vendors/{one.company.slug}?phone=1200&v={two.company.slug}&v={one.company.slug}" in text
        assert "Choose one more." in text and f'href="/vendors?v={two.company.slug}"' in text
        text = unescape(client.get(f"/vendors/{one.company.slug}?v={two.company.slug}&v={one.company.slug}").text)
        assert f'href="{address(two, one)}"' in text and "Compare 2 vendors" in text

    def test_a_sixth_is_not_taken_and_the_bar_says_why(self, client: FlaskClient) -> None:
        moderator = make_moderator()
        vendors = [make_live_vendor(f"Vendor {number}", moderator) for number in range(6)]
        text = page(client, "/vendors?" + "&".join(f"v={vendor.company.slug}" for vendor in vendors))
        assert "At most 5 are compared. Remove one to add Vendor 5." in text

    def test_rows_of_buyers_and_strangers_are_kept_apart(
        self, client: FlaskClient, make_client: Callable[[], FlaskClient]
    ) -> None:
        vendor, buyer = make_live_vendor("Kestrelway"), make_client()
        make_profile(vendor, headline="Anew")
        sign_in(buyer, make_buyer().person)
        viewer, seller = make_client(), make_client()
        sign_in(viewer, make_person(make_company("buyer"), "viewer"))
        sign_in(seller, vendor.person)
        for _again in range(2):
            assert 'form="keep"' in buyer.get("/vendors").text
            for other in (client, viewer, seller):
                assert 'form="keep"' not in other.get("/vendors").text
