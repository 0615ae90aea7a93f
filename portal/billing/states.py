"""The lifecycles of billing as tables of allowed moves."""

from enum import StrEnum


class ScheduleState(StrEnum):
    """Waiting for go-live, billing every month, or ended."""

    WAITING = "waiting"
    ACTIVE = "active"
    ENDED = "ended"


class ChargeClass(StrEnum):
    """The three classes of cost, and credits, which are charges below zero."""

    ONE_TIME = "one_time"
    OPERATING = "operating"
    EXTRA = "extra"
    CREDIT = "credit"


class Basis(StrEnum):
    """Where a charge's quantity comes from; the line says it."""

    AGREED = "agreed"
    REPORTED = "reported"
    FORECAST = "forecast"


class InvoiceState(StrEnum):
    """A draft may change; an open invoice never does again, only what was paid on it."""

    DRAFT = "draft"
    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    VOID = "void"
    UNCOLLECTIBLE = "uncollectible"


class PaymentState(StrEnum):
    """One attempt to collect an invoice through a provider. `unknown` is left by looking at the provider only."""

    SUBMITTED = "submitted"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    UNKNOWN = "unknown"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class AccountStanding(StrEnum):
    """How a vendor's account at the card provider stands, as the provider last said. Only `ready` ones are charged for.

    `connecting` has no account yet, `lost` is one that the provider does not know any more.
    """

    CONNECTING = "connecting"
    INCOMPLETE = "incomplete"
    CHECKING = "checking"
    READY = "ready"
    RESTRICTED = "restricted"
    LOST = "lost"


class ReceiptState(StrEnum):
    """Money seen on the bank account: above a limit a second member of staff confirms it before it is booked."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    BOOKED = "booked"
    REJECTED = "rejected"


class InboxState(StrEnum):
    """What became of a provider's event."""

    RECEIVED = "received"
    DONE = "done"
    IGNORED = "ignored"
    DEAD = "dead"


SCHEDULE_MOVES = {
    ScheduleState.WAITING: {ScheduleState.ACTIVE, ScheduleState.ENDED},
    ScheduleState.ACTIVE: {ScheduleState.ENDED},
}

INVOICE_MOVES = {
    InvoiceState.DRAFT: {InvoiceState.OPEN, InvoiceState.VOID},
    InvoiceState.OPEN: {
        InvoiceState.PARTLY_PAID,
        InvoiceState.PAID,
        InvoiceState.VOID,
        InvoiceState.UNCOLLECTIBLE,
    },
    InvoiceState.PARTLY_PAID: {InvoiceState.PAID, InvoiceState.UNCOLLECTIBLE},
    InvoiceState.UNCOLLECTIBLE: {InvoiceState.PAID, InvoiceState.PARTLY_PAID},
    InvoiceState.PAID: {InvoiceState.OPEN, InvoiceState.PARTLY_PAID},  # the money went back
}

_OUTCOMES = {
    PaymentState.REQUIRES_ACTION,
    PaymentState.PROCESSING,
    PaymentState.SUCCEEDED,
    PaymentState.FAILED,
    PaymentState.CANCELED,
}
PAYMENT_MOVES = {
    PaymentState.SUBMITTED: _OUTCOMES | {PaymentState.UNKNOWN},
    PaymentState.UNKNOWN: _OUTCOMES,
    PaymentState.REQUIRES_ACTION: _OUTCOMES - {PaymentState.REQUIRES_ACTION},
    PaymentState.PROCESSING: {PaymentState.SUCCEEDED, PaymentState.FAILED},
    # Money that arrives after we gave an attempt up is money all the same.
    PaymentState.FAILED: {PaymentState.SUCCEEDED, PaymentState.PROCESSING},
    PaymentState.CANCELED: {PaymentState.SUCCEEDED, PaymentState.PROCESSING},
}
LIVE_PAYMENTS = (
    PaymentState.SUBMITTED,
    PaymentState.REQUIRES_ACTION,
    PaymentState.PROCESSING,
    PaymentState.UNKNOWN,
)

RECEIPT_MOVES = {
    ReceiptState.PROPOSED: {ReceiptState.APPROVED, ReceiptState.REJECTED},
    ReceiptState.APPROVED: {ReceiptState.BOOKED},
}
