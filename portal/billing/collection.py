"""Carrying a card payment through, safe against a crash at any line.

The request and its key were committed before. Here it is sent, its answer stored, and, when nobody can know what
happened, looked up at the provider before anything else is tried. An idempotency key alone would not do: providers
replay failures under it and forget it after a day. No call to the provider happens inside a transaction.
"""

import logging
import uuid

from portal.accounts.actor import Actor
from portal.billing import ledger, notices, vendor_accounts
from portal.billing.ledger import Account
from portal.billing.models import Invoice, Payment
from portal.billing.providers import (
    GRACE,
    KEY_LIFE,
    Ambiguous,
    CardProvider,
    Gone,
    PayeeNotReady,
    Refused,
    Snapshot,
    TryAgain,
    card_provider,
)
from portal.billing.settlement import apply_money
from portal.billing.states import PAYMENT_MOVES, AccountStanding, PaymentState
from portal.kit import audit, clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.states import can_move, move

log = logging.getLogger("portal.billing")

VENDOR_NOT_READY = "vendor_not_ready"
"""Why a payment failed that was never sent, because the vendor's account may not take it."""


@jobs.task("billing.collect")
def collect_payment(*, payment_id: str, buyer_id: str) -> None:
    """Send a payment's frozen request."""
    collect(uuid.UUID(payment_id), uuid.UUID(buyer_id))


def collect(payment_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Send a submitted payment's frozen request, or again the same; then store the answer.

    Before the first sending the vendor's account is looked at: one that lapsed meanwhile is not charged for.
    """
    provider = card_provider()
    if provider is None:
        return
    if refusal := _refused_payee(payment_id, buyer_id):
        take_over(payment_id, buyer_id, Snapshot(PaymentState.FAILED, failure=refusal))
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
    except (PayeeNotReady, Gone):
        snapshot = Snapshot(PaymentState.FAILED, failure=VENDOR_NOT_READY)
    except Refused as refused:
        snapshot = Snapshot(PaymentState.FAILED, failure=str(refused))
    except Ambiguous:
        with jobs.transaction(tenancy.member(buyer_id)):
            payment = _payment(payment_id)
            if payment.state == PaymentState.SUBMITTED:
                move(payment, PaymentState.UNKNOWN, PAYMENT_MOVES, clock.now())
        return
    take_over(payment_id, buyer_id, snapshot)


def _refused_payee(payment_id: uuid.UUID, buyer_id: uuid.UUID) -> str:
    """Why nothing may be sent, by how the vendor's account stands now; empty where it may.

    Once something was sent it is sent again all the same: only so we learn what became of it. Raises TryAgain.
    """
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        vendor_id, destination = payment.vendor_id, payment.destination
        if payment.state != PaymentState.SUBMITTED or payment.sent_at is not None or destination is None:
            return ""
    try:
        standing = vendor_accounts.refresh(vendor_id, wanted=destination)
    except Refused as refused:
        return str(refused)
    except Ambiguous as trouble:  # of the payment itself nothing was sent yet
        raise TryAgain(str(trouble)) from trouble
    return "" if standing is AccountStanding.READY else VENDOR_NOT_READY


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
            if snapshot.failure == VENDOR_NOT_READY:
                notices.payment_blocked(_invoice(payment), payment)
            elif snapshot.state is PaymentState.FAILED:
                notices.payment_failed(_invoice(payment), payment)
        if snapshot.state is PaymentState.SUCCEEDED:
            _book(actor, payment, snapshot)


def _fits(payment: Payment, snapshot: Snapshot) -> bool:
    """Whether the snapshot is of this payment at all; marks can be forged by whoever may make objects there."""
    of_another = snapshot.payment_id is not None and snapshot.payment_id != payment.id
    other_ref = payment.provider_ref is not None and snapshot.ref not in (None, payment.provider_ref)
    other_money = snapshot.currency not in ("", payment.currency)
    told = snapshot.destination is not None or snapshot.state is PaymentState.SUCCEEDED
    other_payee = told and snapshot.destination != payment.destination
    if of_another or other_ref or other_money or other_payee:
        log.error("a provider object does not fit its payment", extra={"payment": str(payment.id)})
        return False
    return True


def _book(actor: Actor, payment: Payment, snapshot: Snapshot) -> None:
    """Post the money once, and its fee and the vendor's share that left with it once they are known."""
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
    if payment.transfer_ref is None and snapshot.transfer_ref is not None:
        payment.transfer_ref, payment.transferred_minor = snapshot.transfer_ref, snapshot.transferred_minor
        ledger.post(
            "transfer",
            snapshot.transfer_ref,
            "made",
            buyer_id=payment.buyer_id,
            vendor_id=payment.vendor_id,
            currency=payment.currency,
            amounts={
                (Account.VENDOR_PAYABLE_AVAILABLE, payment.vendor_id): snapshot.transferred_minor,
                (Account.STRIPE_CLEARING, None): -snapshot.transferred_minor,
            },
        )


def _return_excess(provider: CardProvider, payment_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Give back by card what was more than due, as when a bank transfer paid the invoice meanwhile.

    The vendor's share of it comes back from its account and is owed to it again: the bank's money is still here.
    """
    with jobs.transaction(tenancy.member(buyer_id)):
        payment = _payment(payment_id)
        excess, charge_ref, currency = payment.excess_minor, payment.charge_ref, payment.currency
        if payment.refunded_minor >= excess or charge_ref is None:
            return
    returned = provider.refund(charge_ref, excess, currency, f"refund:{payment_id}")
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
                (Account.VENDOR_PAYABLE_AVAILABLE, payment.vendor_id): -returned,
                (Account.STRIPE_CLEARING, None): returned - excess,
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
