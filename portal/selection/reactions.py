"""What selection does when something happens below it."""

from typing import Any

from sqlalchemy import select, text

from portal.accounts.actor import Actor
from portal.kit.db import db
from portal.kit.tenancy import mine
from portal.messaging.kinds import moment, phrase
from portal.needs.differences import Change
from portal.needs.models import Requirement
from portal.needs.signals import amended, withdrawn
from portal.needs.states import RequirementState, VersionKind
from portal.needs.version_models import RequirementVersion
from portal.needs.version_words import names_of
from portal.selection import notices
from portal.selection.actions.answers import lapse_award
from portal.selection.models import Award
from portal.selection.states import AwardState
from portal.selection.telling import tell_concerned


@withdrawn.connect
def _end_award(requirement: Requirement, *, actor: Actor, **_more: Any) -> None:
    """The buyer has stopped the procedure: an award that waits for its answer ends with it."""
    query = select(Award).where(Award.requirement_id == requirement.id, Award.state == AwardState.PENDING, mine(Award))
    award = db.session.scalar(query)
    if award is not None:
        lapse_award(actor, award)
    if requirement.is_published:
        kind = notices.WITHDRAWN if requirement.state == RequirementState.WITHDRAWN else notices.CANCELLED
        tell_concerned(requirement, kind.name, {"reason": requirement.end_reason})


@amended.connect
def _ask_again(requirement: Requirement, *, version: RequirementVersion, changes: list[Change], **_more: Any) -> None:
    """A requirement has changed: what touches the offers makes them stale, and whoever it concerns is told."""
    if version.is_material:
        db.session.execute(text("SELECT make_bids_stale(:id)"), {"id": requirement.id})
    what = {"number": version.number, "what": [phrase(name) for name in names_of(changes)]}
    if version.kind == VersionKind.EXTENDED:
        kind = notices.EXTENDED
        assert requirement.deadline_at is not None
        zone = requirement.deadline_zone or requirement.timezone
        what["deadline"] = moment(requirement.deadline_at, zone)
    else:
        kind = notices.CHANGED_MATERIALLY if version.is_material else notices.CHANGED
    tell_concerned(requirement, kind.name, what)
