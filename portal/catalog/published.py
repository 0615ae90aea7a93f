"""What of a profile depends on the day: certificates that are valid, seats that are free, closures. Pure.

A vendor's day is that of its own time zone: a certificate drops out when the day after its last one begins there.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from portal.catalog.match import Evidence
from portal.catalog.profile_words import OTHER

Document = dict[str, Any]


class Published(NamedTuple):
    """The public profile at a moment, the facets it gives, and when time alone changes either next."""

    profile: Document
    facets: list[str]
    next_change_at: datetime | None


def published(source: Document) -> Published:
    """Of a source as `directory.project` reads it; `source["now"]` is the moment in ISO form, in UTC.

    The profile gains `certificates` (valid ones), `references`, `availability` (from today on), `closures` (those that
    are not over) and `closed` (the running one, or None); `seats_free` becomes the figure of the newest date begun.
    """
    profile = dict(source.get("profile") or {})
    profile.pop("field_versions", None)  # for its editors, not for the public
    now, zone = datetime.fromisoformat(source["now"]), ZoneInfo(source["timezone"])
    today = now.astimezone(zone).date()
    certificates = [one for one in source.get("certificates") or [] if _day(one["valid_to"]) >= today]
    dated = source.get("availability") or []
    closures = [one for one in source.get("closures") or [] if _day(one["to"]) >= today]
    profile["certificates"] = certificates
    profile["references"] = source.get("references") or []
    profile["availability"] = [one for one in dated if _day(one["from"]) > today]
    profile["closures"] = closures
    profile["closed"] = next((one for one in closures if covers(one, today)), None)
    begun = [one for one in dated if _day(one["from"]) <= today]
    if begun:
        profile["seats_free"] = max(begun, key=lambda one: _day(one["from"]))["seats"]
    days = [
        *(_day(one["valid_to"]) + timedelta(days=1) for one in certificates),
        *(_day(one["from"]) for one in dated),
        *(day for one in closures for day in (_day(one["from"]), _day(one["to"]) + timedelta(days=1))),
    ]
    return Published(profile, _facets(certificates), _next(days, today, zone))


def covers(closure: Document, day: date) -> bool:
    """Whether a closure of a profile covers a day."""
    return _day(closure["from"]) <= day <= _day(closure["to"])


def closed_on(profile: Document, day: date) -> Document | None:
    """The closure of a public profile that covers a day, None when the vendor is open then."""
    return next((one for one in profile.get("closures") or [] if covers(one, day)), None)


def evidence_of(profile: Document) -> dict[str, Evidence]:
    """The certificates of a public profile as a match counts them; the better known of two with one code."""
    found: dict[str, Evidence] = {}
    for one in profile.get("certificates") or []:
        if one["is_verified"] or one["code"] not in found:
            found[one["code"]] = Evidence.VERIFIED if one["is_verified"] else Evidence.SELF_DECLARED
    return found


def begins(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins in a zone; where that midnight is skipped, the first instant after it."""
    return datetime.combine(day, time(), zone)


def _day(value: str) -> date:
    return date.fromisoformat(value)


def _next(days: Iterable[date], today: date, zone: ZoneInfo) -> datetime | None:
    coming = min((day for day in days if day > today), default=None)
    return None if coming is None else begins(coming, zone)


def _facets(certificates: Iterable[Document]) -> list[str]:
    found = set()
    for one in certificates:
        if one["code"] != OTHER:
            found.add(f"s:{one['code']}")
            if one["is_verified"]:
                found.add(f"sv:{one['code']}")
    return sorted(found)
