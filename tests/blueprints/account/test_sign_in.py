"""The front door: signing in, where one is led, signing out, and changing the company."""

import re

import pytest

from blueprints.shared.limits import limiter
from blueprints.shared.own_paths import own_path
from tests.factories.accounts import PASSWORD, add_member, execute, make_company, make_person, make_staff, sign_in

CHANGING = re.compile('nonce="[^"]+"|name="csrf_token" value="[^"]+"')
ATTACKS = [
    "//evil.test",
    "/\\evil.test",
    "\\\\evil.test",
    "https:evil.test",
    "https://evil.test/",
    "javascript:alert(1)",
    "%2f%2fevil.test",
    "/\t/evil.test",
    "\t//evil.test",
    " //evil.test",
    "/\n/evil.test",
    "/\r\nSet-Cookie: a=b",
    "///evil.test",
    "/%0d%0a".replace("%0d%0a", "\r\n"),
    "//[evil",
    "evil.test",
    "",
]


@pytest.fixture
def person(app):
    return make_person(make_company("buyer", "Orrinfield"), email="ada@example.test")


def enter(client, email="ada@example.test", password=PASSWORD, after=None, **data):
    return client.post(
        "/sign-in", query_string={"next": after} if after else {}, data={"email": email, "password": password, **data}
    )


class TestWhereTo:
    @pytest.mark.parametrize("wanted", ATTACKS)
    def test_never_to_another_site(self, wanted):
        assert own_path(wanted) is None

    @pytest.mark.parametrize("wanted", ["/", "/buyer", "/agreements/1?tab=2#x", "/a//b", "/%2f%2fevil.test"])
    def test_to_a_path_of_ours(self, wanted):
        assert own_path(wanted) == wanted

    @pytest.mark.parametrize("wanted", ["//evil.test", "/\\evil.test", "https://evil.test"])
    def test_an_attack_leads_to_ones_own_desk(self, client, person, wanted):
        assert enter(client, after=wanted).headers["Location"] == "/desk"

    def test_a_page_asked_for_before_comes_after(self, client, person):
        address = client.get("/account/team?x=1").headers["Location"]
        assert address == "/sign-in?next=/account/team?x%3D1"
        answer = client.post(address, data={"email": person.email, "password": PASSWORD})
        assert answer.headers["Location"] == "/account/team?x=1"
        assert client.get("/account/team").status_code == 200

    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_each_side_has_its_desk(self, client, kind):
        sign_in(client, make_person(make_company(kind)))
        assert client.get("/desk").headers["Location"] == f"/{kind}"

    def test_staff_and_people_without_a_company_have_theirs(self, make_client):
        for person, desk in ((make_staff(), "/admin"), (make_person(), "/account")):
            client = make_client()
            sign_in(client, person)
            assert client.get("/desk").headers["Location"] == desk
            assert client.get(desk).status_code == 200


class TestSignIn:
    def test_a_wrong_password_and_an_unknown_address_get_the_same_page(self, client, person):
        pages = set()
        for email in (person.email, "x@example.test"):
            page = enter(client, email=email, password="wrong").text.replace(email, "@")
            pages.add(CHANGING.sub("", page))
        assert len(pages) == 1
        assert "do not match an account" in pages.pop()

    def test_the_address_is_kept_and_the_password_is_not(self, client, person):
        answer = enter(client, password="wrong guess here")
        assert answer.status_code == 400
        assert person.email in answer.text
        assert "wrong guess here" not in answer.text

    def test_a_cookie_from_before_is_worth_nothing_after(self, client, make_client, person):
        thief, fixed = make_client(), sign_in(client, make_person())
        with client.session_transaction() as cookie:
            before = dict(cookie)
        enter(client)
        with client.session_transaction() as cookie:
            assert cookie["_user_id"] != fixed
        with thief.session_transaction() as cookie:
            cookie.update(before)
        assert thief.get("/account").status_code == 302

    def test_staying_is_a_choice(self, client, make_client, person):
        assert "Expires" not in enter(client).headers["Set-Cookie"]
        assert "Expires" in enter(make_client(), remember="y").headers["Set-Cookie"]

    def test_the_cookie_is_kept_from_scripts_and_other_sites(self, client, person):
        cookie = enter(client).headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Domain" not in cookie

    def test_guessing_is_slowed_down(self, client, person):
        for _ in range(10):
            assert enter(client, password="wrong").status_code == 400
        answer = enter(client)
        assert answer.status_code == 429 and "Retry-After" in answer.headers

    def test_one_network_address_cannot_knock_for_ever(self, app, client, person):
        limiter.enabled = True
        limiter.reset()
        try:
            statuses = [client.post("/sign-in", data={}).status_code for _ in range(101)]
        finally:
            limiter.enabled = False
            limiter.reset()
        assert set(statuses[:100]) == {400} and statuses[100] == 429


class TestSignOut:
    def test_kills_the_session_on_the_server(self, client, make_client, person):
        enter(client)
        with client.session_transaction() as cookie:
            before = dict(cookie)
        answer = client.post("/sign-out")
        assert "cache" in answer.headers["Clear-Site-Data"]
        thief = make_client()
        with thief.session_transaction() as cookie:
            cookie.update(before)
        assert thief.get("/account").status_code == 302

    def test_opening_the_address_does_nothing(self, client, person):
        enter(client)
        assert client.get("/sign-out").status_code == 405
        assert client.get("/account").status_code == 200


class TestSwitchCompany:
    def test_not_to_a_company_one_has_no_seat_in(self, client, person):
        enter(client)
        for wanted in (make_company("vendor").id, "nonsense", ""):
            assert client.post("/account/switch", data={"company_id": wanted}).status_code == 404

    def test_the_other_tabs_form_acts_for_neither_company(self, client, person):
        """C10: a form opened as the first company is sent after the switch to the second."""
        first = execute("SELECT company_id, version FROM company_details")[0]
        vendor = make_company("vendor", "Kestrel")
        add_member(vendor, person)
        member = execute("SELECT id FROM memberships WHERE company_id = :id", id=first.company_id)[0]
        enter(client)
        assert client.get("/account/team").status_code == 200
        answer = client.post("/account/switch", data={"company_id": vendor.id})
        assert client.get(answer.headers["Location"]).headers["Location"] == "/vendor"
        stale = client.post(f"/account/team/{member.id}/role", data={"role": "viewer", "version": 1})
        assert stale.status_code == 404
        assert {row.role for row in execute("SELECT role FROM memberships")} == {"owner"}
        assert client.get("/buyer").status_code == 404


@pytest.mark.parametrize("address", ["/no-such-page", "/static/no-such-file.css", "/account/team/not-an-id/role"])
def test_an_address_that_does_not_exist_says_so_to_everybody(client, make_client, person, address):
    enter(client)
    for browser in (client, make_client()):
        assert browser.get(address).status_code == 404
