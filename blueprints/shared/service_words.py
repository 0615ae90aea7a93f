"""A copy of a service in the reader's words: field by field, and two copies side by side."""

from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import NO_BREAK, listed, number
from blueprints.shared.hours import hours_in_words
from portal.catalog.snapshots import Snapshot, changed_fields
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, LEVEL_NAMES, MODE_NAMES
from portal.pricing import words as pricing_words
from portal.pricing.documents import rate_card_from_document
from portal.pricing.values import ExtraLine, OneTimeLine, OperatingLine

FIELD_NAMES: dict[str, Any] = {
    "title": _l("Title"),
    "summary": _l("Summary"),
    "description": _l("Description"),
    "channels": _l("Channels"),
    "languages": _l("Languages"),
    "hours": _l("Hours"),
    "modes": _l("Modes"),
    "industries": _l("Industries"),
    "countries": _l("Delivered from"),
    "minimum_agents": _l("Smallest team"),
    "minimum_months": _l("Shortest term"),
    "lead_days": _l("Days to go-live"),
    "rate_card": _l("Rate card"),
}
SEPARATOR = " · "


class Change(NamedTuple):
    """A field in two copies, each in words; the same text twice where nothing changed."""

    field: str
    name: Any
    old: str
    new: str
    is_changed: bool


def fields_in_words(copy: Snapshot) -> list[tuple[str, Any, str]]:
    """(field, name, words) of every field of a copy."""
    return [(field, name, _words(copy, field)) for field, name in FIELD_NAMES.items()]


def compared(old: Snapshot | None, new: Snapshot) -> list[Change]:
    """Every field of two copies; without an old one everything is new."""
    different = set(changed_fields(old, new))
    if "timezone" in different:
        different.add("hours")
    return [
        Change(field, name, _words(old, field) if old else "", _words(new, field), field in different)
        for field, name in FIELD_NAMES.items()
    ]


def _words(copy: Snapshot, field: str) -> str:
    value = copy.get(field)
    if value in (None, "", [], {}):
        return ""
    if field == "rate_card":
        return _rate_card(value)
    if field == "hours":
        return hours_in_words(value, copy["timezone"])
    if field == "languages":
        return SEPARATOR.join(f"{spoken_name(one['code'])} {LEVEL_NAMES[one['level']]}" for one in value)
    if field == "minimum_months":
        return ngettext("%(num)d month", "%(num)d months", value)
    if field == "countries":
        return SEPARATOR.join(country_name(code) for code in value)
    names: dict[str, Any] = {"channels": CHANNEL_NAMES, "modes": MODE_NAMES, "industries": INDUSTRY_NAMES}
    if field in names:
        return SEPARATOR.join(str(names[field][one]) for one in value)
    return str(value)


def _rate_card(value: dict[str, Any]) -> str:
    """One line of text for each line of the card, so that a comparison shows which price moved."""
    card = rate_card_from_document(value["document"], "")
    lines = [f"{line.code}: {_single(line)}" for line in card.one_time]
    lines += [f"{line.code}: {_operating(line)}" for line in card.operating]
    lines += [f"{line.code}: {_single(line)}" for line in card.extra]
    return _("%(name)s, %(currency)s", name=value["name"], currency=card.currency) + "\n" + "\n".join(lines)


def _rate(value: Decimal) -> str:
    """A rate with two decimals, or as many as it was written with."""
    places = value.as_tuple().exponent
    assert isinstance(places, int)
    return number(value, max(2, -places))


def _single(line: OneTimeLine | ExtraLine) -> str:
    return f"{_rate(line.rate)} × {number(line.qty)} {pricing_words.UNIT_NOUNS.get(line.unit, line.unit)}"


def _operating(line: OperatingLine) -> str:
    unit = str(pricing_words.UNIT_NAMES[line.unit])
    if line.billing_basis:
        unit += f" ({pricing_words.BILLING_BASIS_NAMES[line.billing_basis]})"
    if line.pct is not None:
        return f"+{number(line.pct)}{NO_BREAK}% ({listed(line.applies_to)})"
    if line.tiers:
        bands = [
            f"{_rate(tier.rate)} ≤ {number(tier.up_to)}" if tier.up_to is not None else _rate(tier.rate)
            for tier in line.tiers
        ]
        return f"{'; '.join(bands)} {unit}"
    return f"{_rate(line.rate)} {unit}"
