"""A staffing plan as a JSON document: what is asked, read strictly, and what comes out, rounded for reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from portal.kit.calculators import Document
from portal.kit.fields import Fields
from portal.measures.words import WEEKDAY_NAMES, Channel
from portal.needs.demands import USUAL
from portal.needs.staffing.arrivals import Demand, Group, arrivals
from portal.needs.staffing.coverage import HALF_HOUR, Coverage, coverage, public_holidays
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.limits import limits_of
from portal.needs.staffing.patterns import FLAT_DAY, WEEKDAYS, Patterns
from portal.needs.staffing.plan import Period, Plan, plan
from portal.needs.staffing.sensitivity import sensitivity
from portal.needs.staffing.split import Split, pooling, sides
from portal.needs.staffing.worktime import WorkTime
from portal.needs.states import SplitRule

HUNDRED = Decimal(100)
MAX_DAYS, MAX_AHT_S, MAX_SECONDS = 3 * 366, 7200, 30 * 86_400
MAX_LANGUAGES = 20
MAX_AGENTS = 100_000
DIGITS = 4
_WEEK, _MONTH = timedelta(days=6), timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a plan is asked for."""

    first: date
    last: date
    demands: tuple[Demand, ...]
    work: WorkTime
    split: Split | None


def read_plan(doc: Fields) -> Asked:
    """Read what is asked. Shares of languages and growth are percent."""
    first, last = _day(doc, "first"), _day(doc, "last")
    if not first <= last <= first + timedelta(days=MAX_DAYS):
        raise doc.error("last", "must not lie before first, and at most three years after it")
    hours, work = _coverage(doc, first, last), _work(doc)
    profile = tuple(float(one) for one in doc.numbers("profile")) if doc.has("profile") else FLAT_DAY
    weekdays = tuple(float(one) for one in doc.numbers("weekdays")) if doc.has("weekdays") else (1.0,) * WEEKDAYS
    patterns = Patterns.of_one_profile(profile, weekdays)
    growth = float(doc.number("growth_pct", Decimal(0), least=-99, most=1000) / HUNDRED)
    shares = doc.mapping("languages") or {"": HUNDRED}
    if sum(shares.values()) != HUNDRED or len(shares) > MAX_LANGUAGES:
        raise doc.error("languages", f"must be at most {MAX_LANGUAGES} shares that add up to 100")
    channels = doc.children("channels", _channel, required=True)
    if not channels:
        raise doc.error("channels", "must hold at least one")
    demands = tuple(
        Demand(
            Group(one.channel, one.aht_s, one.target, language, one.segment, one.concurrency),
            tuple(volume * float(share / HUNDRED) for volume in monthly),
            hours,
            patterns,
            growth,
            first,
        )
        for one, monthly in channels
        for language, share in shares.items()
    )
    return Asked(first, last, demands, work, doc.optional_child("split", lambda inner: _split(inner, hours)))


def plan_document(asked: Asked) -> dict[str, Any]:
    """The plan by week and month, the loss of pooling, both sides where divided, what-if, and the model's limits."""
    found = plan(asked.demands, asked.first, asked.last, asked.work)
    parts = [arrivals(demand, asked.first, asked.last) for demand in asked.demands]
    apart = pooling(parts, asked.first, asked.last, asked.work)
    end_of_week = min(asked.last, asked.first + _WEEK)
    groups = zip(found.groups, found.whole().groups, strict=True)
    interval_s = asked.demands[0].coverage.interval_s
    answer: dict[str, Any] = {
        "groups": [_group(group) for group in found.groups],
        "weeks": [_period(one) for one in found.by_week()],
        "months": [_period(one) for one in found.by_month()],
        "busiest_day": _intervals(found),
        "pooling": {"more_agents": apart.more_agents, "more_fte": _short(apart.more_fte)},
        "what_if": [
            {"lever": row.lever.value, "change": row.change, "fte": _short(row.fte), "seats": row.seats}
            for row in sensitivity(asked.demands, asked.first, end_of_week, asked.work)
        ],
        "limits": [one.value for one in limits_of(groups, interval_s, inefficiency=asked.work.inefficiency)],
    }
    if asked.split:
        both = sides(parts, asked.split, asked.first, asked.last, asked.work)
        answer["split"] = {
            "retained": _period(both.retained.whole()),
            "vendor": _period(both.vendor.whole()),
            "more_agents": both.more_agents,
            "more_fte": _short(both.more_fte),
        }
    return answer


def _coverage(doc: Fields, first: date, last: date) -> Coverage:
    closed = {_date(doc, "closed", text) for text in doc.texts("closed")}
    country = doc.optional_text("country", most=2)
    if country:
        # The months at both ends are spread over all their open days, also those outside the plan.
        closed |= public_holidays(country, first - _MONTH, last + _MONTH)
    is_24x7 = doc.flag("is_24x7", False)
    hours: Document = {} if is_24x7 else doc.child("hours", lambda inner: {d: _spans(inner, d) for d in WEEKDAY_NAMES})
    zone, interval_s = doc.text("zone"), doc.whole("interval_s", HALF_HOUR)
    return coverage(zone, hours, is_24x7=is_24x7, closed=closed, interval_s=interval_s)


def _spans(doc: Fields, day: str) -> list[list[str]]:
    """Spans written as 08:00-12:00, for example ["08:00-12:00", "13:00-17:00"]."""
    found = [text.split("-") for text in doc.texts(day)]
    if any(len(span) != 2 for span in found):
        raise doc.error(day, "must be spans such as 08:00-20:00")
    return found


def _work(doc: Fields) -> WorkTime:
    return WorkTime(
        shrinkage=below_one(doc, "shrinkage", Decimal("0.30")),
        week_hours=float(doc.number("week_hours", Decimal(40), above=0, most=168)),
        inefficiency=float(doc.number("inefficiency", Decimal(1), least=1, most=2)),
    )


def _channel(doc: Fields) -> tuple[Group, tuple[float, ...]]:
    channel = doc.choice("channel", Channel)
    usual = USUAL[channel]
    target = read_target(doc, usual)
    group = Group(
        channel,
        float(doc.number("aht_s", least=1, most=MAX_AHT_S)),
        target,
        segment=doc.text("segment", ""),
        concurrency=doc.whole("concurrency", 1, least=1, most=10),
    )
    monthly = tuple(float(one) for one in doc.numbers("monthly"))
    if len(monthly) not in (1, 12):
        raise doc.error("monthly", "must be one volume or twelve")
    return group, monthly


def read_target(doc: Fields, usual: Target) -> Target:
    """The target of a queue: `sl`, `t_s`, `occ_max`, `min_agents`, `asa_max`; what is left out is as `usual`."""
    cap, slowest = doc.optional_number("occ_max", most=1), doc.optional_number("asa_max", above=0)
    if cap is not None and cap < Decimal("0.5"):
        raise doc.error("occ_max", "must be 0.5 or more")
    share = below_one(doc, "sl", Decimal(str(usual.share)))
    if share <= 0:
        raise doc.error("sl", "must be above 0")
    return Target(
        share=share,
        within_s=float(doc.number("t_s", Decimal(str(usual.within_s)), most=MAX_SECONDS)),
        max_occupancy=None if cap is None else float(cap),
        min_agents=doc.whole("min_agents", usual.min_agents, most=MAX_AGENTS),
        max_asa_s=None if slowest is None else float(slowest),
    )


def below_one(doc: Fields, key: str, default: Decimal) -> float:
    """A share that leaves something: 0 or more and below 1."""
    value = doc.number(key, default)
    if value >= 1:
        raise doc.error(key, "must be below 1")
    return float(value)


def _split(doc: Fields, hours: Coverage) -> Split:
    rule = doc.choice("rule", SplitRule)
    vendors = doc.optional_child("hours", lambda inner: {day: _spans(inner, day) for day in WEEKDAY_NAMES})
    own = doc.mapping("own_agents")
    if set(own) - set(Channel):
        raise doc.error("own_agents", "must be numbers of agents by channel: " + ", ".join(Channel))
    return Split(
        rule=rule,
        to_vendor=frozenset(doc.texts("to_vendor")),
        share=float(doc.number("share_pct", Decimal(0), most=100) / HUNDRED),
        hours=None if vendors is None else coverage(hours.zone, vendors, interval_s=hours.interval_s),
        own_agents={Channel(name): int(number) for name, number in own.items()},
    )


def _day(doc: Fields, key: str) -> date:
    found = doc.optional_date(key)
    if found is None:
        raise doc.error(key, "is missing")
    return found


def _date(doc: Fields, key: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise doc.error(key, "must be dates such as 2026-03-31") from error


def _group(group: Group) -> dict[str, Any]:
    found = {"channel": group.channel.value, "language": group.language, "segment": group.segment}
    return {**found, "model": "queue" if group.is_real_time else "deferred"}


def _period(one: Period) -> dict[str, Any]:
    return {
        "first": one.first.isoformat(),
        "last": one.last.isoformat(),
        "days": one.days,
        "contacts": _short(one.figures.contacts),
        "agent_hours": _short(one.figures.agent_hours),
        "paid_hours": _short(one.paid_hours),
        "fte": _short(one.fte),
        "seats": one.seats,
        "groups": [
            {
                "agent_hours": _short(group.agent_hours),
                "peak": group.peak,
                "sl": _short(group.service_level),
                "asa_s": _short(group.asa_s),
                "occ": _short(group.occupancy),
            }
            for group in one.groups
        ],
    }


def _intervals(found: Plan) -> dict[str, Any]:
    """The intervals of the day with most agents at once."""
    day = max(found.days, key=lambda one: one.seats)
    return {
        "day": day.day.isoformat(),
        "groups": [
            [
                {
                    "at": f"{one.slot.minute // 60:02d}:{one.slot.minute % 60:02d}",
                    "contacts": _short(one.contacts),
                    "n": one.agents,
                    "sl": _short(one.service_level),
                    "occ": _short(one.occupancy),
                }
                for one in group.intervals
            ]
            for group in day.groups
        ],
    }


def _short(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
