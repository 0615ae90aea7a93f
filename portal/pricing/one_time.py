"""What it costs to begin, estimated from what drives it, for a buyer who has no rate card before them.

Each line is a product, such as agents × hours of training × price of an hour, worked out three times: with every
factor at its low, its likely and its high value. A line belongs to a one-time fee of the closed catalogue, so that
an estimate and a bid stand side by side. The effort (days, hours, hires) stands here; `begin_prices` holds what a
day, an hour or a contract costs. It is an estimate of an order of magnitude, never an offer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import prod
from typing import NamedTuple

from portal.kit.money import exponent, round_half_up
from portal.measures.words import Channel, Mode
from portal.pricing.values import OneTimeCategory


class Range(NamedTuple):
    """A low, a likely and a high value, in this order."""

    low: Decimal
    likely: Decimal
    high: Decimal

    @classmethod
    def of(cls, low: str | int | Decimal, likely: str | int | Decimal, high: str | int | Decimal) -> Range:
        """The range of three numbers, as exact decimals."""
        return cls(Decimal(low), Decimal(likely), Decimal(high))

    @classmethod
    def exactly(cls, value: int | Decimal) -> Range:
        """A value that is known."""
        return cls(Decimal(value), Decimal(value), Decimal(value))

    @property
    def is_exact(self) -> bool:
        """Whether all three are the same."""
        return self.low == self.high


class Price(StrEnum):
    """What is paid for: unit prices that `begin_prices` knows defaults of and published rate cards may better."""

    CONTRACT = "contract"
    DAY = "day"
    TRAINING_HOUR = "training_hour"
    SYSTEM = "system"
    HIRE = "hire"


class Prices(NamedTuple):
    """Unit prices in one currency, and on how many published rate cards each rests (absent: on a default).

    A connected system and a hire need no price of their own: without one they are counted in person-days.
    """

    currency: str
    ranges: Mapping[Price, Range]
    cards: Mapping[Price, int]


class Work(StrEnum):
    """What one line of the estimate is for."""

    CONTRACT = "contract"
    PROJECT = "project"
    LANGUAGES = "languages"
    CHANNELS = "channels"
    SITES = "sites"
    KNOWLEDGE = "knowledge"
    SYSTEMS = "systems"
    RECRUITMENT = "recruitment"
    TRAINING = "training"
    RAMP = "ramp"
    WIND_DOWN = "wind_down"


CATEGORIES = {
    Work.CONTRACT: OneTimeCategory.CONTRACT,
    Work.PROJECT: OneTimeCategory.SETUP,
    Work.LANGUAGES: OneTimeCategory.SETUP,
    Work.CHANNELS: OneTimeCategory.SETUP,
    Work.SITES: OneTimeCategory.SETUP,
    Work.KNOWLEDGE: OneTimeCategory.SETUP,
    Work.SYSTEMS: OneTimeCategory.INTEGRATION,
    Work.RECRUITMENT: OneTimeCategory.RECRUITMENT,
    Work.TRAINING: OneTimeCategory.TRAINING_INITIAL,
    Work.RAMP: OneTimeCategory.RAMP,
    Work.WIND_DOWN: OneTimeCategory.WIND_DOWN,
}
"""The one-time fee of the closed catalogue that each line belongs to."""


class Counted(StrEnum):
    """What a factor of a line counts."""

    CONTRACTS = "contracts"
    AGENTS = "agents"
    HIRES = "hires"
    SYSTEMS = "systems"
    LANGUAGES = "languages"
    CHANNELS = "channels"
    SITES = "sites"
    ARTICLES = "articles"
    DAYS = "days"
    HOURS = "hours"


class Source(StrEnum):
    """Where the effort of a line comes from: the portal's own milestone plan, the drivers, or an assumption."""

    ONCE = "once"
    PLAN = "plan"
    TYPED = "typed"
    ASSUMED = "assumed"


class Factor(NamedTuple):
    """One count of a product."""

    counted: Counted
    value: Range


PROJECT_DAYS = {
    Mode.FULL: Range.of(8, 13, 25),
    Mode.PARTIAL: Range.of(6, 10, 18),
    Mode.TEMPORARY: Range.of(2, 4, 8),
}
"""Person-days to lead and document a start. Full: the plan's kick-off (3 working days) and process documentation (10)
make 13; a fast track of 3–4 weeks needs fewer, and security readiness (15) with acceptance tests (5) may come on top.
Partial: the plan's 6–8 weeks are about three quarters of the 10–14. Temporary: both steps are compressed to 2 days."""
TRAINING_HOURS = {
    Mode.FULL: Range.of(80, 100, 120),
    Mode.PARTIAL: Range.of(80, 100, 120),
    Mode.TEMPORARY: Range.of(24, 32, 40),
}
"""Where nobody says how long training takes: the plan's 10–15 working days of 8 hours, 3–5 for temporary teams."""
HIRED = {
    Mode.FULL: Range.of("1", "1.1", "1.1"),
    Mode.PARTIAL: Range.of("0.5", "0.8", "1.1"),
    Mode.TEMPORARY: Range.of("0.2", "0.5", "1"),
}
"""Hires per agent: the plan hires 10 % more than it needs. A partial start skips part of it, and temporary teams come
mostly from the bench; how large these parts are is assumed."""
RAMP_HOURS = {
    Mode.FULL: Range.of(0, 24, 48),
    Mode.PARTIAL: Range.of(0, 24, 48),
    Mode.TEMPORARY: Range.of(0, 8, 24),
}
"""Hours an agent loses while contacts still take longer: factors of 1.30, 1.20 and 1.10 over the first three weeks of
40 hours cost 24; a pilot of ten days at 130 % costs 24 more. Low: the vendor carries it in its operating price."""
SYSTEM_DAYS = Range.of(5, 10, 20)
"""Person-days to connect one system: the plan gives integration 20 working days, which is the most for a single one;
that half and a quarter of it are usual is assumed."""
LANGUAGE_DAYS = Range.of(3, 5, 10)
"""Person-days for each language after the first: material, language tests and calibration. Assumed."""
CHANNEL_DAYS = Range.of(1, 3, 5)
"""Person-days for each channel after the first: routing, templates, acceptance test (the plan gives tests 5). Assumed
below that."""
SITE_DAYS = Range.of(5, 10, 15)
"""Person-days for each site after the first: the plan gives security readiness 15 working days; less is assumed."""
ARTICLE_DAYS = Range.of("0.1", "0.125", "0.2")
"""Person-days to write or adapt one article of the knowledge base: ten, eight or five a day. Assumed."""
HIRE_DAYS = Range.of("0.25", "0.5", "1")
"""Person-days to find, test and check one hire. Assumed."""
WIND_DOWN_DAYS = Range.of(2, 4, 8)
"""Person-days to give knowledge back, delete data and report, only for temporary service. Assumed."""


MOST = {
    "agents": 10_000,
    "integrations": 100,
    "languages": 50,
    "channels": len(Channel),
    "sites": 50,
    "training_hours": 1000,
    "articles": 10_000,
}
"""The largest value of each driver that is read; beyond it somebody mistyped."""


@dataclass(frozen=True, slots=True)
class Drivers:
    """How large and how complex the cooperation is to be.

    `training_hours` is per agent, None where it is not known; `articles` is how many entries of the knowledge base
    have to be written or adapted; `integrations` is how many of the buyer's systems are to be connected.
    """

    agents: int
    mode: Mode = Mode.FULL
    integrations: int = 0
    languages: int = 1
    channels: int = 1
    sites: int = 1
    training_hours: int | None = None
    articles: int = 0


@dataclass(frozen=True, slots=True)
class BeginLine:
    """One line: the factors multiplied with each other and with `price`, in minor units three times."""

    work: Work
    factors: tuple[Factor, ...]
    price: Range
    paid_for: Price
    source: Source
    cards: int
    low_minor: int
    likely_minor: int
    high_minor: int

    @property
    def category(self) -> OneTimeCategory:
        """The fee of the closed catalogue it belongs to."""
        return CATEGORIES[self.work]


class Sum(NamedTuple):
    """Minor units three times."""

    low_minor: int
    likely_minor: int
    high_minor: int


@dataclass(frozen=True, slots=True)
class BeginCost:
    """The estimate: its lines in the order of the work, and their sums."""

    currency: str
    lines: tuple[BeginLine, ...]

    @property
    def total(self) -> Sum:
        """All lines together."""
        return _sum(self.lines)

    def by_category(self) -> dict[OneTimeCategory, Sum]:
        """The sums by fee, in the order of the catalogue; fees without a line are left out."""
        found = {category: [line for line in self.lines if line.category is category] for category in OneTimeCategory}
        return {category: _sum(lines) for category, lines in found.items() if lines}


def begin_cost(drivers: Drivers, prices: Prices) -> BeginCost:
    """Estimate the one-time cost of `drivers` in the currency of `prices`.

    Exact up to the rounding of each line, half up, to the minor unit. More of any driver never costs less, and the
    low value is never above the likely one, nor that above the high one. Equipment is not estimated: whether a vendor
    brings it or the buyer does makes more difference than any driver.
    """
    lines = (_priced(*part, prices) for part in _parts(drivers, prices))
    return BeginCost(prices.currency, tuple(line for line in lines if line.high_minor))


Part = tuple[Work, tuple[Factor, ...], Price, Source]


def _parts(d: Drivers, prices: Prices) -> Iterator[Part]:
    def count(counted: Counted, value: int) -> Factor:
        return Factor(counted, Range.exactly(value))

    def days(effort: Range) -> Factor:
        return Factor(Counted.DAYS, effort)

    agents = count(Counted.AGENTS, d.agents)
    hires = Factor(Counted.HIRES, Range(*(d.agents * share for share in HIRED[d.mode])))
    systems = count(Counted.SYSTEMS, d.integrations)
    more = {
        Work.LANGUAGES: (count(Counted.LANGUAGES, d.languages - 1), LANGUAGE_DAYS),
        Work.CHANNELS: (count(Counted.CHANNELS, d.channels - 1), CHANNEL_DAYS),
        Work.SITES: (count(Counted.SITES, d.sites - 1), SITE_DAYS),
        Work.KNOWLEDGE: (count(Counted.ARTICLES, d.articles), ARTICLE_DAYS),
    }
    yield Work.CONTRACT, (count(Counted.CONTRACTS, 1),), Price.CONTRACT, Source.ONCE
    yield Work.PROJECT, (days(PROJECT_DAYS[d.mode]),), Price.DAY, Source.PLAN
    for work, (counted, effort) in more.items():
        yield work, (counted, days(effort)), Price.DAY, Source.ASSUMED
    if Price.SYSTEM in prices.ranges:
        yield Work.SYSTEMS, (systems,), Price.SYSTEM, Source.TYPED
    else:
        yield Work.SYSTEMS, (systems, days(SYSTEM_DAYS)), Price.DAY, Source.ASSUMED
    if Price.HIRE in prices.ranges:
        yield Work.RECRUITMENT, (hires,), Price.HIRE, Source.PLAN
    else:
        yield Work.RECRUITMENT, (hires, days(HIRE_DAYS)), Price.DAY, Source.ASSUMED
    typed = d.training_hours
    hours = TRAINING_HOURS[d.mode] if typed is None else Range.exactly(typed)
    trained = (agents, Factor(Counted.HOURS, hours))
    yield Work.TRAINING, trained, Price.TRAINING_HOUR, Source.PLAN if typed is None else Source.TYPED
    yield Work.RAMP, (agents, Factor(Counted.HOURS, RAMP_HOURS[d.mode])), Price.TRAINING_HOUR, Source.PLAN
    if d.mode is Mode.TEMPORARY:
        yield Work.WIND_DOWN, (days(WIND_DOWN_DAYS),), Price.DAY, Source.ASSUMED


def _priced(work: Work, factors: tuple[Factor, ...], paid_for: Price, source: Source, prices: Prices) -> BeginLine:
    price, decimals = prices.ranges[paid_for], exponent(prices.currency)
    amounts = [
        round_half_up(prod((Fraction(factor.value[at]) for factor in factors), start=Fraction(price[at])), decimals)
        for at in range(len(price))
    ]
    return BeginLine(work, factors, price, paid_for, source, prices.cards.get(paid_for, 0), *amounts)


def _sum(lines: tuple[BeginLine, ...] | list[BeginLine]) -> Sum:
    return Sum(
        sum(line.low_minor for line in lines),
        sum(line.likely_minor for line in lines),
        sum(line.high_minor for line in lines),
    )
