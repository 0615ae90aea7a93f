"""Every refusal is a problem document that says what to do, and nothing of a refused request stays."""

import json

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeout

from portal.kit.errors import Unavailable
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.api import make_token, post, program, program_of

KEY = {"Idempotency-Key": "k"}
NOBODY = "0190a000-0000-7000-8000-000000000000"
PATH = f"/api/v1/agreements/{NOBODY}/months/2026-06/figures"
BODY = {"version": 0, "figures": [{"channel": "phone", "items": {"handled": "1"}}]}


@pytest.fixture
def owner(app):
    company = make_company("vendor")
    return actor_for(make_person(company), company)


@pytest.fixture
def caller(app, owner):
    return program_of(app, owner)


def problem_of(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["status"] == status and body["type"] == "about:blank" and body["title"] and body["detail"]
    return body


class TestEachStatus:
    def test_400_for_a_post_without_a_key(self, caller):
        for key in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "two words"}, {"Idempotency-Key": "x" * 256}):
            assert "Idempotency-Key" in problem_of(caller.post(PATH, json=BODY, headers=key), 400)["title"]

    @pytest.mark.parametrize("body", [b"", b"{", b'{"version": 0', b"\xff", b"[" * 100_000])
    def test_400_for_what_is_no_json(self, caller, body):
        answer = caller.post(PATH, data=body, content_type="application/json", headers=KEY)
        assert "JSON" in problem_of(answer, 400)["title"]

    def test_403_for_a_token_that_may_only_read_and_for_a_role_that_may_not(self, app, owner):
        reader = program_of(app, owner, "read")
        assert "only read" in problem_of(post(reader, PATH, BODY), 403)["detail"]
        execute("UPDATE memberships SET role = 'viewer'")
        problem_of(post(program(app, make_token_before(app, owner)), PATH, BODY), 403)

    @pytest.mark.parametrize("path", ["/api/nothing", "/api/v1/vendors/nobody", f"/api/v1/invoices/{NOBODY}"])
    def test_404(self, caller, path):
        problem_of(caller.get(path), 404)

    def test_405_names_what_is_taken(self, caller):
        answer = caller.delete("/api/v1/me")
        problem_of(answer, 405)
        assert "GET" in answer.headers["Allow"]

    @pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
    def test_415_for_what_does_not_say_it_is_json(self, caller, kind):
        problem_of(caller.post(PATH, data=json.dumps(BODY), content_type=kind, headers=KEY), 415)

    @pytest.mark.parametrize(
        "body, field",
        [
            ({}, "version"),
            ([], "version"),
            ({**BODY, "versoin": 1}, "versoin"),
            ({**BODY, "version": -1}, "version"),
            ({**BODY, "figures": [{"channel": "fax", "items": {}}]}, "figures.0.channel"),
            ({**BODY, "figures": [{"channel": "phone", "items": {"handled": 1}}]}, "figures.0.items.handled"),
            ({**BODY, "figures": [{"channel": "phone", "items": {"handled": "1e9"}}]}, "figures.0.items.handled"),
            ({**BODY, "figures": [{"channel": "phone", "items": {"made_up": "1"}}]}, "figures.0.items.made_up.[key]"),
        ],
    )
    def test_422_names_every_value_at_fault(self, caller, body, field):
        errors = problem_of(post(caller, PATH, body), 422)["errors"]
        assert field in [one["field"] for one in errors] and all(one["message"] for one in errors)

    def test_422_for_a_query_that_is_mistyped(self, caller):
        assert problem_of(caller.get("/api/v1/vendors?chanel=phone"), 422)["errors"][0]["field"] == "chanel"
        assert problem_of(caller.get("/api/v1/invoices?after=1"), 422)["errors"][0]["field"] == "after"

    @pytest.mark.parametrize("error", [Unavailable(), PoolTimeout()])
    def test_503_says_when_to_come_again(self, caller, monkeypatch, error):
        def fail(*_arguments, **_values):
            raise error

        monkeypatch.setattr("blueprints.api.agreements.queries.agreements_for", fail)
        answer = caller.get("/api/v1/agreements")
        problem_of(answer, 503)
        assert answer.headers["Retry-After"] == "5"

    def test_500_says_nothing_of_the_inside(self, caller, monkeypatch):
        monkeypatch.setattr("blueprints.api.agreements.queries.agreements_for", lambda *_a, **_v: 1 / 0)
        assert "Zero" not in json.dumps(problem_of(caller.get("/api/v1/agreements"), 500))

    def test_in_the_language_that_is_asked_for(self, caller):
        english = problem_of(caller.get("/api/nothing"), 404)["title"]
        chinese = caller.get("/api/nothing", headers={"Accept-Language": "zh-TW"}).json["title"]
        assert english == "This page does not exist" and chinese != english


def make_token_before(app, owner):
    """A token made while the role still allowed it."""
    execute("UPDATE memberships SET role = 'owner'")
    secret = make_token(owner)[1]
    execute("UPDATE memberships SET role = 'viewer'")
    return secret


def test_400_for_a_name_that_is_not_ours(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "TRUSTED_HOSTS", ["portal.example"])
    problem_of(client.get("/api/v1/vendors"), 400)
