"""Making the plan of an agreement that has come into force."""

from zoneinfo import ZoneInfo

from portal.accounts.actor import Actor
from portal.agreements.models import Agreement
from portal.implementation.models import Milestone, Plan
from portal.implementation.schedule import due_dates
from portal.implementation.templates import BY_MODE, GO_LIVE, Step
from portal.kit import audit, clock
from portal.kit.db import db
from portal.pricing.documents import rate_card_from_document
from portal.pricing.values import RateCard


def make_plan(actor: Actor, agreement: Agreement) -> Plan:
    """Make the milestones fit for the agreement's mode; each one-time fee is tied to the milestone that makes it due.

    A wind-down that waits for the end of the service is due after the agreement's last day.
    """
    today = clock.now().astimezone(ZoneInfo(agreement.timezone)).date()
    plan = Plan(agreement_id=agreement.id, buyer_id=agreement.buyer_id, vendor_id=agreement.vendor_id, starts_on=today)
    db.session.add(plan)
    steps = BY_MODE[agreement.mode]
    due = due_dates(steps, today)
    card = rate_card_from_document(agreement.terms["rate_card"])
    for position, step in enumerate(steps, start=1):
        db.session.add(
            Milestone(
                agreement_id=agreement.id,
                buyer_id=agreement.buyer_id,
                vendor_id=agreement.vendor_id,
                code=step.code,
                position=position,
                owner=step.owner,
                due_on=max(due[step.code], agreement.ends_on) if step.code == "wind_down" else due[step.code],
                after=list(step.after),
                fee_codes=_fees(step, steps, card),
            )
        )
    db.session.flush()
    audit.record(actor, "implementation:plan:make", plan, after={"mode": agreement.mode, "milestones": len(steps)})
    return plan


def _fees(step: Step, steps: tuple[Step, ...], card: RateCard) -> list[str]:
    """The one-time lines that this step makes due; a category that no step names waits for the go-live."""
    named = {category for other in steps for category in other.pays}
    return [
        line.code
        for line in card.one_time
        if line.category in step.pays or (step.code == GO_LIVE and line.category not in named)
    ]
