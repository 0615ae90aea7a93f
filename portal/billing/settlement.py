"""Applying money to an invoice, whichever way it came: the only place where `paid_minor` grows.

More than is due is never lost and never paid twice: the excess rests as the buyer's unapplied cash until it is
given back or applied.
"""

from portal.accounts.actor import Actor
from portal.billing import ledger, notices, signals
from portal.billing.commission import released
from portal.billing.ledger import Account
from portal.billing.locking import lock
from portal.billing.models import Invoice
from portal.billing.states import INVOICE_MOVES, InvoiceState
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.states import move


def apply_money(
    actor: Actor, invoice: Invoice, amount_minor: int, *, clearing: Account, source_type: str, source_id: object
) -> int:
    """Book `amount_minor` that arrived for `invoice` on `clearing`; the answer is what was more than due.

    The share of the vendor becomes available to it and the share of the marketplace is earned, in proportion to what
    has been paid. A source that was booked before changes nothing and answers 0.
    """
    lock(invoice)
    applied = min(amount_minor, invoice.due_minor)
    before, after = invoice.paid_minor, invoice.paid_minor + applied
    commission = released(invoice.commission_minor, before, after, invoice.total_minor)
    vendor = applied - commission
    posted = ledger.post(
        source_type,
        source_id,
        "received",
        buyer_id=invoice.buyer_id,
        vendor_id=invoice.vendor_id,
        currency=invoice.currency,
        amounts={
            (clearing, None): amount_minor,
            (Account.BUYER_RECEIVABLE, invoice.buyer_id): -applied,
            (Account.UNAPPLIED_CASH, invoice.buyer_id): applied - amount_minor,
            (Account.VENDOR_PAYABLE_PENDING, invoice.vendor_id): vendor,
            (Account.VENDOR_PAYABLE_AVAILABLE, invoice.vendor_id): -vendor,
            (Account.COMMISSION_UNEARNED, None): commission,
            (Account.COMMISSION_REVENUE, None): -commission,
        },
    )
    if not posted:
        return 0
    if applied:
        invoice.paid_minor = after
        _advance(invoice)
        db.session.flush()
        audit.record(
            actor, "billing:invoice:receive", invoice, before={"paid_minor": before}, after={"paid_minor": after}
        )
        signals.invoice_settled.send(invoice, actor=actor)
        notices.money_received(invoice, applied)
    return amount_minor - applied


def _advance(invoice: Invoice) -> None:
    target = InvoiceState.PAID if invoice.due_minor == 0 else InvoiceState.PARTLY_PAID
    if invoice.state != target:
        move(invoice, target, INVOICE_MOVES, clock.now())
