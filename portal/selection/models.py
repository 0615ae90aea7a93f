"""Tables of bids, their opening, their evaluation and the award.

A bid lies in three tables with an opening each (header, answers, prices), because a price may be opened later than
the answers. Who reads what is said by row level security in the migration: until the opening nobody but the vendor.
Foreign keys carry the parties along, so that a row can never point at a bid of another requirement or company.
"""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned, state_check
from portal.selection.states import EDITABLE, AwardState, BidState, CheckOutcome

_PARTIES = ["bid_id", "requirement_id", "buyer_id", "vendor_id"]
_CRITERION = ["criterion_id", "requirement_id", "buyer_id"]
_CRITERIA = ["criteria.id", "criteria.requirement_id", "criteria.buyer_id"]
_KNOCK_OUT = ["knock_out_id", "requirement_id", "buyer_id"]
_KNOCK_OUTS = ["knock_outs.id", "knock_outs.requirement_id", "knock_outs.buyer_id"]
_BID = ["bids.id", "bids.requirement_id", "bids.buyer_id", "bids.vendor_id"]


class Bid(Identified, Stamped, Versioned, Base):
    """The head of a vendor's offer on one requirement. `opened_at` is when the buyer learned who it is from.

    `requirement_version` is the version of the requirement that it was last submitted on. `saved_at` changes with every
    edit, also of answers and prices, so that `version` counts those edits too.
    """

    __tablename__ = "bids"
    __tenant__ = ("buyer_id", "vendor_id")

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(default=BidState.DRAFT)
    reference: Mapped[str] = mapped_column(default="")
    valid_until: Mapped[date | None] = mapped_column(Date)
    receipt_sha256: Mapped[str | None]
    requirement_version: Mapped[int | None]
    saved_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    stale_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    disqualified_at: Mapped[datetime | None]
    won_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(BidState),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_bids_parties"),
        UniqueConstraint("id", "requirement_id", "buyer_id", "vendor_id", name="uq_bids_requirement"),
        ForeignKeyConstraint(
            ["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name="fk_bids_requirement"
        ),
        ForeignKeyConstraint(["vendor_id"], ["companies.id"], name="fk_bids_vendor_id"),
        # One live bid for each vendor: a query before the insert would let two in at once.
        Index(
            "uq_bids_one_live_per_vendor",
            "requirement_id",
            "vendor_id",
            unique=True,
            postgresql_where=text("state <> 'withdrawn'"),
        ),
        Index("ix_bids_vendor_id", "vendor_id", "id"),
    )

    @property
    def is_editable(self) -> bool:
        """Whether the vendor could change it, were the deadline not over."""
        return self.state in EDITABLE

    @property
    def counts(self) -> bool:
        """Whether it would be opened if the deadline were now."""
        return self.state == BidState.SUBMITTED


class BidAnswer(Base):
    """What the bid says to one criterion."""

    __tablename__ = "bid_answers"
    __tenant__ = ("buyer_id", "vendor_id")

    bid_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    criterion_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    answer: Mapped[str]
    opened_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(_PARTIES, _BID, name="fk_bid_answers_bid"),
        ForeignKeyConstraint(_CRITERION, _CRITERIA, name="fk_bid_answers_criterion"),
    )


class BidPrice(Base):
    """The price envelope: the bid's own rate card and what it costs over the requirement's base scenario.

    `total_minor` is the total before expected credits, by which bids are compared; `figures` is what the engine
    answered, as `price_summary` writes it. None of them is ever typed.
    """

    __tablename__ = "bid_prices"
    __tenant__ = ("buyer_id", "vendor_id")

    bid_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    rate_card: Mapped[dict[str, Any]]
    currency: Mapped[str]
    total_minor: Mapped[int]
    figures: Mapped[dict[str, Any]]
    is_complete: Mapped[bool]
    scenario_sha256: Mapped[str]
    opened_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(_PARTIES, _BID, name="fk_bid_prices_bid"),
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
    )


class BidKnockOut(Base):
    """Whether the vendor meets a must-have, and its proof; sealed and opened together with its answers."""

    __tablename__ = "bid_knock_outs"
    __tenant__ = ("buyer_id", "vendor_id")

    bid_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    knock_out_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    is_met: Mapped[bool]
    evidence: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(_PARTIES, _BID, name="fk_bid_knock_outs_bid"),
        ForeignKeyConstraint(_KNOCK_OUT, _KNOCK_OUTS, name="fk_bid_knock_outs_knock_out"),
    )


class Closing(Base):
    """That the box was shut, and the digest of what lay in it: shown at the opening to be the same, tells no number."""

    __tablename__ = "closings"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    deadline_at: Mapped[datetime]
    closed_at: Mapped[datetime]
    is_sufficient: Mapped[bool]
    bids_sha256: Mapped[str]

    __table_args__ = (
        ForeignKeyConstraint(
            ["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name="fk_closings_requirement"
        ),
    )


class Opening(Base):
    """That a person of the buyer opened the bids, all together. `quorum` is how many people it took."""

    __tablename__ = "openings"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    opened_at: Mapped[datetime]
    quorum: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name="fk_openings_requirement"
        ),
    )


class QualityClosing(Base):
    """That a person of the buyer ended the scoring: what was held back, prices or names, is open from then on."""

    __tablename__ = "quality_closings"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    closed_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["requirement_id", "buyer_id"],
            ["requirements.id", "requirements.buyer_id"],
            name="fk_quality_closings_requirement",
        ),
    )


class EvaluationSheet(Identified, Base):
    """One opened bid as evaluators meet it: under an alias drawn by lot, without its vendor."""

    __tablename__ = "evaluation_sheets"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    bid_id: Mapped[uuid.UUID]
    alias: Mapped[int]

    __table_args__ = (
        UniqueConstraint("bid_id", name="uq_evaluation_sheets_bid_id"),
        UniqueConstraint("requirement_id", "alias", name="uq_evaluation_sheets_alias"),
        UniqueConstraint("id", "requirement_id", "buyer_id", name="uq_evaluation_sheets_requirement"),
        ForeignKeyConstraint(
            ["requirement_id", "buyer_id"],
            ["requirements.id", "requirements.buyer_id"],
            name="fk_evaluation_sheets_requirement",
        ),
    )


class Score(Identified, Stamped, Versioned, Base):
    """One evaluator's judgement of one bid by one criterion: 0 to 5 and why. Price is computed, never scored."""

    __tablename__ = "scores"
    __tenant__ = ("buyer_id",)

    sheet_id: Mapped[uuid.UUID]
    criterion_id: Mapped[uuid.UUID]
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    score: Mapped[int]
    comment: Mapped[str]

    __table_args__ = (
        CheckConstraint("score BETWEEN 0 AND 5", name="score_on_scale"),
        UniqueConstraint("sheet_id", "criterion_id", "person_id", name="uq_scores_one_per_person"),
        ForeignKeyConstraint(
            ["sheet_id", "requirement_id", "buyer_id"],
            ["evaluation_sheets.id", "evaluation_sheets.requirement_id", "evaluation_sheets.buyer_id"],
            name="fk_scores_sheet",
        ),
        ForeignKeyConstraint(_CRITERION, _CRITERIA, name="fk_scores_criterion"),
        Index("ix_scores_requirement_id", "requirement_id"),
    )


class KnockOutCheck(Stamped, Base):
    """What the buyer found when it looked at one must-have of one opened bid."""

    __tablename__ = "knock_out_checks"
    __tenant__ = ("buyer_id",)

    bid_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    knock_out_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    person_id: Mapped[uuid.UUID]
    outcome: Mapped[str]
    remark: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        state_check(CheckOutcome, "outcome"),
        ForeignKeyConstraint(_PARTIES, _BID, name="fk_knock_out_checks_bid"),
        ForeignKeyConstraint(_KNOCK_OUT, _KNOCK_OUTS, name="fk_knock_out_checks_knock_out"),
    )


class Disqualification(Stamped, Base):
    """Why an opened bid is out of the ranking; its vendor reads it."""

    __tablename__ = "disqualifications"
    __tenant__ = ("buyer_id", "vendor_id")

    bid_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    reason: Mapped[str]

    __table_args__ = (ForeignKeyConstraint(_PARTIES, _BID, name="fk_disqualifications_bid"),)


class Award(Identified, Stamped, Versioned, Base):
    """The offer to one bidder to become the partner, and its answer."""

    __tablename__ = "awards"
    __tenant__ = ("buyer_id", "vendor_id")

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    bid_id: Mapped[uuid.UUID]
    state: Mapped[str] = mapped_column(default=AwardState.PENDING)
    rank: Mapped[int]
    answer_due_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        state_check(AwardState),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_awards_parties"),
        UniqueConstraint("bid_id", name="uq_awards_bid_id"),
        ForeignKeyConstraint(_PARTIES, _BID, name="fk_awards_bid"),
        # Two people awarding at once: the database lets one of them.
        Index(
            "uq_awards_one_live_per_requirement",
            "requirement_id",
            unique=True,
            postgresql_where=text("state IN ('pending', 'accepted')"),
        ),
        Index("ix_awards_vendor_id", "vendor_id"),
    )


class AwardGround(Base):
    """The buyer's private side of an award: why, and the ranking it was made on, best first."""

    __tablename__ = "award_grounds"
    __tenant__ = ("buyer_id",)

    award_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    reason: Mapped[str]
    ranking: Mapped[list[dict[str, Any]]]

    __table_args__ = (
        ForeignKeyConstraint(
            ["award_id", "buyer_id", "vendor_id"],
            ["awards.id", "awards.buyer_id", "awards.vendor_id"],
            name="fk_award_grounds_award",
        ),
    )


class Debrief(Stamped, Base):
    """What a bidder who was not chosen is told: its own marks and comments, its rank, the winner's points."""

    __tablename__ = "debriefs"
    __tenant__ = ("buyer_id", "vendor_id")

    bid_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    rank: Mapped[int | None]
    bidders: Mapped[int]
    total: Mapped[str] = mapped_column(Text)
    winner_total: Mapped[str] = mapped_column(Text)
    criteria: Mapped[list[dict[str, Any]]]

    __table_args__ = (ForeignKeyConstraint(_PARTIES, _BID, name="fk_debriefs_bid"),)
