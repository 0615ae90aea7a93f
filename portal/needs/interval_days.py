"""The days of an interval file: contacts by open interval as they happened, and what is odd about the file.

A line of the file is a stretch of time that was open. Lines shorter than the interval of staffing are added up; an
interval that lines cover only in part counts as open for that part, so that five minutes of calls at the end of a day
are not taken for a quiet half-hour. A gap between two lines of a day is a hole: nothing is known of it, and nothing
is made up. A gap that most days of a weekday have is when nobody answers, such as lunch, and no hole.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.needs.interval_file import EXAMPLES, IntervalCounts
from portal.needs.interval_text import FIELD
from portal.needs.staffing.arrivals import Arrivals, Group, Interval
from portal.needs.staffing.coverage import HALF_HOUR, LENGTHS, Slot

WEEKDAYS = 7
USUAL = 3
"""Fewer equal gaps than this are no habit."""
_DAY = timedelta(days=1)


class Hole(NamedTuple):
    """A gap within a day: the local time it begins at, and how many minutes have no line."""

    begins: datetime
    minutes: int


class PartialDay(NamedTuple):
    """A day whose lines begin later or end earlier (minutes of the local day) than most days of its weekday."""

    day: date
    first: int
    last: int
    usual_first: int
    usual_last: int


class ClockChange(NamedTuple):
    """A day on which the clocks change, and its hours: 23 or 25, in places a half more or less."""

    day: date
    hours: float


class PartialInterval(NamedTuple):
    """An interval of the day that lines cover for `seconds` only, on `days` days."""

    minute: int
    seconds: int
    days: int


@dataclass(frozen=True, slots=True)
class FileDays:
    """A file by local day.

    :ivar interval_s: the length of an interval in seconds, an hour where the lines are further apart than a half-hour
    :ivar days: the intervals of each day with lines, in the order of time
    :ivar missing: days without a line whose weekday mostly has some: public holidays, or lost data
    """

    interval_s: int
    days: dict[date, tuple[Interval, ...]]
    holes: tuple[Hole, ...]
    partial_days: tuple[PartialDay, ...]
    partial_intervals: tuple[PartialInterval, ...]
    missing: tuple[date, ...]
    clock_changes: tuple[ClockChange, ...] = ()

    @property
    def complete(self) -> tuple[date, ...]:
        """The days without a hole that are not partial."""
        odd = {one.day for one in self.partial_days} | {hole.begins.date() for hole in self.holes}
        return tuple(day for day in self.days if day not in odd)

    def as_document(self) -> dict[str, Any]:
        """What is odd about the file as plain JSON: each kind counted, and some of it by name."""
        found: dict[str, list[Any]] = {
            "holes": [[hole.begins.isoformat(), hole.minutes] for hole in self.holes],
            "partial_days": [[one.day.isoformat(), *one[1:]] for one in self.partial_days],
            "partial_intervals": [list(one) for one in self.partial_intervals],
            "missing": [day.isoformat() for day in self.missing],
            "clock_changes": [[one.day.isoformat(), one.hours] for one in self.clock_changes],
        }
        return {name: {"all": len(all_), "some": all_[:EXAMPLES]} for name, all_ in found.items()}

    def arrivals(self, group: Group) -> Arrivals:
        """All days as contacts of one group, to be staffed as they happened."""
        return Arrivals(group, self.days)


def days_of(file: IntervalCounts, interval_s: int = HALF_HOUR) -> FileDays:
    """The days of a file in intervals of `interval_s` seconds, one of the lengths that coverage knows.

    Raises Invalid for lines of more than an hour: they say nothing about the hours of a day.
    """
    line_s = file.interval_minutes * 60
    if line_s > max(LENGTHS):
        raise Invalid(_l("The lines are further apart than an hour: upload counts by the hour or finer."), FIELD)
    length = max(interval_s, min(one for one in LENGTHS if one >= line_s))
    instants = sorted(file.counts)
    local = [instant.astimezone(file.zone) for instant in instants]
    slots: dict[date, dict[tuple[int, bool], list[float]]] = {}
    ends: dict[date, tuple[int, int]] = {}
    for instant, moment in zip(instants, local, strict=True):
        day, minute = moment.date(), moment.hour * 60 + moment.minute
        key = (minute - minute % (length // 60), bool(moment.fold))
        cell = slots.setdefault(day, {}).setdefault(key, [0.0, 0.0])
        cell[0] += float(file.counts[instant])
        cell[1] += line_s
        ends[day] = (min(minute, ends.get(day, (minute, 0))[0]), max(minute, ends.get(day, (0, minute))[1]))
    days = {
        day: tuple(
            Interval(Slot(minute, min(int(seconds), length), again), contacts)
            for (minute, again), (contacts, seconds) in found.items()
        )
        for day, found in slots.items()
    }
    return FileDays(
        interval_s=length,
        days=days,
        holes=tuple(_holes(instants, local, line_s)),
        partial_days=tuple(_partial_days(ends)),
        partial_intervals=_partial_intervals(days, length),
        missing=tuple(_missing(sorted(days))),
        clock_changes=tuple(_clock_changes(days, file.zone)),
    )


def _holes(instants: list[datetime], local: list[datetime], line_s: int) -> list[Hole]:
    line = timedelta(seconds=line_s)
    gaps = [
        Hole(before + line, int((later - earlier - line).total_seconds()) // 60)
        for (earlier, later), (before, after) in zip(pairwise(instants), pairwise(local), strict=True)
        if later - earlier > line and before.date() == after.date()
    ]
    days = Counter(day.weekday() for day in {moment.date() for moment in local})
    alike = Counter(map(_kind, gaps))
    return [gap for gap in gaps if alike[_kind(gap)] < USUAL or 2 * alike[_kind(gap)] <= days[gap.begins.weekday()]]


def _kind(gap: Hole) -> tuple[int, time, int]:
    return gap.begins.weekday(), gap.begins.time(), gap.minutes


def _partial_days(ends: dict[date, tuple[int, int]]) -> list[PartialDay]:
    usual = []
    for weekday in range(WEEKDAYS):
        found = [times for day, times in ends.items() if day.weekday() == weekday]
        usual.append([_commonest([times[side] for times in found]) for side in (0, 1)] if found else [0, 0])
    return [
        PartialDay(day, first, last, *usual[day.weekday()])
        for day, (first, last) in ends.items()
        if first > usual[day.weekday()][0] or last < usual[day.weekday()][1]
    ]


def _partial_intervals(days: dict[date, tuple[Interval, ...]], length: int) -> tuple[PartialInterval, ...]:
    found = Counter(
        (one.slot.minute, one.slot.seconds) for day in days.values() for one in day if one.slot.seconds < length
    )
    return tuple(PartialInterval(minute, seconds, days) for (minute, seconds), days in sorted(found.items()))


def _missing(days: list[date]) -> list[date]:
    """The days between the first and the last that most days of their weekday have lines on."""
    known, span = set(days), [days[0] + timedelta(days=number) for number in range((days[-1] - days[0]).days + 1)]
    with_lines, all_days = Counter(day.weekday() for day in days), Counter(day.weekday() for day in span)
    return [day for day in span if day not in known and 2 * with_lines[day.weekday()] > all_days[day.weekday()]]


def _clock_changes(days: Iterable[date], zone: ZoneInfo) -> Iterator[ClockChange]:
    for day in sorted(days):
        begins, ends = (datetime.combine(one, time(), zone).astimezone(UTC) for one in (day, day + _DAY))
        if ends - begins != _DAY:
            yield ClockChange(day, (ends - begins).total_seconds() / 3600)


def _commonest(values: list[int]) -> int:
    return max(Counter(values).items(), key=lambda item: (item[1], -item[0]))[0]
