"""Tables beside a requirement that are its buyer's own affair: never published, and never read by vendors."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned
from portal.kit.files import StoredFile
from portal.needs.models import belongs


class InHouseBaseline(Versioned, Base):
    """What a year of the service costs the buyer itself (see baseline.Baseline): never for vendors or programs.

    The month of RequirementBudget follows from it. `typed` and `taken` hold decimal text by name.
    """

    __tablename__ = "in_house_baselines"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    currency: Mapped[str]
    typed: Mapped[dict[str, Any]] = mapped_column(default=dict)
    taken: Mapped[dict[str, Any]] = mapped_column(default=dict)
    saved_at: Mapped[datetime]

    __table_args__ = (belongs("in_house_baselines"),)


class SelfAssessment(Identified, Stamped, Versioned, Base):
    """“Should we outsource?”, as a buyer company answers it for itself (see assessment.Answers): never for vendors.

    It may stand alone, before anybody wrote a requirement, or belong to one.
    """

    __tablename__ = "self_assessments"
    __tenant__ = ("buyer_id",)

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    requirement_id: Mapped[uuid.UUID | None]
    title: Mapped[str]
    answers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime]

    __table_args__ = (
        belongs("self_assessments"),
        UniqueConstraint("requirement_id", name="uq_self_assessments_requirement_id"),
        Index("ix_self_assessments_buyer_id", "buyer_id", "id"),
    )


class VolumeUpload(Base):
    """A file of contacts that somebody uploaded: deleted when it waited too long and no channel rests on it."""

    __tablename__ = "volume_uploads"
    __tenant__ = ("buyer_id",)

    file_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(StoredFile.id, ondelete="CASCADE"), primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    uploaded_at: Mapped[datetime]
