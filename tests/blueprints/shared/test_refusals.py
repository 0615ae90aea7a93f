"""Every refusal and every failure is a page that says what happened; under /api it is a problem document."""

import time

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, InterfaceError

from blueprints.shared import edge, errors
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.embedded import EmbeddedServer
from tests.blueprints.shared.conftest import make_probe_app, words_of
from tests.database import TEMPLATE, make_template, temporary_server, test_settings
from tests.factories.accounts import make_company, make_person, sign_in

STATUSES = {
    "plain": (400, "Say why."),
    "not-found": (404, "belongs to another company"),
    "forbidden": (403, "Ask an owner of your company"),
    "conflict": (409, "Reload the page"),
    "illegal-move": (409, "draft"),
    "stale": (409, "what she saved"),
    "invalid": (422, "Say which."),
    "too-many": (429, "Wait a few minutes"),
    "unavailable": (503, "try again in a few seconds"),
}


class TestPages:
    @pytest.mark.parametrize("name", STATUSES)
    @pytest.mark.parametrize("known", [False, True], ids=["stranger", "member"])
    def test_each_refusal_is_a_page_with_its_status_and_sentence(self, caller, name, known):
        if known:
            sign_in(caller, make_person(make_company("vendor")))
        answer = caller.get(f"/probe/refuse/{name}")
        status, sentence = STATUSES[name]
        assert answer.status_code == status
        assert sentence in words_of(answer.text)
        assert answer.text.count("<h1") == 1
        assert ("Retry-After" in answer.headers) == (status in (429, 503))

    def test_both_texts_stand_on_the_page_of_a_stale_edit(self, caller):
        page = words_of(caller.get("/probe/refuse/stale").text)
        assert "what I typed" in page and "what she saved" in page

    def test_the_unexpected_says_nothing_of_the_inside(self, caller):
        answer = caller.get("/probe/refuse/unexpected")
        assert answer.status_code == 500
        assert "Traceback" not in answer.text and "secret@example.com" not in answer.text
        assert "ZeroDivisionError" not in answer.text

    def test_a_method_that_is_not_taken_names_the_others(self, caller):
        answer = caller.get("/probe/twice")
        assert answer.status_code == 405
        assert "POST" in answer.headers["Allow"]

    def test_a_body_that_is_too_large_is_refused(self, caller, probe_app, monkeypatch):
        monkeypatch.setitem(probe_app.config, "MAX_CONTENT_LENGTH", 100)
        assert caller.post("/probe/form", data={"name": "x" * 200}).status_code == 413

    def test_programs_get_a_problem_document(self, caller):
        answer = caller.get("/api/nothing")
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"
        assert answer.json["title"] == "This page does not exist"

    @pytest.mark.parametrize("known", [False, True], ids=["stranger", "member"])
    def test_a_form_without_its_token_is_refused_and_changes_nothing(self, caller, probe_app, written, known):
        probe_app.config["WTF_CSRF_ENABLED"] = True
        try:
            if known:
                sign_in(caller, make_person(make_company("vendor")))
            answer = caller.post("/probe/write")
        finally:
            probe_app.config["WTF_CSRF_ENABLED"] = False
        assert answer.status_code == 400
        assert "open too long or came from elsewhere" in answer.text
        assert written() == 0


class TestDatabase:
    def test_what_exists_already_is_a_conflict(self, caller, written):
        assert caller.post("/probe/twice").status_code == 409
        assert written() == 0

    def test_a_lock_that_others_hold_is_worth_another_try(self, caller, superuser, monkeypatch):
        monkeypatch.setattr(edge, "LOCK_MS", 100)
        with superuser.transaction():
            superuser.execute("LOCK TABLE company_details IN ROW EXCLUSIVE MODE")
            answer = caller.post("/probe/lock")
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"

    def test_no_free_connection_is_worth_another_try(self, caller, probe_app, monkeypatch):
        monkeypatch.setattr(db.engine.pool, "_timeout", 0.1)
        taken = [db.engine.connect() for _ in range(3)]
        try:
            answer = caller.get("/probe/details")
            alive = caller.get("/healthz")
        finally:
            for connection in taken:
                connection.close()
        assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
        assert alive.status_code == 200
        assert caller.get("/probe/details").status_code == 200

    @pytest.mark.parametrize("orig", [psycopg.errors.AdminShutdown(), psycopg.InterfaceError("closed")])
    def test_a_connection_that_broke_is_worth_another_try(self, probe_app, orig):
        kind = InterfaceError if isinstance(orig, psycopg.InterfaceError) else DBAPIError
        broken = kind("SELECT 1", {}, orig, connection_invalidated=True)
        with probe_app.test_request_context("/"), tenancy.scope(tenancy.PUBLIC):
            assert errors._database(broken).status_code == 503

    def test_a_stopped_database_is_told_and_comes_back_by_itself(self, tmp_path):
        with temporary_server() as first:
            make_template(str(first.socket_dir), first)
            app = make_probe_app(test_settings(str(first.socket_dir), TEMPLATE, tmp_path))
            client = app.test_client()
            assert client.get("/probe/details").status_code == 200
            first.stop()
            answer = client.get("/probe/details")
            assert answer.status_code == 503 and answer.headers["Retry-After"] == "5"
            assert "<h1" in answer.text
            assert client.post("/probe/write").status_code == 503
            assert client.get("/healthz").status_code == 200
            assert client.get("/nowhere").status_code == 404
            with EmbeddedServer.start(first.data_dir, settings={"fsync": "off"}):
                began = time.monotonic()
                assert client.get("/probe/details").status_code == 200
                assert time.monotonic() - began < 5
                with app.app_context():
                    db.engine.dispose()
