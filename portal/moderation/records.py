"""What a case about a company's conduct lets its moderator read: agreements, and what was written about them.

The rows are private to two companies. The database opens them to the one moderator who has such a case in hand, and
to nobody else; each look is recorded in the audit log under the case.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.messaging.models import Message, Thread, ThreadSubject
from portal.moderation.models import Case
from portal.moderation.queries import case_for, is_impartial
from portal.moderation.states import CaseKind, CaseState

PAGE = 50


@dataclass(frozen=True, slots=True)
class CaseRead:
    """One private row that was read through a case. It outlives the transaction in which the row was read."""

    case_id: uuid.UUID
    company_id: uuid.UUID
    table: str
    id: uuid.UUID

    @property
    def __tablename__(self) -> str:
        return self.table


def read_of(case: Case, row: Any) -> CaseRead:
    """That this row was read through this case."""
    return CaseRead(case.id, case.company_id, row.__tablename__, row.id)


def record_read(actor: Actor, read: CaseRead) -> None:
    """Write a look at a private row into the audit log."""
    after = {"case_id": str(read.case_id)}
    audit.record(actor, "moderation:case:read", read, after=after, company_id=read.company_id)


def opens_records(actor: Actor, case: Case) -> bool:
    """Whether a case lets this actor read: about conduct, in their own hand, not about a company of theirs."""
    is_in_hand = case.state == CaseState.ASSIGNED and case.assigned_to == actor.person_id
    return case.kind == CaseKind.CONDUCT and is_in_hand and is_impartial(actor, case.company_id)


def reading_case_for(actor: Actor, case_id: uuid.UUID) -> Case:
    """A case that lets the actor read. Raises NotFound for any other."""
    actor.permit(Permission.STAFF_MODERATE)
    case = case_for(actor, case_id)
    if not opens_records(actor, case):
        raise NotFound
    return case


def agreements_through(case: Case) -> Sequence[Agreement]:
    """The agreements of the company the case is about, newest first, `PAGE` at most."""
    query = select(Agreement).where(_party(case)).order_by(Agreement.id.desc())
    return db.session.scalars(query.limit(PAGE)).all()


def agreement_through(case: Case, agreement_id: uuid.UUID) -> Agreement:
    """One agreement of the company the case is about. Raises NotFound."""
    found = db.session.scalar(select(Agreement).where(_party(case), Agreement.id == agreement_id))
    if found is None:
        raise NotFound
    return found


def thread_through(agreement: Agreement) -> Thread | None:
    """The thread of an agreement that was reached through a case, if anybody has written."""
    query = select(Thread).where(Thread.subject_kind == ThreadSubject.AGREEMENT, Thread.subject_id == agreement.id)
    return db.session.scalar(query)


def messages_through(thread: Thread, *, before: uuid.UUID | None = None) -> Sequence[Message]:
    """Its messages, newest first: `PAGE` and one more, by which one knows that there are earlier ones."""
    query = select(Message).where(Message.thread_id == thread.id)
    if before is not None:
        query = query.where(Message.id < before)
    return db.session.scalars(query.order_by(Message.id.desc()).limit(PAGE + 1)).all()


def _party(case: Case) -> Any:
    return or_(Agreement.buyer_id == case.company_id, Agreement.vendor_id == case.company_id)
