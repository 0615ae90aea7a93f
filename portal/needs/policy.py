"""What may be done with a requirement as it stands, apart from who asks: pure questions for pages and actions."""

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.needs.models import Requirement
from portal.needs.states import RequirementState

_UNPUBLISHED = frozenset({RequirementState.DRAFT, RequirementState.IN_REVIEW})
_STOPPABLE = _UNPUBLISHED | {
    RequirementState.PUBLISHED,
    RequirementState.CLOSED,
    RequirementState.OPENED,
    RequirementState.DECIDED,
}


def is_mine(actor: Actor, requirement: Requirement) -> bool:
    """Whether the requirement is the actor's own company's."""
    return actor.company_id == requirement.buyer_id


def can_edit(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may still write it: not while it is in review, or the approver would read another text."""
    writable = requirement.state == RequirementState.DRAFT
    return writable and is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_EDIT)


def can_cost(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may still say what the service costs in house: until a bid has won, for it compares bids.

    It is said of a requirement itself, not of a working copy.
    """
    is_open = requirement.state in _STOPPABLE and not requirement.is_amendment
    return is_open and is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_EDIT)


def can_publish(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may publish it without a review, once nothing is missing."""
    return (
        _is_publisher(actor, requirement)
        and requirement.state == RequirementState.DRAFT
        and not requirement.is_amendment
    )


def can_ask_review(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may ask another person to approve it."""
    return can_edit(actor, requirement)


def can_take_back(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may take it out of review to go on writing."""
    in_review = requirement.state == RequirementState.IN_REVIEW
    return in_review and is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_EDIT)


def can_judge(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may send it back from its review."""
    return _is_publisher(actor, requirement) and requirement.state == RequirementState.IN_REVIEW


def can_approve(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may approve it: neither who began it nor who asked for the review may."""
    authors = (requirement.author_id, requirement.review_asked_by)
    return can_judge(actor, requirement) and actor.person_id is not None and actor.person_id not in authors


def can_amend(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may begin to change a published requirement: as long as bids are taken."""
    return is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_EDIT) and requirement.accepts_bids


def can_extend(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may move the deadline to a later one."""
    return _is_publisher(actor, requirement) and requirement.accepts_bids


def _is_publisher(actor: Actor, requirement: Requirement) -> bool:
    return is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_PUBLISH)


def can_withdraw(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may end it: discard a draft, withdraw it while open, cancel it after the deadline."""
    return _is_publisher(actor, requirement) and requirement.state in _STOPPABLE and not requirement.is_amendment
