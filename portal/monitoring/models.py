"""Tables of monitoring."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit.db import Base, Identified, Stamped, Versioned, state_check
from portal.monitoring.states import EDITABLE, PeriodState, SurveyState

PARENT = ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"]


class KpiPeriod(Identified, Stamped, Versioned, Base):
    """One calendar month of one agreement, named by its first day."""

    __tablename__ = "kpi_periods"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    month: Mapped[date]
    state: Mapped[str] = mapped_column(default=PeriodState.OPEN)
    remark: Mapped[str] = mapped_column(default="")
    objection: Mapped[str] = mapped_column(default="")
    reported_by: Mapped[str | None]
    reported_at: Mapped[datetime | None]
    objected_at: Mapped[datetime | None]
    agreed_by: Mapped[str | None]
    agreed_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(PeriodState),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_a_first_day"),
        UniqueConstraint("agreement_id", "month", name="uq_kpi_periods_month"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_kpi_periods_parties"),
        ForeignKeyConstraint(["agreement_id", "buyer_id", "vendor_id"], PARENT, name="fk_kpi_periods_agreement"),
    )

    @property
    def is_editable(self) -> bool:
        """Whether the vendor may enter or correct figures."""
        return self.state in EDITABLE

    @property
    def counts(self) -> bool:
        """Whether the figures have left the vendor's hands."""
        return self.state != PeriodState.OPEN


class KpiFigures(Identified, Stamped, Versioned, Base):
    """What was reported of one channel in one month: data items by name, as decimal text."""

    __tablename__ = "kpi_figures"
    __tenant__ = ("buyer_id", "vendor_id")

    period_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    channel: Mapped[str]
    figures: Mapped[dict[str, Any]]
    source: Mapped[str]

    __table_args__ = (
        UniqueConstraint("period_id", "channel", name="uq_kpi_figures_channel"),
        ForeignKeyConstraint(
            ["period_id", "buyer_id", "vendor_id"],
            ["kpi_periods.id", "kpi_periods.buyer_id", "kpi_periods.vendor_id"],
            name="fk_kpi_figures_period",
        ),
    )


class Survey(Identified, Stamped, Base):
    """The standing satisfaction survey of one agreement. Its link is shown to both parties, so the token is kept."""

    __tablename__ = "surveys"
    __tenant__ = ("buyer_id", "vendor_id")

    agreement_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    brand: Mapped[str]
    token: Mapped[str]
    token_hash: Mapped[str]
    state: Mapped[str] = mapped_column(default=SurveyState.ACTIVE)
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(SurveyState),
        UniqueConstraint("agreement_id", name="uq_surveys_agreement"),
        UniqueConstraint("token_hash", name="uq_surveys_token_hash"),
        ForeignKeyConstraint(["agreement_id", "buyer_id", "vendor_id"], PARENT, name="fk_surveys_agreement"),
    )


class SurveyResponse(Identified, Base):
    """One end customer's answer; nobody can change or remove it."""

    __tablename__ = "survey_responses"
    __tenant__ = ("buyer_id", "vendor_id")

    survey_id: Mapped[uuid.UUID]
    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]
    score: Mapped[int]
    comment: Mapped[str]
    language: Mapped[str]
    answered_at: Mapped[datetime]
