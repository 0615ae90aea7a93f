"""The scenarios a requirement is planned and priced under, staffed by the queueing model.

Low and high are the base with a fifth fewer and more contacts. A temporary scenario is a project: it begins at
nothing, grows to full strength over its ramp-up, shrinks over its wind-down, and may expect a surge. Each becomes a
`Scenario` of pricing with full-time people and seats for every month. Of a service that a buyer and a vendor divide
they hold what the vendor takes, divided before anything is staffed: that alone is priced.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from portal.kit.calculators import CalculationError
from portal.needs.forecast import FACTORS, months_later, term_months
from portal.needs.staffing.arrivals import Arrivals, Demand, arrivals
from portal.needs.staffing.plan import Plan, plan_of
from portal.needs.staffing.split import Split, divide
from portal.needs.staffing.worktime import WorkTime
from portal.pricing.values import Scenario, ScenarioMonth, ScenarioPart, VolumeRow

_CENT = Decimal("0.01")
_SHARE = Decimal("0.0001")
_SHARE_DIGITS = 12
_WEEK = timedelta(weeks=1)

Shares = Mapping[tuple[str, str], Decimal]


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

    :ivar shares: the vendor's share of the contacts by channel and language, where a service is divided
    """

    k: int
    fte: Decimal
    seats: int
    ramp: Decimal = Decimal(1)
    shares: Shares | None = None


@dataclass(frozen=True, slots=True)
class Side:
    """One team over the whole term: its contacts, full-time people in the average week, and agents at once."""

    contacts: float
    fte: float
    peak: int


@dataclass(frozen=True, slots=True)
class TermTeams:
    """Both sides of a divided service over the term, and one team for everything."""

    retained: Side
    vendor: Side
    one_team: Side

    @property
    def more_fte(self) -> float:
        """Full-time people that two teams take more than one."""
        return self.retained.fte + self.vendor.fte - self.one_team.fte

    @property
    def more_agents(self) -> int:
        """Agents more, each side at its own busiest time: N + N − N."""
        return self.retained.peak + self.vendor.peak - self.one_team.peak


@dataclass(frozen=True, slots=True)
class PlannedScenario:
    """One scenario: what contacts are multiplied by, and the staffing of every month of the term.

    :ivar teams: both sides of a divided service, known of its base; its months are those of the vendor alone
    """

    kind: ScenarioKind
    factor: Decimal
    months: tuple[StaffedMonth, ...]
    teams: TermTeams | None = None

    @property
    def is_divided(self) -> bool:
        """Whether the months are the vendor's alone."""
        return any(month.shares is not None for month in self.months)

    def priced_over(self, base: Scenario) -> Scenario:
        """The pricing's scenario: the contacts of the base forecast times the factor, with this staffing.

        Of a divided service only what the vendor takes. `base` is the forecast of the same term. Raises ValueError
        where it has other months.
        """
        if [month.k for month in base.months] != [month.k for month in self.months]:
            raise ValueError("the forecast and the staffing are of different months")
        months = tuple(map(_staffed, base.scaled(self.factor, self.kind.value).months, self.months))
        part = ScenarioPart.VENDOR if self.is_divided else ScenarioPart.ALL
        return replace(base, name=self.kind.value, months=months, part=part)


def planned_scenarios(
    demands: Sequence[Demand],
    first: date,
    last: date,
    work: WorkTime = WorkTime(),
    project: Project | None = None,
    split: Split | None = None,
) -> tuple[PlannedScenario, ...]:
    """Low, base and high of a term from `first` to `last`; a project is planned as the temporary scenario too."""
    found = [planned_scenario(kind, demands, first, last, work, split=split) for kind in map(ScenarioKind, FACTORS)]
    if project is not None:
        found.append(planned_scenario(ScenarioKind.TEMPORARY, demands, first, last, work, project, split))
    return tuple(found)


def planned_scenario(
    kind: ScenarioKind,
    demands: Sequence[Demand],
    first: date,
    last: date,
    work: WorkTime = WorkTime(),
    project: Project | None = None,
    split: Split | None = None,
) -> PlannedScenario:
    """One scenario of a term; `project` counts for the temporary one only.

    With a `split` the months are the vendor's alone. Raises CalculationError where it would take nothing.
    """
    course = project if kind is ScenarioKind.TEMPORARY and project else Project()
    factor = course.expected_factor if kind is ScenarioKind.TEMPORARY else FACTORS[kind.value]
    parts = [arrivals(demand.scaled(float(factor)), first, last) for demand in demands]
    divided = [divide(part, split) for part in parts] if split else []
    staffed = [theirs for _mine, theirs in divided if theirs.contacts] if split else parts
    if not staffed:
        raise CalculationError("split", "leaves nothing to the vendor")
    staffing = plan_of(staffed, first, last, work)
    months = []
    for month in term_months(first, last):
        ends = min(months_later(first, month.k) - timedelta(days=1), last)
        found = staffing.between(month.begins, ends, work.month_hours)
        ramp = sum((course.strength(day, first, last) for day in _days(month.begins, ends)), Decimal(0)) / found.days
        fte = Decimal(found.fte).quantize(_CENT, rounding=ROUND_HALF_UP)
        shares = _shares(parts, [theirs for _mine, theirs in divided], month.begins, ends) if split else None
        months.append(StaffedMonth(month.k, fte, found.seats, ramp.quantize(_SHARE, rounding=ROUND_HALF_UP), shares))
    teams = None
    if kind is ScenarioKind.BASE and split:
        retained = plan_of([mine for mine, _theirs in divided if mine.days], first, last, work)
        teams = TermTeams(*map(_side, (retained, staffing, plan_of(parts, first, last, work))))
    return PlannedScenario(kind, factor, tuple(months), teams)


def _shares(whole: Sequence[Arrivals], given: Sequence[Arrivals], first: date, last: date) -> Shares:
    """The vendor's share of each group's contacts from `first` to `last`."""
    found = {}
    for all_, theirs in zip(whole, given, strict=True):
        total = _contacts(all_, first, last)
        share = _contacts(theirs, first, last) / total if total else 0.0
        found[all_.group.channel.value, all_.group.language] = round(Decimal(share), _SHARE_DIGITS)
    return found


def _contacts(part: Arrivals, first: date, last: date) -> float:
    return sum(one.contacts for day, found in part.days.items() if first <= day <= last for one in found)


def _side(one: Plan) -> Side:
    whole = one.whole()
    return Side(whole.figures.contacts, whole.fte, one.peak())


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def _staffed(month: ScenarioMonth, staffing: StaffedMonth) -> ScenarioMonth:
    rows = month.volumes if staffing.shares is None else tuple(_given(month.volumes, staffing.shares))
    return replace(month, volumes=rows, fte=staffing.fte, seats=Decimal(staffing.seats), ramp=staffing.ramp)


def _given(rows: Sequence[VolumeRow], shares: Shares) -> Iterator[VolumeRow]:
    """What the vendor takes of each row; what it has no part in is no row of its scenario."""
    for row in rows:
        contacts = (row.contacts * shares[row.channel, row.lang or ""]).quantize(_CENT, rounding=ROUND_HALF_UP)
        if contacts:
            yield replace(row, contacts=contacts)


def _part(time: timedelta, weeks: int) -> Decimal:
    """How much of so many weeks has passed after `time`, at most all."""
    return Decimal(1) if weeks == 0 else min(Decimal(1), Decimal(time.days) / (weeks * _WEEK.days))
