"""Headers that keep pages from being framed, sniffed, cached or addressed by another name."""

from dataclasses import replace

import pytest

import wsgi
from tests.factories.accounts import make_company, make_person, sign_in

PATHS = [
    "/",
    "/sign-in",
    "/nowhere",
    "/probe/refuse/unexpected",
    "/probe/refuse/stale",
    "/static/theme.css",
    "/healthz",
]


class TestHeaders:
    @pytest.mark.parametrize("path", PATHS)
    def test_every_answer_carries_them(self, caller, path):
        answer = caller.get(path)
        headers = answer.headers
        answer.close()
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"

    def test_the_nonce_is_new_each_time(self, caller):
        first, second = (caller.get("/sign-in").headers["Content-Security-Policy"] for _ in range(2))
        assert first != second

    def test_no_page_is_kept_by_a_cache_but_files_are(self, caller):
        sign_in(caller, make_person(make_company("buyer")))
        assert caller.get("/account").headers["Cache-Control"] == "no-store"
        with caller.get("/static/theme.css") as answer:
            assert "max-age" in answer.headers["Cache-Control"]


class TestHost:
    @pytest.fixture
    def secure(self, probe_app):
        settings = replace(probe_app.config["PORTAL"], base_url="https://portal.example")
        return wsgi.create_app(settings).test_client()

    @pytest.mark.parametrize("host", ["evil.example", "portal.example.evil.example", "portal.example@evil.example"])
    def test_another_name_than_ours_is_refused(self, secure, host):
        answer = secure.get("/sign-in", headers={"Host": host})
        assert answer.status_code == 400
        assert "evil.example" not in answer.text

    def test_our_own_is_served_with_strict_transport(self, secure):
        answer = secure.get("/healthz", base_url="https://portal.example")
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]


class TestLanguageLinks:
    @pytest.mark.parametrize("query", ["endpoint=x", "_external=1&_scheme=javascript", "values=1&q=%22%3E%3Cscript%3E"])
    def test_whatever_the_address_asks_the_page_is_served(self, caller, query):
        answer = caller.get(f"/sign-in?{query}")
        assert answer.status_code == 200
        assert "javascript:" not in answer.text and '"><script>' not in answer.text

    def test_they_keep_what_was_asked_for(self, caller):
        assert "/vendors?q=chat&amp;lang=zh_Hant" in caller.get("/vendors?q=chat&lang=en").text
