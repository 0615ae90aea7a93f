"""A staffing plan in words and charts: what the page of a requirement's staffing shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date as Date
from decimal import Decimal
from typing import Any, NamedTuple

from babel.dates import get_day_names
from flask_babel import gettext as _

from blueprints.shared.choices import spoken_name
from blueprints.shared.formatting import number, percent, reader_locale, signed
from blueprints.shared.requirement_view import month_names
from portal.kit.charts import Chart, columns, share_bar, steps
from portal.measures.words import CHANNEL_NAMES, Channel
from portal.needs.planning import Planning
from portal.needs.staffing.arrivals import Group
from portal.needs.staffing.figures import Figures, StaffedInterval
from portal.needs.staffing.limits import LIMITS, limits_of
from portal.needs.staffing.plan import Period
from portal.needs.staffing.sensitivity import Lever, Row
from portal.needs.staffing_report import TwoTeams, Week, Year, intervals_of, week_of, year_of

PERCENT = 100


class GroupLine(NamedTuple):
    """One channel in one language over the planned year."""

    channel: Any
    language: str
    waits: bool
    promise: str
    contacts_month: float
    fte: float
    figures: Figures


class ChangeLine(NamedTuple):
    """One row of what changes the number."""

    words: str
    seats: int
    agent_hours: float
    fte: float
    more: float | None


@dataclass(frozen=True, slots=True)
class StaffingView:
    """Everything the page shows of one plan. `channel` narrows the day only; empty is all of them."""

    planning: Planning
    year: Year
    week: Week
    day: Date
    channel: str
    channels: list[tuple[str, Any]]
    groups: list[GroupLine]
    days: list[tuple[str, Period]]
    intervals: list[tuple[str, StaffedInterval]]
    contacts_chart: Chart | None
    agents_chart: Chart | None
    months_chart: Chart
    teams_chart: Chart | None
    changes: list[ChangeLine]
    limits: list[Any]

    @property
    def teams(self) -> TwoTeams | None:
        """Both sides of a partial outsourcing."""
        return self.week.teams

    @property
    def peak_month(self) -> Any:
        """The month with the most people."""
        return max(self.year.months, key=lambda one: one.period.fte)


def view_of_plan(planning: Planning, day: Date | None, channel: str) -> StaffingView:
    """Plan and describe. `day` outside the planned time is taken as not chosen: the busiest one is shown then."""
    demands, work = planning.demands, planning.work
    year = year_of(demands, planning.first, planning.last, work)
    day = day if day and planning.first <= day <= planning.last else year.busiest
    week = week_of(demands, day, work, planning.split)
    known = list(dict.fromkeys(one.group.channel for one in demands))
    channel = channel if channel in known else ""
    shown = tuple(one for one in demands if not channel or one.group.channel == channel)
    intervals = [(_clock(one), one) for one in intervals_of(shown, day, work)]
    interval_s = demands[0].coverage.interval_s
    limits = limits_of(zip(year.groups, year.whole.groups, strict=True), interval_s)
    names = get_day_names("wide", context="stand-alone", locale=reader_locale())
    return StaffingView(
        planning=planning,
        year=year,
        week=week,
        day=day,
        channel=channel,
        channels=[(one.value, CHANNEL_NAMES[one]) for one in known],
        groups=_groups(planning, year),
        days=[(names[one.first.weekday()], one) for one in week.days],
        intervals=intervals,
        contacts_chart=_contacts(intervals),
        agents_chart=_agents(intervals),
        months_chart=_months(year),
        teams_chart=_teams(week.teams),
        changes=[_change(row) for row in week.what_if],
        limits=[LIMITS[limit] for limit in limits],
    )


def _clock(one: StaffedInterval) -> str:
    text = f"{one.slot.minute // 60:02d}:{one.slot.minute % 60:02d}"
    return _("%(time)s again", time=text) if one.slot.again else text


def _groups(planning: Planning, year: Year) -> list[GroupLine]:
    months = year.whole.days / (365.25 / 12)
    hours = planning.work.week_hours * year.whole.days / 7
    return [
        GroupLine(
            channel=CHANNEL_NAMES[group.channel],
            language=spoken_name(group.language),
            waits=group.is_real_time,
            promise=_promise(group),
            contacts_month=figures.contacts / months,
            fte=planning.work.paid_hours(figures.agent_hours) / hours,
            figures=figures,
        )
        for group, figures in zip(year.groups, year.whole.groups, strict=True)
    ]


def _promise(group: Group) -> str:
    """What the group is staffed for; deferred work is staffed so that all of it is done within the time."""
    target = group.target
    if not group.is_real_time:
        return _("within %(hours)s h", hours=number(Decimal(str(target.within_s)) / 3600, 0))
    words = _("%(share)s in %(seconds)s s", share=percent(target.share, 0), seconds=number(target.within_s, 0))
    if target.max_asa_s is not None:
        words = _("%(promise)s, ASA at most %(seconds)s s", promise=words, seconds=number(target.max_asa_s, 0))
    if group.channel is Channel.CHAT:
        words = _("%(promise)s, %(chats)s at once", promise=words, chats=number(group.concurrency))
    return words


def _contacts(intervals: Sequence[tuple[str, StaffedInterval]]) -> Chart | None:
    if not intervals:
        return None
    return columns(
        [name for name, _one in intervals],
        [one.contacts for _name, one in intervals],
        label=_("Contacts in each half-hour of the day"),
        first=_("From"),
        name=_("Contacts"),
        peak=_("Peak") if len({one.contacts for _name, one in intervals}) > 1 else None,
        write=lambda value: number(value, 0),
    )


def _agents(intervals: Sequence[tuple[str, StaffedInterval]]) -> Chart | None:
    if not intervals:
        return None
    return steps(
        [name for name, _one in intervals],
        [one.agents for _name, one in intervals],
        label=_("People at work in each half-hour of the day"),
        first=_("From"),
        name=_("People"),
        write=lambda value: number(value, 0),
    )


def _months(year: Year) -> Chart:
    names = dict(month_names())  # twelve months at most: each name stands once, and the card says from when to when
    return columns(
        [names[one.begins.month] for one in year.months],
        [one.period.fte for one in year.months],
        label=_("Full-time people in each month of the term"),
        first=_("Month from"),
        name=_("FTE"),
        peak=_("Peak") if len(year.months) > 1 else None,
        kind="one_time",
        write=lambda value: number(value, 1 if value % 1 else 0),
    )


def _teams(teams: TwoTeams | None) -> Chart | None:
    if teams is None:
        return None
    parts = [("compare", _("Your team"), teams.retained.fte), ("one_time", _("Vendor"), teams.vendor.fte)]
    sentence = _("Full-time people of your team and of the vendor")
    return share_bar(parts, label=sentence, first=_("Side"), name=_("FTE"), write=lambda value: number(value, 1))


def _change(row: Row) -> ChangeLine:
    points = signed(round(row.change * PERCENT))
    words = {
        Lever.NOTHING: _("As it is"),
        Lever.VOLUME: _("Contacts %(change)s %%", change=points),
        Lever.HANDLE_TIME: _("Handle time %(change)s %%", change=points),
        Lever.SERVICE_LEVEL: _("Answered in time %(change)s points", change=points),
    }[row.lever]
    more = None if row.lever is Lever.NOTHING else row.more_fte
    return ChangeLine(words, row.seats, row.agent_hours, row.fte, more)
