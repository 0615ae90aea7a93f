"""Weekly hours in words: days with the same times are gathered."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from blueprints.shared.formatting import listed
from portal.catalog.vocabulary import AROUND_THE_CLOCK
from portal.measures.words import WEEKDAY_NAMES

Hours = Mapping[str, Sequence[Sequence[str]]]


def hours_in_words(hours: Hours, timezone: str) -> str:
    """``Monday to Friday 08:00–20:00, Saturday 09:00–14:00 (Europe/Warsaw)``; empty without hours."""
    if not hours:
        return ""
    if dict(hours) == AROUND_THE_CLOCK:
        return _("Around the clock, every day")
    runs: list[tuple[list[str], str]] = []
    for day in WEEKDAY_NAMES:
        times = _(" and ").join(f"{start}–{end}" for start, end in hours.get(day) or [])
        if runs and runs[-1][1] == times:
            runs[-1][0].append(day)
        else:
            runs.append(([day], times))
    parts = [f"{_days(days)} {times}" for days, times in runs if times]
    return f"{listed(parts)} ({timezone.replace('_', ' ')})"


def _days(days: list[str]) -> str:
    first, last = str(WEEKDAY_NAMES[days[0]]), str(WEEKDAY_NAMES[days[-1]])
    if len(days) == 1:
        return first
    return _("%(first)s to %(last)s", first=first, last=last)
