"""Booking an approved bank receipt on its invoice, as the buyer whose money it is."""

import uuid

from portal.accounts.actor import Actor
from portal.billing.ledger import Account
from portal.billing.models import BankReceipt, Invoice
from portal.billing.settlement import apply_money
from portal.billing.states import RECEIPT_MOVES, ReceiptState
from portal.kit import audit, clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.states import move


@jobs.task("billing.book_receipt")
def book_receipt(*, receipt_id: str, buyer_id: str) -> None:
    """Apply an approved bank receipt to its invoice."""
    book(uuid.UUID(receipt_id), uuid.UUID(buyer_id))


def book(receipt_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    """Apply the receipt in a transaction of its own. Repeating it changes nothing."""
    with jobs.transaction(tenancy.member(buyer_id)):
        actor = Actor.robot(buyer_id, "buyer")
        receipt = db.session.get_one(BankReceipt, receipt_id, with_for_update=True)
        if receipt.state != ReceiptState.APPROVED:
            return
        receipt.excess_minor = apply_money(
            actor,
            db.session.get_one(Invoice, receipt.invoice_id),
            receipt.amount_minor,
            clearing=Account.BANK_CLEARING,
            source_type="bank_receipt",
            source_id=receipt.id,
        )
        move(receipt, ReceiptState.BOOKED, RECEIPT_MOVES, clock.now())
        db.session.flush()
        audit.record(actor, "billing:receipt:book", receipt, after={"excess_minor": receipt.excess_minor})
