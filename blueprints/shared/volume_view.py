"""The volumes of a channel as pages show them: charts of the year, the week and the day, and what is odd in a file."""

from collections.abc import Mapping, Sequence
from datetime import date as Date
from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from blueprints.shared.formatting import date, datetime_zoned, number, percent
from blueprints.shared.requirement_view import month_names
from portal.kit.charts import Chart, columns
from portal.measures.words import WEEKDAY_NAMES
from portal.needs.demands import patterns_of_channel
from portal.needs.models import RequirementChannel
from portal.needs.staffing.patterns import Patterns

DAY_MINUTES = 24 * 60
SHOWN = 5
MONTHS = range(12)
SOURCES = {
    "file": (_l("From the file"), "ok", "check-circle"),
    "typed": (_l("Typed"), "mute", "pencil"),
    "default": (_l("Default"), "mute", None),
}


class Drawn(NamedTuple):
    """One chart with its title, and where its figures come from: a key of SOURCES."""

    title: Any
    chart: Chart
    source: str
    note: str


class Oddity(NamedTuple):
    """Something odd about a file: how often in words, and some of it by name."""

    sentence: str
    examples: list[str]
    more: int
    tone: str


def charts_of(row: RequirementChannel) -> list[Drawn]:
    """Seasons, weekdays and the day of a channel as they are stored, defaults too."""
    learnt = (row.file_findings or {}).get("patterns")
    months: list[float | None] = [1.0] * 12
    source = "default"
    if row.seasons:
        mean = sum(map(float, row.monthly)) / len(row.monthly)
        months, source = [float(one) / mean for one in row.monthly], "typed"
    elif learnt:
        months, source = learnt["months"], "file"
    elif len(row.monthly) == 12 and any(map(float, row.monthly)):
        mean = sum(map(float, row.monthly)) / 12
        months, source = [float(one) / mean for one in row.monthly], "file" if row.file_findings else "typed"
    of_file = "file" if row.file_findings else "default"
    return drawn(
        months,
        patterns_of_channel(row),
        (source, "typed" if row.weekdays else of_file, "typed" if row.day_profile else of_file),
    )


def year_words(known: int, has_seasons: bool) -> str:
    """What is assumed of the year where a file covers `known` of its months in full; empty where nothing has to be."""
    if not 0 < known < len(MONTHS):
        return ""
    covered = ngettext(
        "The file covers %(num)d calendar month in full.", "The file covers %(num)d calendar months in full.", known
    )
    if has_seasons:
        return f"{covered} " + _("The others follow the seasons that were typed.")
    if known == 1:
        return f"{covered} " + _("Every month is taken as busy as this one: nothing is known of the seasons.")
    return f"{covered} " + _("The others are taken as busy as the average of these: nothing is known of them.")


def drawn(months: Sequence[float | None], shape: Patterns, sources: tuple[str, str, str]) -> list[Drawn]:
    """The three charts of patterns; a month without an index is left out."""
    of_year, of_week, of_day = sources
    some = _("Months the file does not cover in full have no column.") if None in months else ""
    return [
        Drawn(_("Seasons"), _months(months), of_year, some),
        Drawn(_("Days of the week"), _week(shape.weekdays), of_week, ""),
        Drawn(_("Hours of the day"), _day(shape), of_day, ""),
    ]


def _index(value: Any) -> str:
    return number(value, 2)


def _months(months: Sequence[float | None]) -> Chart:
    return columns(
        [name for _number, name in month_names()],
        months,
        label=_("Contacts of each month against an average month, which is 1"),
        first=_("Month"),
        name=_("Index"),
        peak=_("Peak") if len({one for one in months if one is not None}) > 1 else None,
        write=_index,
    )


def _week(weekdays: Sequence[float]) -> Chart:
    open_days = sum(one > 0 for one in weekdays)
    mean = sum(weekdays) / open_days
    return columns(
        [str(name) for name in WEEKDAY_NAMES.values()],
        [one / mean for one in weekdays],
        label=_("Contacts of each weekday against the average of the days with contacts, which is 1"),
        first=_("Weekday"),
        name=_("Index"),
        peak=_("Peak") if len(set(weekdays)) > 1 else None,
        write=_index,
    )


def _day(shape: Patterns) -> Chart:
    """The profile of the busiest weekday; parts of the day before the first contact and after the last are left out."""
    busiest = max(range(len(shape.weekdays)), key=lambda day: (shape.weekdays[day], -day))
    profile = shape.profiles[busiest]
    used = [at for at, one in enumerate(profile) if one > 0] or [0, len(profile) - 1]
    part, whole = DAY_MINUTES // len(profile), sum(profile) or 1.0
    shown = range(used[0], used[-1] + 1)
    return columns(
        [f"{at * part // 60:02d}:{at * part % 60:02d}" for at in shown],
        [profile[at] / whole for at in shown],
        label=_("Share of the day's contacts in each part of a %(day)s", day=list(WEEKDAY_NAMES.values())[busiest]),
        first=_("From"),
        name=_("Share of the day"),
        peak=_("Peak") if len(set(profile)) > 1 else None,
        write=lambda value: percent(value, 1),
    )


def oddities_of(document: Mapping[str, Any], zone: str) -> list[Oddity]:
    """What a file's document (`Look.as_document`) says is odd; empty for files read before that was kept."""
    odd = document.get("odd")
    if odd is None:
        return []
    doubles = document["doubles"]
    count = doubles["all"]
    again = _odd(
        count,
        ngettext("%(num)d line whose time was there before", "%(num)d lines whose time was there before", count),
        [_("line %(line)s: %(time)s", line=line, time=when) for line, when in doubles["some"]],
    )
    return [one for one in (again, *_of_days(odd, zone)) if one is not None]


def _of_days(odd: Mapping[str, Any], zone: str) -> list[Oddity | None]:
    holes, partial, missing = odd["holes"], odd["partial_days"], odd["missing"]
    parts, changes, skipped = odd["partial_intervals"], odd["clock_changes"], odd["skipped"]
    return [
        _odd(
            holes["all"],
            ngettext("%(num)d gap within a day", "%(num)d gaps within a day", holes["all"]),
            [
                f"{datetime_zoned(datetime.fromisoformat(at), zone)}, "
                + ngettext("%(num)d minute", "%(num)d minutes", minutes)
                for at, minutes in holes["some"]
            ],
        ),
        _odd(
            missing["all"],
            ngettext("%(num)d day without a line", "%(num)d days without a line", missing["all"]),
            [date(Date.fromisoformat(day)) for day in missing["some"]],
        ),
        _odd(
            partial["all"],
            ngettext("%(num)d day begins late or ends early", "%(num)d days begin late or end early", partial["all"]),
            [
                f"{date(Date.fromisoformat(day))}, {_clock(first)}–{_clock(last)}"
                for day, first, last, *_usual in partial["some"]
            ],
        ),
        _odd(
            parts["all"],
            _("Intervals that lines cover only in part count for that part"),
            [
                f"{_clock(minute)}, "
                + ngettext("%(num)d minute", "%(num)d minutes", seconds // 60)
                + ", "
                + ngettext("%(num)d day", "%(num)d days", on_days)
                for minute, seconds, on_days in parts["some"]
            ],
            "info",
        ),
        _odd(
            changes["all"],
            ngettext(
                "%(num)d day on which the clocks change", "%(num)d days on which the clocks change", changes["all"]
            ),
            [
                date(Date.fromisoformat(day)) + ", " + _("%(hours)s hours", hours=number(hours))
                for day, hours in changes["some"]
            ],
            "info",
        ),
        _odd(
            skipped,
            ngettext(
                "%(num)d empty line in an hour that the clocks left out",
                "%(num)d empty lines in an hour that the clocks left out",
                skipped,
            ),
            [],
            "info",
        ),
    ]


def _odd(count: int, sentence: str, examples: list[str], tone: str = "warn") -> Oddity | None:
    """One that was found `count` times, or None."""
    shown = examples[:SHOWN]
    return Oddity(sentence, shown, count - len(shown) if shown else 0, tone) if count else None


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
