"""What a service must hold: at all, to be saved; and in full, before a moderator is asked. Checks profiles share."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.catalog.models import SERVICE_FIGURES, SERVICE_TEXTS, Service
from portal.catalog.vocabulary import LANGUAGES
from portal.kit.errors import Invalid
from portal.kit.text import clean_line, clean_text
from portal.kit.zones import zone_names
from portal.measures.words import LEVELS, WEEKDAY_NAMES, Channel, Industry, Mode

MOST = {"title": 120, "summary": 300, "description": 5000, "headline": 160}
"""Characters of each text."""
MAX_FIGURE = 1_000_000
MAX_LANGUAGES = 30
_CHOICES: dict[str, Iterable[str]] = {"modes": Mode, "channels": Channel, "industries": Industry}


def clean_service(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a service as they are stored. Raises Invalid naming the field; only a title is asked for yet."""
    found: dict[str, Any] = {}
    for name in SERVICE_TEXTS:
        found[name] = text_of(values, name, MOST[name], lines=name == "description")
    if not found["title"]:
        raise Invalid(_l("Give the service a title: buyers see it first."), "title")
    for name, choices in _CHOICES.items():
        found[name] = chosen_of(values, name, choices)
    found["languages"] = languages_of(values.get("languages") or [])
    found["countries"] = [country_of(code, "countries") for code in values.get("countries") or []]
    found["hours"] = hours_of(values.get("hours") or {})
    found["timezone"] = timezone_of(values.get("timezone") or "UTC")
    for name in SERVICE_FIGURES:
        found[name] = figure_of(values, name)
    found["rate_card_id"] = values.get("rate_card_id")
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
            if not (is_time(start) and is_time(end) and start < end):
                raise Invalid(_l("Write times such as 08:00 and 20:00, the earlier one first."), "hours")
            found.setdefault(day, []).append([start, end])
    return found


def timezone_of(name: str) -> str:
    """A time zone of the IANA database. Raises Invalid."""
    if name not in zone_names():
        raise Invalid(_l("Choose the time zone from the list."), "timezone")
    return name


def is_time(value: str) -> bool:
    """Whether it is a time of the day such as 08:00, or 24:00."""
    hour, _, minute = value.partition(":")
    if not (len(hour) == len(minute) == 2 and hour.isdecimal() and minute.isdecimal()):
        return False
    return (int(hour) < 24 and int(minute) < 60) or value == "24:00"


def text_of(values: Mapping[str, Any], name: str, most: int, *, lines: bool = False) -> str:
    """What was typed, cleaned; with `lines` its line breaks stay. Raises Invalid for more than `most` characters."""
    value = (clean_text if lines else clean_line)(values.get(name) or "")
    if len(value) > most:
        raise Invalid(_l("Write at most %(most)s characters.", most=most), name)
    return value


def chosen_of(values: Mapping[str, Any], name: str, choices: Iterable[str]) -> list[str]:
    """What was ticked, in the order of the list. Raises Invalid for what does not stand in it."""
    chosen = set(values.get(name) or [])
    known = [str(choice) for choice in choices]
    if chosen - set(known):
        raise Invalid(_l("Choose from the list."), name)
    return [value for value in known if value in chosen]


def figure_of(values: Mapping[str, Any], name: str, *, most: int = MAX_FIGURE, field: str | None = None) -> int | None:
    """A whole number, None where it was left out. Raises Invalid at `field`, by default the name."""
    value = values.get(name)
    if value is None:
        return None
    if not 0 <= value <= most:
        raise Invalid(_l("Write a whole number from 0 to %(most)s.", most=most), field or name)
    return int(value)


def country_of(code: str, field: str) -> str:
    """A country's ISO 3166 code. Raises Invalid at `field`."""
    if not (len(code) == 2 and code.isascii() and code.isalpha() and code.isupper()):
        raise Invalid(_l("Choose the country from the list."), field)
    return code
