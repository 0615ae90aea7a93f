"""Seasons, weekdays and the profile of the day, learnt from an interval file.

Weekdays are learnt from complete days; one without any is taken as it is. Shares of the day are learnt as density,
contacts for each second that lines cover, so an interval that is open in part is not mistaken for a quiet one.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.needs.interval_days import WEEKDAYS, FileDays
from portal.needs.interval_file import Findings
from portal.needs.staffing.coverage import DAY_MINUTES
from portal.needs.staffing.patterns import FLAT_DAY, MONTHS, Patterns


@dataclass(frozen=True, slots=True)
class FilePatterns:
    """What a file says about the shape of the year and of the week.

    :ivar months: index of each calendar month against the mean of those known, from its full months; None where the
        file has no full one
    :ivar shape: weights of the weekdays with a mean of 1 over those with contacts, and the profile of each
    :ivar days: how many days the weekdays were learnt from
    """

    months: tuple[float | None, ...]
    shape: Patterns
    days: int

    def as_document(self) -> dict[str, Any]:
        """As plain JSON, for storing beside the volumes: indices with four decimals, shares with six."""
        return {
            "months": [None if one is None else round(one, 4) for one in self.months],
            "weekdays": [round(one, 4) for one in self.shape.weekdays],
            "profiles": [[round(one, 6) for one in profile] for profile in self.shape.profiles],
            "days": self.days,
        }


def patterns_of(findings: Findings, file: FileDays) -> FilePatterns:
    """The patterns of a file from its figures and its days."""
    learnt = _learnt(file)
    profiles = tuple(_profile(file, weekday) for weekday in range(WEEKDAYS))
    return FilePatterns(_months(findings), Patterns(_weekdays(file, learnt), profiles), len(learnt))


def _learnt(file: FileDays) -> tuple[date, ...]:
    """The complete days, and all days of a weekday that has no complete one: it is busy all the same."""
    complete = file.complete
    known = {day.weekday() for day in complete}
    return (*complete, *(day for day in file.days if day.weekday() not in known))


def _months(findings: Findings) -> tuple[float | None, ...]:
    by_month: dict[int, list[float]] = defaultdict(list)
    for one in findings.full_months:
        by_month[int(one.month[5:])].append(float(one.contacts))
    means = {number: sum(values) / len(values) for number, values in by_month.items()}
    mean = sum(means.values()) / len(means)
    return tuple(means[number] / mean if mean and number in means else None for number in range(1, MONTHS + 1))


def _weekdays(file: FileDays, days: tuple[date, ...]) -> tuple[float, ...]:
    by_weekday: dict[int, list[float]] = defaultdict(list)
    for day in days:
        by_weekday[day.weekday()].append(sum(one.contacts for one in file.days[day]))
    means = [sum(found) / len(found) if (found := by_weekday[number]) else 0.0 for number in range(WEEKDAYS)]
    busy = [mean for mean in means if mean > 0]
    # A file of nothing but zeros has no pattern: every weekday counts alike.
    return tuple(mean * len(busy) / sum(busy) for mean in means) if busy else (1.0,) * WEEKDAYS


def _profile(file: FileDays, weekday: int) -> tuple[float, ...]:
    """The density of contacts by interval of one weekday, summing to 1; flat where the file says nothing."""
    length = file.interval_s // 60
    contacts, seconds = [0.0] * (DAY_MINUTES // length), [0] * (DAY_MINUTES // length)
    for day, intervals in file.days.items():
        if day.weekday() == weekday:
            for slot, count in intervals:
                contacts[slot.minute // length] += count
                seconds[slot.minute // length] += slot.seconds
    density = [count / covered if covered else 0.0 for count, covered in zip(contacts, seconds, strict=True)]
    total = sum(density)
    return tuple(one / total for one in density) if total else FLAT_DAY
