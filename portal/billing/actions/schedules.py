"""Opening, starting and ending the fee schedule of an agreement."""

import uuid
from datetime import date

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.billing import policy, terms
from portal.billing.locking import lock
from portal.billing.models import FeeSchedule
from portal.billing.periods import end_of_term
from portal.billing.states import SCHEDULE_MOVES, ScheduleState
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.states import move
from portal.pricing.values import Scenario, Terms


def open_schedule(
    actor: Actor,
    agreement_id: uuid.UUID,
    agreed: Terms,
    *,
    buyer_id: uuid.UUID,
    vendor_id: uuid.UUID,
    agreement_number: str,
    scenario: Scenario,
    timezone: str,
) -> FeeSchedule:
    """Keep the commercial terms of a signed agreement for billing. Asked twice, the first schedule is the answer.

    `scenario` is the agreed forecast: it is billed for months in which nobody reports volumes. `timezone` decides
    when a month ends. Monthly fees begin with `start_monthly`.
    """
    if actor.company_id not in (buyer_id, vendor_id):
        raise NotFound
    known = db.session.scalar(select(FeeSchedule).where(FeeSchedule.agreement_id == agreement_id))
    if known is not None:
        return known
    schedule = FeeSchedule(
        agreement_id=agreement_id,
        agreement_number=agreement_number,
        buyer_id=buyer_id,
        vendor_id=vendor_id,
        currency=agreed.currency,
        timezone=timezone,
        terms=terms.freeze(agreed, scenario),
        state=ScheduleState.WAITING,
    )
    db.session.add(schedule)
    db.session.flush()
    audit.record(actor, "billing:schedule:open", schedule, after={"agreement": agreement_number})
    return schedule


def start_monthly(actor: Actor, schedule: FeeSchedule, from_date: date) -> None:
    """Begin monthly billing with `from_date`, the first day of service, for the agreed term; once only."""
    locked = _locked(actor, schedule)
    if locked.state != ScheduleState.WAITING:
        return
    move(locked, ScheduleState.ACTIVE, SCHEDULE_MOVES, clock.now())
    locked.billed_from = from_date
    locked.ends_on = end_of_term(from_date, terms.thaw(locked.terms).term_months)
    db.session.flush()
    audit.record(actor, "billing:schedule:start", locked, after={"from": from_date.isoformat()})


def end_schedule(actor: Actor, schedule: FeeSchedule, on: date) -> None:
    """Let the agreement's last billed day be `on`; the month it lies in is billed in part when it is over."""
    locked = _locked(actor, schedule)
    before = locked.ends_on
    if locked.state == ScheduleState.WAITING:
        move(locked, ScheduleState.ENDED, SCHEDULE_MOVES, clock.now())
    elif locked.state == ScheduleState.ACTIVE:
        locked.ends_on = max(on, locked.billed_through or on)
    db.session.flush()
    audit.record(
        actor,
        "billing:schedule:end",
        locked,
        before={"ends_on": before.isoformat() if before else None},
        after={"ends_on": on.isoformat()},
    )


def extend_schedule(actor: Actor, schedule: FeeSchedule, until: date) -> None:
    """Go on billing until `until`, after a renewal."""
    locked = _locked(actor, schedule)
    before = locked.ends_on
    locked.ends_on = until
    db.session.flush()
    audit.record(
        actor,
        "billing:schedule:extend",
        locked,
        before={"ends_on": before.isoformat() if before else None},
        after={"ends_on": until.isoformat()},
    )


def _locked(actor: Actor, schedule: FeeSchedule) -> FeeSchedule:
    if not policy.is_party(actor, schedule):
        raise NotFound
    lock(schedule)
    return schedule
