"""The scenarios a requirement is planned and priced under, staffed by the queueing model.

Low and high are the base with a fifth fewer and more contacts. A temporary scenario is a project: it begins at
nothing, grows to full strength over its ramp-up, shrinks over its wind-down, and may expect a surge. Each becomes a
`Scenario` of pricing with full-time people and seats for every month.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from portal.kit.calculators import CalculationError
from portal.needs.forecast import FACTORS, months_later, term_months
from portal.needs.staffing.arrivals import Demand
from portal.needs.staffing.plan import plan
from portal.needs.staffing.worktime import WorkTime
from portal.pricing.values import Scenario, ScenarioMonth

_CENT = Decimal("0.01")
_SHARE = Decimal("0.0001")
_WEEK = timedelta(weeks=1)


class ScenarioKind(StrEnum):
    """What may come."""

    LOW = "low"
    BASE = "base"
    HIGH = "high"
    TEMPORARY = "temporary"


@dataclass(frozen=True, slots=True)
class Project:
    """The course of a temporary outsourcing.

    :ivar ramp_up_weeks: from the first day until everybody is there, and `wind_down_weeks` until the last day
    :ivar surge: what contacts may be multiplied by, and `surge_probability` how likely that is
    """

    ramp_up_weeks: int = 0
    wind_down_weeks: int = 0
    surge: Decimal = Decimal(1)
    surge_probability: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        if self.ramp_up_weeks < 0 or self.wind_down_weeks < 0:
            raise CalculationError("ramp_up_weeks", "must be 0 or more, and so must the wind-down")
        if self.surge < 0 or not 0 <= self.surge_probability <= 1:
            raise CalculationError("surge_probability", "must lie between 0 and 1, and the surge be 0 or more")

    @property
    def expected_factor(self) -> Decimal:
        """What contacts are multiplied by on average: 1 + p · (surge − 1)."""
        return 1 + self.surge_probability * (self.surge - 1)

    def strength(self, day: date, first: date, last: date) -> Decimal:
        """The share of the team in place on a day of the project: rising evenly, then full, then falling evenly."""
        up = _part(day - first + timedelta(days=1), self.ramp_up_weeks)
        down = _part(last - day + timedelta(days=1), self.wind_down_weeks)
        return min(up, down)


@dataclass(frozen=True, slots=True)
class StaffedMonth:
    """Month `k` of a term: full-time people for its paid hours, places taken at once, and the share in place.

    A month that the end of the term cuts off has fewer hours to pay, and so fewer full-time people.
    """

    k: int
    fte: Decimal
    seats: int
    ramp: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class PlannedScenario:
    """One scenario: what contacts are multiplied by, and the staffing of every month of the term."""

    kind: ScenarioKind
    factor: Decimal
    months: tuple[StaffedMonth, ...]

    def priced_over(self, base: Scenario) -> Scenario:
        """The pricing's scenario: the contacts of the base forecast times the factor, with this staffing.

        `base` is the forecast of the same term. Raises ValueError where it has other months.
        """
        if [month.k for month in base.months] != [month.k for month in self.months]:
            raise ValueError("the forecast and the staffing are of different months")
        months = tuple(map(_staffed, base.scaled(self.factor, self.kind.value).months, self.months))
        return replace(base, name=self.kind.value, months=months)


def planned_scenarios(
    demands: Sequence[Demand],
    first: date,
    last: date,
    work: WorkTime = WorkTime(),
    project: Project | None = None,
) -> tuple[PlannedScenario, ...]:
    """Low, base and high of a term from `first` to `last`; a project is planned as the temporary scenario too."""
    found = [planned_scenario(kind, demands, first, last, work) for kind in map(ScenarioKind, FACTORS)]
    if project is not None:
        found.append(planned_scenario(ScenarioKind.TEMPORARY, demands, first, last, work, project))
    return tuple(found)


def planned_scenario(
    kind: ScenarioKind,
    demands: Sequence[Demand],
    first: date,
    last: date,
    work: WorkTime = WorkTime(),
    project: Project | None = None,
) -> PlannedScenario:
    """One scenario of a term; `project` counts for the temporary one only."""
    course = project if kind is ScenarioKind.TEMPORARY and project else Project()
    factor = course.expected_factor if kind is ScenarioKind.TEMPORARY else FACTORS[kind.value]
    staffing = plan([demand.scaled(float(factor)) for demand in demands], first, last, work)
    months = []
    for month in term_months(first, last):
        ends = min(months_later(first, month.k) - timedelta(days=1), last)
        found = staffing.between(month.begins, ends, work.month_hours)
        ramp = sum((course.strength(day, first, last) for day in _days(month.begins, ends)), Decimal(0)) / found.days
        fte = Decimal(found.fte).quantize(_CENT, rounding=ROUND_HALF_UP)
        months.append(StaffedMonth(month.k, fte, found.seats, ramp.quantize(_SHARE, rounding=ROUND_HALF_UP)))
    return PlannedScenario(kind, factor, tuple(months))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _staffed(month: ScenarioMonth, staffing: StaffedMonth) -> ScenarioMonth:
    return replace(month, fte=staffing.fte, seats=Decimal(staffing.seats), ramp=staffing.ramp)


def _part(time: timedelta, weeks: int) -> Decimal:
    """How much of so many weeks has passed after `time`, at most all."""
    return Decimal(1) if weeks == 0 else min(Decimal(1), Decimal(time.days) / (weeks * _WEEK.days))
