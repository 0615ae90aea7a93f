"""What the parts of a vendor profile must hold to be saved. Every cleaner raises Invalid naming the field."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from portal.catalog.checks import (
    MAX_FIGURE,
    MAX_LANGUAGES,
    MOST,
    chosen_of,
    country_of,
    figure_of,
    is_time,
    languages_of,
    text_of,
    timezone_of,
)
from portal.catalog.profile_words import Days, Ownership, Rhythm, System, Technology, Turnover
from portal.catalog.vocabulary import LANGUAGES
from portal.kit.errors import Invalid
from portal.kit.text import clean_line
from portal.measures.words import Channel, Industry, Mode, ServiceType
from portal.pricing.values import AgentModel

MAX_ROWS = 30
MAX_VOLUME = 1_000_000_000
MAX_LINE = 160
MAX_NOTE = 1000

Values = Mapping[str, Any]
Cleaner = Callable[[Values, str], Any]


def clean_profile(values: Values, today: date) -> dict[str, Any]:
    """The fields that `values` names, as they are stored; fields it does not name are left alone."""
    found = {name: clean(values, name) for name, clean in _FIELDS.items() if name in values}
    if found.get("founded") is not None and not 1800 <= found["founded"] <= today.year:
        raise Invalid(_l("Write the year as four digits, such as 2011."), "founded")
    if (found.get("security") or {}).get("pen_test_on", "") > today.isoformat():
        raise Invalid(_l("Write the day of the last test, not of the next one."), "pen_test_on")
    if "experience" in found:
        found["industries"] = [row["industry"] for row in found["experience"]]
    return found


def _line(most: int) -> Cleaner:
    return lambda values, name: text_of(values, name, most)


def _figure(most: int = MAX_FIGURE) -> Cleaner:
    return lambda values, name: figure_of(values, name, most=most)


def _chosen(choices: Iterable[str]) -> Cleaner:
    return lambda values, name: chosen_of(values, name, choices)


def _one_of(choices: Iterable[str]) -> Cleaner:
    def clean(values: Values, name: str) -> str:
        value = str(values.get(name) or "")
        if value and value not in set(choices):
            raise Invalid(_l("Choose from the list."), name)
        return value

    return clean


def _rows(clean: Callable[[Values], dict[str, Any]], key: str = "") -> Cleaner:
    """Rows of a list, each cleaned; with `key` no two of them may have the same value there."""

    def clean_all(values: Values, name: str) -> list[dict[str, Any]]:
        found = [clean(row) for row in values.get(name) or []]
        if len(found) > MAX_ROWS:
            raise Invalid(_l("Write at most %(most)s rows.", most=MAX_ROWS), name)
        if key and len({row[key] for row in found}) < len(found):
            raise Invalid(_l("Each one can stand here once."), name)
        return found

    return clean_all


def _site(row: Values) -> dict[str, Any]:
    city = clean_line(row.get("city") or "")
    if not city or len(city) > 80:
        raise Invalid(_l("Write the city of each site."), "sites")
    return {
        "city": city,
        "country": country_of(row.get("country") or "", "sites"),
        "timezone": timezone_of(row.get("timezone") or "UTC"),
        "seats": figure_of(row, "seats", field="sites"),
        "home_percent": figure_of(row, "home_percent", most=100, field="sites"),
        "pair": clean_line(row.get("pair") or "")[:80],
    }


def _sites(values: Values, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _rows(_site)(values, name)
    cities = {site["city"] for site in found}
    for site in found:
        if site["pair"] and (site["pair"] not in cities or site["pair"] == site["city"]):
            raise Invalid(_l("The site that takes over must be another one of this list: write its city."), name)
    return found


def _languages(values: Values, name: str) -> list[dict[str, Any]]:
    rows = list(values.get(name) or [])
    more = [
        {
            "agents": figure_of(row, "agents", field=name),
            "site": clean_line(row.get("site") or "")[:80],
        }
        for row in rows[: MAX_LANGUAGES + 1]
    ]
    return [one | two for one, two in zip(languages_of(rows), more, strict=True)]


def _hours(row: Values) -> dict[str, Any]:
    code, days = row.get("code") or "", row.get("days") or ""
    start, end = clean_line(row.get("start") or ""), clean_line(row.get("end") or "")
    if code and code not in LANGUAGES:
        raise Invalid(_l("Choose the language from the list."), "hours")
    if days not in set(Days):
        raise Invalid(_l("Choose the days from the list."), "hours")
    if not (is_time(start) and is_time(end) and start < end):
        raise Invalid(_l("Write times such as 08:00 and 20:00, the earlier one first."), "hours")
    return {"code": code, "days": days, "start": start, "end": end}


def _volume(row: Values) -> dict[str, Any]:
    if row.get("channel") not in set(Channel):
        raise Invalid(_l("Choose the channel from the list."), "channel_volumes")
    volume = figure_of(row, "volume", most=MAX_VOLUME, field="channel_volumes")
    return {"channel": row["channel"], "volume": volume}


def _experience(row: Values) -> dict[str, Any]:
    if row.get("industry") not in set(Industry):
        raise Invalid(_l("Choose the industry from the list."), "experience")
    clients = clean_line(row.get("clients") or "")
    if len(clients) > MAX_LINE:
        raise Invalid(_l("Write at most %(most)s characters.", most=MAX_LINE), "experience")
    return {
        "industry": row["industry"],
        "years": figure_of(row, "years", most=200, field="experience"),
        "clients": clients,
        "largest": figure_of(row, "largest", field="experience"),
    }


def _systems(values: Values, name: str) -> dict[str, str]:
    given: Values = values.get(name) or {}
    found = {system.value: text_of(given, system.value, MAX_LINE) for system in System}
    return {system: product for system, product in found.items() if product}


def _quality(values: Values, name: str) -> dict[str, Any]:
    given: Values = values.get(name) or {}
    found: dict[str, Any] = {
        figure: figure_of(given, figure, most=most)
        for figure, most in (
            ("samples", 1000),
            ("initial_hours", 2000),
            ("product_hours", 2000),
            ("soft_hours", 2000),
            ("agents_per_leader", 200),
            ("agents_per_auditor", 500),
        )
    }
    found["rhythm"] = _one_of(Rhythm)(given, "rhythm")
    found["curriculum"] = text_of(given, "curriculum", MAX_NOTE, lines=True)
    attrition = given.get("attrition")
    if attrition is not None and not Decimal(0) <= Decimal(attrition) <= Decimal(500):
        raise Invalid(_l("Write a percentage of zero or more."), "attrition")
    found["attrition"] = "" if attrition is None else format(Decimal(attrition), "f")
    return {part: value for part, value in found.items() if value not in (None, "")}


def _security(values: Values, name: str) -> dict[str, Any]:
    given: Values = values.get(name) or {}
    tested = given.get("pen_test_on")
    found = {
        "has_dpo": bool(given.get("has_dpo")),
        "pen_test_on": date.fromisoformat(str(tested)).isoformat() if tested else "",
        "insurance": text_of(given, "insurance", MAX_LINE),
        "incidents": text_of(given, "incidents", MAX_NOTE, lines=True),
    }
    return {part: value for part, value in found.items() if value}


def _website(values: Values, name: str) -> str:
    value = clean_line(values.get(name) or "")
    if not value:
        return ""
    if "://" not in value:
        value = f"https://{value}"
    refusal = Invalid(_l("Write the address of your website, such as https://example.com."), name)
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise refusal from error
    if parts.scheme not in ("http", "https") or "." not in parts.netloc or len(value) > 200 or " " in value:
        raise refusal
    return value


def _zone(values: Values, name: str) -> str:
    return timezone_of(values.get(name) or "UTC")


_FIELDS: dict[str, Cleaner] = {
    "headline": _line(MOST["headline"]),
    "description": lambda values, name: text_of(values, name, MOST[name], lines=True),
    "website": _website,
    "legal_name": _line(MAX_LINE),
    "trading_name": _line(MAX_LINE),
    "founded": _figure(),
    "ownership": _one_of(Ownership),
    "turnover": _one_of(Turnover),
    "credit_rating": _line(80),
    "employees": _figure(),
    "agents": _figure(),
    "seats_free": _figure(),
    "ramp_per_month": _figure(),
    "sites": _sites,
    "is_always_open": lambda values, name: bool(values.get(name)),
    "hours": _rows(_hours),
    "hours_timezone": _zone,
    "channel_volumes": _rows(_volume, "channel"),
    "languages": _languages,
    "industries": _chosen(Industry),
    "experience": _rows(_experience, "industry"),
    "service_types": _chosen(ServiceType),
    "modes": _chosen(Mode),
    "agent_models": _chosen(AgentModel),
    "minimum_agents": _figure(),
    "minimum_months": _figure(120),
    "lead_days": _figure(1000),
    "systems": _systems,
    "technology": _chosen(Technology),
    "quality": _quality,
    "security": _security,
}
