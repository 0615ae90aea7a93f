"""Money on the bank account: recording, the second person, booking."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from portal.billing import queries
from portal.billing.actions import approve_bank_receipt, record_bank_receipt, reject_bank_receipt
from portal.billing.booking import book
from portal.billing.commands import check
from portal.billing.models import BankReceipt
from portal.billing.reference import grouped
from portal.kit import jobs
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid
from tests.factories.accounts import actor_for, execute, make_staff
from tests.factories.billing import acting, make_invoice, read_invoice


@pytest.fixture
def clerk(app):
    return actor_for(make_staff("finance"))


@pytest.fixture
def second(app):
    return actor_for(make_staff("finance"))


def record(clerk, deal, invoice_id, amount_minor, bank_ref="BANK-1", **change):
    invoice = read_invoice(invoice_id, deal.buyer)
    with acting(clerk):
        receipt = record_bank_receipt(
            clerk,
            **{
                "reference": grouped(invoice.reference),
                "amount_minor": amount_minor,
                "currency": "GBP",
                "received_on": date(2026, 3, 2),
                "bank_ref": bank_ref,
                "payer": "Alder Retail Ltd",
                **change,
            },
        )
        db.session.flush()
        return receipt.id


class TestRecord:
    def test_neither_companies_nor_other_staff_record_money(self, deal):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        for actor in (deal.payer, deal.issuer, actor_for(make_staff("moderator"))):
            with pytest.raises(Forbidden):
                record(actor, deal, invoice_id, 100)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"reference": "RF18539007547034"}, "reference"),
            ({"reference": "RF00X"}, "reference"),
            ({"currency": "EUR"}, "currency"),
            ({"amount_minor": 0}, "amount"),
            ({"bank_ref": " "}, "bank_ref"),
        ],
    )
    def test_what_does_not_fit_says_what_to_do_at_its_field(self, deal, clerk, change, field):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        amount = change.pop("amount_minor", 100)
        with pytest.raises(Invalid) as refused:
            record(clerk, deal, invoice_id, amount, **change)
        assert refused.value.field == field

    def test_the_same_entry_of_the_statement_is_recorded_once(self, deal, clerk):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        record(clerk, deal, invoice_id, 100)
        with pytest.raises(Invalid) as refused:
            record(clerk, deal, invoice_id, 100)
        assert refused.value.field == "bank_ref"

    def test_up_to_the_limit_it_is_booked_by_the_job(self, deal, clerk, app):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        record(clerk, deal, invoice_id, 12_000)
        jobs.run_waiting(app)
        assert read_invoice(invoice_id, deal.buyer).state == "paid"
        assert check() == []


class TestApprove:
    def test_above_the_limit_the_recorder_cannot_confirm_it(self, deal, clerk, second):
        invoice_id = make_invoice(deal.schedule, deal.vendor, 1_000_000)
        receipt_id = record(clerk, deal, invoice_id, 1_200_000)
        with acting(clerk), pytest.raises(Conflict):
            approve_bank_receipt(clerk, queries.receipt_for_staff(clerk, receipt_id))
        assert read_invoice(invoice_id, deal.buyer).paid_minor == 0
        with acting(second):
            approve_bank_receipt(second, queries.receipt_for_staff(second, receipt_id))
        with acting(second), pytest.raises(Conflict):
            approve_bank_receipt(second, queries.receipt_for_staff(second, receipt_id))
        book(receipt_id, deal.buyer.id)
        assert read_invoice(invoice_id, deal.buyer).state == "paid"

    def test_the_database_refuses_one_person_twice(self, deal, clerk):
        receipt_id = record(clerk, deal, make_invoice(deal.schedule, deal.vendor, 1_000_000), 1_200_000)
        with pytest.raises(DBAPIError, match="second_person"), acting(clerk):
            receipt = db.session.get_one(BankReceipt, receipt_id)
            receipt.state, receipt.approved_by = "approved", clerk.person_id
            db.session.flush()

    def test_a_rejected_one_is_never_booked(self, deal, clerk, second):
        invoice_id = make_invoice(deal.schedule, deal.vendor, 1_000_000)
        receipt_id = record(clerk, deal, invoice_id, 1_200_000)
        with acting(second):
            reject_bank_receipt(second, queries.receipt_for_staff(second, receipt_id))
        with acting(second), pytest.raises(Conflict):
            approve_bank_receipt(second, queries.receipt_for_staff(second, receipt_id))


class TestBook:
    def test_short_by_a_penny_is_partly_paid_and_the_rest_may_follow(self, deal, clerk):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        for number, (amount, state) in enumerate(((11_999, "partly_paid"), (1, "paid"))):
            book(record(clerk, deal, invoice_id, amount, bank_ref=f"B{number}"), deal.buyer.id)
            assert read_invoice(invoice_id, deal.buyer).state == state
        assert check() == []

    def test_too_much_rests_as_the_buyers_unapplied_money(self, deal, clerk):
        invoice_id = make_invoice(deal.schedule, deal.vendor)
        receipt_id = record(clerk, deal, invoice_id, 15_000)
        book(receipt_id, deal.buyer.id)
        book(receipt_id, deal.buyer.id)
        with acting(deal.payer):
            found = {kind: int(minor) for kind, _, minor in queries.balances_for(deal.payer)}
        assert found == {"buyer_receivable": 0, "unapplied_cash": -3_000}
        assert execute("SELECT excess_minor FROM bank_receipts")[0].excess_minor == 3_000
        assert check() == []

    def test_the_vendor_hears_of_the_money(self, deal, clerk):
        book(record(clerk, deal, make_invoice(deal.schedule, deal.vendor), 12_000), deal.buyer.id)
        kinds = [row.kind for row in execute("SELECT kind FROM notifications")]
        assert sorted(kinds) == ["billing.invoice.issued", "billing.money.received"]
