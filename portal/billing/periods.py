"""Which months of an agreement are billed: whole calendar months, the first and last possibly in part. Pure.

Periods follow each other without gap or overlap from the first billed day to the last.
"""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Period:
    """Month `k` of the service (1 for the first), from `start` to `end`, both included."""

    k: int
    start: date
    end: date

    @property
    def month(self) -> date:
        """The first day of its calendar month."""
        return self.start.replace(day=1)

    @property
    def share(self) -> Fraction:
        """The part of the calendar month that the period covers."""
        days = monthrange(self.start.year, self.start.month)[1]
        return Fraction((self.end - self.start).days + 1, days)

    @property
    def is_whole(self) -> bool:
        return self.share == 1


def periods(first_day: date, last_day: date) -> Iterator[Period]:
    """The periods from `first_day` to `last_day`, both included; none when the last lies before the first."""
    k, start = 1, first_day
    while start <= last_day:
        end = start.replace(day=monthrange(start.year, start.month)[1])
        yield Period(k, start, min(end, last_day))
        k, start = k + 1, end + timedelta(days=1)


def finished(first_day: date, last_day: date | None, billed_through: date | None, today: date) -> list[Period]:
    """The periods that are over by `today` and not billed yet. Without `last_day` the service goes on."""
    horizon = today - timedelta(days=1)
    ends = horizon if last_day is None else min(last_day, horizon)
    return [
        period
        for period in periods(first_day, ends)
        if (billed_through is None or period.start > billed_through) and _is_over(period, last_day, today)
    ]


def _is_over(period: Period, last_day: date | None, today: date) -> bool:
    """A period is billed when its calendar month is over, or when the service ended inside it."""
    month_end = period.start.replace(day=monthrange(period.start.year, period.start.month)[1])
    return today > month_end or (last_day is not None and period.end == last_day)


def end_of_term(first_day: date, term_months: int) -> date:
    """The last day of a term: the day before the same day `term_months` later, or that month's end."""
    months = first_day.year * 12 + first_day.month - 1 + term_months
    year, month = divmod(months, 12)
    day = min(first_day.day, monthrange(year, month + 1)[1])
    return date(year, month + 1, day) - timedelta(days=1)
