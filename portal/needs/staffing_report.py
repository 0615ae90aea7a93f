"""A staffing plan as its buyer reads it: the year by month, then one week by day, and one day by interval. Pure.

A year is planned once and kept: the same question is asked again with every page, and its answer never changes.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from portal.needs.forecast import months_later, term_months
from portal.needs.staffing.arrivals import Demand, Group, arrivals
from portal.needs.staffing.figures import StaffedInterval, together
from portal.needs.staffing.plan import Period, plan, plan_of
from portal.needs.staffing.sensitivity import Row, sensitivity
from portal.needs.staffing.split import Split, pooling, sides
from portal.needs.staffing.worktime import WorkTime

KEPT = 32
_DAY, _WEEK = timedelta(days=1), timedelta(days=6)

Demands = tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the term; `is_whole` unless the end of the term cuts it off, and its people with it."""

    begins: date
    is_whole: bool
    period: Period


@dataclass(frozen=True, slots=True)
class Year:
    """The first twelve months of a term, or all of a shorter one; `busiest` is the first day with the most people."""

    groups: tuple[Group, ...]
    whole: Period
    months: tuple[Month, ...]
    busiest: date


@dataclass(frozen=True, slots=True)
class Pooled:
    """What the languages of a channel cost by being groups of their own: people at the busiest time, and FTE."""

    more_agents: int
    more_fte: float


@dataclass(frozen=True, slots=True)
class TwoTeams:
    """A partial outsourcing: each side by itself, and one team for everything."""

    retained: Period
    vendor: Period
    one_team: Period
    more_agents: int
    more_fte: float


@dataclass(frozen=True, slots=True)
class Week:
    """Monday to Sunday: as a whole, by day, and what follows from dividing or changing the work."""

    whole: Period
    days: tuple[Period, ...]
    pooled: Pooled
    teams: TwoTeams | None
    what_if: tuple[Row, ...]


def last_planned(first: date, last: date) -> date:
    """The last day of the year that is shown of a term."""
    return min(last, months_later(first, 12) - _DAY)


@lru_cache(maxsize=KEPT)
def year_of(demands: Demands, first: date, last: date, work: WorkTime) -> Year:
    """The plan from `first` to `last`, by the months of the term."""
    found = plan(demands, first, last, work)
    months = []
    for month in term_months(first, last):
        ends = min(months_later(first, month.k) - _DAY, last)
        months.append(Month(month.begins, month.share == 1, found.between(month.begins, ends, work.month_hours)))
    busiest = max(found.days, key=lambda one: one.seats)
    return Year(found.groups, found.whole(), tuple(months), busiest.day)


@lru_cache(maxsize=KEPT)
def week_of(demands: Demands, day: date, work: WorkTime, split: Split | None = None) -> Week:
    """The week in which `day` lies."""
    first = day - timedelta(days=day.weekday())
    last = first + _WEEK
    parts = [arrivals(demand, first, last) for demand in demands]
    found = plan_of(parts, first, last, work)
    apart = pooling(parts, first, last, work)
    teams = None
    if split is not None:
        both = sides(parts, split, first, last, work)
        teams = TwoTeams(
            both.retained.whole(), both.vendor.whole(), both.pooled.whole(), both.more_agents, both.more_fte
        )
    return Week(
        whole=found.whole(),
        days=found.by_day(),
        pooled=Pooled(apart.more_agents, apart.more_fte),
        teams=teams,
        what_if=sensitivity(demands, first, last, work),
    )


def intervals_of(demands: Demands, day: date, work: WorkTime) -> tuple[StaffedInterval, ...]:
    """The open intervals of a day, all groups together."""
    return together(plan(demands, day, day, work).days[0].groups)
