"""What the service costs in house in a year, line by line, so that bids can be held against it.

Pure and exact: amounts are ``Decimal`` of the currency's major unit as they are typed, integers of minor units as
they come out. Each line is rounded half up by itself, so what stands on the page adds up. Shares are fractions.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from portal.kit.calculators import CalculationError
from portal.kit.money import NO_CURRENCY, Exact, exponent, round_half_up, to_minor
from portal.kit.rounding import rounded

ZERO = Decimal(0)
WEEKS = 52
PER_CONTACT_DECIMALS = 4


class Line(StrEnum):
    """The lines of the cost in the order they are shown; `OVERHEAD` comes on top of the others."""

    AGENTS = "agents"
    SUPERVISORS = "supervisors"
    QA = "qa"
    RECRUITING = "recruiting"
    TRAINING = "training"
    TECHNOLOGY = "technology"
    TELECOM = "telecom"
    FACILITIES = "facilities"
    EQUIPMENT = "equipment"
    OVERHEAD = "overhead"


LINE_NAMES = {
    Line.AGENTS: _l("Agents"),
    Line.SUPERVISORS: _l("Supervisors"),
    Line.QA: _l("Quality assurance"),
    Line.RECRUITING: _l("Recruiting"),
    Line.TRAINING: _l("Training of new people"),
    Line.TECHNOLOGY: _l("Technology"),
    Line.TELECOM: _l("Telecommunications"),
    Line.FACILITIES: _l("Facilities"),
    Line.EQUIPMENT: _l("Equipment"),
    Line.OVERHEAD: _l("Management overhead"),
}
AVOIDED = (Line.RECRUITING, Line.TRAINING)
"""What a company that outsources the whole service no longer spends on finding and training people."""


@dataclass(frozen=True, slots=True)
class InHouse:
    """A year of the service with own people. Amounts are in major units of `currency` a year unless said otherwise.

    :ivar fte: agents in full-time equivalents
    :ivar salary: of an agent; `supervisor_salary` and `qa_salary` of those who lead and check them
    :ivar on_cost: employer's share on top of a salary, 0.22 for 22 %
    :ivar supervisor_span: agents for each supervisor, and `qa_span` for each quality analyst; None where there is none
    :ivar attrition: share of agents who leave in a year
    :ivar cost_per_hire: recruiting one person; `training_weeks` on full pay and `training_material` for each of them
    :ivar technology_month: licences for each agent a month
    :ivar telecom_rate: per minute of the year's `telecom_minutes`
    :ivar seat_year: facilities for each agent
    :ivar equipment_seat: bought for each agent, lasting `equipment_years`
    :ivar overhead: management, as a share of all other lines
    :ivar contacts: of the year, for the cost of one; None leaves it out
    """

    fte: Decimal
    salary: Decimal
    on_cost: Decimal = ZERO
    supervisor_salary: Decimal = ZERO
    supervisor_span: Decimal | None = None
    qa_salary: Decimal = ZERO
    qa_span: Decimal | None = None
    attrition: Decimal = ZERO
    cost_per_hire: Decimal = ZERO
    training_weeks: Decimal = ZERO
    training_material: Decimal = ZERO
    technology_month: Decimal = ZERO
    telecom_minutes: Decimal = ZERO
    telecom_rate: Decimal = ZERO
    seat_year: Decimal = ZERO
    equipment_seat: Decimal = ZERO
    equipment_years: Decimal = Decimal(1)
    overhead: Decimal = ZERO
    contacts: Decimal | None = None
    currency: str = NO_CURRENCY

    def __post_init__(self) -> None:
        for name in ("supervisor_span", "qa_span", "equipment_years"):
            value = getattr(self, name)
            if value is not None and value <= 0:
                raise CalculationError(name, "must be above 0")

    @property
    def hires(self) -> Fraction:
        """People to find in a year to stay as many as there are."""
        return Fraction(self.fte) * Fraction(self.attrition)


@dataclass(frozen=True, slots=True)
class InHouseCost:
    """The cost of a year in minor units of `currency`, by line; `hires` are the people to be found for it."""

    currency: str
    lines: Mapping[Line, int]
    hires: Fraction
    contacts: Decimal | None

    @property
    def subtotal_minor(self) -> int:
        """All lines but the overhead."""
        return self.total_minor - self.lines[Line.OVERHEAD]

    @property
    def total_minor(self) -> int:
        """All lines."""
        return sum(self.lines.values())

    @property
    def avoided_minor(self) -> int:
        """Recruiting and training, which outsourcing avoids."""
        return sum(self.lines[line] for line in AVOIDED)

    @property
    def per_contact(self) -> Decimal | None:
        """The cost of one contact in major units, four decimals; None where no contacts are known."""
        if not self.contacts:
            return None
        per_contact = Fraction(self.total_minor) / Fraction(self.contacts) / 10 ** exponent(self.currency)
        return rounded(per_contact, PER_CONTACT_DECIMALS)


def in_house_cost(given: InHouse) -> InHouseCost:
    """The cost of a year in house, each line rounded half up to the minor unit.

    People are counted by agents in full-time equivalents, supervisors and analysts in proportion to their spans.
    New people cost their recruiting, their pay while in training, and their material.
    """
    fte, paid, hires = Fraction(given.fte), 1 + Fraction(given.on_cost), given.hires
    week = Fraction(given.salary) * paid / WEEKS
    exact: dict[Line, Exact] = {
        Line.AGENTS: fte * Fraction(given.salary) * paid,
        Line.SUPERVISORS: _by_span(fte, given.supervisor_span) * Fraction(given.supervisor_salary) * paid,
        Line.QA: _by_span(fte, given.qa_span) * Fraction(given.qa_salary) * paid,
        Line.RECRUITING: hires * Fraction(given.cost_per_hire),
        Line.TRAINING: hires * (Fraction(given.training_weeks) * week + Fraction(given.training_material)),
        Line.TECHNOLOGY: fte * Fraction(given.technology_month) * 12,
        Line.TELECOM: Fraction(given.telecom_minutes) * Fraction(given.telecom_rate),
        Line.FACILITIES: fte * Fraction(given.seat_year),
        Line.EQUIPMENT: fte * Fraction(given.equipment_seat) / Fraction(given.equipment_years),
    }
    lines = {line: to_minor(amount, given.currency) for line, amount in exact.items()}
    lines[Line.OVERHEAD] = round_half_up(sum(lines.values()) * Fraction(given.overhead), 0)
    return InHouseCost(given.currency, lines, hires, given.contacts)


def _by_span(fte: Fraction, span: Decimal | None) -> Fraction:
    return Fraction(0) if span is None else fte / Fraction(span)
