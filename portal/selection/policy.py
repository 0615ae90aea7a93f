"""What may be done with a bid, an evaluation or an award as it stands: pure questions for pages and actions."""

from datetime import datetime

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection.models import Award, Bid
from portal.selection.states import AwardState, BidState


def can_edit(actor: Actor, bid: Bid, requirement: Requirement, at: datetime) -> bool:
    """Whether the vendor may still write its bid."""
    return _is_vendor_of(actor, bid, Permission.BID_EDIT) and bid.is_editable and requirement.accepts_bids_at(at)


def can_submit(actor: Actor, bid: Bid, requirement: Requirement, at: datetime) -> bool:
    """Whether the bid may be handed in; whether it is whole is another question."""
    waits = bid.state in (BidState.DRAFT, BidState.STALE)
    return _is_vendor_of(actor, bid, Permission.BID_SUBMIT) and waits and requirement.accepts_bids_at(at)


def can_withdraw(actor: Actor, bid: Bid, requirement: Requirement, at: datetime) -> bool:
    """A draft may be thrown away at any time, what lies in the box only before the deadline."""
    if not _is_vendor_of(actor, bid, Permission.BID_SUBMIT) or not bid.is_editable:
        return False
    return bid.state != BidState.SUBMITTED or requirement.accepts_bids_at(at)


def can_open(actor: Actor, requirement: Requirement) -> bool:
    """Whether the bids may be opened now."""
    return _is_buyer_of(actor, requirement, Permission.BID_OPEN) and requirement.state == RequirementState.CLOSED


def can_compare(requirement: Requirement) -> bool:
    """Whether there is anything to compare: not before the opening."""
    return requirement.opened_at is not None


def can_score(actor: Actor, requirement: Requirement) -> bool:
    """Scores are given after the opening and stay as they are once an award is made on them."""
    return _is_buyer_of(actor, requirement, Permission.BID_SCORE) and requirement.state == RequirementState.OPENED


def can_disqualify(actor: Actor, requirement: Requirement, bid: Bid) -> bool:
    """Whether the bid may be taken out of the ranking."""
    is_open = requirement.state == RequirementState.OPENED and bid.state == BidState.QUALIFIED
    return _is_buyer_of(actor, requirement, Permission.BID_AWARD) and is_open


def can_award(actor: Actor, requirement: Requirement) -> bool:
    """Whether an award may be made."""
    return _is_buyer_of(actor, requirement, Permission.BID_AWARD) and requirement.state == RequirementState.OPENED


def can_answer(actor: Actor, award: Award | None, at: datetime) -> bool:
    """Whether the vendor may accept or decline: once, and in time."""
    return (
        award is not None
        and actor.company_id == award.vendor_id
        and actor.can(Permission.AWARD_ANSWER)
        and award.state == AwardState.PENDING
        and at < award.answer_due_at
    )


def _is_vendor_of(actor: Actor, bid: Bid, permission: Permission) -> bool:
    return actor.company_id == bid.vendor_id and actor.can(permission)


def _is_buyer_of(actor: Actor, requirement: Requirement, permission: Permission) -> bool:
    return actor.company_id == requirement.buyer_id and actor.can(permission)
