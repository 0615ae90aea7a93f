"""Settings: what the environment may say, and what production refuses."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, Settings, is_loopback

SECRET = "q7Wc0vN4tYpXbE9rLhKz2MdUfGsJa5Ti-8RoZnC1"
GOOD = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": SECRET,
    "DATABASE_URL": "postgresql://portal_app:pw@db.example/portal",
    "PORTAL_BASE_URL": "https://portal.example/",
}
CARDS = {"STRIPE_SECRET_KEY": "sk_live_1", "STRIPE_WEBHOOK_SECRET": "whsec_1"}


def faults(**changes: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Settings.from_environment({**GOOD, **changes})
    return caught.value.faults


class TestProduction:
    def test_a_complete_environment_starts(self):
        settings = Settings.from_environment({**GOOD, **CARDS})
        assert settings.is_production and settings.takes_cards and not settings.payment_is_a_test
        assert settings.database_url == "postgresql+psycopg://portal_app:pw@db.example/portal"
        assert settings.database_owner_url is None
        assert settings.base_url == "https://portal.example"

    @pytest.mark.parametrize(
        "name, value, says",
        [
            ("SECRET_KEY", "", "SECRET_KEY is not set"),
            ("SECRET_KEY", "   ", "SECRET_KEY is not set"),
            ("SECRET_KEY", "change-me-change-me-change-me-change-me", "guess"),
            ("SECRET_KEY", "Secret-key-of-this-installation-0123456789", "guess"),
            ("SECRET_KEY", "a" * 64, "guess"),
            ("SECRET_KEY", SECRET[:20], "shorter than 32"),
            ("DATABASE_URL", "", "DATABASE_URL is not set"),
            ("DATABASE_URL", "sqlite:///x.db", "PostgreSQL only"),
            ("DATABASE_OWNER_URL", "mysql://x", "PostgreSQL only"),
            ("PORTAL_BASE_URL", "", "https://"),
            ("PORTAL_BASE_URL", "http://portal.example", "https://"),
            ("PORT", "eighty", "PORT is 'eighty'"),
            ("PORT", "70000", "1 to 65535"),
            ("PORTAL_ENV", "prod", "development or production"),
            ("STRIPE_SECRET_KEY", "sk_live_1", "STRIPE_WEBHOOK_SECRET is empty"),
            ("STRIPE_API_BASE", "http://127.0.0.1:1234", "this machine itself"),
            ("STRIPE_API_BASE", "http://localhost:1234", "this machine itself"),
            ("STRIPE_API_BASE", "http://[::1]:1234", "this machine itself"),
        ],
    )
    def test_it_refuses_and_names_the_variable(self, name, value, says):
        found = faults(**{name: value})
        assert any(says in fault for fault in found), found

    def test_all_faults_are_told_at_once(self):
        assert len(faults(SECRET_KEY="", DATABASE_URL="", PORT="x")) == 3

    def test_secrets_are_not_shown(self):
        shown = repr(Settings.from_environment({**GOOD, **CARDS}))
        assert SECRET not in shown and "whsec_1" not in shown and ":pw@" not in shown

    def test_cookies_travel_only_encrypted(self):
        config = Settings.from_environment(GOOD).as_flask_config()
        assert config["SESSION_COOKIE_SECURE"] is True
        assert config["SESSION_COOKIE_NAME"].startswith("__Host-")


class TestDevelopment:
    def test_nothing_needs_to_be_set(self, tmp_path):
        settings = Settings.from_environment({"PORTAL_DATA_DIR": str(tmp_path)})
        assert settings.port == 8000 and settings.base_url == "http://127.0.0.1:8000"
        assert settings.database_url.startswith("postgresql+psycopg://portal_app@/portal?host=")
        assert settings.database_owner_url.startswith("postgresql+psycopg://portal_owner@/portal?host=")
        assert not settings.takes_cards

    def test_the_secret_is_made_once_and_kept_from_others(self, tmp_path):
        environment = {"PORTAL_DATA_DIR": str(tmp_path / "new")}
        first, second = (Settings.from_environment(environment).secret_key for _ in range(2))
        assert first == second and len(first) >= 32
        assert stat.S_IMODE(os.stat(tmp_path / "new" / "secret_key").st_mode) == 0o600

    def test_a_given_database_has_no_guessed_owner(self, tmp_path):
        environment = {"PORTAL_DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://u@h/d"}
        settings = Settings.from_environment(environment)
        assert settings.database_url == "postgresql+psycopg://u@h/d"
        assert settings.database_owner_url is None

    def test_a_stand_in_for_stripe_is_a_test(self, tmp_path):
        environment = {"PORTAL_DATA_DIR": str(tmp_path), **CARDS, "STRIPE_API_BASE": "http://127.0.0.1:9"}
        assert Settings.from_environment(environment).payment_is_a_test

    def test_the_pool_is_as_large_as_the_threads(self, tmp_path):
        environment = {"PORTAL_DATA_DIR": str(tmp_path), "PORTAL_WEB_THREADS": "7"}
        options = Settings.from_environment(environment).engine_options()
        assert (options["pool_size"], options["max_overflow"]) == (7, 0)


class TestLoopback:
    @pytest.mark.parametrize("url", ["http://127.9.8.7", "http://LOCALHOST:1", "http://a.localhost", "http://0.0.0.0"])
    def test_addresses_of_this_machine(self, url):
        assert is_loopback(url)

    @pytest.mark.parametrize(
        "url", [None, "", "https://api.stripe.com", "https://127.example", "https://localhost.example"]
    )
    def test_other_addresses(self, url):
        assert not is_loopback(url)

    @given(st.tuples(*[st.integers(0, 255)] * 3))
    def test_the_whole_block_127(self, rest):
        assert is_loopback("https://127." + ".".join(map(str, rest)))
