"""Who may do what to invoices, as pure questions about an actor and a thing. Actions and pages ask the same ones."""

import uuid
from typing import Protocol

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.billing.models import BankReceipt, Invoice
from portal.billing.states import InvoiceState, ReceiptState

PAYABLE = (InvoiceState.OPEN, InvoiceState.PARTLY_PAID, InvoiceState.UNCOLLECTIBLE)


class OfTwoParties(Protocol):
    """Anything between a buyer and a vendor."""

    buyer_id: uuid.UUID
    vendor_id: uuid.UUID


def is_party(actor: Actor, thing: OfTwoParties) -> bool:
    """Whether the actor acts for one of the two companies."""
    return actor.company_id in (thing.buyer_id, thing.vendor_id)


def can_issue(actor: Actor, invoice: Invoice) -> bool:
    """The vendor issues its own drafts."""
    own = actor.company_id == invoice.vendor_id and actor.can(Permission.INVOICE_ISSUE)
    return own and invoice.state == InvoiceState.DRAFT


def can_void(actor: Actor, invoice: Invoice) -> bool:
    """The vendor takes back an invoice on which nothing was paid."""
    own = actor.company_id == invoice.vendor_id and actor.can(Permission.INVOICE_ISSUE)
    return own and invoice.state == InvoiceState.OPEN and invoice.paid_minor == 0


def can_pay(actor: Actor, invoice: Invoice) -> bool:
    """The buyer pays what is due."""
    own = actor.company_id == invoice.buyer_id and actor.can(Permission.INVOICE_PAY)
    return own and InvoiceState(invoice.state) in PAYABLE and invoice.due_minor > 0


def can_connect(actor: Actor) -> bool:
    """Finance and owners of a vendor connect the account that card payments go to."""
    return actor.company_kind == "vendor" and actor.can(Permission.ACCOUNT_CONNECT)


def can_approve_receipt(actor: Actor, receipt: BankReceipt) -> bool:
    """Staff confirm a receipt; above the limit never the one who recorded it."""
    second = not receipt.four_eyes or receipt.recorded_by != actor.person_id
    return actor.can(Permission.STAFF_FINANCE) and receipt.state == ReceiptState.PROPOSED and second
