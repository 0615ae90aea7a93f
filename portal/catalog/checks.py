"""What a service and a profile must hold: at all, to be saved; and in full, before a moderator is asked."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from portal.catalog.models import SERVICE_FIGURES, SERVICE_TEXTS, Service, VendorProfile
from portal.catalog.vocabulary import LANGUAGES
from portal.kit.errors import Invalid
from portal.kit.text import clean_line, clean_text
from portal.kit.zones import zone_names
from portal.measures.words import LEVELS, WEEKDAY_NAMES, Channel, Industry, Mode

MOST = {"title": 120, "summary": 300, "description": 5000, "headline": 160}
MAX_FIGURE = 1_000_000
MAX_LANGUAGES, MAX_SITES = 30, 30
_CHOICES = {"modes": Mode, "channels": Channel, "industries": Industry}


def clean_service(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a service as they are stored. Raises Invalid naming the field; only a title is asked for yet."""
    found: dict[str, Any] = {}
    for name in SERVICE_TEXTS:
        found[name] = _text(values, name)
    if not found["title"]:
        raise Invalid(_l("Give the service a title: buyers see it first."), "title")
    for name in _CHOICES:
        found[name] = _chosen(values, name)
    found["languages"] = languages_of(values.get("languages") or [])
    found["countries"] = [_country(code, "countries") for code in values.get("countries") or []]
    found["hours"] = hours_of(values.get("hours") or {})
    found["timezone"] = timezone_of(values.get("timezone") or "UTC")
    for name in SERVICE_FIGURES:
        found[name] = _figure(values, name)
    found["rate_card_id"] = values.get("rate_card_id")
    return found


def clean_profile(values: Mapping[str, Any], this_year: int) -> dict[str, Any]:
    """The fields of a profile as they are stored. Raises Invalid naming the field."""
    found: dict[str, Any] = {name: _text(values, name) for name in ("headline", "description")}
    found["website"] = _website(values.get("website") or "")
    found["founded"] = _figure(values, "founded")
    if found["founded"] is not None and not 1800 <= found["founded"] <= this_year:
        raise Invalid(_l("Write the year as four digits, such as 2011."), "founded")
    found["agents"], found["seats_free"] = _figure(values, "agents"), _figure(values, "seats_free")
    found["languages"] = languages_of(values.get("languages") or [])
    found["industries"] = _chosen(values, "industries")
    found["sites"] = [_site(site) for site in values.get("sites") or []]
    if len(found["sites"]) > MAX_SITES:
        raise Invalid(_l("Name at most %(most)s sites.", most=MAX_SITES), "sites")
    return found


def missing_for_submission(service: Service) -> list[tuple[str, Any]]:
    """(field, sentence) for everything a moderator would send the service back for; empty when it is complete."""
    wanted = (
        ("summary", _l("Write a summary of one or two sentences.")),
        ("description", _l("Describe what your team does and how.")),
        ("channels", _l("Choose at least one channel.")),
        ("languages", _l("Name at least one language with its level.")),
        ("modes", _l("Choose at least one mode of outsourcing.")),
        ("industries", _l("Choose at least one industry you know.")),
        ("hours", _l("Say when the service is staffed.")),
        ("rate_card_id", _l("Choose the rate card it is priced by.")),
    )
    return [(name, sentence) for name, sentence in wanted if not getattr(service, name)]


def completeness(profile: VendorProfile | None) -> tuple[int, list[Any]]:
    """How much of a profile is filled in, in percent, and the names of what is missing."""
    wanted = (
        ("headline", _l("Headline")),
        ("description", _l("Description")),
        ("website", _l("Website")),
        ("founded", _l("Year founded")),
        ("agents", _l("Agents")),
        ("seats_free", _l("Free seats")),
        ("sites", _l("Sites")),
        ("languages", _l("Languages")),
        ("industries", _l("Industries")),
    )
    missing = [word for name, word in wanted if getattr(profile, name, None) in (None, "", [])]
    return round(100 * (len(wanted) - len(missing)) / len(wanted)), missing


def languages_of(values: Any) -> list[dict[str, str]]:
    """[{"code", "level"}], each language once. Raises Invalid."""
    found: dict[str, str] = {}
    for value in values:
        code, level = value.get("code", ""), value.get("level", "")
        if code not in LANGUAGES:
            raise Invalid(_l("Choose the language from the list."), "languages")
        if level not in LEVELS:
            raise Invalid(_l("Choose the level from the list."), "languages")
        if code in found:
            raise Invalid(_l("Each language can stand here once."), "languages")
        found[code] = level
    if len(found) > MAX_LANGUAGES:
        raise Invalid(_l("Name at most %(most)s languages.", most=MAX_LANGUAGES), "languages")
    return [{"code": code, "level": level} for code, level in found.items()]


def hours_of(values: Mapping[str, Any]) -> dict[str, list[list[str]]]:
    """{"mon": [["08:00", "20:00"]], …} in the order of the week. Raises Invalid."""
    found: dict[str, list[list[str]]] = {}
    for day in WEEKDAY_NAMES:
        for start, end in values.get(day) or []:
            if not (_is_time(start) and _is_time(end) and start < end):
                raise Invalid(_l("Write times such as 08:00 and 20:00, the earlier one first."), "hours")
            found.setdefault(day, []).append([start, end])
    return found


def timezone_of(name: str) -> str:
    """A time zone of the IANA database. Raises Invalid."""
    if name not in zone_names():
        raise Invalid(_l("Choose the time zone from the list."), "timezone")
    return name


def _is_time(value: str) -> bool:
    hour, _, minute = value.partition(":")
    if not (len(hour) == len(minute) == 2 and hour.isdecimal() and minute.isdecimal()):
        return False
    return (int(hour) < 24 and int(minute) < 60) or value == "24:00"


def _text(values: Mapping[str, Any], name: str) -> str:
    clean = clean_text if name == "description" else clean_line
    value = clean(values.get(name) or "")
    if len(value) > MOST[name]:
        raise Invalid(_l("Write at most %(most)s characters.", most=MOST[name]), name)
    return value


def _chosen(values: Mapping[str, Any], name: str) -> list[str]:
    chosen = set(values.get(name) or [])
    known = [choice.value for choice in _CHOICES[name]]
    if chosen - set(known):
        raise Invalid(_l("Choose from the list."), name)
    return [value for value in known if value in chosen]


def _figure(values: Mapping[str, Any], name: str) -> int | None:
    value = values.get(name)
    if value is None:
        return None
    if not 0 <= value <= MAX_FIGURE:
        raise Invalid(_l("Write a whole number from 0 to %(most)s.", most=MAX_FIGURE), name)
    return int(value)


def _country(code: str, field: str) -> str:
    if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise Invalid(_l("Choose the country from the list."), field)
    return code


def _site(site: Mapping[str, Any]) -> dict[str, Any]:
    city = clean_line(site.get("city") or "")
    if not city or len(city) > 80:
        raise Invalid(_l("Write the city of each site."), "sites")
    return {
        "city": city,
        "country": _country(site.get("country") or "", "sites"),
        "timezone": timezone_of(site.get("timezone") or "UTC"),
        "seats": _figure(site, "seats"),
    }


def _website(value: str) -> str:
    value = clean_line(value)
    if not value:
        return ""
    if "://" not in value:
        value = f"https://{value}"
    refusal = Invalid(_l("Write the address of your website, such as https://example.com."), "website")
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise refusal from error
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or len(value) > 200 or " " in value:
        raise refusal
    return value
