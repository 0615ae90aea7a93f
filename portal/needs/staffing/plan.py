"""The staffing of a whole service: every group, every day, and the weeks and months they make.

People of different groups are added up; nobody is assumed to help out elsewhere. Seats are the places that are taken
at once: a place left for a break, a day off or the end of a shift is free for somebody else.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from portal.needs.staffing.arrivals import Arrivals, Demand, Group, Interval, arrivals
from portal.needs.staffing.figures import Figures, StaffedDay, staff_day, total
from portal.needs.staffing.worktime import WorkTime


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One day: its groups in the plan's order (an empty day where closed), and the places taken at once."""

    day: date
    groups: tuple[StaffedDay, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class Period:
    """A day, week or month of a plan. `days` counts the days of it that lie in the plan, open or not.

    :ivar groups: the figures of each group; `figures` are those of all, whose peak is that of the largest group
    :ivar fte: full-time people for the period's paid hours; too low for a week or month that is cut off
    """

    first: date
    last: date
    days: int
    groups: tuple[Figures, ...]
    figures: Figures
    paid_hours: float
    fte: float
    seats: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The staffing of groups from the first to the last day."""

    groups: tuple[Group, ...]
    days: tuple[PlannedDay, ...]
    work: WorkTime

    def by_day(self) -> tuple[Period, ...]:
        """Each day, against a working day of a full-time person."""
        return self._periods(lambda day: day, self.work.day_hours)

    def by_week(self) -> tuple[Period, ...]:
        """Each week from Monday, against a full-time week."""
        return self._periods(lambda day: day - timedelta(days=day.weekday()), self.work.week_hours)

    def by_month(self) -> tuple[Period, ...]:
        """Each calendar month, against a full-time month."""
        return self._periods(lambda day: (day.year, day.month), self.work.month_hours)

    def whole(self) -> Period:
        """All days as one period; the FTE is that of the average week."""
        return self._period(self.days, self.work.week_hours * len(self.days) / 7)

    def between(self, first: date, last: date, full_time_hours: float) -> Period:
        """The days from `first` to `last` as one period, against the paid hours of a full-time person in it."""
        return self._period([one for one in self.days if first <= one.day <= last], full_time_hours)

    def peak(self) -> int:
        """The most agents of all groups at work at once."""
        return max((day.seats for day in self.days), default=0)

    def _periods(self, key: Callable[[date], Hashable], full_time_hours: float) -> tuple[Period, ...]:
        found = groupby(self.days, lambda one: key(one.day))
        return tuple(self._period(tuple(days), full_time_hours) for _, days in found)

    def _period(self, days: Sequence[PlannedDay], full_time_hours: float) -> Period:
        groups = tuple(total(day.groups[number].figures for day in days) for number in range(len(self.groups)))
        figures = total(groups)
        paid = self.work.paid_hours(figures.agent_hours)
        return Period(
            first=days[0].day,
            last=days[-1].day,
            days=len(days),
            groups=groups,
            figures=figures,
            paid_hours=paid,
            fte=paid / full_time_hours,
            seats=max(day.seats for day in days),
        )


def plan(demands: Sequence[Demand], first: date, last: date, work: WorkTime = WorkTime()) -> Plan:
    """The staffing of several groups from `first` to `last`, both included."""
    return plan_of([arrivals(demand, first, last) for demand in demands], first, last, work)


def plan_of(parts: Sequence[Arrivals], first: date, last: date, work: WorkTime = WorkTime()) -> Plan:
    """The staffing of contacts that are already known by day and interval."""
    if last < first:
        raise ValueError(f"{last} lies before {first}")
    staffed = [_staffed(part) for part in parts]
    closed = StaffedDay((), Figures())
    seats: dict[tuple[int, ...], int] = {}
    days = []
    for day in _days(first, last):
        groups = tuple(one.get(day, closed) for one in staffed)
        kind = tuple(map(id, groups))  # days of one kind share their groups' days, which `staffed` keeps alive
        if kind not in seats:
            seats[kind] = _seats(groups)
        days.append(PlannedDay(day, groups, seats[kind]))
    return Plan(tuple(part.group for part in parts), tuple(days), work)


def _staffed(part: Arrivals) -> dict[date, StaffedDay]:
    """The days of a group; days with the same intervals are staffed once."""
    known: dict[tuple[Interval, ...], StaffedDay] = {}
    found = {}
    for day, intervals in part.days.items():
        if intervals not in known:
            known[intervals] = staff_day(part.group, intervals)
        found[day] = known[intervals]
    return found


def _seats(groups: Sequence[StaffedDay]) -> int:
    at_once: dict[tuple[int, bool], int] = {}
    for group in groups:
        for one in group.intervals:
            key = (one.slot.minute, one.slot.again)
            at_once[key] = at_once.get(key, 0) + one.agents
    return max(at_once.values(), default=0)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
