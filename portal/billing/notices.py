"""What billing tells people: who hears of it, in which words, and where it leads."""

import uuid
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.permissions import Permission
from portal.billing.models import Invoice, Payment
from portal.messaging import notify
from portal.messaging.kinds import Kind, money, register

DRAFTED = register(
    Kind(
        "billing.invoice.drafted",
        _l(
            "An invoice over %(amount)s for %(agreement)s is drafted: check it, then issue it."
            " The buyer does not see it yet."
        ),
        path="/invoices/{invoice_id}",
    )
)
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
BLOCKED = register(
    Kind(
        "billing.payment.blocked",
        _l(
            "Invoice %(number)s could not be paid by card: %(vendor)s cannot take card payments at the moment."
            " Nothing was charged; please pay by bank transfer."
        ),
        path="/invoices/{invoice_id}",
    )
)
MISSED = register(
    Kind(
        "billing.payment.missed",
        _l("A buyer could not pay invoice %(number)s by card: your account for card payments is not ready."),
        path="/vendor/card-payments",
    )
)
READY = register(
    Kind("billing.account.ready", _l("Buyers can now pay your invoices by card."), path="/vendor/card-payments")
)
LAPSED = register(
    Kind(
        "billing.account.lapsed",
        _l("Buyers cannot pay your invoices by card any more. See what the payment service asks for."),
        path="/vendor/card-payments",
    )
)


def invoice_drafted(invoice: Invoice) -> None:
    """Ask the vendor's people who may issue it to look at a draft that the clock has made."""
    params = _params(invoice, invoice.total_minor) | {"agreement": invoice.agreement_number}
    notify(invoice.vendor_id, DRAFTED.name, params, permission=Permission.INVOICE_ISSUE)


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


def payment_blocked(invoice: Invoice, payment: Payment) -> None:
    """Tell both sides that nothing was charged because the vendor's account was not ready."""
    params = _params(invoice, payment.amount_minor)
    notify(invoice.buyer_id, BLOCKED.name, params, permission=Permission.INVOICE_VIEW)
    notify(invoice.vendor_id, MISSED.name, params, permission=Permission.ACCOUNT_CONNECT)


def account_ready(vendor_id: uuid.UUID) -> None:
    """Tell the vendor that its account takes card payments."""
    notify(vendor_id, READY.name, {}, permission=Permission.INVOICE_VIEW)


def account_lapsed(vendor_id: uuid.UUID) -> None:
    """Tell the vendor that its account does not take card payments any more."""
    notify(vendor_id, LAPSED.name, {}, permission=Permission.INVOICE_VIEW)


def _params(invoice: Invoice, amount_minor: int) -> dict[str, Any]:
    due: date | None = invoice.due_on
    return {
        "invoice_id": str(invoice.id),
        "number": invoice.number or "",
        "amount": money(amount_minor, invoice.currency),
        "vendor": (invoice.seller or {}).get("name", ""),
        "due": due.isoformat() if due else "",
    }
