"""The webhook inbox: verify, keep the bytes, answer; a job then looks at the provider itself.

An event is a hint. Whatever it claims, the payment it names is fetched and taken over as it stands, so events may
come twice, late, in any order, or never (the sweep and the regular look at open payments find what was lost).
"""

import json
import logging
import uuid
from datetime import datetime, timedelta

from sqlalchemy import text

from portal.billing import collection
from portal.billing.providers import InboundEvent, card_provider
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
        payment_id = payment_named_in(bytes(raw)) if raw is not None else None
        buyer_id = _owner(payment_id) if payment_id else None
    if raw is None:
        return
    if payment_id is not None and buyer_id is not None:
        collection.look_at(payment_id, buyer_id)
        finish(inbox_id, InboxState.DONE)
    else:
        finish(inbox_id, InboxState.IGNORED)


def finish(inbox_id: uuid.UUID, state: InboxState, error: str = "") -> None:
    """Say what became of an event."""
    with jobs.transaction(tenancy.PUBLIC):
        db.session.execute(
            text("SELECT inbox_finish(:id, :state, :error)"), {"id": inbox_id, "state": state.value, "error": error}
        )


def payment_named_in(raw: bytes) -> uuid.UUID | None:
    """The payment that an event's object says it belongs to; None when it is none of ours."""
    content = json.loads(raw)
    marks = content.get("data", {}).get("object", {}).get("metadata") or {}
    try:
        return uuid.UUID(marks.get("payment_id", ""))
    except ValueError:
        return None


def _owner(payment_id: uuid.UUID) -> uuid.UUID | None:
    found: uuid.UUID | None = db.session.execute(text("SELECT payment_owner(:id)"), {"id": payment_id}).scalar_one()
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
