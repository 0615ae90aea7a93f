"""Two teams for one service: the sides of a partial outsourcing, and languages, with the loss of pooling.

The contacts are divided first, then each side is staffed by itself: two small teams wait more than one large one,
so together they need more people than one team would. That difference is the price of the division, and is shown.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from portal.kit.calculators import CalculationError
from portal.measures.words import Channel
from portal.needs.staffing.arrivals import Arrivals, Group, Interval, pooled
from portal.needs.staffing.chat import CHAT_OCCUPANCY
from portal.needs.staffing.coverage import Coverage, Slot
from portal.needs.staffing.deferred import DEFERRED_OCCUPANCY, capacity
from portal.needs.staffing.erlang import TINY, agents_for_occupancy, traffic_intensity, with_agents
from portal.needs.staffing.plan import Plan, plan_of
from portal.needs.staffing.worktime import WorkTime
from portal.needs.states import SplitRule

_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Split:
    """How a partial outsourcing divides the contacts.

    :ivar to_vendor: channels, languages or segments that the vendor takes, for the rules that go by one of them
    :ivar share: the vendor's share of all contacts, for a division by percent
    :ivar hours: when the vendor takes over, for a division by hours
    :ivar own_agents: agents of the own team by channel, for a vendor who takes only what they cannot answer in time
    """

    rule: SplitRule
    to_vendor: frozenset[str] = frozenset()
    share: float = 0.0
    hours: Coverage | None = None
    own_agents: Mapping[Channel, int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise CalculationError("share", "must lie between 0 and 1")
        if self.rule is SplitRule.BY_HOURS and self.hours is None:
            raise CalculationError("hours", "must say when the vendor takes over")


@dataclass(frozen=True, slots=True)
class Sides:
    """The plans of both sides, and what one team for everything would need."""

    retained: Plan
    vendor: Plan
    pooled: Plan

    @property
    def more_agents(self) -> int:
        """Agents more at the two teams' busiest times than one team has at its own: N + N − N."""
        return self.retained.peak() + self.vendor.peak() - self.pooled.peak()

    @property
    def more_fte(self) -> float:
        """Full-time people more in the average week."""
        return self.retained.whole().fte + self.vendor.whole().fte - self.pooled.whole().fte


@dataclass(frozen=True, slots=True)
class Pooling:
    """What groups of one channel need apart, and what one group of people who speak every language would need."""

    apart: Plan
    pooled: Plan

    @property
    def more_agents(self) -> int:
        """Agents more at the busiest time."""
        return self.apart.peak() - self.pooled.peak()

    @property
    def more_fte(self) -> float:
        """Full-time people more in the average week."""
        return self.apart.whole().fte - self.pooled.whole().fte


def sides(parts: Sequence[Arrivals], split: Split, first: date, last: date, work: WorkTime = WorkTime()) -> Sides:
    """Both sides of a partial outsourcing from `first` to `last`, each staffed by itself."""
    divided = [divide(part, split) for part in parts]
    retained, vendor = ([pair[side] for pair in divided if pair[side].days] for side in (0, 1))
    return Sides(
        retained=plan_of(retained, first, last, work),
        vendor=plan_of(vendor, first, last, work),
        pooled=plan_of(parts, first, last, work),
    )


def pooling(parts: Sequence[Arrivals], first: date, last: date, work: WorkTime = WorkTime()) -> Pooling:
    """Groups apart against one group for each channel and segment, as if everybody could take every contact."""
    by_kind: dict[tuple[Channel, str], list[Arrivals]] = {}
    for part in parts:
        by_kind.setdefault((part.group.channel, part.group.segment), []).append(part)
    together = [pooled(same) if len(same) > 1 else same[0] for same in by_kind.values()]
    return Pooling(apart=plan_of(parts, first, last, work), pooled=plan_of(together, first, last, work))


def divide(part: Arrivals, split: Split) -> tuple[Arrivals, Arrivals]:
    """The contacts of a group that the own team keeps, and those the vendor takes."""
    if split.rule in _ATTRIBUTES:
        is_vendors = str(getattr(part.group, _ATTRIBUTES[split.rule])) in split.to_vendor
        nobody = Arrivals(part.group, {})
        return (nobody, part) if is_vendors else (part, nobody)
    if split.rule is SplitRule.BY_HOURS and split.hours is not None:
        return _by_hours(part, split.hours)
    if split.rule is SplitRule.PERCENT:
        return _by_share(part, split.share)
    return _overflow(part, split.own_agents.get(part.group.channel, 0))


_ATTRIBUTES = {
    SplitRule.BY_CHANNEL: "channel",
    SplitRule.BY_LANGUAGE: "language",
    SplitRule.BY_CONTACT_TYPE: "segment",
}


def _by_share(part: Arrivals, share: float) -> tuple[Arrivals, Arrivals]:
    """A share of every interval; a side with no share has no team at all, not one of the least size."""
    kept = {} if share == 1 else _times(part.days, 1 - share)
    given = {} if share == 0 else _times(part.days, share)
    return replace(part, days=kept), replace(part, days=given)


def _times(days: Mapping[date, tuple[Interval, ...]], factor: float) -> dict[date, tuple[Interval, ...]]:
    known: dict[tuple[Interval, ...], tuple[Interval, ...]] = {}
    for intervals in days.values():
        if intervals not in known:
            known[intervals] = tuple(Interval(one.slot, one.contacts * factor) for one in intervals)
    return {day: known[intervals] for day, intervals in days.items()}


def _by_hours(part: Arrivals, hours: Coverage) -> tuple[Arrivals, Arrivals]:
    """Each interval goes whole to the side that is on duty when it begins."""
    kept, given = {}, {}
    for day, intervals in part.days.items():
        vendors = {(slot.minute, slot.again) for slot in hours.slots(day)}
        mine = tuple(one for one in intervals if (one.slot.minute, one.slot.again) not in vendors)
        theirs = tuple(one for one in intervals if (one.slot.minute, one.slot.again) in vendors)
        kept.update({day: mine} if mine else {})
        given.update({day: theirs} if theirs else {})
    return replace(part, days=kept), replace(part, days=given)


def _overflow(part: Arrivals, own_agents: int) -> tuple[Arrivals, Arrivals]:
    """The own team takes as much as so many agents answer within the target; the vendor takes the rest."""
    if own_agents <= 0:
        return replace(part, days={}), part
    kept, given = {}, {}
    for day, intervals in part.days.items():
        own = [min(one.contacts, most_contacts(part.group, own_agents, one.slot)) for one in intervals]
        kept[day] = tuple(Interval(one.slot, mine) for one, mine in zip(intervals, own, strict=True))
        given[day] = tuple(Interval(one.slot, one.contacts - mine) for one, mine in zip(intervals, own, strict=True))
    return replace(part, days=kept), replace(part, days=given)


def most_contacts(group: Group, agents: int, slot: Slot) -> float:
    """The most contacts that so many agents of a group answer within the target in an interval."""
    return _most(group, agents, slot.seconds)


@lru_cache(maxsize=2**10)
def _most(group: Group, agents: int, seconds: int) -> float:
    if not group.is_real_time:
        return capacity(agents, group.aht_s, seconds / 3600, group.target.max_occupancy or DEFERRED_OCCUPANCY)
    servers = agents * group.concurrency
    low, high = 0.0, servers * seconds / group.aht_s
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _keeps(group, servers, middle, seconds):
            low = middle
        else:
            high = middle
    return low


def _keeps(group: Group, servers: int, contacts: float, seconds: int) -> bool:
    target = group.target if group.channel is Channel.PHONE else group.target.capped_at(CHAT_OCCUPANCY)
    found = with_agents(servers, contacts, group.aht_s, seconds, target.within_s)
    if found.service_level is None:
        return True
    if found.asa_s is None or found.service_level < target.share:
        return False
    if target.max_asa_s is not None and found.asa_s > target.max_asa_s:
        return False
    # A hair below, so that the noise of the halving never asks for one agent more than there are.
    traffic = traffic_intensity(contacts, group.aht_s, seconds) * (1 + TINY)
    return agents_for_occupancy(traffic, target.max_occupancy) <= servers
