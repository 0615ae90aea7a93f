"""Requirements, without what only their buyer may know."""

from datetime import date
from uuid import UUID

from pydantic import Field

from blueprints.api.schemas.values import CompanyName, DecimalText, Instant, Money, Page, Shown
from portal.measures.words import Channel, Mode
from portal.needs.states import CriterionKind, PriceBasis, RequirementState
from portal.pricing.price_score import PriceFormula, TieRule


class RequirementSummary(Shown):
    """A requirement in a list."""

    id: UUID
    number: str
    title: str
    state: RequirementState
    mode: Mode
    buyer: CompanyName
    currency: str
    start_on: date | None
    term_months: int | None
    published_at: Instant | None
    deadline_at: Instant | None
    deadline_zone: str | None


class RequirementPage(Page[RequirementSummary]):
    """A page of requirements."""


class Target(Shown):
    """What is promised on a channel."""

    metric: str
    value: DecimalText | None
    minimum: DecimalText | None
    seconds: int | None


class RequirementChannel(Shown):
    """How many contacts a channel brings, and what is promised."""

    channel: Channel
    monthly: list[DecimalText] = Field(description="Contacts a month: one average, or twelve from January on")
    aht_s: int | None = Field(description="Average handle time in seconds")
    concurrency: int
    measured: bool
    target: Target | None


class RequirementLanguage(Shown):
    """A language, its level and its share of the contacts in percent."""

    code: str
    level: str
    share: DecimalText


class RequirementCriterion(Shown):
    """What bids are judged by; weights are percent."""

    code: str
    title: str
    description: str
    kind: CriterionKind
    weight: int
    minimum: int | None
    anchors: list[str] = Field(description="What each score from 0 to 5 means; empty for the price")


class RequirementKnockOut(Shown):
    """A must-have: answered yes or no with proof, never scored."""

    title: str
    evidence: str = Field(description="The proof a vendor is asked for")


class RequirementEvaluation(Shown):
    """How bids are ranked, fixed at publication."""

    formula: PriceFormula
    price_without_points: Money | None = Field(description="For the formula `budget`: from here on no points")
    price_with_all_points: Money | None = Field(description="For the formula `budget`: up to here all points")
    tie_rule: TieRule
    quality_minimum: int | None = Field(description="Percent of all quality points that a bid needs")
    two_envelopes: bool = Field(description="Whether prices stay sealed until quality is scored")
    pseudonyms: bool = Field(description="Whether bidders' names are hidden until quality is scored")
    consensus: bool = Field(description="Whether evaluators seek one where scores are two or more apart")
    price_basis: PriceBasis


class Requirement(RequirementSummary):
    """A requirement in full."""

    summary: str
    goals: list[str]
    industry: str
    service_types: list[str]
    country: str
    end_on: date | None
    timezone: str
    hours: dict[str, list[list[str]]] = Field(description="Opening hours by weekday, in `timezone`")
    is_24x7: bool
    languages: list[RequirementLanguage]
    channels: list[RequirementChannel]
    criteria: list[RequirementCriterion]
    knock_outs: list[RequirementKnockOut]
    evaluation: RequirementEvaluation
    validity_days: int
    closed_at: Instant | None
    awarded_at: Instant | None
    ended_at: Instant | None
