"""The stage on which the demo plays: a clock that is moved on, and people who act in transactions of their own."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from portal.accounts.actor import Actor
from portal.kit import clock, jobs, tenancy
from portal.kit.db import db

Result = TypeVar("Result")


def act(actor: Actor, does: Callable[[], Result]) -> Result:
    """Let somebody do something, in one transaction of theirs. Rows do not outlive it: give plain values back."""
    return within(actor.scope, does)


def within(scope: tenancy.Scope, does: Callable[[], Result]) -> Result:
    """Do something in one transaction of a scope."""
    found: list[Any] = []
    with jobs.transaction(scope):
        found.append(does())
    answer: Result = found[0]
    return answer


def now() -> datetime:
    """What the portal's clock says."""
    return within(tenancy.PUBLIC, clock.now)


def go_to(moment: datetime) -> None:
    """Move the clock to a moment, never back, and let the clockwork run."""
    if moment > now():
        clock.move_to(moment)
    jobs.run_due()
    db.session.remove()
