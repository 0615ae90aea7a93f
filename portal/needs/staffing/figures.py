"""Staffing of intervals, and what their figures are over a day, a week or a month.

A service level or a waiting time of several intervals is the mean by contacts, never the plain mean; an interval
without demand has none and counts for neither side. Occupancy is hours of handling over hours at work.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.measures.words import Channel
from portal.needs.staffing.arrivals import Group, Interval
from portal.needs.staffing.chat import CHAT_OCCUPANCY, required_chat
from portal.needs.staffing.coverage import Slot
from portal.needs.staffing.deferred import DEFERRED_OCCUPANCY, SECONDS, densest_hour, required_deferred
from portal.needs.staffing.erlang import Queue, required


class StaffedInterval(NamedTuple):
    """One interval with its agents and what is expected of them; deferred work has no service level or wait."""

    slot: Slot
    contacts: float
    agents: int
    service_level: float | None
    asa_s: float | None
    occupancy: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over intervals, and the figures that follow from them.

    :ivar agent_s: seconds of agents at work, `busy_s` seconds of them spent handling
    :ivar in_time: contacts expected to be answered in time, and `waited_s` their waiting, of `queued` contacts
    :ivar peak: the most agents of this group at work at once
    """

    contacts: float = 0.0
    agent_s: float = 0.0
    busy_s: float = 0.0
    queued: float = 0.0
    in_time: float = 0.0
    waited_s: float = 0.0
    peak: int = 0

    @property
    def agent_hours(self) -> float:
        """Hours of agents at work."""
        return self.agent_s / SECONDS

    @property
    def service_level(self) -> float | None:
        """The share of queued contacts answered in time; None without any."""
        return self.in_time / self.queued if self.queued else None

    @property
    def asa_s(self) -> float | None:
        """The average speed of answer of queued contacts, in seconds; None without any."""
        return self.waited_s / self.queued if self.queued else None

    @property
    def occupancy(self) -> float | None:
        """Handling time over time at work; None where nobody is at work."""
        return self.busy_s / self.agent_s if self.agent_s else None


def total(parts: Iterable[Figures]) -> Figures:
    """The figures of several days or groups as one."""
    contacts = agent_s = busy_s = queued = in_time = waited_s = 0.0
    peak = 0
    for part in parts:
        contacts += part.contacts
        agent_s += part.agent_s
        busy_s += part.busy_s
        queued += part.queued
        in_time += part.in_time
        waited_s += part.waited_s
        peak = max(peak, part.peak)
    return Figures(contacts, agent_s, busy_s, queued, in_time, waited_s, peak)


@dataclass(frozen=True, slots=True)
class StaffedDay:
    """A day of one group: its intervals and their figures."""

    intervals: tuple[StaffedInterval, ...]
    figures: Figures


def together(groups: Iterable[StaffedDay]) -> tuple[StaffedInterval, ...]:
    """The intervals of a day with all groups in one: people added up, their figures weighed as those of a period."""
    found: dict[tuple[int, bool], list[StaffedInterval]] = {}
    for group in groups:
        for one in group.intervals:
            found.setdefault((one.slot.minute, one.slot.again), []).append(one)
    return tuple(_as_one(found[key]) for key in sorted(found))


def _as_one(parts: Sequence[StaffedInterval]) -> StaffedInterval:
    agents, queued = sum(one.agents for one in parts), [one for one in parts if one.service_level is not None]
    contacts = sum(one.contacts for one in queued)
    busy = sum(one.occupancy * one.agents for one in parts)
    return StaffedInterval(
        slot=max((one.slot for one in parts), key=lambda slot: slot.seconds),
        contacts=sum(one.contacts for one in parts),
        agents=agents,
        service_level=sum(one.contacts * (one.service_level or 0) for one in queued) / contacts if contacts else None,
        asa_s=sum(one.contacts * (one.asa_s or 0) for one in queued) / contacts if contacts else None,
        occupancy=busy / agents if agents else 0.0,
    )


def staff_day(group: Group, intervals: tuple[Interval, ...]) -> StaffedDay:
    """The fewest agents of a group in each interval of a day."""
    return _queue_day(group, intervals) if group.is_real_time else _deferred_day(group, intervals)


def _queue_day(group: Group, intervals: tuple[Interval, ...]) -> StaffedDay:
    staffed = []
    agent_s = busy_s = queued = in_time = waited_s = 0.0
    for slot, contacts in intervals:
        agents, queue = _agents(group, contacts, slot.seconds)
        staffed.append(StaffedInterval(slot, contacts, agents, queue.service_level, queue.asa_s, queue.occupancy))
        agent_s += agents * slot.seconds
        busy_s += queue.occupancy * agents * slot.seconds
        if queue.service_level is not None and queue.asa_s is not None:
            queued += contacts
            in_time += contacts * queue.service_level
            waited_s += contacts * queue.asa_s
    contacts = sum(one.contacts for one in intervals)
    peak = max((one.agents for one in staffed), default=0)
    return StaffedDay(tuple(staffed), Figures(contacts, agent_s, busy_s, queued, in_time, waited_s, peak))


def _agents(group: Group, contacts: float, seconds: int) -> tuple[int, Queue]:
    if group.channel is Channel.PHONE:
        queue = required(contacts, group.aht_s, seconds, group.target)
        return queue.agents, queue
    if group.channel is Channel.CHAT:
        chat = required_chat(contacts, group.aht_s, seconds, group.target, group.concurrency)
        return chat.agents, chat.slots
    queue = required(contacts, group.aht_s, seconds, group.target.capped_at(CHAT_OCCUPANCY))
    return queue.agents, queue


def _deferred_day(group: Group, intervals: tuple[Interval, ...]) -> StaffedDay:
    """The same agents throughout the day; its hours of work count as they are, its people as whole ones."""
    contacts = sum(one.contacts for one in intervals)
    open_s = sum(one.slot.seconds for one in intervals)
    if not open_s:
        return StaffedDay((), Figures())
    target = group.target
    arrivals = [(one.slot.seconds / SECONDS, one.contacts) for one in intervals]
    day = required_deferred(
        contacts,
        group.aht_s,
        open_s / SECONDS,
        occupancy=target.max_occupancy or DEFERRED_OCCUPANCY,
        min_agents=target.min_agents,
        per_hour=densest_hour(arrivals, target.within_s / SECONDS),
    )
    people, agent_s, busy_s = day.whole_agents, day.agents * open_s, day.work_hours * SECONDS
    occupancy = busy_s / agent_s if agent_s else 0.0
    staffed = tuple(StaffedInterval(one.slot, one.contacts, people, None, None, occupancy) for one in intervals)
    return StaffedDay(staffed, Figures(contacts, agent_s, busy_s, peak=people))
