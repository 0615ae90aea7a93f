"""What of a vendor profile is checked or runs out: certificates, references, free seats by date, closures.

None of these tables is public. What the public sees of them is picked by `directory_extras`; numbers, files, contacts
and links lie in side tables that it never reads.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.catalog.states import CertificateState, ReferenceState
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check


class VendorPrivate(Versioned, Base):
    """What only the vendor itself and staff read: whom to talk to."""

    __tablename__ = "vendor_private"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    # [{"name", "role", "email", "phone"}]
    contacts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, default=list)
    dpo_name: Mapped[str] = mapped_column(default="")
    dpo_email: Mapped[str] = mapped_column(default="")


class Certificate(Identified, Stamped, Versioned, Base):
    """A certificate as far as it may be public. It is valid to the end of `valid_to` in the vendor's time zone."""

    __tablename__ = "certificates"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    code: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(default="")
    issuer: Mapped[str] = mapped_column(default="")
    valid_to: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(default=CertificateState.SELF_DECLARED)
    refusal: Mapped[str] = mapped_column(default="")
    uploaded_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(CertificateState),
        UniqueConstraint("id", "company_id", name="uq_certificates_id_company_id"),
        Index("ix_certificates_company_id", "company_id"),
        Index("ix_certificates_valid_to", "valid_to"),
        Index("ix_certificates_state", "state", "uploaded_at"),
    )

    def is_expired(self, today: date) -> bool:
        """Whether its last day is over; `today` is the date in the vendor's time zone."""
        return self.valid_to < today


class CertificatePapers(Base):
    """The number of a certificate and its document; never public."""

    __tablename__ = "certificate_papers"
    __tenant__ = ("company_id",)

    certificate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    company_id: Mapped[uuid.UUID]
    number: Mapped[str] = mapped_column(default="")
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("stored_files.id"))

    __table_args__ = (
        ForeignKeyConstraint(
            ["certificate_id", "company_id"],
            ["certificates.id", "certificates.company_id"],
            name="fk_certificate_papers_certificate_id",
            ondelete="CASCADE",
        ),
    )


class CertificateReminder(Base):
    """That a vendor was told, `days` before a last day, that a certificate runs out; −1 is that it has run out."""

    __tablename__ = "certificate_reminders"
    __tenant__ = ("company_id",)

    certificate_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    valid_to: Mapped[date] = mapped_column(Date, primary_key=True)
    days: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[uuid.UUID]

    __table_args__ = (
        ForeignKeyConstraint(
            ["certificate_id", "company_id"],
            ["certificates.id", "certificates.company_id"],
            name="fk_certificate_reminders_certificate_id",
            ondelete="CASCADE",
        ),
    )


SAID = ("customer", "is_anonymous", "industry", "started", "ended", "scope", "results")
"""What a reference says, and what its contact is asked to confirm."""


class VendorReference(Identified, Stamped, Versioned, Base):
    """Work for a customer, as the vendor tells it; `started` and `ended` are months such as 2024-03."""

    __tablename__ = "vendor_references"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    customer: Mapped[str]
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    industry: Mapped[str] = mapped_column(default="")
    started: Mapped[str]
    ended: Mapped[str] = mapped_column(default="")
    scope: Mapped[str] = mapped_column(default="")
    results: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default=ReferenceState.SELF_DECLARED)
    shows_comment: Mapped[bool] = mapped_column(default=False)
    asked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(ReferenceState),
        UniqueConstraint("id", "company_id", name="uq_vendor_references_id_company_id"),
        Index("ix_vendor_references_company_id", "company_id"),
    )

    @property
    def said(self) -> dict[str, Any]:
        """What it says, as plain values."""
        return {name: getattr(self, name) for name in SAID}


class ReferenceRequest(Identified, Base):
    """One link that was mailed to a contact, with what they were shown and what they answered.

    Written by the vendor once, answered by `reference_answer` once, and changed by nobody.
    """

    __tablename__ = "reference_requests"
    __tenant__ = ("company_id",)

    reference_id: Mapped[uuid.UUID]
    company_id: Mapped[uuid.UUID]
    contact_name: Mapped[str]
    contact_email: Mapped[str]
    token_hash: Mapped[str]
    said: Mapped[dict[str, Any]]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    verdict: Mapped[str | None]
    comment: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("verdict IN ('confirmed', 'declined')", name="verdict_known"),
        CheckConstraint("(verdict IS NULL) = (answered_at IS NULL)", name="answered_with_verdict"),
        UniqueConstraint("token_hash", name="uq_reference_requests_token_hash"),
        ForeignKeyConstraint(
            ["reference_id", "company_id"],
            ["vendor_references.id", "vendor_references.company_id"],
            name="fk_reference_requests_reference_id",
            ondelete="CASCADE",
        ),
        Index("ix_reference_requests_reference_id", "reference_id", "id"),
        Index("ix_reference_requests_company_id", "company_id", "asked_at"),
    )


class Availability(Identified, Stamped, Base):
    """How many seats are free from a day on, until the next such day."""

    __tablename__ = "vendor_availability"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    from_on: Mapped[date] = mapped_column(Date)
    seats: Mapped[int]

    __table_args__ = (UniqueConstraint("company_id", "from_on", name="uq_vendor_availability_company_id"),)


class Closure(Identified, Stamped, Base):
    """Days on which a vendor is closed, both included, in its own time zone."""

    __tablename__ = "vendor_closures"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        CheckConstraint("first_on <= last_on", name="days_in_order"),
        Index("ix_vendor_closures_company_id", "company_id", "first_on"),
    )
