"""Charges, drafts, issue, void: who may, what the invoice says, and what the books say."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.billing import queries
from portal.billing.actions import add_credit, draft_invoice, issue_invoice, raise_charge, void_invoice
from portal.billing.actions.invoices import content_hash
from portal.billing.commands import check
from portal.billing.models import Charge, FeeSchedule, Invoice
from portal.billing.reference import is_valid
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kit.ids import new_id
from tests.factories.accounts import actor_for, execute, make_person
from tests.factories.billing import CARD, acting, make_invoice, make_schedule, read_invoice, robot

FEE = {
    "fee_class": "extra",
    "line_code": "SURGE",
    "description": "Emergency surge",
    "quantity": Decimal(46),
    "unit": "hour",
    "amount_minor": 144_900,
    "change_order_id": new_id(),
}


def schedule_of(deal) -> FeeSchedule:
    return db.session.get_one(FeeSchedule, deal.schedule.id)


def balances(*kinds: str) -> dict[str, int]:
    rows = execute(
        "SELECT a.kind, sum(p.amount_minor) AS minor FROM postings p JOIN ledger_accounts a ON a.id = p.account_id"
        " GROUP BY a.kind"
    )
    found = {row.kind: int(row.minor) for row in rows if row.minor}
    return {kind: found.get(kind, 0) for kind in kinds} if kinds else found


class TestRaiseCharge:
    def test_a_stranger_to_the_agreement_finds_nothing(self, deal, outsider):
        with acting(robot(deal.vendor)):
            schedule = schedule_of(deal)
            with pytest.raises(NotFound):
                raise_charge(outsider, schedule, source_key="x", **FEE)

    def test_the_same_cause_is_charged_once_and_another_amount_is_a_conflict(self, deal):
        with acting(deal.payer):
            first = raise_charge(deal.payer, schedule_of(deal), source_key="change-order:7", **FEE)
            again = raise_charge(deal.payer, schedule_of(deal), source_key="change-order:7", **FEE)
            assert first.id == again.id and first.unit_rate == Decimal("31.5")
            with pytest.raises(Conflict):
                raise_charge(deal.payer, schedule_of(deal), source_key="change-order:7", **{**FEE, "amount_minor": 5})

    @pytest.mark.parametrize(
        "fee",
        [
            {"line_code": "NIGHT_SHIFT"},
            {"line_code": "PHONE"},
            {"change_order_id": None},
            {"fee_class": "one_time"},
            {"fee_class": "operating", "line_code": "MIN_SHORTFALL"},
        ],
        ids=str,
    )
    def test_what_the_agreed_card_does_not_price_cannot_be_charged(self, deal, fee):
        with acting(deal.issuer), pytest.raises(Conflict):
            raise_charge(deal.issuer, schedule_of(deal), source_key="x", **FEE | fee)

    def test_a_custom_request_is_charged_by_change_order_unless_the_vendor_charges_none(self, deal):
        custom = FEE | {"line_code": "custom_request"}
        with acting(deal.issuer):
            assert raise_charge(deal.issuer, schedule_of(deal), source_key="x", **custom).amount_minor == 144_900
        free = make_schedule(deal.buyer, deal.vendor, card=CARD | {"waived": ["custom_request"]})
        with acting(deal.issuer), pytest.raises(Conflict):
            raise_charge(deal.issuer, db.session.get_one(FeeSchedule, free.id), source_key="x", **custom)

    def test_nothing_and_less_than_nothing_is_no_charge(self, deal):
        with acting(deal.payer), pytest.raises(Invalid):
            raise_charge(deal.payer, schedule_of(deal), source_key="x", **{**FEE, "amount_minor": 0})

    def test_the_database_lets_nobody_change_a_charge(self, deal):
        with acting(deal.issuer):
            raise_charge(deal.issuer, schedule_of(deal), source_key="x", **FEE)
        for company in (deal.vendor, deal.buyer):
            with pytest.raises(DBAPIError, match="permission denied"), acting(robot(company)):
                db.session.execute(text("UPDATE charges SET amount_minor = 1"))


class TestDraftInvoice:
    def test_the_buyer_cannot_draft(self, deal):
        with acting(deal.payer), pytest.raises(Forbidden):
            draft_invoice(deal.payer, schedule_of(deal))

    def test_without_open_charges_there_is_nothing_to_draft(self, deal):
        with acting(deal.issuer):
            assert draft_invoice(deal.issuer, schedule_of(deal)) is None

    def test_credits_come_off_and_what_does_not_fit_waits_for_the_next_invoice(self, deal):
        with acting(deal.issuer):
            schedule = schedule_of(deal)
            raise_charge(deal.issuer, schedule, source_key="a", **{**FEE, "amount_minor": 10_000})
            add_credit(deal.issuer, schedule, source_key="credit:1", description="Missed target", amount_minor=4_000)
            add_credit(deal.issuer, schedule, source_key="credit:2", description="Missed target", amount_minor=9_000)
            first = draft_invoice(deal.issuer, schedule)
            assert (first.net_minor, first.tax_minor, first.total_minor, first.commission_minor) == (0, 0, 0, 0)
            assert [line.amount_minor for line in queries.lines_of(first)] == [10_000, -4_000, -6_000]
            assert draft_invoice(deal.issuer, schedule) is None
            raise_charge(deal.issuer, schedule, source_key="b", **{**FEE, "amount_minor": 5_000})
            second = draft_invoice(deal.issuer, schedule)
            assert [line.amount_minor for line in queries.lines_of(second)] == [5_000, -3_000]
            assert (second.net_minor, second.tax_minor, second.commission_minor) == (2_000, 400, 100)

    def test_the_buyer_does_not_see_a_draft(self, deal):
        invoice_id = make_invoice(deal.schedule, deal.vendor, issue=False)
        with acting(deal.payer):
            with pytest.raises(NotFound):
                queries.invoice_for(deal.payer, invoice_id)
            assert db.session.execute(text("SELECT count(*) FROM invoices")).scalar_one() == 0
            assert db.session.execute(text("SELECT count(*) FROM invoice_lines")).scalar_one() == 0


class TestIssueInvoice:
    def test_only_the_vendors_finance_issues(self, deal, outsider):
        invoice_id = make_invoice(deal.schedule, deal.vendor, issue=False)
        viewer = actor_for(make_person(deal.vendor, "viewer"), deal.vendor)
        with acting(deal.issuer):
            invoice = db.session.get_one(Invoice, invoice_id)
            with pytest.raises(Forbidden):
                issue_invoice(viewer, invoice)
            with pytest.raises(Conflict):
                issue_invoice(outsider, invoice)

    def test_it_gets_a_number_a_reference_a_due_date_and_both_letterheads(self, deal):
        invoice = read_invoice(make_invoice(deal.schedule, deal.vendor, 10_000), deal.buyer)
        year = invoice.open_at.year
        assert invoice.number == f"OST-{year}-0001" and is_valid(invoice.reference)
        assert (invoice.net_minor, invoice.tax_minor, invoice.total_minor) == (10_000, 2_000, 12_000)
        assert invoice.seller["legal_name"] == "Ostermere CX Ltd" and invoice.customer["name"] == "Alder Retail"
        assert (invoice.due_on - invoice.open_at.date()).days == 30
        assert content_hash(invoice) == invoice.sha256

    def test_the_books_show_what_is_owed_and_to_whom(self, deal):
        make_invoice(deal.schedule, deal.vendor, 10_000)
        assert balances() == {
            "buyer_receivable": 12_000,
            "vendor_payable_pending": -11_500,
            "commission_unearned": -500,
        }
        assert check() == []

    def test_twice_is_a_conflict(self, deal):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        with acting(deal.issuer), pytest.raises(Conflict):
            issue_invoice(deal.issuer, db.session.get_one(Invoice, invoice_id))

    def test_numbers_have_no_gap_when_many_issue_at_once(self, deal, app):
        drafts = [make_invoice(deal.schedule, deal.vendor, issue=False) for _ in range(6)]

        def issue(invoice_id) -> None:
            with app.app_context(), acting(robot(deal.vendor)):
                issue_invoice(robot(deal.vendor), db.session.get_one(Invoice, invoice_id))

        with ThreadPoolExecutor(3) as pool:
            list(pool.map(issue, drafts))
        numbers = sorted(read_invoice(invoice_id, deal.buyer).number[-4:] for invoice_id in drafts)
        assert numbers == [f"{place:04d}" for place in range(1, 7)]

    def test_an_issued_invoice_stays_as_it_was_sent(self, deal):
        make_invoice(deal.schedule, deal.vendor)
        for statement in (
            "UPDATE invoices SET total_minor = total_minor - 1, net_minor = net_minor - 1",
            "UPDATE invoices SET due_on = due_on + 30",
            "UPDATE invoice_lines SET description = 'Something else'",
            "DELETE FROM invoice_lines",
        ):
            with pytest.raises(DBAPIError), acting(robot(deal.vendor)):
                db.session.execute(text(statement))


class TestVoidInvoice:
    def test_the_buyer_cannot(self, deal):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        with acting(deal.payer), pytest.raises(Forbidden):
            void_invoice(deal.payer, db.session.get_one(Invoice, invoice_id))

    def test_it_takes_everything_back_in_the_books(self, deal):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        with acting(deal.issuer):
            void_invoice(deal.issuer, db.session.get_one(Invoice, invoice_id))
        assert read_invoice(invoice_id, deal.buyer).state == "void"
        assert balances() == {} and check() == []

    def test_once_something_was_paid_it_is_refused(self, deal):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        execute("UPDATE invoices SET paid_minor = 1, state = 'partly_paid' WHERE id = :id", id=invoice_id)
        with acting(deal.issuer), pytest.raises(Conflict):
            void_invoice(deal.issuer, db.session.get_one(Invoice, invoice_id))


class TestTenancy:
    def test_an_outsider_sees_no_row_of_any_table(self, deal, outsider):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        tables = ("fee_schedules", "charges", "invoices", "invoice_lines", "payments", "journals", "postings")
        with acting(outsider):
            with pytest.raises(NotFound):
                queries.invoice_for(outsider, invoice_id)
            for table in tables:
                assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0

    def test_each_wall_holds_without_the_other(self, deal, outsider, monkeypatch):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        monkeypatch.setattr(tenancy.Walls, "python", False)
        with acting(outsider), pytest.raises(NotFound):
            queries.invoice_for(outsider, invoice_id)

    def test_month_costs_are_of_the_month_they_were_for(self, deal):
        from datetime import date

        with acting(deal.issuer):
            schedule = schedule_of(deal)
            march = (date(2026, 3, 1), date(2026, 3, 31))
            raise_charge(deal.issuer, schedule, source_key="a", period=march, **FEE)
            add_credit(deal.issuer, schedule, source_key="c", description="Credit", amount_minor=900, period=march)
            cost = queries.month_cost(schedule.agreement_id, date(2026, 3, 15))
            assert (cost.extra_minor, cost.credit_minor, cost.total_minor) == (144_900, -900, 144_000)
            assert queries.month_cost(schedule.agreement_id, date(2026, 4, 1)) is None
            assert db.session.scalar(select(Charge.currency).limit(1)) == "GBP"
