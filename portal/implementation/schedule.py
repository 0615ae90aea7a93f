"""When each milestone is due: its predecessors' latest day plus its working days."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from portal.implementation.templates import Step

SATURDAY = 5


class CircularPlan(ValueError):
    """Milestones that wait for each other, or for one that is not in the plan."""


def add_working_days(start: date, days: int) -> date:
    """The day `days` working days (Monday to Friday) after `start`."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < SATURDAY:
            days -= 1
    return day


def due_dates(steps: Sequence[Step], start: date) -> dict[str, date]:
    """The due date of each step by its code, for a plan that starts on `start`. Raises CircularPlan."""
    found: dict[str, date] = {}
    waiting = list(steps)
    while waiting:
        ready = [step for step in waiting if all(code in found for code in step.after)]
        if not ready:
            raise CircularPlan(", ".join(step.code for step in waiting))
        for step in ready:
            found[step.code] = add_working_days(_latest(found, step.after, start), step.days)
        waiting = [step for step in waiting if step not in ready]
    return found


def _latest(found: dict[str, date], after: Iterable[str], start: date) -> date:
    return max((found[code] for code in after), default=start)
