"""A requirement as pages show it, to its buyer and to vendors: words, volumes and charts."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from babel.dates import get_month_names
from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import date, duration, listed, number, percent, reader_locale
from portal.kit.charts import Chart, columns
from portal.measures import words
from portal.measures.catalogue import measure
from portal.measures.definitions import Unit
from portal.needs.completeness import channel_volume
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.states import GOAL_NAMES, SPLIT_NAMES
from portal.needs.summary import MONTHS, Summary, summary_of
from portal.needs.targets import WITHIN_SECONDS, is_lower_better, unit_of


class ChannelView(NamedTuple):
    """One channel in words and figures."""

    name: Any
    row: RequirementChannel
    yearly: Decimal | None
    fte: Decimal | None
    target: str
    minimum: str


class RequirementView(NamedTuple):
    """Everything about a requirement that its buyer and the vendors may both read."""

    requirement: Requirement
    channels: list[ChannelView]
    summary: Summary
    facts: list[str]
    goals: list[Any]
    service_types: list[Any]
    industry: Any
    country: str
    split: Any
    hours: list[tuple[Any, str]]
    languages: list[tuple[str, Any, str]]


def view_of(requirement: Requirement, channels: Sequence[RequirementChannel]) -> RequirementView:
    """Read a requirement for showing it."""
    summary = summary_of([channel_volume(row) for row in channels])
    figures = {one.channel: one for one in summary.channels}
    return RequirementView(
        requirement=requirement,
        channels=[_channel(row, figures.get(row.channel)) for row in channels],
        summary=summary,
        facts=facts_of(requirement, channels),
        goals=[GOAL_NAMES[goal] for goal in requirement.goals],
        service_types=[words.SERVICE_TYPE_NAMES[kind] for kind in requirement.service_types],
        industry=words.INDUSTRY_NAMES.get(requirement.industry, ""),
        country=country_name(requirement.country),
        split=SPLIT_NAMES.get(requirement.split_rule or "", ""),
        hours=_hours(requirement),
        languages=[
            (spoken_name(one["code"]), words.LEVEL_NAMES[one["level"]], share_of(one["share"]))
            for one in requirement.languages
        ],
    )


def facts_of(requirement: Requirement, channels: Sequence[RequirementChannel]) -> list[str]:
    """The line under the title: form of outsourcing, channels, languages, start and length."""
    names = [str(words.CHANNEL_NAMES[row.channel]) for row in channels]
    languages = [f"{spoken_name(one['code'])} {share_of(one['share'])}" for one in requirement.languages]
    facts = [str(words.MODE_NAMES[requirement.mode]), listed(names, common=True), listed(languages)]
    if requirement.start_on and requirement.term_months:
        facts.append(
            ngettext(
                "Start %(day)s, %(num)d month",
                "Start %(day)s, %(num)d months",
                requirement.term_months,
                day=date(requirement.start_on),
            )
        )
    return [fact for fact in facts if fact]


def share_of(text: str) -> str:
    """A share as 80 % or 12.5 %."""
    share = Decimal(text)
    return percent(share, 0 if share == share.to_integral_value() else 1, of_hundred=True)


def figure_of(metric: str, value: Decimal | float, places: int | None = None) -> str:
    """A value of a measure with its unit: ``80 %``, ``25 s``, ``4.3``."""
    written, unit = number(value, places), unit_of(metric)
    if unit is Unit.SECONDS:
        return _("%(figure)s s", figure=written)
    return f"{written}\u00a0%" if unit is Unit.PERCENT else written


def goal_of(metric: str | None, value: str | None, seconds: int | None = None) -> str:
    """A target or minimum in words: ``at least 80 % within 20 s``; '' where there is none."""
    if metric is None or value is None:
        return ""
    figure = figure_of(metric, Decimal(value))
    if metric in WITHIN_SECONDS and seconds is not None:
        return _("at least %(figure)s within %(time)s", figure=figure, time=duration(seconds))
    if is_lower_better(metric):
        return _("at most %(figure)s", figure=figure)
    return _("at least %(figure)s", figure=figure)


def month_names() -> list[tuple[int, str]]:
    """The calendar months in the reader's language, short."""
    names = get_month_names("abbreviated", context="stand-alone", locale=reader_locale())
    return [(month, names[month]) for month in MONTHS]


def months_chart(summary: Summary) -> Chart | None:
    """Contacts by calendar month, or None without volumes."""
    if not summary.channels:
        return None
    names = [name for _number, name in month_names()]
    peak = _("Peak") if summary.has_seasons else None
    return columns(
        names,
        list(summary.months),
        label=_("Contacts in each calendar month, all channels together"),
        first=_("Month"),
        name=_("Contacts"),
        peak=peak,
        write=lambda value: number(value, 0),
    )


def day_chart(findings: dict[str, Any]) -> Chart:
    """The mean contacts per hour on the busiest weekday of an interval file; hours without any are left out."""
    day = findings["busiest_weekday"]
    values = [Decimal(value) for value in findings["profile"][day]]
    used = [hour for hour, value in enumerate(values) if value]
    first, last = (min(used), max(used)) if used else (0, 23)
    name = list(words.WEEKDAY_NAMES.values())[day]
    return columns(
        [f"{hour:02d}" for hour in range(first, last + 1)],
        values[first : last + 1],
        label=_("Mean contacts per hour on a %(day)s, from the file", day=name),
        first=_("Hour"),
        name=_("Contacts"),
        peak=_("Peak"),
        write=lambda value: number(value, 0),
    )


def _channel(row: RequirementChannel, figures: Any) -> ChannelView:
    name = measure(row.target_metric).name if row.target_metric else ""
    target = goal_of(row.target_metric, row.target_value, row.target_seconds)
    return ChannelView(
        name=words.CHANNEL_NAMES[row.channel],
        row=row,
        yearly=figures.yearly if figures else None,
        fte=figures.fte if figures else None,
        target=f"{name}: {target}" if target else "",
        minimum=goal_of(row.target_metric, row.target_minimum, row.target_seconds),
    )


def _hours(requirement: Requirement) -> list[tuple[Any, str]]:
    if requirement.is_24x7:
        return [(_("Every day"), _("around the clock"))]
    return [
        (name, listed(f"{opens}–{closes}" for opens, closes in requirement.hours.get(day, ())) or _("closed"))
        for day, name in words.WEEKDAY_NAMES.items()
    ]
