"""Tables of agreements. Every row carries both parties, copied through composite foreign keys."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.agreements.states import SIGNABLE, AgreementState, ChangeOrderState, VersionState
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check

PARENT = ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"]


class Agreement(Identified, Stamped, Versioned, Base):
    """What a buyer and a vendor agreed; `terms` is the frozen document that billing and monitoring work from."""

    __tablename__ = "agreements"
    __tenant__ = ("buyer_id", "vendor_id")

    number: Mapped[str]
    requirement_id: Mapped[uuid.UUID]
    award_id: Mapped[uuid.UUID]
    bid_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    title: Mapped[str]
    mode: Mapped[str]
    state: Mapped[str] = mapped_column(default=AgreementState.DRAFTING)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    timezone: Mapped[str]
    currency: Mapped[str]
    terms: Mapped[dict[str, Any]]
    active_at: Mapped[datetime | None]
    go_live_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    terminated_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(AgreementState),
        UniqueConstraint("buyer_id", "number", name="uq_agreements_number"),
        UniqueConstraint("award_id", name="uq_agreements_award"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_agreements_parties"),
        ForeignKeyConstraint(["bid_id", "buyer_id", "vendor_id"], ["bids.id", "bids.buyer_id", "bids.vendor_id"]),
    )

    @property
    def is_in_force(self) -> bool:
        """Whether the engagement runs."""
        return self.state in (AgreementState.ACTIVE, AgreementState.ON_HOLD)

    @property
    def activated_at(self) -> datetime | None:
        """When both sides had signed."""
        return self.active_at

    @property
    def ended_at(self) -> datetime | None:
        """When it ended, in whichever way."""
        return self.expired_at or self.terminated_at or self.refused_at

    def side_of(self, company_id: uuid.UUID | None) -> str:
        """Which side a company is on: `buyer` or `vendor`."""
        return "buyer" if company_id == self.buyer_id else "vendor"

    def other_party(self, company_id: uuid.UUID | None) -> uuid.UUID:
        """The company across the table."""
        return self.vendor_id if company_id == self.buyer_id else self.buyer_id


class AgreementVersion(Identified, Stamped, Versioned, Base):
    """One version of the text. `special_terms` is the only free part; everything commercial comes from the bid."""

    __tablename__ = "agreement_versions"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=VersionState.DRAFTING)
    language: Mapped[str]
    special_terms: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    document_id: Mapped[uuid.UUID | None]
    offered_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(VersionState),
        UniqueConstraint("agreement_id", "number", name="uq_agreement_versions_number"),
        ForeignKeyConstraint(["agreement_id", "buyer_id", "vendor_id"], PARENT, name="fk_agreement_versions_agreement"),
    )

    @property
    def is_signable(self) -> bool:
        """Whether this version may be signed now."""
        return self.state in SIGNABLE


class ChangeOrder(Identified, Stamped, Versioned, Base):
    """An extra fee both sides must accept before it can be charged.

    Proposed it is a draft within the company that wrote it; once somebody with authority there stands behind it, it
    is partly signed and the other company sees it and may answer until `answer_due_at`.
    """

    __tablename__ = "change_orders"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    number: Mapped[int]
    state: Mapped[str] = mapped_column(default=ChangeOrderState.PROPOSED)
    title: Mapped[str]
    reason: Mapped[str]
    line_code: Mapped[str]
    quantity: Mapped[str]
    unit: Mapped[str]
    unit_rate: Mapped[str]
    amount_minor: Mapped[int]
    proposed_side: Mapped[str]
    proposed_by: Mapped[str]
    buyer_accepted_at: Mapped[datetime | None]
    buyer_accepted_by: Mapped[str | None]
    vendor_accepted_at: Mapped[datetime | None]
    vendor_accepted_by: Mapped[str | None]
    effective_at: Mapped[datetime | None]
    rejected_at: Mapped[datetime | None]
    lapsed_at: Mapped[datetime | None]
    answer_due_at: Mapped[datetime]
    rejection: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        state_check(ChangeOrderState),
        UniqueConstraint("agreement_id", "number", name="uq_change_orders_number"),
        ForeignKeyConstraint(["agreement_id", "buyer_id", "vendor_id"], PARENT, name="fk_change_orders_agreement"),
    )

    def accepted_by(self, side: str) -> bool:
        """Whether a side has accepted."""
        return getattr(self, f"{side}_accepted_at") is not None

    @property
    def is_open(self) -> bool:
        """Whether it still waits for somebody."""
        return self.state in (ChangeOrderState.PROPOSED, ChangeOrderState.PARTLY_SIGNED)
