"""What may be done with a requirement as it stands, apart from who asks: pure questions for pages and actions."""

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.needs.models import Requirement
from portal.needs.states import RequirementState

_WRITABLE = frozenset({RequirementState.DRAFT, RequirementState.IN_REVIEW})
_STOPPABLE = _WRITABLE | {
    RequirementState.PUBLISHED,
    RequirementState.CLOSED,
    RequirementState.OPENED,
    RequirementState.DECIDED,
}


def is_mine(actor: Actor, requirement: Requirement) -> bool:
    """Whether the requirement is the actor's own company's."""
    return actor.company_id == requirement.buyer_id


def can_edit(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may still write it."""
    return is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_EDIT) and requirement.state in _WRITABLE


def can_cost(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may still say what the service costs in house: until a bid has won, for it compares bids."""
    return is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_EDIT) and requirement.state in _STOPPABLE


def can_publish(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may publish it, once nothing is missing."""
    return is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_PUBLISH) and requirement.state in _WRITABLE


def can_withdraw(actor: Actor, requirement: Requirement) -> bool:
    """Whether the actor may end it: discard a draft, withdraw it while open, cancel it after the deadline."""
    return is_mine(actor, requirement) and actor.can(Permission.REQUIREMENT_PUBLISH) and requirement.state in _STOPPABLE
