"""The course of an agreement in force: go-live, and how it ends."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import notices, queries, signals
from portal.agreements.models import Agreement
from portal.agreements.states import AGREEMENT_MOVES, AgreementState
from portal.billing.actions import end_schedule
from portal.billing.queries import schedule_of
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.messaging import notify


def record_go_live(actor: Actor, agreement: Agreement, at: datetime) -> None:
    """Note when the service went live. The first note counts."""
    agreement = queries.locked(agreement)
    if agreement.go_live_at is None:
        agreement.go_live_at = at
        db.session.flush()
        audit.record(actor, "agreements:agreement:go_live", agreement, after={"at": at.isoformat()})


def terminate(actor: Actor, agreement: Agreement, *, reason: str) -> None:
    """End an agreement early, with a reason the other side reads. What was charged stays charged."""
    actor.permit(Permission.AGREEMENT_SIGN)
    if not clean_text(reason):
        raise Invalid(_l("Give a reason: the other side will read it."), "reason")
    _end(actor, agreement, AgreementState.TERMINATED, clean_text(reason))


def expire(actor: Actor, agreement: Agreement) -> None:
    """End an agreement whose last day is over."""
    _end(actor, agreement, AgreementState.EXPIRED, "")


def _end(actor: Actor, agreement: Agreement, to: AgreementState, reason: str) -> None:
    agreement = queries.locked(agreement)
    now = clock.now()
    move(agreement, to, AGREEMENT_MOVES, now)
    db.session.flush()
    end_schedule(actor, schedule_of(agreement.id), min(now.date(), agreement.ends_on))
    audit.record(actor, "agreements:agreement:end", agreement, after={"state": to, "reason": reason})
    signals.ended.send(agreement, actor=actor)
    for company_id in (agreement.buyer_id, agreement.vendor_id):
        notify(company_id, notices.ENDED, {"agreement_id": str(agreement.id), "title": agreement.title})
