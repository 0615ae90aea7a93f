"""The course of a requirement after it was written: closed, opened, decided, awarded, or ended without an award.

Selection calls `close`, `open_`, `decide`, `award` and `end` inside its own acts, with the row locked and the reason
permitted there; the evidence of those acts is selection's. Only `withdraw_requirement` is the buyer's own verb here.
"""

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence, states
from portal.kit.db import check_version, db
from portal.kit.errors import Invalid
from portal.kit.text import clean_text
from portal.needs import signals
from portal.needs.models import Requirement
from portal.needs.queries import locked
from portal.needs.states import ENDS, REQUIREMENT_MOVES, RequirementState


def close(requirement: Requirement) -> None:
    """No more bids: the deadline has passed. Raises IllegalMove."""
    _move(requirement, RequirementState.CLOSED)


def open_(requirement: Requirement) -> None:
    """The bids have been opened, or evaluation goes on after a recommended award fell through."""
    _move(requirement, RequirementState.OPENED)


def decide(requirement: Requirement) -> None:
    """An award has been recommended to a vendor, who has not accepted yet."""
    _move(requirement, RequirementState.DECIDED)


def award(requirement: Requirement) -> None:
    """The vendor has accepted."""
    _move(requirement, RequirementState.AWARDED)


def end(requirement: Requirement, state: RequirementState, *, reason: str) -> None:
    """End without an award: unsuccessful, cancelled, lapsed or withdrawn, with the reason everybody may read."""
    if state not in ENDS:
        raise ValueError(f"{state} is not an end")
    _move(requirement, state, reason)


def withdraw_requirement(actor: Actor, requirement: Requirement, *, reason: str, version: int) -> Requirement:
    """Stop a requirement: a draft is discarded, an open one withdrawn, a closed one cancelled.

    The reason is kept, and read by the vendors where they have seen the requirement. Raises Invalid without one,
    IllegalMove once awarded or ended.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found = locked(actor, requirement.id)
    check_version(found, version)
    cleaned = clean_text(reason)
    if not cleaned or len(cleaned) > 2000:
        raise Invalid(_l("Give a reason of at most %(most)s characters.", most=2000), "reason")
    before = found.state
    to = RequirementState.WITHDRAWN if before == RequirementState.PUBLISHED else RequirementState.CANCELLED
    _move(found, to, cleaned)
    db.session.flush()
    audit.record(
        actor, "needs:requirement:withdraw", found, before={"state": before}, after={"state": to, "reason": cleaned}
    )
    if found.is_published:
        payload = {"number": found.number, "state": to.value, "reason": cleaned, "person": actor.person_name}
        evidence.append("requirement", found.id, "withdrawn", payload, buyer_id=found.buyer_id)
    signals.withdrawn.send(found, actor=actor, reason=cleaned)
    return found


def _move(requirement: Requirement, to: RequirementState, reason: str = "") -> None:
    now = clock.now()
    states.move(requirement, to, REQUIREMENT_MOVES, now)
    if to in ENDS:
        requirement.ended_at, requirement.end_reason = now, reason
    db.session.flush()
