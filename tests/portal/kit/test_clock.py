"""The portal's clock: one for every machine, moved by its owner outside production only."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import event, text

import wsgi
from config import ConfigError
from portal.kit import clock, tenancy
from portal.kit.db import db
from tests.factories.accounts import make_person

FUTURE = datetime(2031, 5, 4, 12, 30, tzinfo=UTC)
ABOUT_NOW = timedelta(seconds=30)


@pytest.fixture
def production(app):
    """Settings of a production portal on the test's database."""
    return replace(app.config["PORTAL"], env="production", base_url="https://portal.example", testing=False)


class TestNow:
    def test_is_the_real_time_until_it_is_moved(self, app):
        with tenancy.scope(tenancy.PUBLIC):
            assert abs(clock.now() - datetime.now(UTC)) < ABOUT_NOW
            assert clock.now().tzinfo is UTC

    def test_goes_on_from_where_it_was_moved_to(self, app):
        clock.move_to(FUTURE)
        with tenancy.scope(tenancy.PUBLIC):
            first, second = clock.now(), clock.now()
            assert FUTURE <= first < second < FUTURE + ABOUT_NOW
            assert FUTURE <= clock.instant() < FUTURE + ABOUT_NOW

    def test_costs_no_statement(self, app):
        with tenancy.scope(tenancy.PUBLIC):
            clock.now()
            statements = []
            event.listen(db.engine, "before_cursor_execute", lambda *told: statements.append(told[2]))
            clock.now()
            assert statements == []

    def test_rows_are_stamped_by_the_same_clock(self, app):
        clock.move_to(FUTURE)
        with tenancy.scope(tenancy.PUBLIC):
            db.session.execute(text("INSERT INTO submissions (key, body_sha256) VALUES ('k', 'b')"))
            stamped = db.session.execute(text("SELECT created_at FROM submissions")).scalar_one()
        assert FUTURE <= stamped < FUTURE + ABOUT_NOW

    def test_can_be_put_back(self, app):
        clock.move_to(FUTURE)
        clock.reset()
        with tenancy.scope(tenancy.PUBLIC):
            assert abs(clock.now() - datetime.now(UTC)) < ABOUT_NOW


class TestMove:
    def test_is_refused_in_production(self, app, production, monkeypatch):
        monkeypatch.setitem(app.config, "PORTAL", production)
        with pytest.raises(RuntimeError, match="cannot be moved"):
            clock.move_to(FUTURE)


class TestStartInProduction:
    def test_a_moved_clock_is_refused(self, app, production):
        clock.move_to(FUTURE)
        with pytest.raises(ConfigError, match="off the real time"):
            wsgi.create_app(production)

    @pytest.mark.parametrize("address", ["buyer@demo.test", "vendor2@demo.test", "staff@demo.test"])
    def test_demo_accounts_are_refused(self, app, production, address):
        make_person(email=address)
        with pytest.raises(ConfigError, match=f"{address} is a demo account"):
            wsgi.create_app(production)

    def test_otherwise_it_starts(self, app, production):
        make_person(email="somebody@example.com")
        assert wsgi.create_app(production).config["PORTAL"].is_production

    def test_it_starts_while_the_database_is_away_and_is_not_ready(self, production):
        away = production.with_addresses("postgresql+psycopg://u@127.0.0.1:1/x", "postgresql://")
        assert wsgi.create_app(away).test_client().get("/readyz").status_code == 503

    def test_what_slips_in_later_makes_it_not_ready(self, app, production):
        started = wsgi.create_app(production)
        clock.move_to(FUTURE)
        answer = started.test_client().get("/readyz", base_url="https://portal.example")
        assert answer.status_code == 503
        with started.app_context():
            db.engine.dispose()
