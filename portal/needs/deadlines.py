"""From a date and time on somebody's wall to an instant.

A deadline is written as local time of a named zone. On the night the clocks go forward some local times do not
exist: such a one is moved forward by the length of the gap (01:30 becomes 02:30). On the night they go back some
exist twice: the earlier offset counts, which is the first of the two.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.kit.zones import zone_names

MIN_DAYS = 5
"""The least time vendors have between publication and deadline."""

Kind = Literal["plain", "gap", "overlap"]

MIN_DAYS_AFTER_CHANGE = 4
"""The least time vendors have between a material change and the deadline: a nearer one has to be extended."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """An instant in UTC, and whether the local time it came from was plain, in a gap or in an overlap."""

    at: datetime
    kind: Kind


def resolve(local: datetime, zone: str) -> Resolved:
    """The instant that naive `local` means in `zone`, by the rule of this module. Raises Invalid for no zone."""
    if zone not in zone_names():
        raise Invalid(_l("Choose a time zone by its name, such as Europe/London."), "deadline_zone")
    place = ZoneInfo(zone)
    # Before a change of the clocks (fold 0) and after it (fold 1): they differ only around one.
    first, second = (local.replace(tzinfo=place, fold=fold) for fold in (0, 1))
    at = first.astimezone(UTC)
    if first.utcoffset() == second.utcoffset():
        return Resolved(at, "plain")
    exists = at.astimezone(place).replace(tzinfo=None) == local
    return Resolved(at, "overlap" if exists else "gap")


def local_of(text: str) -> datetime:
    """A stored local time such as 2026-12-01T17:00, without a zone."""
    return datetime.fromisoformat(text)


def earliest(published_at: datetime) -> datetime:
    """The first instant a deadline may have when the requirement is published at `published_at`."""
    return published_at + timedelta(days=MIN_DAYS)


def earliest_after_change(now: datetime, is_material: bool) -> datetime:
    """The first instant a deadline may have after a published requirement is changed at `now`."""
    return now + timedelta(days=MIN_DAYS_AFTER_CHANGE) if is_material else now


def extended_to(current: datetime, least: datetime, zone: str) -> datetime:
    """The first local time of `zone` from `least` on that keeps the time of day of the current deadline."""
    local = current.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    while resolve(local, zone).at < least:
        local += timedelta(days=1)
    return local
