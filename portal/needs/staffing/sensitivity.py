"""What if: how the need for people moves with volume, handle time and the promise made to customers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.needs.staffing.arrivals import Demand
from portal.needs.staffing.plan import plan
from portal.needs.staffing.worktime import WorkTime

SHARES = (-0.20, -0.10, 0.10, 0.20)
"""Changes of volume and handle time: more and fewer."""
POINTS = (-0.10, -0.05, 0.05, 0.10)
"""Changes of the service level, in shares of all contacts."""
LEAST_SHARE, MOST_SHARE = 0.01, 0.99


class Lever(StrEnum):
    """What is changed: one thing at a time."""

    NOTHING = "nothing"
    VOLUME = "volume"
    HANDLE_TIME = "handle_time"
    SERVICE_LEVEL = "service_level"


@dataclass(frozen=True, slots=True)
class Row:
    """One answer: the average week's full-time people and hours at work, and the places taken at once.

    :ivar change: a share of volume or handle time (0.1 for 10 % more), or points of service level (0.05 for 5)
    :ivar more_fte: against the first row, in which nothing is changed
    """

    lever: Lever
    change: float
    fte: float
    agent_hours: float
    seats: int
    more_fte: float


def sensitivity(demands: Sequence[Demand], first: date, last: date, work: WorkTime = WorkTime()) -> tuple[Row, ...]:
    """The need as it is, then with each change alone. A promise never leaves the range from 1 to 99 %.

    Deferred work has no service level to change. Choose a short span, such as the busiest week: each row is a plan.
    """
    base = _row(Lever.NOTHING, 0.0, demands, first, last, work, None)
    rows = (_row(lever, change, changed, first, last, work, base.fte) for lever, change, changed in _changes(demands))
    return (base, *rows)


def _changes(demands: Sequence[Demand]) -> Iterator[tuple[Lever, float, list[Demand]]]:
    for change in SHARES:
        yield Lever.VOLUME, change, [one.scaled(1 + change) for one in demands]
    for change in SHARES:
        yield Lever.HANDLE_TIME, change, [_slower(one, 1 + change) for one in demands]
    for change in POINTS:
        yield Lever.SERVICE_LEVEL, change, [_promising(one, change) for one in demands]


def _slower(demand: Demand, factor: float) -> Demand:
    return replace(demand, group=replace(demand.group, aht_s=demand.group.aht_s * factor))


def _promising(demand: Demand, points: float) -> Demand:
    target = demand.group.target
    share = min(max(target.share + points, LEAST_SHARE), max(MOST_SHARE, target.share))
    return replace(demand, group=replace(demand.group, target=replace(target, share=share)))


def _row(
    lever: Lever,
    change: float,
    demands: Sequence[Demand],
    first: date,
    last: date,
    work: WorkTime,
    base_fte: float | None,
) -> Row:
    found = plan(demands, first, last, work).whole()
    weeks = found.days / 7
    return Row(
        lever=lever,
        change=change,
        fte=found.fte,
        agent_hours=found.figures.agent_hours / weeks,
        seats=found.seats,
        more_fte=0.0 if base_fte is None else found.fte - base_fte,
    )
