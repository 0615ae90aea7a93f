"""Submitting, accepting, returning and waiving milestones. Acceptance is always the other side's."""

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.actions.course import record_go_live
from portal.agreements.models import Agreement
from portal.agreements.telling import tell_other_party
from portal.billing.actions import raise_charge, start_monthly
from portal.billing.queries import schedule_of
from portal.implementation import notices, queries, signals
from portal.implementation.models import Milestone
from portal.implementation.states import MILESTONE_MOVES, MilestoneState
from portal.implementation.templates import GO_LIVE
from portal.kit import audit, clock, evidence
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.states import move
from portal.kit.text import clean_text, listed
from portal.messaging.kinds import phrase
from portal.pricing.charges import one_time_charge
from portal.pricing.documents import rate_card_from_document


def submit_milestone(actor: Actor, agreement: Agreement, milestone: Milestone, *, shown: str, version: int) -> None:
    """Say that a milestone is reached and what shows it. Raises Conflict while something before it is open."""
    actor.permit(Permission.MILESTONE_EDIT)
    milestone = queries.locked(milestone)
    _in_force(agreement)
    side = agreement.side_of(actor.company_id)
    if not milestone.may_submit(side):
        raise Forbidden(_l("This milestone is the other side's to submit."))
    check_version(milestone, version, mine=shown, theirs=milestone.evidence)
    if not clean_text(shown):
        raise Invalid(_l("Say what shows that it is reached: attendance, test results, a link."), "shown")
    waiting = queries.open_predecessors(milestone)
    if waiting:
        raise Conflict(_l("First comes: %(titles)s.", titles=listed(one.title for one in waiting)))
    move(milestone, MilestoneState.SUBMITTED, MILESTONE_MOVES, clock.now())
    milestone.evidence, milestone.submitted_side, milestone.submitted_by = clean_text(shown), side, actor.person_name
    db.session.flush()
    audit.record(actor, "implementation:milestone:submit", milestone, after={"code": milestone.code})
    _tell(actor, agreement, milestone, notices.SUBMITTED)


def accept_milestone(actor: Actor, agreement: Agreement, milestone: Milestone) -> None:
    """Accept what the other side submitted: its one-time fees fall due, and an accepted go-live starts the service."""
    actor.permit(Permission.MILESTONE_ACCEPT)
    milestone = queries.locked(milestone)
    _in_force(agreement)
    _not_own(actor, agreement, milestone)
    now = clock.now()
    move(milestone, MilestoneState.ACCEPTED, MILESTONE_MOVES, now)
    milestone.accepted_by = actor.person_name
    db.session.flush()
    audit.record(actor, "implementation:milestone:accept", milestone, after={"code": milestone.code})
    evidence.append(
        "agreement",
        agreement.id,
        "go_live" if milestone.code == GO_LIVE else "milestone",
        {"milestone": milestone.code, "by": agreement.side_of(actor.company_id), "at": now.isoformat()},
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
    )
    _charge(actor, agreement, milestone)
    if milestone.code == GO_LIVE:
        record_go_live(actor, agreement, now)
        start_monthly(actor, schedule_of(agreement.id), now.astimezone(ZoneInfo(agreement.timezone)).date())
        signals.went_live.send(agreement, actor=actor)
    _tell(actor, agreement, milestone, notices.ACCEPTED)


def _charge(actor: Actor, agreement: Agreement, milestone: Milestone) -> None:
    """Make the milestone's one-time fees due; a line priced at nothing is no charge."""
    card = rate_card_from_document(agreement.terms["rate_card"])
    for line in card.one_time:
        priced = one_time_charge(card, line)
        if line.code in milestone.fee_codes and priced.amount_minor:
            raise_charge(
                actor,
                schedule_of(agreement.id),
                fee_class="one_time",
                source_key=f"one-time:{line.code}",
                line_code=line.code,
                description=line.note or str(milestone.title),
                quantity=priced.quantity,
                unit=priced.unit,
                unit_rate=priced.unit_rate,
                amount_minor=priced.amount_minor,
                milestone_id=milestone.id,
            )


def request_changes(actor: Actor, agreement: Agreement, milestone: Milestone, *, remark: str) -> None:
    """Send a submitted milestone back with what is missing."""
    actor.permit(Permission.MILESTONE_ACCEPT)
    milestone = queries.locked(milestone)
    _in_force(agreement)
    _not_own(actor, agreement, milestone)
    if not clean_text(remark):
        raise Invalid(_l("Say what is missing: the other side will read it."), "remark")
    move(milestone, MilestoneState.CHANGES_REQUESTED, MILESTONE_MOVES, clock.now())
    milestone.remark = clean_text(remark)
    db.session.flush()
    audit.record(actor, "implementation:milestone:request_changes", milestone, after={"remark": milestone.remark})
    _tell(actor, agreement, milestone, notices.CHANGES)


def waive_milestone(actor: Actor, agreement: Agreement, milestone: Milestone) -> None:
    """Agree to do without a milestone; it is waived once the other side agrees too. The go-live cannot be waived."""
    actor.permit(Permission.MILESTONE_ACCEPT)
    milestone = queries.locked(milestone)
    _in_force(agreement)
    if milestone.code == GO_LIVE:
        raise Conflict(_l("The go-live cannot be waived: the service begins with it."))
    side = agreement.side_of(actor.company_id)
    if milestone.waiver_side == side:
        raise Conflict(_l("Your side has agreed to waive it; the other side is next."))
    if milestone.waiver_side is None:
        milestone.waiver_side, milestone.waiver_by = side, actor.person_name
    else:
        move(milestone, MilestoneState.WAIVED, MILESTONE_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, "implementation:milestone:waive", milestone, after={"code": milestone.code, "side": side})
    _tell(actor, agreement, milestone, notices.WAIVER)


def _in_force(agreement: Agreement) -> None:
    if not agreement.is_in_force and agreement.state != "expired":
        raise Conflict(_l("The agreement is not in force."))


def _not_own(actor: Actor, agreement: Agreement, milestone: Milestone) -> None:
    if milestone.submitted_side == agreement.side_of(actor.company_id):
        raise Forbidden(_l("Your own side submitted this; the other side accepts it."))


def _tell(actor: Actor, agreement: Agreement, milestone: Milestone, kind: str) -> None:
    tell_other_party(actor, agreement, kind, milestone=phrase(milestone.title), remark=milestone.remark)
