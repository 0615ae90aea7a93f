"""Tables of companies and people. What is secret (credentials, tokens) has no model: only functions reach it."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.permissions import Role
from portal.accounts.states import CompanyKind, CompanyState, TokenScope
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check


class Company(Identified, Stamped, Versioned, Base):
    """A buyer or a vendor, with what is public about it."""

    __tablename__ = "companies"

    kind: Mapped[str]
    name: Mapped[str]
    slug: Mapped[str]
    state: Mapped[str] = mapped_column(default=CompanyState.APPLIED)
    country: Mapped[str]
    timezone: Mapped[str]
    currency: Mapped[str]
    open_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(CompanyKind, "kind"),
        state_check(CompanyState),
        UniqueConstraint("slug", name="uq_companies_slug"),
        UniqueConstraint("id", "kind", name="uq_companies_id"),
    )

    @property
    def is_open(self) -> bool:
        """Whether the company may begin anything new."""
        return self.state == CompanyState.OPEN


class CompanyDetails(Versioned, Base):
    """What only the company itself and the parties of its agreements may know."""

    __tablename__ = "company_details"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    legal_name: Mapped[str]
    vat_id: Mapped[str] = mapped_column(default="")
    registration_no: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    billing_email: Mapped[str] = mapped_column(default="")
    iban: Mapped[str] = mapped_column(default="")
    # Whether a requirement is published only once another person has approved it.
    needs_approval: Mapped[bool] = mapped_column(default=False)


class Person(Identified, Stamped, Versioned, Base):
    """Somebody with an e-mail address. `email_key` is the folded form in which addresses are compared."""

    __tablename__ = "people"

    email: Mapped[str]
    email_key: Mapped[str]
    name: Mapped[str]
    locale: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str]
    confirmed_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("email_key", name="uq_people_email_key"),)


class Membership(Identified, Stamped, Versioned, Base):
    """A person's role in a company."""

    __tablename__ = "memberships"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    role: Mapped[str]

    company: Mapped[Company] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        state_check(Role, "role"),
        UniqueConstraint("company_id", "person_id", name="uq_memberships_company_id"),
        UniqueConstraint("id", "company_id", "person_id", name="uq_memberships_seat"),
    )


class Invitation(Identified, Stamped, Base):
    """A seat offered to an address: it expires, works once, and only for that address."""

    __tablename__ = "invitations"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    email: Mapped[str]
    email_key: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("token_hash", name="uq_invitations_token_hash"),)

    def is_waiting(self, at: datetime) -> bool:
        """Whether the invitation can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > at


class ApiToken(Identified, Stamped, Base):
    """A door for a program: it acts as its person's seat in the company, and opens nothing once that seat is gone.

    `ending` is the secret's last characters, by which people tell their tokens apart. `last_used_at` is coarse: it is
    written once an hour at most.
    """

    __tablename__ = "api_tokens"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))
    membership_id: Mapped[uuid.UUID | None]
    name: Mapped[str]
    scope: Mapped[str]
    token_hash: Mapped[str]
    ending: Mapped[str]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        state_check(TokenScope, "scope"),
        UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        ForeignKeyConstraint(
            ["membership_id", "company_id", "person_id"],
            ["memberships.id", "memberships.company_id", "memberships.person_id"],
            name="fk_api_tokens_seat",
            ondelete="SET NULL (membership_id)",
        ),
        Index("ix_api_tokens_company_id", "company_id", "id"),
        Index("ix_api_tokens_membership_id", "membership_id"),
    )

    def state_at(self, at: datetime) -> str:
        """How it stands: `active`, `revoked`, `expired`, or `orphaned` where its person has left the company."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at <= at:
            return "expired"
        return "active" if self.membership_id is not None else "orphaned"
