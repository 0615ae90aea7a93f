"""What the clock does to agreements."""

import uuid

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.agreements import queries
from portal.agreements.actions.course import expire
from portal.kit import jobs, tenancy
from portal.kit.db import db


@jobs.due("agreements.expire")
def expire_due() -> None:
    """End every agreement whose last day is over in its own zone."""
    with jobs.transaction(tenancy.PUBLIC):
        waiting = db.session.execute(text("SELECT id, buyer_id FROM agreements_due_to_end()")).all()
    for row in waiting:
        _expire(row.id, row.buyer_id)


def _expire(agreement_id: uuid.UUID, buyer_id: uuid.UUID) -> None:
    robot = Actor.robot(buyer_id, "buyer")
    with jobs.transaction(robot.scope):
        agreement = queries.agreement_for(robot, agreement_id)
        if agreement.is_in_force:
            expire(robot, agreement)
