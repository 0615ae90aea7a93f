"""Tables of moderation. Companies never read them: what concerns them is told by notices and on their own rows."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Versioned, state_check
from portal.moderation.states import IN_HAND, CaseKind, CaseState, Verdict


class Case(Identified, Versioned, Base):
    """Something a moderator has to decide about a company.

    For a service it holds the copy that was sent in and the one that was published then, so that what was decided
    about can be read for ever.
    """

    __tablename__ = "cases"

    kind: Mapped[str] = mapped_column(default=CaseKind.SERVICE_REVIEW)
    state: Mapped[str] = mapped_column(default=CaseState.OPEN)
    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    subject_id: Mapped[uuid.UUID]
    title: Mapped[str]
    submitted: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    published: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    assigned_to: Mapped[uuid.UUID | None]
    assigned_name: Mapped[str] = mapped_column(default="")
    assigned_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    appealed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    appeal: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        state_check(CaseKind, "kind"),
        state_check(CaseState),
        CheckConstraint("state <> 'assigned' OR assigned_to IS NOT NULL", name="assigned_to_somebody"),
        # A subject has one case in hand at a time.
        Index(
            "uq_cases_in_hand",
            "kind",
            "subject_id",
            unique=True,
            postgresql_where=text("state IN ('open', 'assigned', 'appealed')"),
        ),
        Index("ix_cases_state", "state", "due_at"),
        Index("ix_cases_company_id", "company_id"),
    )

    @property
    def is_in_hand(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in IN_HAND


class CompanyMark(Base):
    """By what a company may be taken for another one: the skeleton of its name, its tax number, its website."""

    __tablename__ = "company_marks"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]

    __table_args__ = (
        CheckConstraint("kind IN ('name', 'tax', 'site')", name="kind_known"),
        Index("ix_company_marks_value", "kind", "value"),
    )


class TrustedVendor(Base):
    """A vendor whose changes of prices alone pass by themselves."""

    __tablename__ = "trusted_vendors"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    since: Mapped[datetime]
    person_name: Mapped[str]
    reason: Mapped[str]


class Decision(Identified, Base):
    """What a moderator decided in a case, with the reasons by field. Never changed."""

    __tablename__ = "decisions"

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("cases.id"), index=True)
    person_id: Mapped[uuid.UUID]
    person_name: Mapped[str]
    verdict: Mapped[str]
    reasons: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    decided_at: Mapped[datetime]

    __table_args__ = (state_check(Verdict, "verdict"),)
