"""Hours of cover: the intervals of a day in which somebody must be there, in the requirement's own time zone.

A day on which the clocks change has 23 or 25 hours, so a service around the clock has 46 or 50 half-hours then. An
interval that is open in part carries its open seconds only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from portal.kit.calculators import CalculationError
from portal.kit.zones import zone_names
from portal.measures.words import WEEKDAY_NAMES

HALF_HOUR = 1800
LENGTHS = (300, 600, 900, 1200, 1800, 3600)
"""Lengths of an interval in seconds: whole steps of five minutes that fill an hour."""
DAY_MINUTES = 1440
_STEP = timedelta(minutes=5)
_DAY = timedelta(days=1)

Spans = tuple[tuple[int, int], ...]
"""Open spans of a day, in minutes of local time from its midnight."""


class Slot(NamedTuple):
    """An interval from `minute` of the local day, open for `seconds`; `again` in the hour that clocks repeat."""

    minute: int
    seconds: int
    again: bool = False


@dataclass(frozen=True, slots=True)
class Coverage:
    """When a service is open.

    :ivar zone: name of the time zone the hours are told in
    :ivar week: spans of each weekday from Monday; an empty one is closed
    :ivar closed: days on which nobody works, such as public holidays
    :ivar interval_s: the length of an interval, one of `LENGTHS`
    """

    zone: str
    week: tuple[Spans, ...]
    closed: frozenset[date] = frozenset()
    interval_s: int = HALF_HOUR

    def __post_init__(self) -> None:
        if self.zone not in zone_names():
            raise CalculationError("zone", "must be the name of a time zone, such as Europe/London")
        if self.interval_s not in LENGTHS:
            raise CalculationError("interval_s", "must be one of " + ", ".join(map(str, LENGTHS)))
        if len(self.week) != len(WEEKDAY_NAMES) or not any(self.week):
            raise CalculationError("hours", "must be open on at least one weekday")
        for spans in self.week:
            if any(closes <= opens for opens, closes in spans) or any(a[1] > b[0] for a, b in pairwise(spans)):
                raise CalculationError("hours", "must be spans in order that do not overlap")

    def slots(self, day: date) -> tuple[Slot, ...]:
        """The open intervals of a day in the order of time; none when it is closed."""
        spans = self.week[day.weekday()]
        if not spans or day in self.closed:
            return ()
        return _day_slots(self.zone, spans, self.interval_s, day)


def coverage(
    zone: str,
    hours: Mapping[str, Sequence[Sequence[str]]] | None = None,
    *,
    is_24x7: bool = False,
    closed: Iterable[date] = (),
    interval_s: int = HALF_HOUR,
) -> Coverage:
    """Coverage from hours as a requirement holds them: ``{"mon": [["08:00", "20:00"]]}``; the end of a day is 24:00."""
    if is_24x7:
        week: tuple[Spans, ...] = (((0, DAY_MINUTES),),) * len(WEEKDAY_NAMES)
    else:
        week = tuple(
            tuple(sorted((_minutes(opens), _minutes(closes)) for opens, closes in (hours or {}).get(day, ())))
            for day in WEEKDAY_NAMES
        )
    return Coverage(zone, week, frozenset(closed), interval_s)


def public_holidays(country: str, first: date, last: date) -> frozenset[date]:
    """The public holidays of a country (ISO 3166 code) from `first` to `last`."""
    years = range(first.year, last.year + 1)
    import holidays  # its calendars take half a second, and only who plans people needs them

    try:
        found = holidays.country_holidays(country, years=years)
    except NotImplementedError as error:
        raise CalculationError("country", "is not a country whose public holidays are known") from error
    return frozenset(day for day in found if first <= day <= last)


@lru_cache(maxsize=2**12)
def _day_slots(zone: str, spans: Spans, interval_s: int, day: date) -> tuple[Slot, ...]:
    """The open intervals of a day. All groups of a service ask for the same days, often years of them."""
    place = ZoneInfo(zone)
    begins, ends = (datetime.combine(one, time(), place).astimezone(UTC) for one in (day, day + _DAY))
    if ends - begins == _DAY:
        return _plain_slots(spans, interval_s)
    return _slots_by_instants(spans, interval_s, begins, ends, place)


def _slots_by_instants(
    spans: Spans, interval_s: int, begins: datetime, ends: datetime, place: ZoneInfo
) -> tuple[Slot, ...]:
    """Walk through the real minutes of a day whose clocks change."""
    found: dict[tuple[int, bool], int] = {}
    moment, step = begins, int(_STEP.total_seconds()) // 60
    while moment < ends:
        local = moment.astimezone(place)
        minute = local.hour * 60 + local.minute
        key = (minute - minute % (interval_s // 60), bool(local.fold))
        found[key] = found.get(key, 0) + 60 * _open_minutes(spans, minute, minute + step)
        moment += _STEP
    return tuple(Slot(minute, seconds, again) for (minute, again), seconds in found.items() if seconds)


@lru_cache(maxsize=256)
def _plain_slots(spans: Spans, interval_s: int) -> tuple[Slot, ...]:
    length = interval_s // 60
    slots = (Slot(start, 60 * _open_minutes(spans, start, start + length)) for start in range(0, DAY_MINUTES, length))
    return tuple(slot for slot in slots if slot.seconds)


def _open_minutes(spans: Spans, start: int, end: int) -> int:
    return sum(max(0, min(end, closes) - max(start, opens)) for opens, closes in spans)


def _minutes(clock: str) -> int:
    try:
        hour, minute = (int(part) for part in clock.split(":"))
    except ValueError as error:
        raise CalculationError("hours", "must be times such as 08:00") from error
    if not (0 <= minute < 60 and 0 <= hour * 60 + minute <= DAY_MINUTES):
        raise CalculationError("hours", "must lie between 00:00 and 24:00")
    return hour * 60 + minute
