"""What billing tells people: who hears of it, in which words, and where it leads."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.permissions import Permission
from portal.billing.models import Invoice, Payment
from portal.messaging import notify
from portal.messaging.kinds import Kind, money, register

ISSUED = register(
    Kind(
        "billing.invoice.issued",
        _l("Invoice %(number)s over %(amount)s from %(vendor)s is due on %(due)s."),
        path="/invoices/{invoice_id}",
    )
)
VOIDED = register(
    Kind(
        "billing.invoice.voided", _l("Invoice %(number)s was taken back by %(vendor)s."), path="/invoices/{invoice_id}"
    )
)
RECEIVED = register(
    Kind(
        "billing.money.received",
        _l("%(amount)s arrived for invoice %(number)s."),
        path="/invoices/{invoice_id}",
    )
)
FAILED = register(
    Kind(
        "billing.payment.failed",
        _l("The card payment of invoice %(number)s did not succeed. Nothing was charged; please try again."),
        path="/invoices/{invoice_id}",
    )
)


def invoice_issued(invoice: Invoice) -> None:
    """Tell the buyer's finance people that there is something to pay."""
    notify(invoice.buyer_id, ISSUED.name, _params(invoice, invoice.total_minor), permission=Permission.INVOICE_VIEW)


def invoice_voided(invoice: Invoice) -> None:
    """Tell the buyer that nothing is to be paid any more."""
    notify(invoice.buyer_id, VOIDED.name, _params(invoice, invoice.total_minor), permission=Permission.INVOICE_VIEW)


def money_received(invoice: Invoice, amount_minor: int) -> None:
    """Tell the vendor what arrived."""
    notify(invoice.vendor_id, RECEIVED.name, _params(invoice, amount_minor), permission=Permission.INVOICE_VIEW)


def payment_failed(invoice: Invoice, payment: Payment) -> None:
    """Tell the buyer that a card payment came to nothing."""
    notify(invoice.buyer_id, FAILED.name, _params(invoice, payment.amount_minor), permission=Permission.INVOICE_VIEW)


def _params(invoice: Invoice, amount_minor: int) -> dict[str, Any]:
    due: date | None = invoice.due_on
    return {
        "invoice_id": str(invoice.id),
        "number": invoice.number or "",
        "amount": money(amount_minor, invoice.currency),
        "vendor": (invoice.seller or {}).get("name", ""),
        "due": due.isoformat() if due else "",
    }
