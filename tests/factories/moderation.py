"""Cases of the moderators, made by the real actions and committed."""

import uuid

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.moderation.actions import assign_case, decide_case
from portal.moderation.models import Case
from portal.moderation.states import Verdict


def case_of(moderator: Actor, subject_id: uuid.UUID) -> Case:
    """The newest case about a subject as staff read it, let go from the session."""
    with tenancy.scope(moderator.scope):
        case = db.session.scalars(
            select(Case).where(Case.subject_id == subject_id).order_by(Case.opened_at.desc(), Case.id.desc()).limit(1)
        ).one()
        db.session.expunge(case)
        db.session.commit()
    return case


def assigned(moderator: Actor, subject_id: uuid.UUID) -> Case:
    """The newest case about a subject, taken by a moderator."""
    case = case_of(moderator, subject_id)
    with tenancy.scope(moderator.scope):
        assign_case(moderator, case, version=case.version)
        db.session.commit()
    return case_of(moderator, subject_id)


def decided(moderator: Actor, subject_id: uuid.UUID, verdict: Verdict, **reasons: str) -> Case:
    """The newest case about a subject, taken and decided."""
    case = assigned(moderator, subject_id)
    with tenancy.scope(moderator.scope):
        decide_case(moderator, case, verdict=verdict, reasons=reasons, version=case.version)
        db.session.commit()
    return case_of(moderator, subject_id)
