"""Tables of requirements. What vendors may read and what only the buyer may is split by table, not by column."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit import clock
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check
from portal.kit.files import StoredFile
from portal.measures.words import Channel, Mode
from portal.needs.states import (
    ChangeReason,
    CriterionKind,
    PriceBasis,
    RequirementState,
    SplitRule,
    StopReason,
    VolumeSource,
)
from portal.pricing.price_score import PriceFormula, TieRule

_STOP_REASONS = ", ".join(f"'{reason.value}'" for reason in StopReason)
_CHANGE_REASONS = ", ".join(f"'{reason.value}'" for reason in ChangeReason)


def belongs(table: str) -> ForeignKeyConstraint:
    """A child row belongs to the same company as its requirement: the pair is the key."""
    return ForeignKeyConstraint(
        ["requirement_id", "buyer_id"],
        ["requirements.id", "requirements.buyer_id"],
        name=f"fk_{table}_requirement",
    )


class Requirement(Identified, Stamped, Versioned, Base):
    """What a buyer needs, from draft to award.

    Once published its content changes only together with `version_number`, and each version is stored (see
    `version_models`). A row with `amends_id` is the buyer's working copy of a published one, taken from its version
    `amends_version`: written like a draft, never published itself.
    """

    __tablename__ = "requirements"
    __tenant__ = ("buyer_id",)

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    number: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    mode: Mapped[str]
    goals: Mapped[list[str]] = mapped_column(default=list)
    industry: Mapped[str] = mapped_column(default="")
    service_types: Mapped[list[str]] = mapped_column(default=list)
    country: Mapped[str]
    currency: Mapped[str]
    start_on: Mapped[date | None] = mapped_column(Date)
    end_on: Mapped[date | None] = mapped_column(Date)
    term_months: Mapped[int | None]
    timezone: Mapped[str]
    # {"mon": [["08:00", "20:00"]], …}: a day that is not there is closed.
    hours: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_24x7: Mapped[bool] = mapped_column(default=False)
    # [{"code": "en", "level": "C1", "share": "80"}]: shares are percent as decimal text and sum to 100.
    languages: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    split_rule: Mapped[str | None]
    split_note: Mapped[str] = mapped_column(default="")
    retained: Mapped[str] = mapped_column(default="")
    wind_down: Mapped[str] = mapped_column(default="")
    data_deletion_on: Mapped[date | None] = mapped_column(Date)
    deadline_at: Mapped[datetime | None]
    # As it was typed, so that a change of a zone's rules can be noticed: "2026-12-01T17:00".
    deadline_local: Mapped[str | None]
    deadline_zone: Mapped[str | None]
    validity_days: Mapped[int] = mapped_column(default=60)
    min_bids: Mapped[int] = mapped_column(default=1)
    steps_done: Mapped[list[str]] = mapped_column(default=list)
    saved_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(default=RequirementState.DRAFT)
    published_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    awarded_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(default="")
    end_code: Mapped[str] = mapped_column(default="")
    version_number: Mapped[int] = mapped_column(default=0)
    amends_id: Mapped[uuid.UUID | None]
    amends_version: Mapped[int | None]
    # Why, as the vendors will read it: kept while the copy is in review.
    change_reason: Mapped[str] = mapped_column(default="")
    change_note: Mapped[str] = mapped_column(default="")
    # Who began it, who asked for its review, who approved it; the last one is neither of the others.
    author_id: Mapped[uuid.UUID | None]
    review_asked_by: Mapped[uuid.UUID | None]
    approved_by: Mapped[uuid.UUID | None]
    in_review_at: Mapped[datetime | None]
    review_note: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        state_check(RequirementState),
        state_check(Mode, "mode"),
        state_check(SplitRule, "split_rule"),
        # Children name both, so that none can hang on another company's requirement.
        UniqueConstraint("id", "buyer_id", name="uq_requirements_id"),
        UniqueConstraint("buyer_id", "number", name="uq_requirements_number"),
        CheckConstraint("end_on >= start_on", name="ends_after_start"),
        CheckConstraint("term_months BETWEEN 1 AND 120", name="term_bounded"),
        CheckConstraint("validity_days BETWEEN 1 AND 365 AND min_bids BETWEEN 1 AND 10", name="numbers_bounded"),
        # Vendors and the closing job rely on these.
        CheckConstraint(
            "published_at IS NULL OR (deadline_at > published_at AND start_on IS NOT NULL AND term_months IS NOT NULL)",
            name="complete_when_published",
        ),
        CheckConstraint(
            "published_at IS NOT NULL OR state IN ('draft', 'in_review', 'cancelled')", name="published_first"
        ),
        CheckConstraint("published_at IS NULL OR version_number >= 1", name="version_counted"),
        CheckConstraint("amends_id IS NULL OR published_at IS NULL", name="copies_unpublished"),
        CheckConstraint(
            "approved_by IS NULL OR (approved_by IS DISTINCT FROM author_id"
            " AND approved_by IS DISTINCT FROM review_asked_by)",
            name="approved_by_another",
        ),
        CheckConstraint(f"end_code IN ('', {_STOP_REASONS})", name="end_code_known"),
        CheckConstraint(f"change_reason IN ('', {_CHANGE_REASONS})", name="change_reason_known"),
        ForeignKeyConstraint(
            ["amends_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name="fk_requirements_amends"
        ),
        # Two people who begin to amend at once work on the same copy.
        Index(
            "uq_requirements_one_amendment",
            "amends_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'in_review')"),
        ),
        Index("ix_requirements_buyer_id", "buyer_id", "id"),
        Index("ix_requirements_open", "deadline_at", "id", postgresql_where=text("state = 'published'")),
    )

    @property
    def accepts_bids(self) -> bool:
        """Whether a bid may be submitted now: derived from the state and the clock, so no job can be late."""
        return self.accepts_bids_at(clock.now())

    def accepts_bids_at(self, at: datetime) -> bool:
        """The same for the instant `at`, which a bid's transaction takes inside its lock."""
        return self.state == RequirementState.PUBLISHED and self.deadline_at is not None and at < self.deadline_at

    @property
    def is_published(self) -> bool:
        """Whether vendors have seen it, whatever became of it since."""
        return self.published_at is not None

    @property
    def is_amendment(self) -> bool:
        """Whether it is the working copy of a published requirement."""
        return self.amends_id is not None


class RequirementChannel(Identified, Base):
    """One channel of a requirement: how many contacts, how long each takes, and what is promised."""

    __tablename__ = "requirement_channels"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    channel: Mapped[str]
    aht_s: Mapped[int | None]
    concurrency: Mapped[int] = mapped_column(default=1)
    # Contacts a month as decimal text: one average, or twelve from January to December.
    monthly: Mapped[list[str]] = mapped_column(default=list)
    source: Mapped[str] = mapped_column(default=VolumeSource.TYPED)
    measured: Mapped[bool] = mapped_column(default=False)
    file_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(StoredFile.id))
    # What was read from the file: see interval_look.Look.as_document.
    file_findings: Mapped[dict[str, Any] | None]
    # Percent a year as decimal text. Typed indices as decimal text: seven weekdays from Monday, 24 hours of the day.
    growth_pct: Mapped[str | None]
    weekdays: Mapped[list[str] | None]
    day_profile: Mapped[list[str] | None]
    # Typed indices of the months from January, for what of the year a file does not cover.
    seasons: Mapped[list[str] | None]
    target_metric: Mapped[str | None]
    target_value: Mapped[str | None]
    target_minimum: Mapped[str | None]
    target_seconds: Mapped[int | None]

    __table_args__ = (
        belongs("requirement_channels"),
        state_check(Channel, "channel"),
        state_check(VolumeSource, "source"),
        UniqueConstraint("requirement_id", "channel", name="uq_requirement_channels_channel"),
        CheckConstraint("aht_s BETWEEN 1 AND 7200", name="aht_bounded"),
        CheckConstraint("concurrency BETWEEN 1 AND 4", name="concurrency_bounded"),
    )


class Criterion(Identified, Base):
    """One thing bids are judged by, with its weight in percent.

    One that an amendment drops keeps its row, because answers of bids point at it; nobody is asked for it any more.
    """

    __tablename__ = "criteria"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    code: Mapped[str]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="")
    weight: Mapped[int]
    kind: Mapped[str]
    # The least mean score, 0 to 5, with which a bid stays in the running.
    minimum: Mapped[int | None]
    position: Mapped[int]
    # What each score from 0 to 5 means; empty where the usual words hold, which each reads in its own language.
    anchors: Mapped[list[str]] = mapped_column(default=list)
    dropped_at: Mapped[datetime | None]

    __table_args__ = (
        belongs("criteria"),
        state_check(CriterionKind, "kind"),
        UniqueConstraint("requirement_id", "code", name="uq_criteria_code"),
        # Bids point at criteria of their own requirement by this triple.
        UniqueConstraint("id", "requirement_id", "buyer_id", name="uq_criteria_id"),
        CheckConstraint("weight BETWEEN 1 AND 100 AND minimum BETWEEN 0 AND 5", name="numbers_bounded"),
        Index(
            "uq_criteria_one_price",
            "requirement_id",
            unique=True,
            postgresql_where=text("kind = 'price' AND dropped_at IS NULL"),
        ),
    )


class KnockOut(Identified, Base):
    """A must-have: answered yes or no by each vendor, never scored; a bid that does not meet it is not ranked.

    One that an amendment drops keeps its row, as a criterion does.
    """

    __tablename__ = "knock_outs"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    title: Mapped[str]
    # What a vendor has to name or attach as proof.
    evidence: Mapped[str] = mapped_column(default="")
    position: Mapped[int]
    dropped_at: Mapped[datetime | None]

    __table_args__ = (
        belongs("knock_outs"),
        UniqueConstraint("requirement_id", "title", name="uq_knock_outs_title"),
        UniqueConstraint("id", "requirement_id", "buyer_id", name="uq_knock_outs_id"),
    )


class EvaluationRules(Base):
    """How a requirement's bids become a ranking; where there is no row the defaults of evaluation.Choices hold."""

    __tablename__ = "evaluation_rules"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    formula: Mapped[str]
    budget_minor: Mapped[int | None]
    floor_minor: Mapped[int | None]
    tie_rule: Mapped[str]
    # Percent of all quality points.
    quality_minimum: Mapped[int | None]
    two_envelopes: Mapped[bool]
    pseudonyms: Mapped[bool]
    consensus: Mapped[bool]
    price_basis: Mapped[str]

    __table_args__ = (
        belongs("evaluation_rules"),
        state_check(PriceFormula, "formula"),
        state_check(TieRule, "tie_rule"),
        state_check(PriceBasis, "price_basis"),
        CheckConstraint("quality_minimum BETWEEN 1 AND 100", name="minimum_bounded"),
        # The floor gets all points and the budget none: between them lies what the price is worth.
        CheckConstraint(
            "formula <> 'budget' OR (budget_minor IS NOT NULL AND budget_minor > COALESCE(floor_minor, 0))",
            name="budget_above_floor",
        ),
        CheckConstraint("floor_minor >= 0", name="floor_not_negative"),
    )


class FrozenScenario(Identified, Base):
    """What may come, as it was known at publication; bids are priced over the base. Never changed afterwards.

    An amendment that changes the forecast adds the next version and keeps this one. Vendors read it, people and seats
    included: a price for each of them is worked out over that quantity for every bid alike. What it was planned from
    stays in RequirementStaffing, which they never see.
    """

    __tablename__ = "scenarios"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    name: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    frozen_at: Mapped[datetime]

    __table_args__ = (
        belongs("scenarios"),
        CheckConstraint("name IN ('base', 'low', 'high', 'temporary')", name="name_known"),
        CheckConstraint("version >= 1", name="version_counted"),
        UniqueConstraint("requirement_id", "name", "version", name="uq_scenarios_name"),
    )


class RequirementBudget(Base):
    """What the buyer would spend and spends now, in minor units of the requirement's currency: never for vendors."""

    __tablename__ = "requirement_budgets"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    budget_total_minor: Mapped[int | None]
    budget_month_minor: Mapped[int | None]
    inhouse_month_minor: Mapped[int | None]

    __table_args__ = (belongs("requirement_budgets"),)


class RequirementStaffing(Base):
    """What the buyer assumes when it plans people (see staffing_inputs.StaffingInputs): never for vendors."""

    __tablename__ = "requirement_staffing"
    __tenant__ = ("buyer_id",)

    requirement_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    buyer_id: Mapped[uuid.UUID]
    inputs: Mapped[dict[str, Any]] = mapped_column(default=dict)

    __table_args__ = (belongs("requirement_staffing"),)


class RequirementCounter(Base):
    """The last number given to a requirement of one buyer in one year; its row lock makes numbers follow each other."""

    __tablename__ = "requirement_counters"
    __tenant__ = ("buyer_id",)

    buyer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
