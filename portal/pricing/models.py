"""The rate cards a vendor keeps for use again, their published versions, and exchange rates.

A bid or an agreement holds a copy of a card, never a reference to one.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned, state_check
from portal.pricing.documents import rate_card_from_document
from portal.pricing.states import RateCardState
from portal.pricing.validity import Period
from portal.pricing.values import RateCard


class SavedRateCard(Identified, Stamped, Versioned, Base):
    """A rate card under a name of the vendor's own.

    `document` is the working copy, as `documents` reads and writes it; services and bids take published versions.
    """

    __tablename__ = "rate_cards"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    name: Mapped[str]
    currency: Mapped[str]
    state: Mapped[str] = mapped_column(default=RateCardState.DRAFT)
    document: Mapped[dict[str, Any]]
    active_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(RateCardState),
        # A card is chosen by its name, so two of one vendor cannot share it.
        UniqueConstraint("company_id", "name", name="uq_rate_cards_company_id"),
        # Services point at a card of their own vendor only.
        UniqueConstraint("id", "company_id", name="uq_rate_cards_id"),
        CheckConstraint("length(currency) = 3", name="currency_code"),
    )

    @property
    def card(self) -> RateCard:
        """The card as a value, to price with."""
        return rate_card_from_document(self.document)

    @property
    def is_active(self) -> bool:
        """Whether services and bids may take it."""
        return self.state == RateCardState.ACTIVE


class RateCardVersion(Identified, Stamped, Base):
    """What a vendor published of a card, never changed again. Valid to `valid_to`, or until a later version begins."""

    __tablename__ = "rate_card_versions"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID]
    card_id: Mapped[uuid.UUID]
    number: Mapped[int]
    document: Mapped[dict[str, Any]]
    valid_from: Mapped[date] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    published_by: Mapped[str]

    __table_args__ = (
        UniqueConstraint("card_id", "number", name="uq_rate_card_versions_number"),
        UniqueConstraint("card_id", "valid_from", name="uq_rate_card_versions_valid_from"),
        CheckConstraint("valid_to >= valid_from", name="days_in_order"),
        ForeignKeyConstraint(
            ["card_id", "company_id"], ["rate_cards.id", "rate_cards.company_id"], name="fk_rate_card_versions_card"
        ),
    )

    @property
    def card(self) -> RateCard:
        """The prices of this version."""
        return rate_card_from_document(self.document)

    @property
    def period(self) -> Period:
        """The days it was published for."""
        return Period(self.valid_from, self.valid_to)


class ExchangeRate(Base):
    """How much of `currency` one unit of `base` was worth on a day, as text of a decimal, and who says so."""

    __tablename__ = "exchange_rates"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    base: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    rate: Mapped[str]
    source: Mapped[str]
    imported_at: Mapped[datetime]
