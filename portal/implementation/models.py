"""Tables of implementation."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.implementation.states import SETTLED, MilestoneState, Owner
from portal.implementation.templates import NAMES
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check

PARENT = ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"]


class Plan(Identified, Stamped, Base):
    """The plan of one agreement, made when it came into force."""

    __tablename__ = "plans"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    starts_on: Mapped[date]

    __table_args__ = (
        UniqueConstraint("agreement_id", name="uq_plans_agreement"),
        ForeignKeyConstraint(["agreement_id", "buyer_id", "vendor_id"], PARENT, name="fk_plans_agreement"),
    )


class Milestone(Identified, Stamped, Versioned, Base):
    """One step of a plan. `after` holds codes that must be settled first, `fee_codes` what acceptance makes due."""

    __tablename__ = "milestones"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    code: Mapped[str]
    position: Mapped[int]
    owner: Mapped[str]
    state: Mapped[str] = mapped_column(default=MilestoneState.SCHEDULED)
    due_on: Mapped[date]
    after: Mapped[list[str]]
    fee_codes: Mapped[list[str]]
    evidence: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    submitted_side: Mapped[str | None]
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None]
    accepted_by: Mapped[str | None]
    accepted_at: Mapped[datetime | None]
    changes_requested_at: Mapped[datetime | None]
    waived_at: Mapped[datetime | None]
    waiver_side: Mapped[str | None]
    waiver_by: Mapped[str | None]

    __table_args__ = (
        state_check(MilestoneState),
        state_check(Owner, "owner"),
        UniqueConstraint("agreement_id", "code", name="uq_milestones_code"),
        ForeignKeyConstraint(["agreement_id", "buyer_id", "vendor_id"], PARENT, name="fk_milestones_agreement"),
    )

    @property
    def title(self) -> Any:
        """What it is called, in the reader's language."""
        return NAMES[self.code][0]

    @property
    def criterion(self) -> Any:
        """What acceptance means, in the reader's language."""
        return NAMES[self.code][1]

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done for it."""
        return self.state in SETTLED

    def may_submit(self, side: str) -> bool:
        """Whether a side does this milestone's work."""
        return self.owner in (side, Owner.JOINT)
