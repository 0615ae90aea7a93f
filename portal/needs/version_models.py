"""Tables around the versions of a requirement: the versions, who confirmed the last, who has looked, templates."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned, state_check
from portal.needs.states import ChangeReason, VersionKind

_REASONS = ", ".join(f"'{reason.value}'" for reason in ChangeReason)


def _belongs(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["requirement_id", "buyer_id"],
        ["requirements.id", "requirements.buyer_id"],
        name=f"fk_{table}_requirement",
    )


class RequirementVersion(Identified, Stamped, Base):
    """One numbered version of a whole requirement: `document` as `content.document_of` writes it, and its SHA-256.

    Never changed. `vendor_id` is the winner's in what it and the buyer refined after the award: no other vendor reads
    that. `is_material` says that bids of the version before had to be confirmed again.
    """

    __tablename__ = "requirement_versions"
    __tenant__ = ("buyer_id", "vendor_id")

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("companies.id", name="fk_requirement_versions_vendor_id")
    )
    number: Mapped[int]
    kind: Mapped[str]
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    is_material: Mapped[bool] = mapped_column(default=False)
    by_side: Mapped[str] = mapped_column(default="buyer")

    __table_args__ = (
        _belongs("requirement_versions"),
        state_check(VersionKind, "kind"),
        CheckConstraint(f"reason IN ('', {_REASONS})", name="reason_known"),
        CheckConstraint("by_side IN ('buyer', 'vendor')", name="by_side_known"),
        CheckConstraint("number >= 1", name="number_counted"),
        CheckConstraint("(kind = 'refined') = (vendor_id IS NOT NULL)", name="private"),
        # Of two people who store the next version at once, one comes too late.
        UniqueConstraint("requirement_id", "number", "buyer_id", name="uq_requirement_versions_number"),
    )


class RequirementConfirmation(Identified, Stamped, Base):
    """That one side stands by a version before the agreement is signed. A later version leaves it without effect."""

    __tablename__ = "requirement_confirmations"
    __tenant__ = ("buyer_id", "vendor_id")

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("companies.id", name="fk_requirement_confirmations_vendor_id")
    )
    number: Mapped[int]
    side: Mapped[str]
    person_id: Mapped[uuid.UUID]
    person_name: Mapped[str]

    __table_args__ = (
        CheckConstraint("side IN ('buyer', 'vendor')", name="side_known"),
        UniqueConstraint("requirement_id", "number", "side", name="uq_requirement_confirmations_once"),
        ForeignKeyConstraint(
            ["requirement_id", "number", "buyer_id"],
            ["requirement_versions.requirement_id", "requirement_versions.number", "requirement_versions.buyer_id"],
            name="fk_requirement_confirmations_version",
        ),
    )


class RequirementLook(Base):
    """That a vendor has looked at a requirement: it is told of changes. The buyer never learns of it."""

    __tablename__ = "requirement_looks"
    __tenant__ = ("vendor_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    vendor_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("companies.id", name="fk_requirement_looks_vendor_id"), primary_key=True
    )
    buyer_id: Mapped[uuid.UUID]
    first_at: Mapped[datetime] = mapped_column(server_default=text("portal_now()"))

    __table_args__ = (_belongs("requirement_looks"),)


class RequirementTemplate(Identified, Stamped, Versioned, Base):
    """A requirement a company keeps to begin others from: `document` as `content.whole_of` writes it, without dates."""

    __tablename__ = "requirement_templates"
    __tenant__ = ("buyer_id",)

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    mode: Mapped[str]
    document: Mapped[dict[str, Any]]

    __table_args__ = (UniqueConstraint("buyer_id", "name", name="uq_requirement_templates_name"),)
