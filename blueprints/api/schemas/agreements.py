"""Agreements."""

from datetime import date
from uuid import UUID

from pydantic import Field

from blueprints.api.schemas.requirements import Target
from blueprints.api.schemas.values import CompanyName, Instant, Money, Page, Shown
from portal.agreements.states import AgreementState
from portal.measures.words import Channel, Mode


class AgreementSummary(Shown):
    """An agreement in a list."""

    id: UUID
    number: str
    title: str
    state: AgreementState
    mode: Mode
    buyer: CompanyName
    vendor: CompanyName
    starts_on: date
    ends_on: date
    timezone: str = Field(description="Months and days of the agreement are those of this zone")
    currency: str
    active_at: Instant | None
    go_live_at: Instant | None
    ended_at: Instant | None


class AgreementPage(Page[AgreementSummary]):
    """A page of agreements."""


class AgreementTarget(Target):
    """What is promised on a channel, and which figures each month's report needs of it."""

    channel: Channel
    items: list[str]


class Agreement(AgreementSummary):
    """An agreement in full."""

    requirement_id: UUID
    term_months: int | None
    payment_days: int
    notice_days: int
    total: Money = Field(description="What was bid, over the whole term and before credits")
    targets: list[AgreementTarget]
