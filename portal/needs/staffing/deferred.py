"""Deferred work, answered within hours rather than seconds: e-mail, tickets, social media with a long promise.

Such work waits until somebody is free, so it is staffed by its hours and not by Erlang. The agents of a day are a
fraction: a part of a day's work of one person is a part of a position, and whole people are counted at the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.kit.calculators import CalculationError
from portal.needs.staffing.erlang import TINY, whole

DEFERRED_OCCUPANCY = 0.90
SECONDS = 3600


@dataclass(frozen=True, slots=True)
class DeferredDay:
    """A day of deferred work: hours of handling, agents throughout the open hours, and contacts they can handle."""

    work_hours: float
    agents: float
    capacity: float

    @property
    def whole_agents(self) -> int:
        """People at their places."""
        return whole(self.agents)


def required_deferred(
    contacts: float,
    aht_s: float,
    open_hours: float,
    *,
    backlog: float = 0.0,
    occupancy: float = DEFERRED_OCCUPANCY,
    min_agents: int = 0,
    per_hour: float = 0.0,
) -> DeferredDay:
    """The agents that handle a day's contacts and `backlog` in its open hours: work hours ÷ (open hours × occupancy).

    `per_hour` is what must at least be handled in each hour so that answers keep their time: see `densest_hour`.
    """
    if contacts < 0 or backlog < 0:
        raise CalculationError("contacts", "must be 0 or more")
    if open_hours <= 0:
        raise CalculationError("open_hours", "must be above 0")
    if not 0.5 <= occupancy <= 1:
        raise CalculationError("occupancy", "must lie between 0.5 and 1")
    if contacts + backlog and aht_s <= 0:
        raise CalculationError("aht_s", "must be above 0 where there are contacts")
    work = (contacts + backlog) * aht_s / SECONDS
    keeping_time = per_hour * aht_s / (SECONDS * occupancy)
    agents = max(work / (open_hours * occupancy), keeping_time, float(min_agents))
    return DeferredDay(work, agents, capacity(agents, aht_s, open_hours, occupancy))


def capacity(agents: float, aht_s: float, hours: float, occupancy: float = DEFERRED_OCCUPANCY) -> float:
    """How many contacts `agents` handle in `hours`."""
    return agents * hours * occupancy * SECONDS / aht_s if aht_s > 0 else 0.0


def answers_in_time(
    agents: float,
    aht_s: float,
    response_hours: float,
    arrivals: float,
    *,
    backlog: float = 0.0,
    occupancy: float = DEFERRED_OCCUPANCY,
) -> bool:
    """Whether agents handle the backlog and what arrives in any `response_hours` within as many hours."""
    return capacity(agents, aht_s, response_hours, occupancy) >= backlog + arrivals - TINY


def days_to_clear(backlog: float, capacity_day: float, inflow_day: float) -> float | None:
    """Days until a backlog is gone: Q ÷ (capacity − inflow). None for never: what comes in is not kept up with."""
    if backlog <= 0:
        return 0.0
    return None if capacity_day <= inflow_day else backlog / (capacity_day - inflow_day)


def densest_hour(arrivals: Sequence[tuple[float, float]], response_hours: float) -> float:
    """The most contacts an hour over any stretch of `response_hours` or longer, of (hours, contacts) in a row.

    Who handles that many an hour never answers later than `response_hours`. A day shorter than that is one stretch.
    """
    hours, contacts = [0.0], [0.0]
    for length, count in arrivals:
        hours.append(hours[-1] + length)
        contacts.append(contacts[-1] + count)
    least, twice, most = min(response_hours, hours[-1]) - TINY, 2 * response_hours, 0.0
    for start in range(len(arrivals)):
        for end in range(start + 1, len(hours)):
            length = hours[end] - hours[start]
            if length < least:
                continue
            if (dense := (contacts[end] - contacts[start]) / length) > most:
                most = dense
            if length >= twice:
                break  # a longer stretch is made of two such, one of them at least as dense
    return most
