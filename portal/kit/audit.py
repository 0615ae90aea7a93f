"""The audit log: who did what to which thing, with the values before and after, in the act's own transaction.

Entries are appended and never changed. An entry about something sealed is marked so that staff never see it.
"""

import uuid
from typing import Any, Protocol

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, db


class Acting(Protocol):
    """Whoever acts: a person of a company, a member of staff, or a company's robot."""

    @property
    def person_id(self) -> uuid.UUID | None: ...
    @property
    def person_name(self) -> str: ...
    @property
    def company_id(self) -> uuid.UUID | None: ...


class AuditEntry(Identified, Stamped, Base):
    """One act. `company_id` is the company whose log shows it; none for acts of staff on the platform itself."""

    __tablename__ = "audit_entries"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID | None]
    person_id: Mapped[uuid.UUID | None]
    person_name: Mapped[str]
    tag: Mapped[str]
    subject_kind: Mapped[str]
    subject_id: Mapped[uuid.UUID | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sealed: Mapped[bool] = mapped_column(default=False)

    # Reading back a default needs a SELECT policy, which the public scope has not.
    __mapper_args__ = {"eager_defaults": False}


def record(
    actor: Acting,
    tag: str,
    subject: Any,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    sealed: bool = False,
    company_id: uuid.UUID | None = None,
) -> None:
    """Write one entry `area:thing:verb` about `subject` (a row with an id, or None).

    `company_id` names another company's log than the actor's, for acts of staff on that company.
    Values in `before` and `after` must be plain JSON; they never hold secrets or message bodies.
    """
    db.session.add(
        AuditEntry(
            company_id=company_id or actor.company_id,
            person_id=actor.person_id,
            person_name=actor.person_name,
            tag=tag,
            subject_kind=getattr(subject, "__tablename__", ""),
            subject_id=getattr(subject, "id", None),
            before=before,
            after=after,
            sealed=sealed,
        )
    )
