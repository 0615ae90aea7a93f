"""What a form was answered is remembered for a week and then forgotten."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.kit import clock, jobs, submissions, tenancy
from portal.kit.db import db
from tests.factories.accounts import execute, make_company


@pytest.fixture
def sent(app):
    with tenancy.scope(tenancy.PUBLIC):
        assert submissions.begin("key", "body") is None
        submissions.keep("key", "/there")
        now = clock.now()
        db.session.commit()
    return now


def kept() -> list[str]:
    return [row.key for row in execute("SELECT key FROM submissions")]


def test_within_a_week_the_first_answer_is_known(sent):
    clock.move_to(sent + timedelta(days=6, hours=23))
    jobs.run_due()
    with tenancy.scope(tenancy.PUBLIC):
        assert submissions.begin("key", "other body") == ("body", "/there")


def test_after_a_week_the_minute_tick_forgets_it(sent):
    clock.move_to(sent + timedelta(days=7, minutes=1))
    jobs.run_due()
    assert kept() == []


def test_the_database_keeps_it_for_a_day_whatever_it_is_asked(sent):
    clock.move_to(sent + timedelta(hours=23))
    with tenancy.scope(tenancy.PUBLIC):
        db.session.execute(text("SELECT submissions_forget(interval '0')"))
        db.session.commit()
    assert kept() == ["key"]


def test_no_company_can_make_it_forget(sent):
    clock.move_to(sent + timedelta(days=30))
    with tenancy.scope(tenancy.member(make_company("buyer").id)):
        db.session.execute(text("SELECT submissions_forget(interval '7 days')"))
        db.session.commit()
    assert kept() == ["key"]
