"""Reads of the moderators' queue."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Row, func, select

from portal.accounts.actor import Actor
from portal.accounts.models import Company, Membership
from portal.accounts.permissions import Permission
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.moderation.models import Case, Decision
from portal.moderation.states import IN_HAND, CaseKind, CaseState

PAGE = 50


class Record(NamedTuple):
    """How a company's earlier cases ended."""

    approved: int
    returned: int
    rejected: int


def cases_for(actor: Actor, *, which: str = "") -> Sequence[Row[Case, str]]:
    """(case, company name): those that wait by when they are due, or, by `which`, mine or those that are done."""
    actor.permit(Permission.STAFF_MODERATE)
    query = select(Case, Company.name).join(Company, Company.id == Case.company_id)
    if which == "done":
        query = query.where(Case.state.not_in(IN_HAND)).order_by(Case.decided_at.desc().nulls_last(), Case.id.desc())
    elif which == "mine":
        query = query.where(Case.state == CaseState.ASSIGNED, Case.assigned_to == actor.person_id)
        query = query.order_by(Case.due_at, Case.id)
    else:
        query = query.where(Case.state.in_(IN_HAND)).order_by(Case.due_at, Case.id)
    return db.session.execute(query.limit(PAGE)).all()


def case_for(actor: Actor, case_id: uuid.UUID) -> Case:
    """A case. Raises NotFound."""
    actor.permit(Permission.STAFF_MODERATE)
    found = db.session.get(Case, case_id)
    if found is None:
        raise NotFound
    return found


def decisions_of(actor: Actor, case: Case) -> Sequence[Decision]:
    """What was decided in a case, in order."""
    actor.permit(Permission.STAFF_MODERATE)
    return db.session.scalars(select(Decision).where(Decision.case_id == case.id).order_by(Decision.id)).all()


def record_of(actor: Actor, company_id: uuid.UUID) -> Record:
    """How the services that a company sent in before were decided."""
    actor.permit(Permission.STAFF_MODERATE)
    rows = db.session.execute(
        select(Decision.verdict, func.count())
        .join(Case, Case.id == Decision.case_id)
        .where(Case.company_id == company_id, Case.kind == CaseKind.SERVICE_REVIEW)
        .group_by(Decision.verdict)
    )
    counts: dict[str, int] = {row[0]: row[1] for row in rows}
    return Record(counts.get("approve", 0), counts.get("send_back", 0), counts.get("reject", 0))


def is_impartial(actor: Actor, company_id: uuid.UUID) -> bool:
    """Whether the actor is not a member of the company, so that they may decide about it."""
    query = select(Membership.id).where(Membership.company_id == company_id, Membership.person_id == actor.person_id)
    return db.session.scalar(query) is None
