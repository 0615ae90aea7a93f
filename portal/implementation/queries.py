"""Reads about plans, scoped to the parties."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement
from portal.implementation.models import Milestone
from portal.implementation.states import SETTLED, MilestoneState
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine


class Progress(NamedTuple):
    """How far a plan is."""

    settled: int
    total: int
    waiting_for_us: int


def milestones_of(agreement: Agreement) -> Sequence[Milestone]:
    """The plan of an agreement, in its order."""
    query = select(Milestone).where(mine(Milestone), Milestone.agreement_id == agreement.id)
    return db.session.scalars(query.order_by(Milestone.position)).all()


def milestone_for(actor: Actor, agreement: Agreement, milestone_id: uuid.UUID) -> Milestone:
    """One milestone of this agreement. Raises NotFound."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = select(Milestone).where(
        mine(Milestone), Milestone.agreement_id == agreement.id, Milestone.id == milestone_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def locked(milestone: Milestone) -> Milestone:
    """The milestone again, as it stands now, locked until the transaction ends."""
    query = select(Milestone).where(mine(Milestone), Milestone.id == milestone.id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()


def open_predecessors(milestone: Milestone) -> Sequence[Milestone]:
    """What must be settled before a milestone can be submitted, and is not."""
    query = select(Milestone).where(
        mine(Milestone),
        Milestone.agreement_id == milestone.agreement_id,
        Milestone.code.in_(milestone.after),
        Milestone.state.not_in(SETTLED),
    )
    return db.session.scalars(query.order_by(Milestone.position)).all()


def progress_for(actor: Actor) -> dict[uuid.UUID, Progress]:
    """How far each plan of the actor's company is, by agreement."""
    actor.permit(Permission.AGREEMENT_VIEW)
    waiting = (Milestone.state == MilestoneState.SUBMITTED) & (Milestone.submitted_side != actor.company_kind)
    query = (
        select(
            Milestone.agreement_id,
            func.count().filter(Milestone.state.in_(SETTLED)).label("settled"),
            func.count().label("total"),
            func.count().filter(waiting).label("waiting"),
        )
        .where(mine(Milestone))
        .group_by(Milestone.agreement_id)
    )
    return {row.agreement_id: Progress(row.settled, row.total, row.waiting) for row in db.session.execute(query)}
