"""The webhook inbox: verify, keep the bytes, answer; a job then looks at the provider itself.

An event is a hint. Whatever it claims, the payment or the vendor's account it names is fetched and taken over as it
stands, so events may come twice, late, in any order, or never (the sweep and the regular looks find what was lost).
"""

import json
import logging
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import text

from portal.billing import collection, vendor_accounts
from portal.billing.providers import STRIPE, InboundEvent, card_provider
from portal.billing.states import InboxState
from portal.kit import jobs, tenancy
from portal.kit.db import db

log = logging.getLogger("portal.billing")

SWEEP_EVERY = timedelta(minutes=10)
OVERLAP = timedelta(hours=1)


@jobs.task("billing.take_event")
def take_event(*, inbox_id: str) -> None:
    """Work off one stored event."""
    work_off(uuid.UUID(inbox_id))


def store(event: InboundEvent, provider: str) -> uuid.UUID | None:
    """Keep an event in the current transaction and enqueue its work; None when it is already there."""
    stored: uuid.UUID | None = db.session.execute(
        text("SELECT inbox_store(:provider, :event, :kind, :raw)"),
        {"provider": provider, "event": event.event_id, "kind": event.kind, "raw": event.raw},
    ).scalar_one()
    if stored is not None:
        jobs.enqueue(take_event, inbox_id=str(stored))
    return stored


def work_off(inbox_id: uuid.UUID) -> None:
    """Do what one stored event asks for. Run twice, the second time changes nothing."""
    with jobs.transaction(tenancy.PUBLIC):
        raw = db.session.execute(text("SELECT inbox_take(:id)"), {"id": inbox_id}).scalar_one()
        look = _look_asked_for(json.loads(bytes(raw))) if raw is not None else None
    if raw is None:
        return
    if look is not None:
        look()
        finish(inbox_id, InboxState.DONE)
    else:
        finish(inbox_id, InboxState.IGNORED)


def finish(inbox_id: uuid.UUID, state: InboxState, error: str = "") -> None:
    """Say what became of an event."""
    with jobs.transaction(tenancy.PUBLIC):
        db.session.execute(
            text("SELECT inbox_finish(:id, :state, :error)"), {"id": inbox_id, "state": state.value, "error": error}
        )


def _look_asked_for(event: dict[str, Any]) -> Callable[[], object] | None:
    """What to look at because of an event; None when it is about nothing of ours.

    An event with an `account` happened on that vendor's account: it says something about the account, and nothing
    about payments, whatever marks its object carries.
    """
    if "account" in event:
        vendor_id = _vendor_of(str(event["account"]))
        is_about_it = str(event.get("type", "")).startswith("account.")
        return partial(vendor_accounts.refresh, vendor_id) if vendor_id is not None and is_about_it else None
    payment_id = _payment_named_in(event)
    buyer_id = _buyer_of(payment_id) if payment_id is not None else None
    if payment_id is None or buyer_id is None:
        return None
    return partial(collection.look_at, payment_id, buyer_id)


def _payment_named_in(event: dict[str, Any]) -> uuid.UUID | None:
    """The payment that an event's object says it belongs to."""
    marks = event.get("data", {}).get("object", {}).get("metadata") or {}
    try:
        return uuid.UUID(marks.get("payment_id", ""))
    except ValueError:
        return None


def _buyer_of(payment_id: uuid.UUID) -> uuid.UUID | None:
    found: uuid.UUID | None = db.session.execute(text("SELECT payment_owner(:id)"), {"id": payment_id}).scalar_one()
    return found


def _vendor_of(ref: str) -> uuid.UUID | None:
    found: uuid.UUID | None = db.session.execute(
        text("SELECT account_owner(:provider, :ref)"), {"provider": STRIPE, "ref": ref}
    ).scalar_one()
    return found


def sweep() -> None:
    """Read the provider's own list of events and keep those that never reached us."""
    provider = card_provider()
    if provider is None:
        return
    with jobs.transaction(tenancy.PUBLIC):
        since: datetime | None = db.session.execute(
            text("SELECT sweep_begin(:provider, :every)"), {"provider": provider.name, "every": SWEEP_EVERY}
        ).scalar_one()
    if since is None:
        return
    events = list(provider.events_since(since - OVERLAP))
    with jobs.transaction(tenancy.PUBLIC):
        for event in events:
            store(event, provider.name)
