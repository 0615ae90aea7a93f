"""Taking an offered seat through the pages: by the invited address only, and once."""

import pytest

from portal.accounts.actions import team
from portal.kit import tenancy
from portal.kit.db import db
from tests.factories.accounts import PASSWORD, actor_for, execute, make_company, make_person, sign_in
from tests.factories.mails import link_in, sent_mails

NEW = {"name": "Ada", "timezone": "Europe/London", "password": PASSWORD}


@pytest.fixture
def company(app):
    return make_company("vendor", "Kestrel Contact")


@pytest.fixture
def link(app, company):
    owner = actor_for(make_person(company), company)
    with tenancy.scope(owner.scope):
        team.invite(owner, email="ada@example.test", role="member", language="en")
        db.session.commit()
    return link_in(sent_mails(app)[0])


def seats(company):
    return len(execute("SELECT 1 FROM memberships WHERE company_id = :id", id=company.id))


def test_another_signed_in_person_is_refused_with_the_reason(client, company, link):
    sign_in(client, make_person(make_company("buyer"), email="eve@example.test"))
    for answer in (client.get(link), client.post(link)):
        assert answer.status_code == 403
        assert "eve@example.test" in answer.text and "ada@example.test" not in answer.text
    assert seats(company) == 1


@pytest.mark.parametrize(
    "change", ["expires_at = portal_now()", "revoked_at = portal_now()", "accepted_at = portal_now()"]
)
def test_an_expired_revoked_or_used_one_is_closed(client, company, link, change):
    execute(f"UPDATE invitations SET {change}")
    assert client.get(link).status_code == 404
    assert client.post(link, data=NEW).status_code == 404
    assert seats(company) == 1


def test_a_suspended_companys_invitation_is_closed(client, company, link):
    execute("UPDATE companies SET state = 'suspended'")
    assert client.get(link).status_code == 404


def test_the_token_opens_no_other_door(client, link):
    token = link.rpartition("/")[2]
    assert client.get(f"/reset/{token}").status_code == 404
    assert client.post(f"/confirm/{token}").status_code == 400


def test_somebody_new_joins_and_is_signed_in(client, company, link):
    assert "ada@example.test" in client.get(link).text
    assert client.post(link, data={**NEW, "email": "eve@example.test", "role": "owner"}).headers["Location"] == "/desk"
    assert client.get("/desk").headers["Location"] == "/vendor"
    assert client.get("/account/team").status_code == 200
    (row,) = execute("SELECT email FROM people WHERE name = 'Ada'")
    assert row.email == "ada@example.test"
    assert sorted(row.role for row in execute("SELECT role FROM memberships")) == ["member", "owner"]
    client.post("/sign-out")
    assert client.get(link).status_code == 404


def test_an_address_with_an_account_signs_in_first(client, company, link):
    make_person(make_company("buyer"), email="ada@example.test")
    answer = client.post(link, data=NEW)
    assert answer.status_code == 400 and "already has an account" in answer.text
    client.post("/sign-in", data={"email": "ada@example.test", "password": PASSWORD})
    assert "Join Kestrel Contact" in client.get(link).text
    assert client.post(link).headers["Location"] == "/desk"
    assert client.get("/desk").headers["Location"] == "/vendor", "the session goes on in the new company"
    assert seats(company) == 2
