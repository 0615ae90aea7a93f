"""The course of a requirement after it was written: closed, opened, decided, awarded, or ended without an award.

Selection calls `close`, `open_`, `decide`, `award` and `end` inside its own acts, with the row locked and the reason
permitted there; the evidence of those acts is selection's. Only `withdraw_requirement` is the buyer's own verb here.
"""

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.tenancy import mine
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.needs import notices, signals
from portal.needs.models import Requirement
from portal.needs.queries import locked
from portal.needs.states import ENDS, REQUIREMENT_MOVES, RequirementState, StopReason


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


def withdraw_requirement(
    actor: Actor, requirement: Requirement, *, reason: str, version: int, code: str = StopReason.OTHER
) -> Requirement:
    """Stop a requirement: a draft is discarded, an open one withdrawn, a closed one cancelled.

    `code` is a StopReason; the reason is kept with it, and read by the vendors where they have seen the requirement.
    Raises Invalid without either, IllegalMove once awarded or ended.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if found.is_amendment:
        raise Conflict
    if code not in list(StopReason):
        raise Invalid(_l("Choose a reason from the list."), "code")
    cleaned = clean_text(reason)
    if not cleaned or len(cleaned) > 2000:
        raise Invalid(_l("Give a reason of at most %(most)s characters.", most=2000), "reason")
    before = found.state
    to = RequirementState.WITHDRAWN if before == RequirementState.PUBLISHED else RequirementState.CANCELLED
    _move(found, to, cleaned)
    found.end_code = StopReason(code).value
    db.session.flush()
    after = {"state": to, "code": found.end_code, "reason": cleaned}
    audit.record(actor, "needs:requirement:withdraw", found, before={"state": before}, after=after)
    about = {"requirement": found.title, "requirement_id": str(found.id), "reason": cleaned}
    if found.is_published:
        payload = {"number": found.number, "person": actor.person_name} | after
        evidence.append("requirement", found.id, "withdrawn", payload, buyer_id=found.buyer_id)
    notify(found.buyer_id, notices.STOPPED.name, about, permission=Permission.REQUIREMENT_EDIT)
    signals.withdrawn.send(found, actor=actor, reason=cleaned)
    return found


def _move(requirement: Requirement, to: RequirementState, reason: str = "") -> None:
    now = clock.now()
    was_published = requirement.state == RequirementState.PUBLISHED
    states.move(requirement, to, REQUIREMENT_MOVES, now)
    if to in ENDS:
        requirement.ended_at, requirement.end_reason = now, reason
    db.session.flush()
    if was_published:
        _end_amendment(requirement)


def _end_amendment(requirement: Requirement) -> None:
    """Once no bids are taken any more, a change that was being written has come to nothing."""
    copies = select(Requirement).where(
        Requirement.amends_id == requirement.id,
        Requirement.state.in_((RequirementState.DRAFT, RequirementState.IN_REVIEW)),
        mine(Requirement),
    )
    for copy in db.session.scalars(copies.with_for_update()):
        states.move(copy, RequirementState.CANCELLED, REQUIREMENT_MOVES, clock.now())
        copy.ended_at = clock.now()
    db.session.flush()
