"""The monthly run: what it bills, once, and on whose figures."""

from datetime import UTC, date, datetime

import pytest

from portal.billing import actuals, queries
from portal.billing.actions import end_schedule, start_monthly
from portal.billing.models import FeeSchedule
from portal.billing.monthly import run_until
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.pricing.documents import month_from_document
from tests.factories.accounts import execute, make_person
from tests.factories.billing import acting, make_schedule, robot


def start(deal, day: date, schedule_id=None) -> None:
    with acting(robot(deal.vendor)):
        start_monthly(robot(deal.vendor), db.session.get_one(FeeSchedule, schedule_id or deal.schedule.id), day)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def billed() -> list[tuple[str, int]]:
    rows = execute(
        "SELECT c.period_start, sum(c.amount_minor) AS minor FROM charges c GROUP BY c.period_start"
        " ORDER BY c.period_start"
    )
    return [(row.period_start.isoformat(), int(row.minor)) for row in rows]


class TestStartMonthly:
    def test_an_outsider_finds_nothing(self, deal, outsider):
        with acting(robot(deal.vendor)):
            schedule = db.session.get_one(FeeSchedule, deal.schedule.id)
            with pytest.raises(NotFound):
                start_monthly(outsider, schedule, date(2026, 1, 1))

    def test_a_second_start_changes_nothing(self, deal):
        start(deal, date(2026, 1, 1))
        start(deal, date(2026, 5, 1))
        assert execute("SELECT billed_from FROM fee_schedules")[0].billed_from == date(2026, 1, 1)


class TestRun:
    def test_nothing_is_billed_before_go_live_or_before_a_month_is_over(self, deal):
        assert run_until(at(2026, 6, 1)) == 0
        start(deal, date(2026, 3, 1))
        assert run_until(at(2026, 3, 31)) == 0

    def test_each_month_is_billed_once_however_often_it_runs(self, deal):
        start(deal, date(2026, 1, 1))
        assert run_until(at(2026, 4, 2)) == 3
        assert run_until(at(2026, 4, 2)) == 0
        assert run_until(at(2026, 5, 2)) == 1
        assert billed() == [(f"2026-0{month}-01", 370_000) for month in (1, 2, 3, 4)]
        assert execute("SELECT count(*) AS n FROM invoices WHERE state = 'draft'")[0].n == 4
        assert execute("SELECT billed_through FROM fee_schedules")[0].billed_through == date(2026, 4, 30)

    def test_each_draft_asks_those_who_may_issue_it_and_tells_the_buyer_nothing(self, deal):
        make_person(deal.vendor, "viewer")
        start(deal, date(2026, 1, 1))
        run_until(at(2026, 3, 2))
        told = execute("SELECT person_id, kind FROM notifications")
        assert [(row.person_id, row.kind) for row in told] == [(deal.issuer.person_id, "billing.invoice.drafted")] * 2

    def test_the_month_ends_in_the_agreements_own_zone(self, deal):
        schedule = make_schedule(deal.buyer, deal.vendor, timezone="Pacific/Auckland")
        start(deal, date(2026, 1, 1), schedule.id)
        assert run_until(at(2026, 1, 31, 10)) == 0
        assert run_until(at(2026, 1, 31, 12)) == 1

    def test_it_ends_with_the_term(self, deal):
        schedule = make_schedule(deal.buyer, deal.vendor, term_months=2)
        start(deal, date(2026, 1, 16), schedule.id)
        assert run_until(at(2027, 1, 1)) == 3
        assert [day for day, _ in billed()] == ["2026-01-16", "2026-02-01", "2026-03-01"]
        assert execute("SELECT state FROM fee_schedules WHERE id = :id", id=schedule.id)[0].state == "ended"
        assert run_until(at(2027, 6, 1)) == 0

    def test_an_early_end_bills_the_last_month_in_part(self, deal):
        start(deal, date(2026, 1, 1))
        with acting(robot(deal.vendor)):
            end_schedule(robot(deal.vendor), db.session.get_one(FeeSchedule, deal.schedule.id), date(2026, 2, 14))
        assert run_until(at(2026, 2, 15)) == 2
        assert billed()[1] == ("2026-02-01", 185_000)
        rates = {row.unit_rate for row in execute("SELECT unit_rate FROM charges WHERE line_code = 'LEADS'")}
        assert rates == {1200}

    def test_one_agreement_that_cannot_be_billed_does_not_hold_up_the_others(self, deal):
        broken = make_schedule(deal.buyer, deal.vendor)
        for schedule in (broken, deal.schedule):
            start(deal, date(2026, 1, 1), schedule.id)
        execute("UPDATE fee_schedules SET terms = terms - 'rate_card' WHERE id = :id", id=broken.id)
        with pytest.raises(RuntimeError, match=str(broken.id)):
            run_until(at(2026, 2, 1))
        assert billed() == [("2026-01-01", 370_000)]

    def test_the_shell_command_bills_and_the_ledger_check_passes(self, deal, app):
        start(deal, date(2026, 1, 1))
        db.session.remove()
        runner = app.test_cli_runner()
        assert "2 invoices drafted" in runner.invoke(args=["billing", "run", "--until", "2026-03-01"]).output
        assert "the ledger balances" in runner.invoke(args=["ledger", "check"]).output

    def test_reported_volumes_are_billed_and_said(self, deal, monkeypatch):
        month = month_from_document({"k": 1, "volumes": [{"channel": "phone", "contacts": "1100", "aht_s": "300"}]})
        monkeypatch.setattr(actuals, "_sources", [lambda agreement, day: month if day == date(2026, 1, 1) else None])
        start(deal, date(2026, 1, 1))
        run_until(at(2026, 3, 1))
        with acting(deal.issuer):
            costs = [queries.month_cost(deal.schedule.agreement_id, date(2026, n, 1)).operating_minor for n in (1, 2)]
        assert costs == [395_000, 370_000]
        bases = execute("SELECT basis FROM charges WHERE line_code = 'PHONE' ORDER BY period_start")
        assert [row.basis for row in bases] == ["reported", "forecast"]
