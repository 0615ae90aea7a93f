"""Random lives of payments: whatever is lost, repeated, delayed or done twice, the books end up right.

Each example is a list of steps on one invoice: people pay by card and by bank, the provider fails in every way the
loopback double knows, events come in any order or not at all. After the storm everything is looked at in calm, and
the ledger, the invoices and the provider's own books must agree to the penny.
"""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import SQLAlchemyError

from portal.billing import inbox
from portal.billing.actions import record_bank_receipt
from portal.billing.booking import book
from portal.billing.jobs import look_at_accounts
from portal.billing.monthly import listed
from portal.billing.providers import Ambiguous, InboundEvent, Refused, TryAgain
from portal.kit import clock, jobs, tenancy
from portal.kit.errors import Conflict
from tests.factories.accounts import actor_for, execute, make_staff
from tests.factories.billing import acting, card_payments, connect_vendor, make_invoice, read_invoice
from tests.portal.billing.test_card_payments import begin, look, now, send, tick, visit

TOTAL = 12_000
TROUBLES = ("drop_before", "drop_after", "error_before", "error_after", "rate_limit", "key_in_use")
CARDS = ("pm_card_visa", "pm_card_visa_chargeDeclined", "pm_test_bankDebit", "pm_card_authenticationRequired")
STEPS = st.one_of(
    st.tuples(st.just("begin"), st.none()),
    st.tuples(st.just("send"), st.none()),
    st.tuples(st.just("trouble"), st.tuples(st.sampled_from(TROUBLES), st.integers(1, 3))),
    st.tuples(st.just("visit"), st.sampled_from(CARDS)),
    st.tuples(st.just("events"), st.integers(0, 2**16)),
    st.tuples(st.just("settle"), st.booleans()),
    st.tuples(st.just("bank"), st.sampled_from((1, 5_000, TOTAL, TOTAL + 777))),
    st.tuples(st.just("wait"), st.sampled_from((20 * 60, 25 * 3600))),
    st.tuples(st.just("standing"), st.sampled_from(("complete", "restricted", "incomplete"))),
    st.tuples(st.just("tick"), st.none()),
)


class Life:
    """One invoice and everything that is done to it."""

    def __init__(self, deal, double, clerk) -> None:
        self.deal, self.double, self.clerk = deal, double, clerk
        self.account = connect_vendor(double, deal.vendor)
        self.invoice_id = make_invoice(deal.schedule, deal.vendor, 10_000)
        self.payments = []
        self.by_bank = 0

    def step(self, name: str, value) -> None:
        """One thing happens; what a job would try again later is not an error."""
        try:
            getattr(self, name)(value)
        except (TryAgain, Ambiguous, Refused, Conflict):
            pass
        except SQLAlchemyError as error:
            raise AssertionError(f"{name}: {error}") from error

    def begin(self, _) -> None:
        payment = begin(self.deal, self.invoice_id)
        if payment.id not in [one.id for one in self.payments]:
            self.payments.append(payment)

    def send(self, _) -> None:
        for payment in self.payments[-1:]:
            send(payment)

    def trouble(self, kind_and_times) -> None:
        kind, times = kind_and_times
        self.double.app.control.order_chaos(kind=kind, times=times, method="ANY", path="/v1/")

    def visit(self, card: str) -> None:
        sessions = self.double.app.store.of_kind("checkout.session")
        open_ones = {one["id"] for one in sessions if one["status"] == "open"}
        for payment in self.payments:
            if now(payment).provider_ref in open_ones:
                visit(self.double, payment, card)

    def events(self, seed: int) -> None:
        """Some of the provider's events arrive, shuffled, some of them twice."""
        rng = random.Random(seed)
        kept = list(self.double.app.store.kept_events())
        for event in rng.choices(kept, k=min(len(kept), 6)) if kept else []:
            with jobs.transaction(tenancy.PUBLIC):
                raw = json.dumps(event).encode()
                stored = inbox.store(InboundEvent(event["id"], event["type"], raw), "stripe")
            if stored:
                inbox.work_off(stored)

    def settle(self, paid: bool) -> None:
        for intent in list(self.double.app.store.of_kind("payment_intent")):
            if intent["status"] == "processing":
                self.double.app.control.settle(intent["id"], paid=paid)

    def bank(self, amount: int) -> None:
        invoice = read_invoice(self.invoice_id, self.deal.buyer)
        with acting(self.clerk):
            receipt = record_bank_receipt(
                self.clerk,
                reference=invoice.reference,
                amount_minor=amount,
                currency="GBP",
                received_on=clock.now().date(),
                bank_ref=f"{self.invoice_id}-{self.by_bank}-{random.random()}",
                payer="Alder",
            )
            receipt_id = receipt.id
        book(receipt_id, self.deal.buyer.id)
        self.by_bank += amount

    def wait(self, seconds: int) -> None:
        self.double.app.control.advance(seconds)
        execute("UPDATE payments SET sent_at = sent_at - make_interval(secs => :s)", s=seconds)

    def standing(self, standing: str) -> None:
        """The vendor's account lapses, or is put right; the portal hears of it some day."""
        self.double.app.control.account(self.account, standing)

    def tick(self, _) -> None:
        tick()
        look_at_accounts()

    def calm(self) -> None:
        """The storm is over: everything waiting is looked at until nothing changes any more."""
        self.double.app.control.order_chaos(clear=True)
        for _ in range(4):
            self.settle(True)
            for payment in self.payments:
                look(payment)
        for receipt_id, buyer_id in listed("SELECT * FROM receipts_to_book()"):
            book(receipt_id, buyer_id)


@pytest.mark.sweep
class TestLives:
    def test_the_books_agree_whatever_happens(self, deal, app, full_counts):
        clerk = actor_for(make_staff("finance"))

        @settings(
            max_examples=400 if full_counts else 5,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(steps=st.lists(STEPS, min_size=3, max_size=14))
        def live(steps) -> None:
            with card_payments(app) as double:
                execute_wipe()
                life = Life(deal, double, clerk)
                life.begin(None)
                for name, value in steps:
                    life.step(name, value)
                life.calm()
                judge(life)

        live()


def execute_wipe() -> None:
    """Each example has a provider of its own: what belonged to the one before is taken out of the comparison."""
    execute("UPDATE payments SET state = 'canceled' WHERE state NOT IN ('succeeded', 'failed', 'canceled')")
    execute("UPDATE payments SET fee_minor = 0, refunded_minor = excess_minor WHERE state = 'succeeded'")


def judge(life: Life) -> None:
    """What must hold when everything has calmed down."""
    invoice = read_invoice(life.invoice_id, life.deal.buyer)
    held = [now(payment) for payment in life.payments]
    received = sum(one.received_minor - one.refunded_minor for one in held)
    assert invoice.paid_minor == min(TOTAL, received + life.by_bank)
    assert (invoice.state == "paid") == (invoice.paid_minor == TOTAL)
    assert all(one.refunded_minor == one.excess_minor for one in held)
    charged = [one for one in life.double.app.store.of_kind("charge") if one["status"] == "succeeded"]
    assert sorted(one["id"] for one in charged) == sorted(one.charge_ref for one in held if one.charge_ref)
    numbers = execute(
        "SELECT count(*) AS n FROM payments WHERE invoice_id = :id AND state IN"
        " ('submitted', 'unknown', 'processing', 'requires_action')",
        id=life.invoice_id,
    )[0].n
    assert numbers <= 1
    rows = execute(
        "SELECT coalesce(sum(p.amount_minor), 0) AS minor FROM postings p JOIN ledger_accounts a ON a.id = p.account_id"
        " JOIN journals j ON j.id = p.journal_id WHERE a.kind = 'stripe_clearing' AND (j.source_id = ANY(:refs))",
        refs=[*(one["id"] for one in charged), *(str(one.id) for one in held), *moves_of(life.double)],
    )
    theirs = life.double.app.store.ledger.balances().get("gbp", {})
    assert int(rows[0].minor) == theirs.get("platform", 0)
    passed_on = execute(
        "SELECT coalesce(sum(p.amount_minor), 0) AS minor FROM postings p JOIN ledger_accounts a ON a.id = p.account_id"
        " JOIN journals j ON j.id = p.journal_id WHERE a.kind = 'vendor_payable_available'"
        " AND j.source_type IN ('transfer', 'refund') AND j.source_id = ANY(:refs)",
        refs=[*(str(one.id) for one in held), *moves_of(life.double)],
    )
    assert int(passed_on[0].minor) == theirs.get(life.account, 0)


def moves_of(double) -> list[str]:
    """The provider's own statement lines and transfers."""
    return [one["id"] for kind in ("balance_transaction", "transfer") for one in double.app.store.of_kind(kind)]
