"""Tables of reviews. A review belongs to a window of an agreement and to one side of it."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned, state_check
from portal.reviews.rating import Side
from portal.reviews.states import PUBLISHED, WRITABLE, ReviewState, WindowReason


class ReviewWindow(Identified, Stamped, Base):
    """The time in which both sides of an agreement may review each other."""

    __tablename__ = "review_windows"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    number: Mapped[int]
    reason: Mapped[str]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(WindowReason, "reason"),
        UniqueConstraint("agreement_id", "number", name="uq_review_windows_number"),
        UniqueConstraint("id", "agreement_id", "buyer_id", "vendor_id", name="uq_review_windows_parties"),
        ForeignKeyConstraint(
            ["agreement_id", "buyer_id", "vendor_id"],
            ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"],
            name="fk_review_windows_agreement",
        ),
    )

    @property
    def is_open(self) -> bool:
        """Whether it was opened and not yet closed; lateness within it is judged by the clock."""
        return self.opened_at is not None and self.closed_at is None


class Review(Identified, Stamped, Versioned, Base):
    """What one side says of the other. `scores` holds a mark from 1 to 5 by criterion, null for not applicable.

    `weighted` is their weighted mean as decimal text with four places, None until it is written.
    """

    __tablename__ = "reviews"
    __tenant__ = ("buyer_id", "vendor_id")

    window_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    author_side: Mapped[str]
    state: Mapped[str] = mapped_column(default=ReviewState.INVITED)
    scores: Mapped[dict[str, Any]]
    weighted: Mapped[str | None]
    recommends: Mapped[bool | None]
    text: Mapped[str] = mapped_column(default="")
    is_anonymous: Mapped[bool] = mapped_column(default=False)
    written_by: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(default="")
    hidden_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    contested_at: Mapped[datetime | None]
    upheld_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
    amended_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(ReviewState),
        # One review per side and window; a second person of the company edits the first one's.
        UniqueConstraint("window_id", "author_side", name="uq_reviews_window_side"),
        ForeignKeyConstraint(
            ["window_id", "agreement_id", "buyer_id", "vendor_id"],
            [
                "review_windows.id",
                "review_windows.agreement_id",
                "review_windows.buyer_id",
                "review_windows.vendor_id",
            ],
            name="fk_reviews_window",
        ),
    )

    @property
    def side(self) -> Side:
        """Who rates whom: it decides the criteria."""
        return Side.BUYER_TO_VENDOR if self.author_side == "buyer" else Side.VENDOR_TO_BUYER

    @property
    def author_id(self) -> uuid.UUID:
        """The company that writes it."""
        return self.buyer_id if self.author_side == "buyer" else self.vendor_id

    @property
    def subject_id(self) -> uuid.UUID:
        """The company it is about."""
        return self.vendor_id if self.author_side == "buyer" else self.buyer_id

    @property
    def is_writable(self) -> bool:
        """Whether its author may still write or change it, while the window is open."""
        return self.state in WRITABLE

    @property
    def is_published(self) -> bool:
        """Whether everybody may read it."""
        return self.state in PUBLISHED
