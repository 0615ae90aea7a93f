"""Carrying a card payment through, safe against a crash at any line.

The request and its key were committed before. Here it is sent, its answer stored, and, when nobody can know what
happened, looked up at the provider before anything else is tried. An idempotency key alone would not do: providers
replay failures under it and forget it after a day. No call to the provider happens inside a transaction.
"""

import logging
import uuid
from datetime import timedelta

from portal.accounts.actor import Actor
from portal.billing import ledger, notices
from portal.billing.ledger import Account
from portal.billing.models import Invoice, Payment
from portal.billing.providers import Ambiguous, CardProvider, Refused, Snapshot, card_provider
from portal.billing.settlement import apply_money
from portal.billing.states import PAYMENT_MOVES, PaymentState
from portal.kit import audit, clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.states import can_move, move

log = logging.getLogger("portal.billing")

KEY_LIFE = timedelta(hours=23)
"""Providers forget a key after a day; past this age it is not sent again without looking first."""
GRACE = timedelta(minutes=15)
"""How long after sending an attempt may still turn up at the provider."""


@jobs.task("billing.collect")
def collect_payment(*, payment_id: str, buyer_id: str) -> None:
    """Send a payment's frozen request."""
    collect(uuid.UUID(payment_id), uuid.UUID(buyer_id))


def collect(payment_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Send a submitted payment's frozen request, or again the same; then store the answer."""
    provider = card_provider()
    if provider is None:
        return
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        if payment.state != PaymentState.SUBMITTED:
            return
        if payment.sent_at is None:
            payment.sent_at = clock.now()
        too_old = clock.now() - payment.sent_at > KEY_LIFE
        request, key = payment.request, payment.idem_key
        if too_old:
            move(payment, PaymentState.UNKNOWN, PAYMENT_MOVES, clock.now())
    if too_old:
        look_at(payment_id, buyer_id)
        return
    try:
        snapshot = provider.start(request, key)
    except Refused as refused:
        snapshot = Snapshot(PaymentState.FAILED, failure=str(refused))
    except Ambiguous:
        with jobs.transaction(tenancy.member(buyer_id)):
            payment = _payment(payment_id)
            if payment.state == PaymentState.SUBMITTED:
                move(payment, PaymentState.UNKNOWN, PAYMENT_MOVES, clock.now())
        return
    take_over(payment_id, buyer_id, snapshot)


def look_at(payment_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Ask the provider how an attempt stands and take that over: by its reference, else by our id in its marks."""
    provider = card_provider()
    if provider is None:
        return
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        state, ref, sent_at = PaymentState(payment.state), payment.provider_ref, payment.sent_at
        payment.looked_at = now = clock.now()
    if state is PaymentState.SUBMITTED:
        collect(payment_id, buyer_id)
        return
    if ref is not None:
        take_over(payment_id, buyer_id, provider.fetch(ref))
    elif sent_at is not None:
        found = provider.find(payment_id, sent_at)
        if found is not None:
            take_over(payment_id, buyer_id, found)
        elif now - sent_at > GRACE:
            take_over(payment_id, buyer_id, Snapshot(PaymentState.FAILED, failure="not_created"))
    _return_excess(provider, payment_id, buyer_id)


def take_over(payment_id: uuid.UUID, buyer_id: uuid.UUID, snapshot: Snapshot) -> None:
    """Store what the provider says. Any order and any number of repeats end in the same state and the same books."""
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        if not _fits(payment, snapshot):
            return
        actor = Actor.robot(buyer_id, "buyer")
        payment.provider_ref = payment.provider_ref or snapshot.ref
        payment.page_url = snapshot.page_url
        payment.failure = snapshot.failure
        before = PaymentState(payment.state)
        if before is not snapshot.state and can_move(before, snapshot.state, PAYMENT_MOVES):
            move(payment, snapshot.state, PAYMENT_MOVES, clock.now())
            audit.record(
                actor, "billing:payment:move", payment, before={"state": before}, after={"state": payment.state}
            )
            if snapshot.state is PaymentState.FAILED:
                notices.payment_failed(_invoice(payment), payment)
        if snapshot.state is PaymentState.SUCCEEDED:
            _book(actor, payment, snapshot)


def _fits(payment: Payment, snapshot: Snapshot) -> bool:
    """Whether the snapshot is of this payment at all; marks can be forged by whoever may make objects there."""
    of_another = snapshot.payment_id is not None and snapshot.payment_id != payment.id
    other_ref = payment.provider_ref is not None and snapshot.ref not in (None, payment.provider_ref)
    other_money = snapshot.currency not in ("", payment.currency)
    if of_another or other_ref or other_money:
        log.error("a provider object does not fit its payment", extra={"payment": str(payment.id)})
        return False
    return True


def _book(actor: Actor, payment: Payment, snapshot: Snapshot) -> None:
    """Post the money once, and its fee once it is known."""
    if payment.charge_ref is None:
        payment.charge_ref, payment.received_minor = snapshot.charge_ref, snapshot.received_minor
        payment.excess_minor = apply_money(
            actor,
            _invoice(payment),
            snapshot.received_minor,
            clearing=Account.STRIPE_CLEARING,
            source_type="charge",
            source_id=snapshot.charge_ref,
        )
    if payment.fee_minor is None and snapshot.fee_minor is not None:
        payment.fee_minor = snapshot.fee_minor
        ledger.post(
            "balance_transaction",
            snapshot.fee_ref,
            "fee",
            buyer_id=payment.buyer_id,
            vendor_id=payment.vendor_id,
            currency=payment.currency,
            amounts={
                (Account.PROCESSING_EXPENSE, None): snapshot.fee_minor,
                (Account.STRIPE_CLEARING, None): -snapshot.fee_minor,
            },
        )


def _return_excess(provider: CardProvider, payment_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Give back by card what was more than due, as when a bank transfer paid the invoice meanwhile."""
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        excess, charge_ref, currency = payment.excess_minor, payment.charge_ref, payment.currency
        if payment.refunded_minor >= excess or charge_ref is None:
            return
    provider.refund(charge_ref, excess, currency, f"refund:{payment_id}")
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        payment.refunded_minor = excess
        ledger.post(
            "refund",
            payment_id,
            "excess",
            buyer_id=payment.buyer_id,
            vendor_id=payment.vendor_id,
            currency=payment.currency,
            amounts={
                (Account.UNAPPLIED_CASH, payment.buyer_id): excess,
                (Account.STRIPE_CLEARING, None): -excess,
            },
        )
        audit.record(
            Actor.robot(buyer_id, "buyer"), "billing:payment:refund", payment, after={"refunded_minor": excess}
        )


def _payment(payment_id: uuid.UUID) -> Payment:
    """The payment, locked for this transaction."""
    return db.session.get_one(Payment, payment_id, with_for_update=True)


def _invoice(payment: Payment) -> Invoice:
    return db.session.get_one(Invoice, payment.invoice_id)
