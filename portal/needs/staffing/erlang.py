"""Erlang B and Erlang C: how long a queue waits with so many agents, and how many agents a promise needs.

Erlang C assumes arrivals at random at a steady rate, one skill, and callers who never hang up; `limits` says what
that means for a reader. Everything here is ``float``: the probabilities have no finite decimals, and no amount of
money is ever made of them. Numbers of agents are whole.

Symbols of the formulas: A offered traffic in Erlang, N agents, B blocking (Erlang B), Pw probability of waiting
(Erlang C), t the seconds within which an answer counts.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, exp, floor

from portal.kit.calculators import CalculationError

TINY = 1e-9
"""What a quotient may lie above a whole number and still be that number: the noise of binary fractions."""
MAX_TRAFFIC = 100_000.0
"""Erlang. More than any service has; a larger number is a mistake, and would take long to compute."""
PHONE_OCCUPANCY = 0.85
LARGE_GROUP_OCCUPANCY = 0.88
LARGE_GROUP = 100
"""Agents from which on the higher cap is the default: large groups stay busy without long queues."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a queue promises, and within which bounds.

    :ivar share: the service level, above 0 and below 1
    :ivar within_s: seconds within which an answer counts, 0 or more
    :ivar max_occupancy: the cap on occupancy, 0.5 to 1; None takes the default of the channel
    :ivar min_agents: agents while open, whatever the volume
    :ivar max_asa_s: the longest average speed of answer in seconds, or None
    """

    share: float = 0.80
    within_s: float = 20.0
    max_occupancy: float | None = None
    min_agents: int = 1
    max_asa_s: float | None = None

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise CalculationError("share", "must be above 0 and below 1: no queue answers every contact in time")
        if self.within_s < 0:
            raise CalculationError("within_s", "must be 0 seconds or more")
        if self.max_occupancy is not None and not 0.5 <= self.max_occupancy <= 1:
            raise CalculationError("max_occupancy", "must lie between 0.5 and 1")
        if self.min_agents < 0:
            raise CalculationError("min_agents", "must be 0 or more")
        if self.max_asa_s is not None and self.max_asa_s <= 0:
            raise CalculationError("max_asa_s", "must be above 0 seconds")

    def capped_at(self, occupancy: float) -> "Target":
        """The same with `occupancy` as the cap where none is given."""
        return self if self.max_occupancy is not None else replace(self, max_occupancy=occupancy)


@dataclass(frozen=True, slots=True)
class Queue:
    """One interval of a queue with `agents` at work.

    :ivar traffic: A in Erlang
    :ivar n_sl: agents the service level needs, and `n_occ` those the occupancy cap needs; None where not asked for
    :ivar wait_probability: Pw
    :ivar service_level: share answered in time; None without demand, which is no success and no failure
    :ivar asa_s: average speed of answer; None where the queue grows without limit
    :ivar occupancy: A ÷ N, 1 where the queue grows without limit
    """

    traffic: float
    agents: int
    n_sl: int | None
    n_occ: int | None
    wait_probability: float
    service_level: float | None
    asa_s: float | None
    occupancy: float

    @property
    def is_stable(self) -> bool:
        """Whether the agents can keep up at all: N must lie above A, not at it."""
        return self.traffic == 0 or self.agents > self.traffic


def traffic_intensity(contacts: float, aht_s: float, seconds: float) -> float:
    """Offered traffic A in Erlang: contacts × handle time ÷ length of the interval. Fractional contacts are fine."""
    if contacts < 0:
        raise CalculationError("contacts", "must be 0 or more")
    if seconds <= 0:
        raise CalculationError("seconds", "must be above 0")
    if contacts == 0:
        return 0.0
    if aht_s <= 0:
        raise CalculationError("aht_s", "must be above 0 where there are contacts")
    traffic = contacts * aht_s / seconds
    if traffic > MAX_TRAFFIC:
        raise CalculationError("contacts", f"make {traffic:.0f} Erlang of work; at most {MAX_TRAFFIC:.0f} are computed")
    return traffic


def erlang_b(agents: int, traffic: float, *, known: tuple[int, float] = (0, 1.0)) -> float:
    """Erlang B, the blocking probability, by the stable recursion Bₖ = A·Bₖ₋₁ ÷ (k + A·Bₖ₋₁) from B₀ = 1.

    `known` continues from a pair of fewer agents and their blocking. No factorials: they overflow near 170 agents.
    """
    done, blocking = known
    for k in range(done + 1, agents + 1):
        busy = traffic * blocking
        blocking = busy / (k + busy)
    return blocking


def erlang_c(agents: int, traffic: float) -> float:
    """Erlang C, the probability Pw of having to wait: N·B ÷ (N − A·(1 − B)); 1 where N does not exceed A."""
    if traffic <= 0:
        return 0.0
    if agents <= traffic:
        return 1.0
    return _wait_probability(agents, traffic, erlang_b(agents, traffic))


def service_level(agents: int, traffic: float, aht_s: float, within_s: float) -> float:
    """The share answered within `within_s` seconds: 1 − Pw·exp(−(N − A)·t ÷ AHT); 0 where N does not exceed A."""
    if agents <= traffic:
        return 0.0
    return _in_time(agents, traffic, aht_s, within_s, erlang_c(agents, traffic))


def average_speed_of_answer(agents: int, traffic: float, aht_s: float) -> float | None:
    """ASA in seconds over all contacts, waiting or not: Pw·AHT ÷ (N − A); None where N does not exceed A."""
    if traffic <= 0:
        return 0.0
    return None if agents <= traffic else erlang_c(agents, traffic) * aht_s / (agents - traffic)


def agents_for_service_level(traffic: float, aht_s: float, share: float, within_s: float) -> int:
    """The fewest agents above A whose service level reaches `share`; 0 without traffic."""
    return _search(traffic, aht_s, share, within_s)[0]


def agents_for_occupancy(traffic: float, cap: float | None = None) -> int:
    """The fewest agents that stay within the occupancy cap: ⌈A ÷ cap⌉.

    Without a cap it is 0.85, and 0.88 from 100 agents on, where a step back to fewer agents is ruled out: more
    traffic never needs fewer of them.
    """
    if cap is not None:
        return whole(traffic / cap)
    return min(whole(traffic / PHONE_OCCUPANCY), max(LARGE_GROUP, whole(traffic / LARGE_GROUP_OCCUPANCY)))


def whole(positions: float) -> int:
    """The next whole number from `positions` up, forgiving the noise of binary fractions."""
    return ceil(positions - TINY)


def with_agents(agents: int, contacts: float, aht_s: float, seconds: float, within_s: float) -> Queue:
    """What a given number of agents achieves in one interval, also when they cannot keep up."""
    return _queue(agents, traffic_intensity(contacts, aht_s, seconds), aht_s, within_s)


@lru_cache(maxsize=2**14)
def required(contacts: float, aht_s: float, seconds: float, target: Target) -> Queue:
    """The fewest agents that keep the target in an interval of `seconds`, and what they achieve.

    The largest of what the service level, the occupancy cap and the minimum ask for, then more while the average
    speed of answer is too long. Kept for the same question again: days of one kind ask it again and again.
    """
    traffic = traffic_intensity(contacts, aht_s, seconds)
    n_sl, blocking = _search(traffic, aht_s, target.share, target.within_s)
    n_occ = agents_for_occupancy(traffic, target.max_occupancy)
    agents = max(n_sl, n_occ, target.min_agents)
    blocking = erlang_b(agents, traffic, known=(n_sl, blocking))
    if target.max_asa_s is not None and traffic:
        while _wait_probability(agents, traffic, blocking) * aht_s / (agents - traffic) > target.max_asa_s:
            agents += 1
            blocking = erlang_b(agents, traffic, known=(agents - 1, blocking))
    return _queue(agents, traffic, aht_s, target.within_s, asked=(n_sl, n_occ), blocking=blocking)


def message_of(queue: Queue) -> str | None:
    """Why the figures of a queue that cannot keep up say nothing more; None for one that can."""
    if queue.is_stable:
        return None
    return f"the queue grows without limit; at least {floor(queue.traffic) + 1} agents are needed"


def _search(traffic: float, aht_s: float, share: float, within_s: float) -> tuple[int, float]:
    """The agents the service level needs, and the blocking with them."""
    if traffic <= 0:
        return 0, 1.0
    agents = floor(traffic) + 1
    blocking = erlang_b(agents, traffic)
    while _in_time(agents, traffic, aht_s, within_s, _wait_probability(agents, traffic, blocking)) < share:
        agents += 1
        blocking = erlang_b(agents, traffic, known=(agents - 1, blocking))
    return agents, blocking


def _wait_probability(agents: int, traffic: float, blocking: float) -> float:
    return agents * blocking / (agents - traffic * (1 - blocking))


def _in_time(agents: int, traffic: float, aht_s: float, within_s: float, waiting: float) -> float:
    return 1 - waiting * exp(-(agents - traffic) * within_s / aht_s)


def _queue(
    agents: int,
    traffic: float,
    aht_s: float,
    within_s: float,
    *,
    asked: tuple[int | None, int | None] = (None, None),
    blocking: float | None = None,
) -> Queue:
    n_sl, n_occ = asked
    if traffic == 0:
        return Queue(0.0, agents, n_sl, n_occ, 0.0, None, 0.0, 0.0)
    if agents <= traffic:
        return Queue(traffic, agents, n_sl, n_occ, 1.0, 0.0, None, 1.0)
    waiting = _wait_probability(agents, traffic, erlang_b(agents, traffic) if blocking is None else blocking)
    return Queue(
        traffic=traffic,
        agents=agents,
        n_sl=n_sl,
        n_occ=n_occ,
        wait_probability=waiting,
        service_level=_in_time(agents, traffic, aht_s, within_s, waiting),
        asa_s=waiting * aht_s / (agents - traffic),
        occupancy=agents and traffic / agents,
    )
