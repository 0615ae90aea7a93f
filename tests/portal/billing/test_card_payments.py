"""Card payments through the real client against the loopback provider, with everything that can go wrong between."""

import json
import os
import subprocess
import sys
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.billing import collection, inbox, queries
from portal.billing.actions import pay_by_card
from portal.billing.jobs import look_at_payments, sweep_events
from portal.billing.models import Invoice, Payment
from portal.billing.providers import BadSignature, InboundEvent, TryAgain, card_provider
from portal.kit import jobs, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, NotFound, Unavailable
from tests.doubles.stripe import checkout
from tests.doubles.stripe.errors import StripeRefusal
from tests.doubles.stripe.webhooks import sign
from tests.factories.accounts import actor_for, execute, make_person
from tests.factories.billing import (
    acting,
    books_match,
    card_payments,
    connect_vendor,
    make_invoice,
    make_schedule,
    read_invoice,
)

ROOT = Path(__file__).resolve().parents[3]
VISA, DECLINED = "pm_card_visa", "pm_card_visa_chargeDeclined"


@pytest.fixture
def stripe(app, deal):
    """The provider, where the vendor has an account that is ready."""
    with card_payments(app) as double:
        connect_vendor(double, deal.vendor)
        yield double


@pytest.fixture
def invoice_id(deal):
    return make_invoice(deal.schedule, deal.vendor, 10_000)


def begin(deal, invoice_id) -> Payment:
    """The buyer presses Pay; nothing has been sent yet."""
    with acting(deal.payer):
        payment = pay_by_card(deal.payer, db.session.get_one(Invoice, invoice_id))
        db.session.flush()
        db.session.expunge(payment)
        return payment


def send(payment) -> None:
    collection.collect(payment.id, payment.buyer_id)


def now(payment) -> Payment:
    with tenancy.scope(tenancy.member(payment.buyer_id)):
        found = db.session.scalar(select(Payment).where(Payment.id == payment.id))
        db.session.expunge_all()
        db.session.rollback()
        return found


def visit(double, payment, method: str = VISA) -> None:
    """The buyer pays on the provider's page."""
    store = double.app.store
    with store.lock:
        session = store.get("checkout.session", now(payment).provider_ref)
        try:
            checkout.pay(store, session, method)
        except StripeRefusal as refused:
            assert refused.status == 402 or refused.error["code"] == "insufficient_capabilities_for_transfer"


def charges(double) -> list[dict]:
    return [one for one in double.app.store.of_kind("charge") if one["status"] == "succeeded"]


def look(payment) -> None:
    collection.look_at(payment.id, payment.buyer_id)


def tick() -> None:
    """The minute tick, at a time when every open payment is due for a look."""
    execute("UPDATE payments SET looked_at = NULL, created_at = created_at - interval '1 hour'")
    look_at_payments()


@contextmanager
def trouble(double, kind: str, times: int = 1, path: str = "checkout/sessions", seconds: float = 0):
    double.app.control.order_chaos(kind=kind, times=times, path=path, seconds=seconds)
    yield
    double.app.control.order_chaos(clear=True)


class TestPayByCard:
    def test_without_a_provider_the_buyer_is_sent_to_the_bank(self, deal, invoice_id):
        with acting(deal.payer), pytest.raises(Unavailable):
            pay_by_card(deal.payer, db.session.get_one(Invoice, invoice_id))

    def test_neither_the_vendor_nor_a_viewer_pays(self, deal, invoice_id, stripe):
        viewer = actor_for(make_person(deal.buyer, "viewer"), deal.buyer)
        for actor in (deal.issuer, viewer):
            with acting(actor), pytest.raises(Forbidden):
                pay_by_card(actor, db.session.get_one(Invoice, invoice_id))

    def test_an_outsider_does_not_find_the_payment(self, deal, invoice_id, stripe, outsider):
        payment = begin(deal, invoice_id)
        with acting(outsider), pytest.raises(NotFound):
            queries.payment_for(outsider, payment.id)

    def test_the_request_is_frozen_with_its_key_before_anything_is_sent(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        assert (payment.state, payment.amount_minor, payment.sent_at) == ("submitted", 12_000, None)
        assert payment.request["line_items"][0]["price_data"]["unit_amount"] == 12_000
        assert stripe.app.control.requests == []

    def test_two_tabs_share_one_attempt(self, deal, invoice_id, stripe, app):
        def press(_):
            with app.app_context():
                return begin(deal, invoice_id).id

        with ThreadPoolExecutor(2) as pool:
            assert len(set(pool.map(press, range(4)))) == 1

    def test_the_database_refuses_a_second_live_attempt(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        with pytest.raises(IntegrityError, match="uq_payments_one_live"):
            execute(
                "INSERT INTO payments (id, buyer_id, vendor_id, invoice_id, provider, attempt, state, amount_minor,"
                " currency, idem_key, request, started_by) SELECT gen_random_uuid(), buyer_id, vendor_id, invoice_id,"
                " provider, 2, state, amount_minor, currency, 'other', request, started_by FROM payments"
                " WHERE id = :id",
                id=payment.id,
            )

    def test_a_paid_invoice_takes_no_more_money(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        look(payment)
        with acting(deal.payer), pytest.raises(Conflict):
            pay_by_card(deal.payer, db.session.get_one(Invoice, invoice_id))


class TestPaying:
    def test_the_whole_way(self, deal, invoice_id, stripe, app):
        payment = begin(deal, invoice_id)
        jobs.run_waiting(app)
        assert (now(payment).state, now(payment).page_url is not None) == ("requires_action", True)
        visit(stripe, payment)
        look(payment)
        paid, invoice = now(payment), read_invoice(invoice_id, deal.buyer)
        assert (paid.state, paid.received_minor, paid.fee_minor, paid.excess_minor) == ("succeeded", 12_000, 205, 0)
        assert (invoice.state, invoice.paid_minor) == ("paid", 12_000)
        books_match(stripe)
        available = execute(
            "SELECT a.kind, sum(p.amount_minor) AS minor FROM postings p JOIN ledger_accounts a ON a.id = p.account_id"
            " GROUP BY a.kind HAVING sum(p.amount_minor) <> 0"
        )
        assert {row.kind: int(row.minor) for row in available} == {
            "stripe_clearing": 295,
            "processing_expense": 205,
            "commission_revenue": -500,
        }

    def test_a_refused_card_leaves_the_page_open_and_the_next_one_pays(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment, DECLINED)
        look(payment)
        assert (now(payment).state, now(payment).failure) == ("requires_action", "card_declined")
        visit(stripe, payment)
        look(payment)
        assert read_invoice(invoice_id, deal.buyer).state == "paid"
        books_match(stripe)

    def test_a_page_left_alone_ends_and_another_attempt_may_follow(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        stripe.app.control.advance(24 * 3600 + 5)
        look(payment)
        assert now(payment).state == "canceled"
        assert begin(deal, invoice_id).attempt == 2

    def test_a_bank_debit_is_processing_for_days_and_then_paid(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment, "pm_test_bankDebit")
        look(payment)
        assert now(payment).state == "processing"
        assert read_invoice(invoice_id, deal.buyer).paid_minor == 0
        intent = next(stripe.app.store.of_kind("payment_intent"))
        stripe.app.control.settle(intent["id"], paid=True)
        look(payment)
        assert read_invoice(invoice_id, deal.buyer).state == "paid"
        books_match(stripe)

    def test_a_bank_debit_that_bounces_fails_and_tells_the_buyer(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment, "pm_test_bankDebit")
        look(payment)
        intent = next(stripe.app.store.of_kind("payment_intent"))
        stripe.app.control.settle(intent["id"], paid=False)
        look(payment)
        assert now(payment).state == "failed"
        assert execute("SELECT count(*) AS n FROM notifications WHERE kind = 'billing.payment.failed'")[0].n >= 1

    @pytest.mark.parametrize(("currency", "amount"), [("JPY", 5_000), ("KWD", 12_340)])
    def test_other_currencies_are_charged_in_the_providers_units(self, deal, stripe, currency, amount):
        card = {"currency": currency, "operating": [{"code": "FEE", "unit": "month", "rate": "1"}]}
        schedule = make_schedule(deal.buyer, deal.vendor, card=card, tax_bps=0)
        payment = begin(deal, make_invoice(schedule, deal.vendor, amount))
        send(payment)
        visit(stripe, payment)
        look(payment)
        assert charges(stripe)[0]["amount"] == amount
        books_match(stripe)


CHILD = """
import sys, uuid
import wsgi
from portal.billing import collection

with wsgi.create_app().app_context():
    collection.collect(uuid.UUID(sys.argv[1]), uuid.UUID(sys.argv[2]))
"""


class TestKilledProcess:
    def test_kill_9_between_the_call_and_its_recording_leaves_one_charge(
        self, app, database, deal, invoice_id, stripe, tmp_path
    ):
        payment = begin(deal, invoice_id)
        settings = app.config["PORTAL"]
        environment = {
            **os.environ,
            "DATABASE_URL": database.url("portal_app"),
            "DATABASE_OWNER_URL": "",
            "PORTAL_DATA_DIR": str(tmp_path),
            "STRIPE_SECRET_KEY": settings.stripe_secret_key,
            "STRIPE_WEBHOOK_SECRET": settings.stripe_webhook_secret,
            "STRIPE_API_BASE": settings.stripe_api_base,
        }
        with trouble(stripe, "delay_after", seconds=8):
            command = [sys.executable, "-c", CHILD, str(payment.id), str(payment.buyer_id)]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)
            until = time.monotonic() + 60
            while not list(stripe.app.store.of_kind("checkout.session")):
                assert time.monotonic() < until and process.poll() is None
                time.sleep(0.05)
            process.kill()
            process.wait(timeout=10)
        assert now(payment).state == "submitted"
        send(payment)
        visit(stripe, payment)
        tick()
        assert len(list(stripe.app.store.of_kind("checkout.session"))) == 1
        assert len(charges(stripe)) == 1
        assert read_invoice(invoice_id, deal.buyer).state == "paid"
        books_match(stripe)


class TestCrashes:
    def test_killed_before_sending_a_restart_sends_once(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "drop_before"), pytest.raises(TryAgain):
            send(payment)
        assert now(payment).state == "submitted"
        send(payment)
        assert now(payment).state == "requires_action"

    def test_killed_after_the_provider_committed_the_same_key_gives_the_same_page(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "drop_after", times=3):
            for _ in range(3):
                with pytest.raises(TryAgain):
                    send(payment)
        send(payment)
        assert len(list(stripe.app.store.of_kind("checkout.session"))) == 1
        sent = [entry for entry in stripe.app.control.requests if entry["method"] == "POST"]
        assert {entry["idempotency_key"] for entry in sent} == {payment.idem_key}
        assert len({entry["params"] for entry in sent}) == 1

    def test_a_500_after_the_work_is_looked_up_and_adopted(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "error_after"):
            send(payment)
        assert now(payment).state == "unknown"
        tick()
        assert now(payment).state == "requires_action"
        visit(stripe, payment)
        tick()
        assert read_invoice(invoice_id, deal.buyer).state == "paid" and len(charges(stripe)) == 1
        books_match(stripe)

    def test_a_500_before_the_work_is_given_up_after_a_grace_and_tried_anew(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "error_before"):
            send(payment)
        look(payment)
        assert now(payment).state == "unknown"
        assert begin(deal, invoice_id).id == payment.id
        execute("UPDATE payments SET sent_at = sent_at - interval '16 minutes'")
        look(payment)
        assert (now(payment).state, now(payment).failure) == ("failed", "not_created")
        second = begin(deal, invoice_id)
        assert second.attempt == 2 and second.idem_key != payment.idem_key

    def test_after_the_key_lapsed_it_looks_before_it_sends(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "drop_after"), pytest.raises(TryAgain):
            send(payment)
        execute("UPDATE payments SET sent_at = sent_at - interval '25 hours'")
        stripe.app.control.advance(25 * 3600)
        send(payment)
        assert len(list(stripe.app.store.of_kind("checkout.session"))) == 1
        assert now(payment).provider_ref is not None

    @pytest.mark.parametrize("kind", ["rate_limit", "key_in_use"])
    def test_busy_means_the_same_key_later(self, deal, invoice_id, stripe, kind):
        payment = begin(deal, invoice_id)
        with trouble(stripe, kind), pytest.raises(TryAgain):
            send(payment)
        send(payment)
        assert now(payment).state == "requires_action"

    def test_a_success_that_comes_after_a_bank_transfer_is_given_back(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        execute("UPDATE invoices SET paid_minor = 7000, state = 'partly_paid'")
        execute("SELECT 1")
        look(payment)
        found = now(payment)
        assert (found.state, found.excess_minor, found.refunded_minor) == ("succeeded", 7_000, 7_000)
        assert charges(stripe)[0]["amount_refunded"] == 7_000
        look(payment)
        assert charges(stripe)[0]["amount_refunded"] == 7_000

    def test_a_fee_that_is_known_later_is_booked_once(self, deal, invoice_id, stripe):
        stripe.app.control.late_fees(on=True)
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        look(payment)
        assert now(payment).fee_minor is None
        stripe.app.control.late_fees(on=False)
        tick()
        tick()
        assert now(payment).fee_minor == 205
        books_match(stripe)


class TestEvents:
    def deliver(self, double, order=lambda events: events) -> None:
        """Store and work off every event the provider has, in the given order."""
        for event in order(list(reversed(double.app.store.kept_events()))):
            raw = json.dumps(event).encode()
            with jobs.transaction(tenancy.PUBLIC):
                stored = inbox.store(InboundEvent(event["id"], event["type"], raw), "stripe")
            if stored:
                inbox.work_off(stored)

    @pytest.mark.parametrize("order", [lambda e: e, lambda e: e[::-1], lambda e: e[1::2] + e[::2] + e])
    def test_any_order_and_any_repeats_end_the_same(self, deal, invoice_id, stripe, order):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment, DECLINED)
        visit(stripe, payment)
        self.deliver(stripe, order)
        self.deliver(stripe, order)
        assert (now(payment).state, read_invoice(invoice_id, deal.buyer).state) == ("succeeded", "paid")
        assert execute("SELECT count(*) AS n FROM journals")[0].n == 4
        books_match(stripe)

    def test_the_same_event_many_times_at_once_is_stored_once(self, app, stripe):
        def arrive(_):
            with app.app_context(), jobs.transaction(tenancy.PUBLIC):
                return inbox.store(InboundEvent("evt_1", "charge.succeeded", b"{}"), "stripe")

        with ThreadPoolExecutor(4) as pool:
            stored = list(pool.map(arrive, range(12)))
        assert len([one for one in stored if one]) == 1

    def test_twenty_deliveries_at_once_leave_one_payment(self, app, make_client, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        event = next(one for one in stripe.app.store.kept_events() if one["type"] == "checkout.session.completed")
        body = json.dumps(event).encode()
        signed = sign(body, [app.config["PORTAL"].stripe_webhook_secret], int(time.time()))

        def deliver(_):
            answer = make_client().post("/hooks/stripe", data=body, headers={"Stripe-Signature": signed})
            return answer.status_code

        with ThreadPoolExecutor(20) as pool:
            assert set(pool.map(deliver, range(20))) <= {200, 503}
        assert deliver(0) == 200
        jobs.run_waiting(app)
        jobs.run_waiting(app)
        assert execute("SELECT count(*) AS n FROM webhook_inbox")[0].n == 1
        assert execute("SELECT count(*) AS n FROM payments WHERE state = 'succeeded'")[0].n == 1
        assert read_invoice(invoice_id, deal.buyer).paid_minor == read_invoice(invoice_id, deal.buyer).total_minor
        books_match(stripe)

    def test_events_of_somebody_elses_objects_are_ignored(self, app, stripe):
        forged = {"data": {"object": {"metadata": {"payment_id": str(uuid.uuid4())}}}}
        for number, content in enumerate((forged, {"data": {"object": {}}}, {"data": {"object": {"metadata": None}}})):
            with jobs.transaction(tenancy.PUBLIC):
                stored = inbox.store(InboundEvent(f"evt_{number}", "x", json.dumps(content).encode()), "stripe")
            inbox.work_off(stored)
        assert {row.state for row in execute("SELECT state FROM webhook_inbox")} == {"ignored"}

    def test_forged_marks_that_name_a_payment_change_nothing(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        other = stripe.app.store
        with other.lock:
            session = other.get("checkout.session", now(payment).provider_ref)
            session["metadata"]["payment_id"] = str(uuid.uuid4())
        visit(stripe, payment)
        look(payment)
        assert now(payment).state == "requires_action"
        assert read_invoice(invoice_id, deal.buyer).paid_minor == 0

    def test_events_that_never_came_are_found_by_the_sweep(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        sweep_events()
        for row in execute("SELECT id FROM webhook_inbox WHERE state = 'received'"):
            inbox.work_off(row.id)
        assert now(payment).state == "succeeded"
        books_match(stripe)

    def test_even_without_any_event_the_regular_look_finds_the_money(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        stripe.app.control.forget_events()
        tick()
        assert now(payment).state == "succeeded"

    def test_an_event_that_always_fails_is_put_aside_and_others_flow(self, deal, invoice_id, stripe, monkeypatch):
        payment = begin(deal, invoice_id)
        send(payment)
        mine = json.dumps({"data": {"object": {"metadata": {"payment_id": str(payment.id)}}}}).encode()
        for name, raw in (("evt_bad", mine), ("evt_other", b"{}")):
            with jobs.transaction(tenancy.PUBLIC):
                inbox.store(InboundEvent(name, "x", raw), "stripe")

        def fail(*_):
            raise ValueError("a mistake in the program")

        monkeypatch.setattr(collection, "look_at", fail)
        execute("UPDATE webhook_inbox SET received_at = received_at - interval '1 hour'")
        for _ in range(22):
            sweep_events()
        states = {row.event_id: row.state for row in execute("SELECT event_id, state FROM webhook_inbox")}
        assert (states["evt_bad"], states["evt_other"]) == ("dead", "ignored")

    def test_while_the_provider_is_away_the_regular_look_waits(self, deal, invoice_id, stripe):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        stripe.app.control.order_chaos(kind="error_before", times=1, method="GET")
        tick()
        assert now(payment).state == "requires_action"
        tick()
        assert now(payment).state == "succeeded"

    def test_the_portal_cannot_read_the_inbox_but_through_its_functions(self, deal, stripe):
        with acting(deal.payer), pytest.raises(Exception, match="permission denied"):
            db.session.execute(text("SELECT * FROM webhook_inbox"))


class TestSignature:
    def test_only_what_was_signed_with_our_secret_is_believed(self, app, stripe):
        import time

        from tests.factories.billing import SECRET

        body, at = (
            b'{"id": "evt_1", "object": "event", "type": "charge.succeeded", "data": {"object": {}}}',
            int(time.time()),
        )
        provider = card_provider()
        assert provider.verify(body, sign(body, [SECRET], at)).event_id == "evt_1"
        assert provider.verify(body, sign(body, ["old", SECRET], at)).kind == "charge.succeeded"
        for raw, header in (
            (body + b" ", sign(body, [SECRET], at)),
            (body, sign(body, ["whsec_other"], at)),
            (body, sign(body, [SECRET], at - 400)),
            (body, ""),
        ):
            with pytest.raises(BadSignature):
                provider.verify(raw, header)
