"""A vendor's own bids."""

from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from pydantic import Field

from blueprints.api.schemas.values import CompanyName, Instant, Money, Page, Shown
from portal.selection.states import AwardState


class ShownBidState(StrEnum):
    """How a bid stands, as its vendor may know it: who is ahead is not told before the end."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    STALE = "stale"
    WITHDRAWN = "withdrawn"
    IN_EVALUATION = "in_evaluation"
    DISQUALIFIED = "disqualified"
    AWARD_PENDING = "award_pending"
    WON = "won"
    DECLINED = "declined"
    LOST = "lost"


class BidRequirement(Shown):
    """What was bid on."""

    id: UUID
    number: str
    title: str
    deadline_at: Instant | None
    deadline_zone: str | None


class BidAward(Shown):
    """The offer that waits for, or got, an answer."""

    state: AwardState
    answer_due_at: Instant


class BidSummary(Shown):
    """A bid in a list."""

    id: UUID
    state: ShownBidState
    requirement: BidRequirement
    buyer: CompanyName
    reference: str
    valid_until: date | None
    submitted_at: Instant | None
    award: BidAward | None


class BidPage(Page[BidSummary]):
    """A page of bids."""


class BidAnswer(Shown):
    """What the bid says to a criterion of the requirement, which is named by its code."""

    criterion: str
    answer: str


class BidMustHave(Shown):
    """What the bid says to a must-have of the requirement, which is named by its title."""

    title: str
    is_met: bool
    evidence: str


class Bid(BidSummary):
    """A bid in full."""

    total: Money = Field(description="Over the requirement's own forecast, before credits")
    is_complete: bool
    rate_card: dict[str, Any]
    answers: list[BidAnswer]
    must_haves: list[BidMustHave]
    receipt_sha256: str | None = Field(description="The receipt of the last submission")
