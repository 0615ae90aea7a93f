"""“Why is this here?”: listed vendors measured against one of the reader's own requirements."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date as Day
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from blueprints.shared.formatting import date, number
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.match import Asked, Match, Offer, Part, PartName, Spoken, match
from portal.catalog.published import closed_on, evidence_of
from portal.kit.errors import NotFound
from portal.kit.rounding import rounded
from portal.needs.models import Requirement
from portal.needs.queries import channels_of, requirement_for

PART_NAMES = {
    PartName.CHANNELS: _l("Channels"),
    PartName.LANGUAGES: _l("Languages"),
    PartName.INDUSTRY: _l("Industry"),
    PartName.HOURS: _l("Hours"),
    PartName.CAPACITY: _l("Free capacity"),
    PartName.LOCATION: _l("Time zone"),
    PartName.SECURITY: _l("Certificates"),
    PartName.INTEGRATIONS: _l("Integrations"),
    PartName.PRICE: _l("Price"),
    PartName.REPUTATION: _l("Reviews"),
}
STEP = 15
"""Minutes in which hours of two time zones are laid over each other."""
WEEK = 7 * 24 * 60 // STEP
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LISTED_YEARS = Decimal(3)
"""A published service names an industry without years; a moderator has checked the claim, so it counts whole."""


class Reason(NamedTuple):
    """One part of a match in words; `lost` is written where points are missing."""

    met: bool
    words: str
    lost: str


class Measured(NamedTuple):
    """A vendor's score with its reasons, the costliest gaps first after what fits."""

    score: Decimal
    reasons: list[Reason]


def requirement_of(actor: Actor | None, wanted: str) -> Requirement | None:
    """The requirement a buyer measures by; None for anybody else, and for an id that is not theirs."""
    if actor is None or actor.company_kind != "buyer" or not actor.can(Permission.REQUIREMENT_VIEW):
        return None
    try:
        return requirement_for(actor, uuid.UUID(wanted))
    except (ValueError, NotFound):
        return None


def measured(requirement: Requirement, rows: Iterable[Any], now: datetime) -> dict[uuid.UUID, Measured]:
    """Each vendor by its best service; rows are entries of the directory with their services."""
    channels = tuple(channel.channel for channel in channels_of(requirement))
    week = _week(requirement, now)
    asked = Asked(
        channels=channels,
        languages=tuple(
            Spoken(one["code"], one["level"], Decimal(one.get("share") or "0")) for one in requirement.languages
        ),
        industry=requirement.industry or None,
        hours=Decimal(len(week) * STEP) / 60 if week else None,
        has_location=True,
    )
    return {row.vendor_id: _measured(asked, requirement, week, row, now) for row in rows}


def _measured(asked: Asked, requirement: Requirement, week: set[int], row: Any, now: datetime) -> Measured:
    """A vendor that is closed today, or when the service should begin, is out of the match."""
    today = now.astimezone(ZoneInfo(row.timezone)).date()
    closure = closed_on(row.profile, today) or closed_on(row.profile, requirement.start_on or today)
    if closure is not None:
        first, last = (date(Day.fromisoformat(closure[end])) for end in ("from", "to"))
        return Measured(Decimal(0), [Reason(False, _("Closed from %(first)s to %(last)s", first=first, last=last), "")])
    return _in_words(_best(asked, requirement, week, row, now), bool(row.rating))


def _best(asked: Asked, requirement: Requirement, week: set[int], row: Any, now: datetime) -> Match:
    apart = abs(_offset(row.timezone, now) - _offset(requirement.timezone, now))
    offers = (
        Offer(
            channels=tuple(service["channels"]),
            languages=tuple(Spoken(one["code"], one["level"]) for one in service["languages"]),
            industries=dict.fromkeys(service["industries"], LISTED_YEARS),
            covered_hours=Decimal(len(week & _steps(service["hours"], service["timezone"], now)) * STEP) / 60,
            is_in_wanted_place=row.country == requirement.country,
            hours_apart=Decimal(apart) / 60,
            certificates=evidence_of(row.profile),
            rating=Decimal(row.rating) if row.rating else None,
        )
        for service in row.services
    )
    return max((match(asked, offer) for offer in offers), key=lambda found: found.score)


def _week(requirement: Requirement, now: datetime) -> set[int]:
    if requirement.is_24x7:
        return set(range(WEEK))
    return _steps(requirement.hours, requirement.timezone, now)


def _steps(hours: Mapping[str, Any], timezone: str, now: datetime) -> set[int]:
    """The quarter hours of a week, counted from Monday 00:00 UTC, in which somebody is there."""
    found: set[int] = set()
    shift = _offset(timezone, now)
    for position, day in enumerate(DAYS):
        for start, end in hours.get(day) or []:
            first, last = (position * 24 * 60 + _minutes(time) - shift for time in (start, end))
            found |= {step % WEEK for step in range(first // STEP, last // STEP)}
    return found


def _minutes(time: str) -> int:
    hour, _colon, minute = time.partition(":")
    return int(hour) * 60 + int(minute)


def _offset(timezone: str, now: datetime) -> int:
    """Minutes by which a zone is ahead of UTC at this time of the year."""
    offset = now.astimezone(ZoneInfo(timezone)).utcoffset()
    return int(offset.total_seconds()) // 60 if offset else 0


def _in_words(found: Match, is_rated: bool) -> Measured:
    asked = [part for part in found.parts if part.is_asked]
    kept = [Reason(True, _words(part, is_rated), "") for part in asked if not part.lost]
    gaps = sorted((part for part in asked if part.lost), key=lambda part: -part.lost)
    missing = [Reason(False, _words(part, is_rated), f"−{number(rounded(part.lost, 1), 1)}") for part in gaps]
    return Measured(rounded(found.score, 0), kept + missing)


def _words(part: Part, is_rated: bool) -> str:
    name = str(PART_NAMES[part.name])
    if part.name is PartName.LOCATION:
        return _location(part)
    if part.name is PartName.HOURS and part.wanted:
        return _("%(met)s of %(wanted)s hours a week", met=number(part.met, 0), wanted=number(part.wanted, 0))
    if part.name is PartName.REPUTATION:
        return _("Rating %(rating)s of 5", rating=number(part.met, 2)) if is_rated else _("No verified review yet")
    if part.met is not None and part.wanted is not None:
        return _("%(name)s: %(met)s of %(wanted)s", name=name, met=number(part.met, 0), wanted=number(part.wanted, 0))
    return (
        name if not part.lost else _("%(name)s: in part", name=name) if part.share else _("%(name)s: none", name=name)
    )


def _location(part: Part) -> str:
    hours = round(part.met) if part.met is not None else 0
    if not hours:
        return _("Your country or time zone")
    return ngettext("%(num)d hour from your time zone", "%(num)d hours from your time zone", hours)
