"""Step 3: in which languages, how many of the contacts each, and when somebody must be there."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.catalog.vocabulary import LANGUAGES
from portal.kit.errors import Invalid
from portal.kit.zones import zone_names
from portal.measures.words import LEVELS, WEEKDAY_NAMES
from portal.needs.models import Requirement
from portal.needs.numbers import checked_decimal

_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
MIDNIGHT = "24:00"
HUNDRED = Decimal(100)


def save(
    requirement: Requirement,
    *,
    timezone: str,
    languages: Iterable[Mapping[str, Any]] = (),
    hours: Mapping[str, Sequence[Sequence[str]]] | None = None,
    is_24x7: bool = False,
) -> None:
    """Take the answers. `hours` has spans of local time by weekday (mon … sun); a day that is not there is closed."""
    if timezone not in zone_names():
        raise Invalid(_l("Choose a time zone by its name, such as Europe/London."), "timezone")
    requirement.timezone = timezone
    requirement.languages = checked_languages(languages)
    requirement.is_24x7 = is_24x7
    requirement.hours = {} if is_24x7 else checked_hours(hours or {})


def checked_languages(languages: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Languages with level and share. Raises Invalid for doubles and where the shares do not add up to 100."""
    found: list[dict[str, Any]] = []
    for position, one in enumerate(languages, start=1):
        code, level = one["code"], one.get("level") or LEVELS[1]
        if code not in LANGUAGES:
            raise Invalid(_l("Choose a language from the list."), f"language_{position}")
        if level not in LEVELS:
            raise Invalid(_l("Choose a level from the list."), f"level_{position}")
        if any(code == other["code"] for other in found):
            raise Invalid(_l("This language is listed twice."), f"language_{position}")
        sentence = _l("Write a share above 0 and up to 100 %, with at most one decimal.")
        share = checked_decimal(one.get("share", ""), f"share_{position}", sentence, most=100, decimals=1)
        if Decimal(share) == 0:
            raise Invalid(sentence, f"share_{position}")
        found.append({"code": code, "level": level, "share": share})
    total = sum((Decimal(one["share"]) for one in found), Decimal(0))
    if found and total != HUNDRED:
        raise Invalid(
            _l("The shares add up to %(total)s %%; they must add up to 100 %%.", total=format(total, "f")),
            f"share_{len(found)}",
        )
    return found


def checked_hours(hours: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    """Spans of opening hours by weekday, ordered and not overlapping. Raises Invalid."""
    found: dict[str, list[list[str]]] = {}
    for day in WEEKDAY_NAMES:
        spans = sorted([str(opens), str(closes)] for opens, closes in hours.get(day, ()))
        for opens, closes in spans:
            if not _CLOCK.fullmatch(opens) or not (_CLOCK.fullmatch(closes) or closes == MIDNIGHT):
                raise Invalid(_l("Write times as 08:00; the end of a day is 24:00."), day)
            if closes <= opens:
                raise Invalid(_l("Closing must come after opening; the end of a day is 24:00."), day)
        for (_before, closes), (opens, _after) in pairwise(spans):
            if opens < closes:
                raise Invalid(_l("Two spans of this day overlap."), day)
        if spans:
            found[day] = spans
    return found
