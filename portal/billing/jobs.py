"""What the clock makes due in billing: looking at payments, missed events, monthly runs, receipts to book.

The jobs that a change enqueues stand beside their work: `collection`, `inbox`, `booking`.
"""

import logging
from datetime import timedelta

from portal.billing import collection, inbox, vendor_accounts
from portal.billing.booking import book
from portal.billing.monthly import listed, run_until
from portal.billing.providers import STRIPE, Ambiguous, Refused, TryAgain
from portal.kit import clock, jobs, tenancy

log = logging.getLogger("portal.billing")

LOOK_EVERY = timedelta(minutes=5)
# How long a month's invoice waits for its reported volumes: reports are due on working day 5, approved by day 10.
REPORT_WITHIN = timedelta(days=10)


@jobs.due("billing.look_at_payments")
def look_at_payments() -> None:
    """Ask the provider about every attempt that is under way, whatever it did or did not tell us."""
    for payment_id, buyer_id in listed("SELECT * FROM payments_to_look_at(:every)", every=LOOK_EVERY):
        try:
            collection.look_at(payment_id, buyer_id)
        except (TryAgain, Ambiguous, Refused) as trouble:  # the next look asks again
            log.warning("a payment could not be looked at", extra={"payment": str(payment_id), "why": str(trouble)})


@jobs.due("billing.look_at_accounts")
def look_at_accounts() -> None:
    """Ask the provider about vendors' accounts: every minute after one was sent to its page, else now and then."""
    for vendor_id, wants_link in listed("SELECT * FROM accounts_to_look_at(:provider)", provider=STRIPE):
        try:
            if wants_link:
                vendor_accounts.connect(vendor_id)
            else:
                vendor_accounts.refresh(vendor_id)
        except (TryAgain, Ambiguous, Refused) as trouble:  # the next look asks again
            log.warning("an account could not be looked at", extra={"vendor": str(vendor_id), "why": str(trouble)})


@jobs.due("billing.sweep_events")
def sweep_events() -> None:
    """Find events that never reached us, and stored ones whose job was lost or gave up.

    One event that always fails does not hold up the others; after 20 tries it is put aside as dead.
    """
    for (inbox_id,) in listed("SELECT inbox_waiting()"):
        try:
            inbox.work_off(inbox_id)
        except Exception:
            log.exception("an event could not be worked off", extra={"event": str(inbox_id)})
    inbox.sweep()


@jobs.due("billing.bill_months")
def bill_months_due() -> None:
    """Bill every month that is over, as soon as its volumes are reported."""
    with jobs.transaction(tenancy.PUBLIC):
        until = clock.now()
    run_until(until, patience=REPORT_WITHIN)


@jobs.due("billing.book_receipts")
def book_receipts() -> None:
    """Book what was approved and whose own job was lost."""
    for receipt_id, buyer_id in listed("SELECT * FROM receipts_to_book()"):
        book(receipt_id, buyer_id)
