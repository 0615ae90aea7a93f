"""Review before publication, in companies that want it: one person asks, another approves or sends it back.

Each stands by it with their own act, so the approver is neither who began it nor who asked. While it is in review
nobody writes in it: what is approved is what was read. An amendment of a published requirement goes the same way.
"""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.needs import notices, policy
from portal.needs.actions import amend
from portal.needs.actions.publish import check_complete, make_public, scenarios_of
from portal.needs.models import Requirement
from portal.needs.queries import channels_of, locked, staffing_inputs_of
from portal.needs.states import REQUIREMENT_MOVES, ChangeReason, RequirementState

MAX_REASON = 2000
NOT_YOURS = _l("You began this or asked for its review: another person of your company has to approve it.")


def ask_review(actor: Actor, requirement: Requirement, *, version: int) -> Requirement:
    """Hand a complete draft to whoever may publish. Raises Incomplete, StaleVersion, Conflict for no draft."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_ask_review(actor, found) or found.is_amendment:
        raise Conflict
    check_complete(found)
    scenarios_of(found, channels_of(found), staffing_inputs_of(actor, found))
    return _hand_over(actor, found)


def ask_amendment_review(
    actor: Actor, copy: Requirement, *, reason: str, note: str, deadline_local: datetime | None, version: int
) -> Requirement:
    """Hand a working copy over with the reason vendors will read. Raises as `publish_amendment` would."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found, draft = amend.both_locked(actor, copy)
    check_version(draft, version)
    if not policy.can_ask_review(actor, draft):
        raise Conflict
    cleaned = amend.checked_reason(reason, note)
    amend.check_amendment(actor, found, draft, deadline_local)
    draft.change_reason, draft.change_note = ChangeReason(reason).value, cleaned
    return _hand_over(actor, draft)


def approve_requirement(actor: Actor, requirement: Requirement, *, version: int) -> Requirement:
    """Approve what is in review: it is published at once, or becomes the next version of what it amends.

    Raises Forbidden for its author and for who asked, StaleVersion or Conflict where it is not in review any more,
    Incomplete where time has made it so.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    amended, found = _locked_with_amended(actor, requirement)
    check_version(found, version)
    if not policy.can_judge(actor, found):
        raise Conflict
    if not policy.can_approve(actor, found):
        raise Forbidden(NOT_YOURS)
    found.approved_by = actor.person_id
    db.session.flush()
    audit.record(actor, "needs:requirement:approve", found, after={"asked_by": str(found.review_asked_by)})
    about = {
        "requirement": found.title,
        "requirement_id": str(found.amends_id or found.id),
        "person": actor.person_name,
    }
    if amended is None:
        make_public(actor, found)
    else:
        amend.apply_amendment(
            actor, amended, found, reason=found.change_reason, note=found.change_note, deadline_local=None
        )
    notify(found.buyer_id, notices.APPROVED.name, about, permission=Permission.REQUIREMENT_EDIT)
    return amended or found


def send_back(actor: Actor, requirement: Requirement, *, reason: str, version: int) -> Requirement:
    """Refuse to approve, with a reason its writers read; it is a draft again. Raises Invalid without a reason."""
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_judge(actor, found):
        raise Conflict
    cleaned = clean_text(reason)
    if not cleaned or len(cleaned) > MAX_REASON:
        raise Invalid(_l("Say what is to be changed, in at most %(most)s characters.", most=MAX_REASON), "reason")
    _to_draft(found)
    found.review_note = cleaned
    db.session.flush()
    audit.record(actor, "needs:requirement:send_back", found, after={"reason": cleaned})
    about = _about(actor, found) | {"reason": cleaned}
    notify(found.buyer_id, notices.SENT_BACK.name, about, permission=Permission.REQUIREMENT_EDIT)
    return found


def take_back(actor: Actor, requirement: Requirement, *, version: int) -> Requirement:
    """Take a requirement out of review to go on writing. Raises Conflict where it is not in review."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_take_back(actor, found):
        raise Conflict
    _to_draft(found)
    db.session.flush()
    audit.record(actor, "needs:requirement:take_back", found)
    return found


def _hand_over(actor: Actor, found: Requirement) -> Requirement:
    states.move(found, RequirementState.IN_REVIEW, REQUIREMENT_MOVES, clock.now())
    found.review_asked_by, found.review_note = actor.person_id, ""
    db.session.flush()
    audit.record(actor, "needs:requirement:ask_review", found)
    notify(
        found.buyer_id,
        notices.REVIEW_ASKED.name,
        _about(actor, found),
        permission=Permission.REQUIREMENT_PUBLISH,
    )
    return found


def _to_draft(found: Requirement) -> None:
    states.move(found, RequirementState.DRAFT, REQUIREMENT_MOVES, clock.now())
    found.in_review_at = found.review_asked_by = None


def _about(actor: Actor, found: Requirement) -> dict[str, str]:
    return {"requirement": found.title, "requirement_id": str(found.id), "person": actor.person_name}


def _locked_with_amended(actor: Actor, requirement: Requirement) -> tuple[Requirement | None, Requirement]:
    if requirement.amends_id is None:
        return None, locked(actor, requirement.id)
    return amend.both_locked(actor, requirement)
