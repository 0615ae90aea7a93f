"""How well a vendor's offer fits what a buyer asks for, before any bid: a score of 100 with a reason for each part.

Each of ten parts has a weight and a share from 0 to 1 that the offer earns of it; the score is the sum of weight times
share. What the buyer did not ask for costs nobody points. Exact: shares are fractions, rounding is for showing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from portal.measures.words import LEVELS, Industry


class PartName(StrEnum):
    """The parts of a match, in the order they are explained."""

    CHANNELS = "channels"
    LANGUAGES = "languages"
    INDUSTRY = "industry"
    HOURS = "hours"
    CAPACITY = "capacity"
    LOCATION = "location"
    SECURITY = "security"
    INTEGRATIONS = "integrations"
    PRICE = "price"
    REPUTATION = "reputation"


WEIGHTS = {
    PartName.CHANNELS: 20,
    PartName.LANGUAGES: 15,
    PartName.INDUSTRY: 15,
    PartName.HOURS: 10,
    PartName.CAPACITY: 10,
    PartName.LOCATION: 5,
    PartName.SECURITY: 10,
    PartName.INTEGRATIONS: 5,
    PartName.PRICE: 5,
    PartName.REPUTATION: 5,
}
"""Points of each part; they sum to 100."""

HALF = Fraction(1, 2)
EXPERIENCED_YEARS = 3
"""From how many years on experience in the same industry counts whole."""
HALF_A_DAY = 12
LOWEST_RATING, RATING_SPAN = 1, 4
DEFAULT_PLATFORM_RATING = Decimal(3)
GAPS_SHOWN = 3

ADJACENT: Mapping[str, frozenset[str]] = {
    Industry.RETAIL: frozenset({Industry.ELECTRONICS, Industry.LOGISTICS}),
    Industry.ELECTRONICS: frozenset({Industry.RETAIL, Industry.SOFTWARE, Industry.TELECOM}),
    Industry.FINANCE: frozenset({Industry.INSURANCE}),
    Industry.INSURANCE: frozenset({Industry.FINANCE, Industry.HEALTH}),
    Industry.TELECOM: frozenset({Industry.ELECTRONICS, Industry.ENERGY, Industry.SOFTWARE}),
    Industry.TRAVEL: frozenset({Industry.LOGISTICS}),
    Industry.LOGISTICS: frozenset({Industry.RETAIL, Industry.TRAVEL}),
    Industry.HEALTH: frozenset({Industry.INSURANCE, Industry.PUBLIC}),
    Industry.SOFTWARE: frozenset({Industry.ELECTRONICS, Industry.TELECOM, Industry.GAMES}),
    Industry.ENERGY: frozenset({Industry.TELECOM, Industry.PUBLIC}),
    Industry.PUBLIC: frozenset({Industry.ENERGY, Industry.HEALTH}),
    Industry.GAMES: frozenset({Industry.SOFTWARE}),
}
"""Industries whose customers ask alike, so that experience in one is half of experience in the other."""


class Evidence(StrEnum):
    """How a certificate is known: checked by the operator, or only said."""

    VERIFIED = "verified"
    SELF_DECLARED = "self_declared"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language at a level; of what is asked for also its `share` of the volume, in percent."""

    code: str
    level: str
    share: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a buyer asks for; what is left empty or None is not asked for.

    `hours` are a week's required hours, `agents` full-time equivalents, `unit_price` a budget per unit in any currency
    as long as the offer's is in the same.
    """

    channels: tuple[str, ...] = ()
    languages: tuple[Spoken, ...] = ()
    industry: str | None = None
    hours: Decimal | None = None
    agents: Decimal | None = None
    has_location: bool = False
    certificates: tuple[str, ...] = ()
    integrations: tuple[str, ...] = ()
    unit_price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What a vendor offers. `industries` maps an industry to years, `covered_hours` counts required hours a week that
    are staffed, `hours_apart` is the distance of time zones where the wanted place is not met."""

    channels: tuple[str, ...] = ()
    languages: tuple[Spoken, ...] = ()
    industries: Mapping[str, Decimal] = field(default_factory=dict)
    covered_hours: Decimal = Decimal(0)
    free_agents: Decimal = Decimal(0)
    is_in_wanted_place: bool = False
    hours_apart: Decimal = Decimal(HALF_A_DAY)
    certificates: Mapping[str, Evidence] = field(default_factory=dict)
    integrations: tuple[str, ...] = ()
    unit_price: Decimal | None = None
    rating: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a match. `met` and `wanted` are the figures behind the share, where it has such figures."""

    name: PartName
    share: Fraction
    is_asked: bool = True
    met: Decimal | None = None
    wanted: Decimal | None = None

    @property
    def points(self) -> Fraction:
        """What the offer earns of the part's weight."""
        return WEIGHTS[self.name] * self.share

    @property
    def lost(self) -> Fraction:
        """What is missing to the part's weight."""
        return WEIGHTS[self.name] - self.points


@dataclass(frozen=True, slots=True)
class Match:
    """The parts of a match, in the order of `PartName`."""

    parts: tuple[Part, ...]

    @property
    def score(self) -> Fraction:
        """The sum of all points, from 0 to 100."""
        return sum((part.points for part in self.parts), Fraction(0))

    @property
    def gaps(self) -> tuple[Part, ...]:
        """The parts that cost most, the costliest first, at most three."""
        lossy = [part for part in self.parts if part.lost]
        return tuple(sorted(lossy, key=lambda part: -part.lost)[:GAPS_SHOWN])


def match(asked: Asked, offer: Offer, *, platform_rating: Decimal = DEFAULT_PLATFORM_RATING) -> Match:
    """How well `offer` fits `asked`. A vendor without reviews counts as an average one of the platform."""
    return Match(
        (
            _covered(PartName.CHANNELS, asked.channels, offer.channels),
            _languages(asked.languages, offer.languages),
            _industry(asked.industry, offer.industries),
            _up_to(PartName.HOURS, offer.covered_hours, asked.hours),
            _up_to(PartName.CAPACITY, offer.free_agents, asked.agents),
            _location(asked, offer),
            _security(asked.certificates, offer.certificates),
            _covered(PartName.INTEGRATIONS, asked.integrations, offer.integrations),
            _price(asked.unit_price, offer.unit_price),
            _reputation(offer.rating if offer.rating is not None else platform_rating),
        )
    )


def _not_asked(name: PartName) -> Part:
    return Part(name, Fraction(1), is_asked=False)


def _covered(name: PartName, asked: Sequence[str], offered: Sequence[str]) -> Part:
    if not asked:
        return _not_asked(name)
    met = sum(1 for one in asked if one in offered)
    return Part(name, Fraction(met, len(asked)), met=Decimal(met), wanted=Decimal(len(asked)))


def _languages(asked: Sequence[Spoken], offered: Sequence[Spoken]) -> Part:
    """Each language counts by its share of the volume; one level too low counts half."""
    total = sum((Fraction(one.share) for one in asked), Fraction(0))
    if not total:
        return _not_asked(PartName.LANGUAGES)
    levels = {one.code: LEVELS.index(one.level) for one in offered}
    met = Fraction(0)
    for one in asked:
        if one.code in levels:
            below = LEVELS.index(one.level) - levels[one.code]
            met += Fraction(one.share) * (1 if below <= 0 else HALF if below == 1 else 0)
    return Part(PartName.LANGUAGES, met / total)


def _industry(asked: str | None, offered: Mapping[str, Decimal]) -> Part:
    if asked is None:
        return _not_asked(PartName.INDUSTRY)
    if offered.get(asked, Decimal(0)) >= EXPERIENCED_YEARS:
        return Part(PartName.INDUSTRY, Fraction(1))
    is_near = asked in offered or bool(ADJACENT.get(asked, frozenset()) & offered.keys())
    return Part(PartName.INDUSTRY, HALF if is_near else Fraction(0))


def _up_to(name: PartName, met: Decimal, wanted: Decimal | None) -> Part:
    if not wanted:
        return _not_asked(name)
    return Part(name, min(Fraction(1), Fraction(met) / Fraction(wanted)), met=met, wanted=wanted)


def _location(asked: Asked, offer: Offer) -> Part:
    if not asked.has_location:
        return _not_asked(PartName.LOCATION)
    if offer.is_in_wanted_place:
        return Part(PartName.LOCATION, Fraction(1))
    share = max(Fraction(0), 1 - Fraction(offer.hours_apart) / HALF_A_DAY)
    return Part(PartName.LOCATION, share, met=offer.hours_apart)


def _security(asked: Sequence[str], held: Mapping[str, Evidence]) -> Part:
    if not asked:
        return _not_asked(PartName.SECURITY)
    worth = {Evidence.VERIFIED: Fraction(1), Evidence.SELF_DECLARED: HALF}
    met = sum((worth[held[one]] for one in asked if one in held), Fraction(0))
    return Part(PartName.SECURITY, met / len(asked), wanted=Decimal(len(asked)))


def _price(budget: Decimal | None, price: Decimal | None) -> Part:
    if not budget:
        return _not_asked(PartName.PRICE)
    if price is None:
        return Part(PartName.PRICE, Fraction(0), wanted=budget)
    share = 1 - (Fraction(price) - Fraction(budget)) / Fraction(budget)
    return Part(PartName.PRICE, min(Fraction(1), max(Fraction(0), share)), met=price, wanted=budget)


def _reputation(rating: Decimal) -> Part:
    return Part(PartName.REPUTATION, (Fraction(rating) - LOWEST_RATING) / RATING_SPAN, met=rating)
