"""Vendors' accounts at the card provider: connected once, looked at often, and charges for them in the books."""

import json
import uuid

import pytest
from sqlalchemy import select

from portal.billing import collection, inbox, queries, vendor_accounts
from portal.billing.actions import check_vendor_account, connect_vendor_account, pay_by_card, record_bank_receipt
from portal.billing.booking import book
from portal.billing.jobs import look_at_accounts
from portal.billing.models import Invoice, VendorAccount
from portal.billing.providers import Ambiguous, InboundEvent, TryAgain, card_provider
from portal.billing.providers.stripe_units import fee_to_stripe
from portal.kit import clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, NotFound, Unavailable
from tests.factories.accounts import actor_for, execute, make_person, make_staff
from tests.factories.billing import (
    acting,
    books_match,
    card_payments,
    connect_vendor,
    make_invoice,
    make_schedule,
    read_invoice,
)
from tests.portal.billing.test_card_payments import begin, charges, look, now, send, tick, trouble, visit


@pytest.fixture
def stripe(app):
    with card_payments(app) as double:
        yield double


@pytest.fixture
def ref(deal, stripe):
    """The vendor's account, which is ready."""
    return connect_vendor(stripe, deal.vendor)


def press(actor) -> None:
    """The vendor asks to be connected; nothing has been sent yet."""
    with acting(actor):
        connect_vendor_account(actor)


def held(company) -> VendorAccount:
    with tenancy.scope(tenancy.member(company.id)):
        db.session.rollback()
        found = db.session.scalars(select(VendorAccount).where(VendorAccount.vendor_id == company.id)).one()
        db.session.expunge_all()
        db.session.rollback()
        return found


def accounts(double) -> list[dict]:
    return list(double.app.store.of_kind("account"))


def put(double, ref: str, standing: str) -> None:
    double.app.control.account(ref, standing)


def told(kind: str) -> int:
    return execute("SELECT count(*) AS n FROM notifications WHERE kind = :kind", kind=kind)[0].n


def balance(double, who: str) -> int:
    return double.app.store.ledger.balances()["gbp"].get(who, 0)


def balances() -> dict[str, int]:
    rows = execute(
        "SELECT a.kind, sum(p.amount_minor) AS minor FROM postings p JOIN ledger_accounts a ON a.id = p.account_id"
        " GROUP BY a.kind HAVING sum(p.amount_minor) <> 0"
    )
    return {row.kind: int(row.minor) for row in rows}


class TestConnect:
    def test_only_owners_and_finance_of_a_vendor_connect(self, deal, stripe):
        for actor in (
            deal.payer,
            *(actor_for(make_person(deal.vendor, r), deal.vendor) for r in ("manager", "viewer")),
        ):
            with acting(actor), pytest.raises(Forbidden):
                connect_vendor_account(actor)

    def test_nobody_else_sees_the_account(self, deal, stripe, outsider):
        press(deal.issuer)
        with acting(outsider):
            assert queries.vendor_account_for(outsider) is None
            with pytest.raises(NotFound):
                check_vendor_account(outsider)

    def test_without_a_provider_there_is_nothing_to_connect(self, deal):
        with acting(deal.issuer), pytest.raises(Unavailable):
            connect_vendor_account(deal.issuer)

    def test_the_request_is_frozen_with_its_key_and_a_job_brings_account_and_link(self, deal, stripe, app):
        press(deal.issuer)
        asked = held(deal.vendor)
        assert (asked.standing, asked.ref, asked.link_wanted_at is None) == ("connecting", None, False)
        assert asked.request["metadata"]["company_id"] == str(deal.vendor.id)
        assert stripe.app.control.requests == []
        jobs.run_waiting(app)
        made = held(deal.vendor)
        assert (made.standing, made.requirements_due != [], made.link_wanted_at) == ("incomplete", True, None)
        assert made.link_url.startswith(f"{stripe.url}/_test/onboard/{made.ref}")
        first = stripe.app.control.requests[0]
        assert (first["path"], first["idempotency_key"]) == ("/v1/accounts", asked.idem_key)
        tags = {row.tag for row in execute("SELECT tag FROM audit_entries")}
        assert {"billing:account:connect", "billing:account:open", "billing:account:check"} <= tags

    def test_asking_twice_makes_one_account_and_a_new_link(self, deal, stripe, app):
        press(deal.issuer)
        jobs.run_waiting(app)
        first = held(deal.vendor)
        press(deal.issuer)
        jobs.run_waiting(app)
        second = held(deal.vendor)
        assert (len(accounts(stripe)), second.ref, second.link_url != first.link_url) == (1, first.ref, True)

    @pytest.mark.parametrize("kind", ["drop_after", "error_after"])
    def test_a_crash_after_the_account_was_made_leaves_one(self, deal, stripe, kind):
        press(deal.issuer)
        with trouble(stripe, kind, path="/v1/accounts$"):
            if kind == "drop_after":
                with pytest.raises(TryAgain):
                    vendor_accounts.connect(deal.vendor.id)
                assert held(deal.vendor).ref is None
            vendor_accounts.connect(deal.vendor.id)
        assert [one["id"] for one in accounts(stripe)] == [held(deal.vendor).ref]

    def test_a_job_killed_before_it_got_a_link_is_carried_on_by_the_clock(self, deal, stripe):
        press(deal.issuer)
        with trouble(stripe, "drop_before", path="account_links"), pytest.raises(TryAgain):
            vendor_accounts.connect(deal.vendor.id)
        look_at_accounts()
        assert held(deal.vendor).link_url is None
        execute("UPDATE vendor_accounts SET link_wanted_at = link_wanted_at - interval '6 minutes'")
        look_at_accounts()
        assert held(deal.vendor).link_url is not None and len(accounts(stripe)) == 1

    def test_after_the_key_lapsed_it_looks_before_it_sends(self, deal, stripe):
        press(deal.issuer)
        with trouble(stripe, "drop_after", path="/v1/accounts$"), pytest.raises(TryAgain):
            vendor_accounts.connect(deal.vendor.id)
        execute("UPDATE vendor_accounts SET sent_at = sent_at - interval '25 hours'")
        stripe.app.control.advance(25 * 3600)
        vendor_accounts.connect(deal.vendor.id)
        assert [one["id"] for one in accounts(stripe)] == [held(deal.vendor).ref]

    def test_a_500_before_the_work_is_given_up_after_a_grace_and_asked_under_a_new_key(self, deal, stripe):
        press(deal.issuer)
        key = held(deal.vendor).idem_key
        with trouble(stripe, "error_before", path="/v1/accounts$"), pytest.raises(TryAgain):
            vendor_accounts.connect(deal.vendor.id)
        execute("UPDATE vendor_accounts SET sent_at = sent_at - interval '16 minutes'")
        with pytest.raises(TryAgain):  # the key replays its failure for ever
            vendor_accounts.connect(deal.vendor.id)
        vendor_accounts.connect(deal.vendor.id)
        assert held(deal.vendor).idem_key != key and len(accounts(stripe)) == 1

    def test_what_the_provider_refuses_is_said_and_asked_anew(self, deal, stripe):
        press(deal.issuer)
        execute('UPDATE vendor_accounts SET request = \'{"contry": "GB"}\'')
        vendor_accounts.connect(deal.vendor.id)
        refused = held(deal.vendor)
        assert refused.failure and (refused.ref, refused.link_wanted_at) == (None, None)
        press(deal.issuer)
        vendor_accounts.connect(deal.vendor.id)
        assert held(deal.vendor).ref is not None and held(deal.vendor).failure == ""

    def test_an_account_that_the_provider_lost_is_replaced_when_the_vendor_asks(self, deal, stripe, ref):
        with stripe.app.store.lock:
            del stripe.app.store.objects[ref]
        vendor_accounts.refresh(deal.vendor.id)
        assert (held(deal.vendor).standing, held(deal.vendor).ref) == ("lost", ref)
        press(deal.issuer)
        vendor_accounts.connect(deal.vendor.id)
        assert held(deal.vendor).ref not in (None, ref) and held(deal.vendor).standing == "incomplete"


class TestStanding:
    @pytest.mark.parametrize(
        ("there", "here"),
        [("complete", "ready"), ("incomplete", "incomplete"), ("pending", "checking"), ("restricted", "restricted")],
    )
    def test_it_is_taken_over_as_the_provider_says(self, deal, stripe, ref, there, here):
        put(stripe, ref, there)
        assert vendor_accounts.refresh(deal.vendor.id) == held(deal.vendor).standing == here

    def test_the_vendor_is_told_when_cards_begin_and_when_they_stop(self, deal, stripe, ref):
        put(stripe, ref, "restricted")
        for _ in range(2):
            vendor_accounts.refresh(deal.vendor.id)
        assert (told("billing.account.lapsed"), told("billing.account.ready")) == (1, 0)
        put(stripe, ref, "complete")
        vendor_accounts.refresh(deal.vendor.id)
        assert told("billing.account.ready") == 1

    def test_what_was_asked_earlier_does_not_overwrite_what_was_learnt_later(self, deal, stripe, ref):
        execute("UPDATE vendor_accounts SET checked_at = checked_at + interval '1 minute'")
        put(stripe, ref, "restricted")
        vendor_accounts.refresh(deal.vendor.id)
        assert held(deal.vendor).standing == "ready"

    def test_an_account_with_the_marks_of_another_company_is_not_believed(self, deal, stripe, ref):
        with stripe.app.store.lock:
            stripe.app.store.get("account", ref)["metadata"]["company_id"] = str(uuid.uuid4())
        put(stripe, ref, "restricted")
        assert vendor_accounts.refresh(deal.vendor.id) is None
        assert held(deal.vendor).standing == "ready"

    def test_the_clock_looks_every_minute_after_a_visit_and_daily_when_all_is_well(self, deal, stripe, ref):
        put(stripe, ref, "restricted")
        execute("UPDATE vendor_accounts SET checked_at = checked_at - interval '2 minutes'")
        look_at_accounts()
        assert held(deal.vendor).standing == "ready"
        execute("UPDATE vendor_accounts SET link_given_at = portal_now() - interval '5 minutes'")
        look_at_accounts()
        assert held(deal.vendor).standing == "restricted"


class TestEvents:
    def deliver(self, event: dict) -> str:
        raw = json.dumps(event).encode()
        with jobs.transaction(tenancy.PUBLIC):
            stored = inbox.store(InboundEvent(event["id"], event["type"], raw), "stripe")
        inbox.work_off(stored)
        return execute("SELECT state FROM webhook_inbox WHERE event_id = :id", id=event["id"])[0].state

    def test_an_event_of_our_vendors_account_is_a_hint_to_look(self, deal, stripe, ref):
        put(stripe, ref, "restricted")
        (event, *_) = stripe.app.store.kept_events()
        event = {**event, "data": {"object": {"id": ref, "object": "account", "charges_enabled": True}}}
        assert (event["account"], self.deliver(event)) == (ref, "done")
        assert held(deal.vendor).standing == "restricted"

    def test_an_event_of_an_unknown_account_is_ignored(self, deal, stripe, ref):
        event = {"id": "evt_x", "type": "account.updated", "account": "acct_other", "data": {"object": {}}}
        assert self.deliver(event) == "ignored"

    def test_an_event_of_an_account_never_speaks_for_a_payment(self, deal, stripe, ref):
        payment = begin(deal, make_invoice(deal.schedule, deal.vendor, 10_000))
        send(payment)
        visit(stripe, payment)
        marks = {"metadata": {"payment_id": str(payment.id)}}
        for account in (ref, "acct_other"):
            event = {"id": f"evt_{account}", "type": "charge.succeeded", "account": account, "data": {"object": marks}}
            assert self.deliver(event) == "ignored"
        assert now(payment).state == "requires_action"

    def test_either_secret_is_believed_where_there_are_two(self, app, stripe):
        import dataclasses
        import time

        from tests.doubles.stripe.webhooks import sign

        app.config["PORTAL"] = dataclasses.replace(app.config["PORTAL"], stripe_connect_webhook_secret="whsec_accounts")
        body = b'{"id": "evt_1", "object": "event", "type": "account.updated", "data": {"object": {}}}'
        signed = sign(body, ["whsec_accounts"], int(time.time()))
        assert card_provider().verify(body, signed).kind == "account.updated"


class TestCharge:
    @pytest.fixture
    def invoice_id(self, deal):
        return make_invoice(make_schedule(deal.buyer, deal.vendor, tax_bps=0), deal.vendor, 10_000)

    def test_a_hundred_at_five_percent(self, deal, stripe, ref, invoice_id):
        payment = begin(deal, invoice_id)
        intent = payment.request["payment_intent_data"]
        assert (intent["application_fee_amount"], intent["on_behalf_of"]) == (500, ref)
        assert intent["transfer_data"] == {"destination": ref}
        send(payment)
        visit(stripe, payment)
        look(payment)
        assert (balance(stripe, "platform"), balance(stripe, ref)) == (500 - 175, 9_500)
        assert now(payment).transferred_minor == 9_500
        assert balances() == {"stripe_clearing": 325, "processing_expense": 175, "commission_revenue": -500}
        books_match(stripe)

    def test_without_commission_no_fee_is_asked_nor_given_back(self, deal, stripe, ref):
        schedule = make_schedule(deal.buyer, deal.vendor, tax_bps=0, commission_bps=0)
        payment = begin(deal, make_invoice(schedule, deal.vendor, 10_000))
        assert "application_fee_amount" not in payment.request["payment_intent_data"]
        self.paid_by_bank_meanwhile(deal, stripe, payment, 4_000)
        assert (now(payment).refunded_minor, balance(stripe, ref)) == (4_000, 6_000)
        books_match(stripe)

    def test_what_was_paid_twice_comes_back_from_the_vendor_and_is_owed_to_it(self, deal, stripe, ref, invoice_id):
        payment = begin(deal, invoice_id)
        self.paid_by_bank_meanwhile(deal, stripe, payment, 7_000)
        assert (now(payment).state, now(payment).refunded_minor) == ("succeeded", 7_000)
        assert (balance(stripe, "platform"), balance(stripe, ref)) == (150 - 175, 2_850)
        assert balances()["vendor_payable_available"] == -6_650
        assert read_invoice(invoice_id, deal.buyer).state == "paid"
        look(payment)
        books_match(stripe)

    def paid_by_bank_meanwhile(self, deal, stripe, payment, minor: int) -> None:
        """The buyer pays by card, and before the portal hears of it a transfer arrives too."""
        send(payment)
        visit(stripe, payment)
        clerk = actor_for(make_staff("finance"))
        with acting(clerk):
            receipt_id = record_bank_receipt(
                clerk,
                reference=read_invoice(payment.invoice_id, deal.buyer).reference,
                amount_minor=minor,
                currency="GBP",
                received_on=clock.now().date(),
                bank_ref="STMT-1",
                payer="Alder",
            ).id
        book(receipt_id, deal.buyer.id)
        look(payment)

    def test_a_refund_whose_answer_was_lost_is_made_and_booked_once(self, deal, stripe, ref, invoice_id):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "drop_after", path="/v1/refunds"), pytest.raises(TryAgain):
            self.paid_by_bank_meanwhile(deal, stripe, payment, 7_000)
        assert now(payment).refunded_minor == 0
        tick()
        assert (now(payment).refunded_minor, charges(stripe)[0]["amount_refunded"]) == (7_000, 7_000)
        books_match(stripe)

    def test_a_crash_between_call_and_record_leaves_one_charge_and_one_transfer_journal(
        self, deal, stripe, ref, invoice_id, monkeypatch
    ):
        payment = begin(deal, invoice_id)
        with trouble(stripe, "drop_after"), pytest.raises(TryAgain):
            send(payment)
        send(payment)
        visit(stripe, payment)
        with monkeypatch.context() as crash:
            crash.setattr(collection, "_book", lambda *_: (_ for _ in ()).throw(ConnectionError("the worker dies")))
            with pytest.raises(ConnectionError):
                look(payment)
        for _ in range(3):
            tick()
        assert len(charges(stripe)) == 1
        assert execute("SELECT count(*) AS n FROM journals WHERE source_type = 'transfer'")[0].n == 1
        books_match(stripe)

    def test_money_that_would_go_to_another_account_is_not_taken_for_ours(self, deal, stripe, ref, invoice_id):
        payment = begin(deal, invoice_id)
        send(payment)
        visit(stripe, payment)
        with stripe.app.store.lock:
            next(stripe.app.store.of_kind("payment_intent"))["transfer_data"]["destination"] = "acct_other"
        look(payment)
        assert now(payment).state == "requires_action"
        assert read_invoice(invoice_id, deal.buyer).paid_minor == 0

    def test_a_share_that_the_provider_cannot_express_is_rounded_up_so_no_vendor_gets_too_much(self):
        assert [fee_to_stripe(minor, "KWD") for minor in (617, 620)] == [620, 620]
        assert (fee_to_stripe(617, "GBP"), fee_to_stripe(3, "ISK"), fee_to_stripe(617, "MGA")) == (617, 300, 7)


class TestNotReady:
    @pytest.fixture
    def invoice_id(self, deal):
        return make_invoice(deal.schedule, deal.vendor, 10_000)

    @pytest.mark.parametrize("standing", [None, "incomplete", "pending", "restricted"])
    def test_card_payment_is_refused_before_anything_is_kept(self, deal, stripe, invoice_id, standing):
        if standing:
            connect_vendor(stripe, deal.vendor, standing)
        with acting(deal.payer), pytest.raises(Conflict, match="bank transfer"):
            pay_by_card(deal.payer, db.session.get_one(Invoice, invoice_id))
        assert execute("SELECT count(*) AS n FROM payments")[0].n == 0

    @pytest.mark.parametrize("standing", ["incomplete", "restricted"])
    def test_one_that_lapsed_after_the_press_is_blocked_and_nobody_charged(
        self, deal, stripe, ref, invoice_id, standing
    ):
        payment = begin(deal, invoice_id)
        put(stripe, ref, standing)
        send(payment)
        assert (now(payment).state, now(payment).failure) == ("failed", "vendor_not_ready")
        assert list(stripe.app.store.of_kind("checkout.session")) == []
        assert told("billing.payment.blocked") == 1 and told("billing.payment.missed") == 1
        assert told("billing.payment.failed") == 0

    def test_one_that_was_exchanged_after_the_press_is_blocked(self, deal, stripe, ref, invoice_id):
        payment = begin(deal, invoice_id)
        connect_vendor(stripe, deal.vendor)
        send(payment)
        assert now(payment).failure == "vendor_not_ready"

    def test_one_that_lapses_in_the_very_moment_is_refused_by_the_provider(
        self, deal, stripe, ref, invoice_id, monkeypatch
    ):
        payment = begin(deal, invoice_id)
        put(stripe, ref, "restricted")
        monkeypatch.setattr(vendor_accounts, "refresh", lambda *_, **__: "ready")
        monkeypatch.setattr(collection, "_refused_payee", lambda *_: "")
        send(payment)
        assert (now(payment).state, now(payment).failure) == ("failed", "vendor_not_ready")

    @pytest.mark.parametrize("kind", ["drop_before", "error_before"])
    def test_while_the_account_cannot_be_looked_at_the_payment_waits(self, deal, stripe, ref, invoice_id, kind):
        payment = begin(deal, invoice_id)
        stripe.app.control.order_chaos(kind=kind, times=1, method="GET", path="/v1/accounts/")
        with pytest.raises((TryAgain, Ambiguous)):
            send(payment)
        assert (now(payment).state, now(payment).sent_at) == ("submitted", None)
        send(payment)
        assert now(payment).state == "requires_action"

    def test_after_it_was_put_right_the_next_attempt_goes_through(self, deal, stripe, ref, invoice_id):
        payment = begin(deal, invoice_id)
        put(stripe, ref, "incomplete")
        send(payment)
        put(stripe, ref, "complete")
        vendor_accounts.refresh(deal.vendor.id)
        second = begin(deal, invoice_id)
        send(second)
        visit(stripe, second)
        look(second)
        assert (second.attempt, read_invoice(invoice_id, deal.buyer).state) == (2, "paid")
        books_match(stripe)
