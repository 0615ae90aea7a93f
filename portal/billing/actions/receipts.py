"""Money on the bank account: recorded by staff, confirmed by a second person above a limit, then booked by a job."""

from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.billing import policy
from portal.billing.booking import book_receipt
from portal.billing.locking import lock
from portal.billing.models import BankReceipt
from portal.billing.queries import OpenInvoice
from portal.billing.reference import normal
from portal.billing.states import RECEIPT_MOVES, ReceiptState
from portal.kit import audit, clock, jobs
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.kit.money import to_minor
from portal.kit.states import move
from portal.kit.text import clean_line

BANK_RECEIPT_LIMIT = 10_000
"""In whole units of the currency: above it a second person must confirm."""


def find_invoice(actor: Actor, reference: str) -> OpenInvoice:
    """The invoice a bank transfer's reference names, as much as staff need to book it. Raises Invalid."""
    actor.permit(Permission.STAFF_FINANCE)
    row = db.session.execute(
        text("SELECT * FROM invoice_by_reference(:reference)"), {"reference": normal(reference)}
    ).one_or_none()
    if row is None:
        raise Invalid(_l("No issued invoice has this reference. Compare it with the bank statement."), "reference")
    return OpenInvoice(*row)


def record_bank_receipt(
    actor: Actor,
    *,
    reference: str,
    amount_minor: int,
    currency: str,
    received_on: date,
    bank_ref: str,
    payer: str,
) -> BankReceipt:
    """Record money seen on the bank account for the invoice that `reference` names.

    `bank_ref` is the bank's own identifier of the entry: the same entry cannot be recorded twice. Up to the limit it
    is booked at once, above it after `approve_bank_receipt` by somebody else.
    """
    invoice = find_invoice(actor, reference)
    if amount_minor <= 0:
        raise Invalid(_l("Write the amount that arrived."), "amount")
    if currency != invoice.currency:
        raise Invalid(_l("The invoice is in %(currency)s. Money in another currency is booked by hand.",
                         currency=invoice.currency), "currency")  # fmt: skip
    entry = clean_line(bank_ref)
    if not entry:
        raise Invalid(_l("Copy the bank's own reference of the entry from the statement."), "bank_ref")
    if db.session.scalar(select(BankReceipt.id).where(BankReceipt.bank_ref == entry)) is not None:
        raise Invalid(_l("This entry of the bank statement has been recorded before."), "bank_ref")
    receipt = BankReceipt(
        buyer_id=invoice.buyer_id,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.number,
        bank_ref=entry,
        payer=clean_line(payer),
        amount_minor=amount_minor,
        currency=currency,
        received_on=received_on,
        state=ReceiptState.PROPOSED,
        four_eyes=amount_minor > to_minor(BANK_RECEIPT_LIMIT, currency),
        recorded_by=actor.person_id,
        recorded_by_name=actor.person_name,
    )
    db.session.add(receipt)
    db.session.flush()
    audit.record(actor, "billing:receipt:record", receipt, after={"amount_minor": amount_minor, "bank_ref": entry})
    if not receipt.four_eyes:
        _approve(actor, receipt)
    return receipt


def approve_bank_receipt(actor: Actor, receipt: BankReceipt) -> None:
    """Confirm a receipt above the limit; refused to the person who recorded it."""
    actor.permit(Permission.STAFF_FINANCE)
    lock(receipt)
    if not policy.can_approve_receipt(actor, receipt):
        raise Conflict(_l("A second person of finance must confirm this receipt, and only once."))
    _approve(actor, receipt)


def reject_bank_receipt(actor: Actor, receipt: BankReceipt) -> None:
    """Drop a receipt that was recorded wrongly. Its bank reference stays used."""
    actor.permit(Permission.STAFF_FINANCE)
    lock(receipt)
    move(receipt, ReceiptState.REJECTED, RECEIPT_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, "billing:receipt:reject", receipt)


def _approve(actor: Actor, receipt: BankReceipt) -> None:
    move(receipt, ReceiptState.APPROVED, RECEIPT_MOVES, clock.now())
    receipt.approved_by, receipt.approved_by_name = actor.person_id, actor.person_name
    db.session.flush()
    audit.record(actor, "billing:receipt:approve", receipt)
    jobs.enqueue(book_receipt, receipt_id=str(receipt.id), buyer_id=str(receipt.buyer_id))
