"""What the clock does to agreements."""

import uuid

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.agreements import queries
from portal.agreements.actions.change_orders import lapse_change
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


@jobs.due("agreements.lapse_changes")
def lapse_changes_due() -> None:
    """End every change order that was not answered in time, or whose agreement has ended meanwhile."""
    with jobs.transaction(tenancy.PUBLIC):
        waiting = db.session.execute(text("SELECT id, agreement_id, side, company_id FROM change_orders_due()")).all()
    for row in waiting:
        _lapse(row.id, row.agreement_id, Actor.robot(row.company_id, row.side))


def _lapse(order_id: uuid.UUID, agreement_id: uuid.UUID, robot: Actor) -> None:
    with jobs.transaction(robot.scope):
        agreement = queries.agreement_for(robot, agreement_id)
        order = queries.locked_change(agreement, queries.change_order(agreement, order_id))
        if order.is_open:
            lapse_change(robot, agreement, order)
