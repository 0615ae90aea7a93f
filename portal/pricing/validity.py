"""When which version of a rate card is in force.

A version is valid from a day and either to a day or until a later version begins. At most one is in force on any day:
periods that share a day are refused when the later one is published, and days without any version are named as gaps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

_DAY = timedelta(days=1)


class Period(NamedTuple):
    """Days from `start` to `end`, both counted; without `end` until something later begins."""

    start: date
    end: date | None = None


def clashing(new: Period, others: Iterable[Period]) -> Period | None:
    """The first of `others` that shares a day with `new`, None where there is none.

    An open period gives way to whatever begins after it, so it clashes only with one of the same first day.
    """
    for other in sorted(others):
        earlier, later = sorted((new, other), key=lambda period: period.start)
        if earlier.start == later.start or (earlier.end is not None and earlier.end >= later.start):
            return other
    return None


def effective(periods: Iterable[Period]) -> list[Period]:
    """The periods in their order, open ones ended by the one that follows."""
    ordered = sorted(periods, key=lambda period: period.start)
    ended = [
        Period(one.start, following.start - _DAY if one.end is None else one.end)
        for one, following in pairwise(ordered)
    ]
    return [*ended, *ordered[-1:]]


def gaps(periods: Iterable[Period]) -> list[Period]:
    """The days between two periods on which none is in force."""
    found = []
    for one, following in pairwise(effective(periods)):
        assert one.end is not None  # only the last may be open
        if one.end + _DAY < following.start:
            found.append(Period(one.end + _DAY, following.start - _DAY))
    return found


def in_force(periods: Sequence[Period], day: date) -> int | None:
    """The index of the period that holds `day`, None in a gap, before the first and after the last."""
    begun = [index for index, period in enumerate(periods) if period.start <= day]
    if not begun:
        return None
    latest = max(begun, key=lambda index: periods[index].start)
    end = periods[latest].end
    return latest if end is None or day <= end else None
