"""What the log says: what happened and how long it took, and nothing that tells who did it."""

import json
import logging
from io import StringIO

import psycopg
import pytest
from sqlalchemy import text

from blueprints.shared import logs
from portal.accounts.sessions import email_key
from portal.kit import tenancy
from portal.kit.db import db
from tests.factories.accounts import PASSWORD, make_company, make_person

ADDRESS = "ottoline@example.com"


@pytest.fixture
def lines():
    """The log as an operator gets it, read when called."""
    root = logging.getLogger()
    before = root.handlers, root.level
    logs.configure()
    written = StringIO()
    root.handlers[0].setStream(written)  # type: ignore[attr-defined]
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.handlers, root.level = before


class TestLines:
    def test_signing_in_and_sending_a_form_leave_no_personal_data(self, app, client, lines):
        person = make_person(make_company("buyer", "Tellwell Trading"), name="Ottoline Farrow")
        client.post("/sign-in", data={"email": person.email, "password": "not this one"})
        client.post("/sign-in", data={"email": person.email, "password": PASSWORD})
        client.get("/account?name=Ottoline")
        client.post("/account", data={"name": "Ottoline Q Farrow", "timezone": "Europe/Paris", "version": "1"})
        client.get("/reset/a-token-that-nobody-should-read")
        found = lines()
        endpoints = [line.get("endpoint") for line in found]
        assert {"account.sign_in", "account.show_account", "account.reset_password"} <= set(endpoints)
        whole = json.dumps(found)
        for secret in (person.email, email_key(person.email), "Ottoline", "Tellwell", PASSWORD, "a-token", "127.0.0.1"):
            assert secret not in whole

    def test_each_has_the_reference_that_error_pages_show(self, client, lines):
        client.get("/nowhere")
        [line] = [line for line in lines() if line["event"] == "request"]
        assert line["status"] == 404 and line["reference"] and line["timestamp"].endswith("Z")


class TestExceptions:
    def test_the_database_is_not_quoted(self, app):
        with pytest.raises(Exception, match="violates") as caught, tenancy.scope(tenancy.PUBLIC):
            create = text("SELECT account_create(gen_random_uuid(), :email, 'k', 'n', 'xx', 'UTC', 'h')")
            db.session.execute(create, {"email": ADDRESS})
        db.session.rollback()
        told = logs.told(caught.value)
        assert "ottoline" not in told
        assert "ck_people_locale_known" in told

    def test_what_was_typed_is_not_quoted_but_the_place_is(self):
        with pytest.raises(ValueError, match="invalid literal") as caught:
            int(ADDRESS)
        told = logs.told(caught.value)
        assert "ottoline" not in told
        assert "test_logs.py" in told and told.endswith("ValueError")

    def test_a_mistake_of_the_program_keeps_its_message(self):
        error = AttributeError("'NoneType' object has no attribute 'build'")
        assert logs.told(error).endswith("has no attribute 'build'")

    def test_what_led_to_it_stands_before_it(self):
        error = RuntimeError("later")
        error.__cause__ = psycopg.errors.UniqueViolation()
        assert logs.told(error).splitlines()[-2:] == ["UniqueViolation: 23505", "RuntimeError: later"]
