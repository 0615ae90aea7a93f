"""What selection does when something happens below it."""

from typing import Any

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit.db import db
from portal.kit.tenancy import mine
from portal.needs.models import Requirement
from portal.needs.signals import withdrawn
from portal.selection.actions.answers import lapse_award
from portal.selection.models import Award
from portal.selection.states import AwardState


@withdrawn.connect
def _end_award(requirement: Requirement, *, actor: Actor, **_more: Any) -> None:
    """The buyer has stopped the procedure: an award that waits for its answer ends with it."""
    query = select(Award).where(Award.requirement_id == requirement.id, Award.state == AwardState.PENDING, mine(Award))
    award = db.session.scalar(query)
    if award is not None:
        lapse_award(actor, award)
