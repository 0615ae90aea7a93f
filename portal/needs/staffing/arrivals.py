"""Who calls when: the contacts of one group of agents, by day and interval.

A group is what one pool of people takes: a channel in one language. Languages, and the two sides of a partial
outsourcing, are groups of their own, for a French call cannot be taken by who speaks no French.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import NamedTuple

from portal.kit.calculators import CalculationError
from portal.measures.words import Channel
from portal.needs.staffing.coverage import Coverage, Slot
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.patterns import Patterns, grown, over_slots

REAL_TIME_S = 3600
"""E-mail and social media that promise an answer within an hour are staffed like a queue, else like a pile."""
_QUEUES = frozenset({Channel.PHONE, Channel.CHAT})


class Interval(NamedTuple):
    """Contacts of one open interval of a day: its slot, and how many arrive in it."""

    slot: Slot
    contacts: float


@dataclass(frozen=True, slots=True)
class Group:
    """One pool of agents. `concurrency` is of chat: conversations an agent holds at once."""

    channel: Channel
    aht_s: float
    target: Target = field(default_factory=Target)
    language: str = ""
    segment: str = ""
    concurrency: int = 1

    def __post_init__(self) -> None:
        if self.concurrency < 1:
            raise CalculationError("concurrency", "must be 1 conversation or more")

    @property
    def is_real_time(self) -> bool:
        """Whether customers wait in a queue (Erlang C), or for an answer within hours (deferred work)."""
        return self.channel in _QUEUES or self.target.within_s <= REAL_TIME_S


@dataclass(frozen=True, slots=True)
class Arrivals:
    """The contacts of a group by day, each with its open intervals in the order of time; closed days are left out."""

    group: Group
    days: Mapping[date, tuple[Interval, ...]]

    @property
    def contacts(self) -> float:
        """All contacts."""
        return sum(one.contacts for intervals in self.days.values() for one in intervals)


@dataclass(frozen=True, slots=True)
class Demand:
    """What a group is asked for over time.

    :ivar monthly: contacts of an average month, or twelve from January to December
    :ivar growth: yearly, 0.05 for 5 %; counted in whole years from `starts`
    :ivar factors: days whose contacts are multiplied, such as campaigns; what they bring comes on top of the month
    """

    group: Group
    monthly: tuple[float, ...]
    coverage: Coverage
    patterns: Patterns = field(default_factory=Patterns)
    growth: float = 0.0
    starts: date | None = None
    factors: Mapping[date, float] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if len(self.monthly) not in (1, 12) or min(self.monthly) < 0:
            raise CalculationError("monthly", "must be one volume or twelve, each 0 or more")

    def in_month(self, first: date) -> float:
        """Contacts of the calendar month that begins on `first`, grown."""
        volume = self.monthly[0] if len(self.monthly) == 1 else self.monthly[first.month - 1]
        starts = self.starts or first
        years = max(0, (first.year - starts.year) * 12 + first.month - starts.month) // 12
        return volume * grown(self.growth, years + 1)

    def scaled(self, factor: float) -> "Demand":
        """The same with all volumes times `factor`."""
        return replace(self, monthly=tuple(volume * factor for volume in self.monthly))


def arrivals(demand: Demand, first: date, last: date) -> Arrivals:
    """The contacts of every open day from `first` to `last`, both included.

    A month's volume is spread over all its open days, also those before `first` and after `last`: half a month
    brings about half of it.
    """
    days: dict[date, tuple[Interval, ...]] = {}
    known: dict[tuple[int, tuple[Slot, ...], float], tuple[Interval, ...]] = {}
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=31)).replace(day=1)
        dates = [month + timedelta(days=number) for number in range((following - month).days)]
        slots = {day: demand.coverage.slots(day) for day in dates}
        weights = {day: demand.patterns.weekdays[day.weekday()] if slots[day] else 0.0 for day in dates}
        total, volume = sum(weights.values()), demand.in_month(month)
        for day in dates:
            if first <= day <= last and slots[day]:
                contacts = volume * weights[day] / total * demand.factors.get(day, 1.0) if total else 0.0
                kind = (day.weekday(), slots[day], contacts)
                if kind not in known:
                    known[kind] = _spread(contacts, slots[day], demand.patterns.profiles[day.weekday()])
                days[day] = known[kind]
        month = following
    return Arrivals(demand.group, days)


def pooled(parts: Sequence[Arrivals]) -> Arrivals:
    """The contacts of several groups as if one pool of agents took them all.

    Channel, target and concurrency are the first group's; the handle time is the mean by contacts.
    """
    contacts = [part.contacts for part in parts]
    whole = sum(contacts)
    times = [part.group.aht_s for part in parts]
    aht_s = times[0] if len(set(times)) == 1 or not whole else _mean(times, contacts)
    group = replace(parts[0].group, aht_s=aht_s, language="", segment="")
    days = {day: tuple(_together(parts, day)) for day in sorted({day for part in parts for day in part.days})}
    return Arrivals(group, days)


def _together(parts: Sequence[Arrivals], day: date) -> list[Interval]:
    found: dict[tuple[bool, int], Interval] = {}
    for part in parts:
        for slot, contacts in part.days.get(day, ()):
            key = (slot.again, slot.minute)
            other = found.get(key)
            if other is None:
                found[key] = Interval(slot, contacts)
            else:
                seconds = max(slot.seconds, other.slot.seconds)
                found[key] = Interval(slot._replace(seconds=seconds), other.contacts + contacts)
    return sorted(found.values(), key=lambda one: (one.slot.minute, one.slot.again))


def _spread(contacts: float, slots: tuple[Slot, ...], profile: tuple[float, ...]) -> tuple[Interval, ...]:
    return tuple(map(Interval, slots, over_slots(contacts, slots, profile)))


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True)) / sum(weights)
