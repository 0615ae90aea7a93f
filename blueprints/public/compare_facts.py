"""What a comparison picks from a directory entry: the best of several services, and lists in words."""

from collections.abc import Iterable, Mapping
from datetime import date as Day
from typing import Any

from flask_babel import gettext as _

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import date, number
from blueprints.shared.hours import hours_in_words
from portal.catalog.profile_words import CERTIFICATE_NAMES, DAYS_NAMES, OTHER, SYSTEM_NAMES
from portal.kit.text import fold
from portal.measures.words import LEVELS


def language_levels(services: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """The highest level of each language, as its place in `LEVELS`, over all published services."""
    found: dict[str, int] = {}
    for service in services:
        for one in service["languages"]:
            found[one["code"]] = max(found.get(one["code"], 0), LEVELS.index(one["level"]))
    return found


def years_by_industry(vendor: Any) -> dict[str, int | None]:
    """The industries of the published services with the years of experience that the profile states, else None."""
    stated = {one["industry"]: one.get("years") for one in vendor.profile.get("experience") or []}
    return {code: stated.get(code) for code in vendor.industries}


def countries(vendor: Any) -> list[str]:
    """Where a vendor has sites or delivers from, its own country first; each once."""
    sites_in = [site["country"] for site in vendor.profile.get("sites") or []]
    delivered = [country for service in vendor.services for country in service.get("countries") or []]
    return list(dict.fromkeys([vendor.country, *sites_in, *delivered]))


def sites(profile: Mapping[str, Any]) -> list[str]:
    """Each site with its seats."""
    found = []
    for site in profile.get("sites") or []:
        place = f"{site['city']}, {country_name(site['country'])}"
        seats = site.get("seats")
        found.append(_("%(place)s (%(count)s seats)", place=place, count=number(seats)) if seats else place)
    return found


def hours(vendor: Any) -> list[str]:
    """When a vendor's teams are there: as its profile says by language, else as its services say."""
    profile = vendor.profile
    if profile.get("is_always_open"):
        return [_("Around the clock, every day")]
    zone = (profile.get("hours_timezone") or "UTC").replace("_", " ")
    found = []
    for one in profile.get("hours") or []:
        whose = f"{spoken_name(one['code'])}: " if one["code"] else ""
        found.append(f"{whose}{DAYS_NAMES[one['days']]} {one['start']}–{one['end']} ({zone})")
    if found:
        return found
    of_services = [hours_in_words(service["hours"], service["timezone"]) for service in vendor.services]
    return list(dict.fromkeys(filter(None, of_services)))


def least(vendor: Any, figure: str) -> int | None:
    """The smallest of a figure over the published services, else the profile's; None where nobody states it."""
    stated = [service[figure] for service in vendor.services if service.get(figure) is not None]
    return min(stated) if stated else vendor.profile.get(figure)


def seats_to_come(profile: Mapping[str, Any]) -> str:
    """The next date from which another number of seats is free."""
    coming = profile.get("availability") or []
    if not coming:
        return ""
    first = min(coming, key=lambda one: one["from"])
    day = date(Day.fromisoformat(first["from"]), short=True)
    return _("%(count)s from %(day)s", count=number(first["seats"]), day=day)


def certificate_key(one: Mapping[str, Any]) -> str:
    """By what two vendors' certificates are the same: the code, or the name where the code is none of ours."""
    return fold(one["name"]) if one["code"] == OTHER else one["code"]


def certificate_title(one: Mapping[str, Any]) -> str:
    """A certificate in the reader's language."""
    return one["name"] if one["code"] == OTHER else str(CERTIFICATE_NAMES.get(one["code"], one["code"]))


def systems(profile: Mapping[str, Any]) -> list[str]:
    """The products a vendor works with, each under what it is for."""
    named = profile.get("systems") or {}
    return [
        _("%(what)s: %(which)s", what=name, which=named[key]) for key, name in SYSTEM_NAMES.items() if named.get(key)
    ]
