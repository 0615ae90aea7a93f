"""The pages of API tokens: whose they are, the secret shown once, and what is refused."""

import re

import pytest

from portal.accounts.permissions import ROLES, Permission, Role
from tests.factories.accounts import PASSWORD, actor_for, execute, make_company, make_person, sign_in
from tests.factories.api import make_token

LIST, NEW = "/account/tokens", "/account/tokens/new"
FORM = {"name": "Reports", "scope": "read", "days": "30", "password": PASSWORD}


@pytest.fixture
def company(app):
    return make_company("buyer")


@pytest.fixture
def owner(client, company):
    person = make_person(company)
    sign_in(client, person)
    return actor_for(person, company)


@pytest.mark.parametrize("role", [role for role in Role if Permission.API_TOKENS not in ROLES[role]])
def test_others_than_owners_and_managers_have_no_such_page(client, company, role):
    sign_in(client, make_person(company, role))
    assert LIST not in client.get("/account").text
    assert client.get(LIST).status_code == 403
    assert client.post(NEW, data=FORM).status_code == 403
    assert execute("SELECT 1 FROM api_tokens") == []


def test_another_companys_tokens_do_not_exist(client, owner):
    other = make_company("buyer")
    token, _secret = make_token(actor_for(make_person(other), other), name="Elsewhere")
    assert "Elsewhere" not in client.get(LIST).text
    assert client.post(f"{LIST}/{token.id}/revoke").status_code == 404
    assert execute("SELECT revoked_at FROM api_tokens")[0].revoked_at is None


@pytest.mark.parametrize(
    "field, value, words",
    [
        ("name", " ", "Write what the token is for"),
        ("scope", "admin", "Not a valid choice"),
        ("days", "366", "Choose from 1 to 365 days"),
        ("password", "wrong", "This is not your password"),
    ],
)
def test_a_mistake_is_named_at_its_field_and_the_rest_is_kept(client, owner, field, value, words):
    answer = client.post(NEW, data=FORM | {field: value})
    assert answer.status_code == 400 and words in answer.text
    assert PASSWORD not in answer.text
    assert field == "name" or 'value="Reports"' in answer.text
    assert execute("SELECT 1 FROM api_tokens") == []


def test_the_secret_is_on_one_page_only_also_when_the_form_is_sent_twice(client, make_client, owner):
    answer = client.post(NEW, data=FORM | {"submission_id": "a"})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    (secret,) = set(re.findall(r"swb_[\w-]+", answer.text))
    again = client.post(NEW, data=FORM | {"submission_id": "a"}, follow_redirects=True)
    page = client.get(LIST).text
    assert secret not in again.text + page and secret[-4:] in page and "Active" in page
    assert len(execute("SELECT 1 FROM api_tokens")) == 1
    program = make_client()
    assert program.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    (row,) = execute("SELECT id FROM api_tokens")
    assert client.post(f"{LIST}/{row.id}/revoke").status_code == 302
    assert client.post(f"{LIST}/{row.id}/revoke").status_code == 409
    assert program.get("/api/v1/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401
    assert "Revoked" in client.get(LIST).text
