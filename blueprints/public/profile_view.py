"""What a vendor's public profile says, in the reader's words: sections of facts, and lists of what can be proven.

Everything comes from the directory's entry, which holds public data only; a section without anything is left out.
"""

from collections.abc import Iterable, Mapping
from datetime import date as Day
from decimal import Decimal
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import date, number
from portal.catalog.profile_words import (
    AGENT_MODEL_NAMES,
    AUTOMATION_NAMES,
    CERTIFICATE_NAMES,
    DAYS_NAMES,
    INTEGRATION_NAMES,
    OTHER,
    OWNERSHIP_NAMES,
    RHYTHM_NAMES,
    SYSTEM_NAMES,
    TURNOVER_NAMES,
)
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, LEVEL_NAMES, MODE_NAMES, SERVICE_TYPE_NAMES

Facts = list[tuple[str, Any]]


class Table(NamedTuple):
    """Rows under their heads; a head that ends a figure column is marked by `figures`, counted from 0."""

    title: str
    heads: list[str]
    figures: frozenset[int]
    rows: list[list[str]]


class ShownCertificate(NamedTuple):
    """A valid certificate."""

    title: str
    issuer: str
    scope: str
    valid_to: Day
    is_verified: bool


class ShownReference(NamedTuple):
    """A reference; the customer is named only where the vendor may."""

    customer: str
    period: str
    scope: str
    results: str
    is_confirmed: bool
    comment: str


class ProfileView(NamedTuple):
    """A vendor's profile as its page shows it."""

    sections: list[tuple[str, Facts]]
    tables: list[Table]
    certificates: list[ShownCertificate]
    references: list[ShownReference]
    availability: list[tuple[str, str]]
    closures: list[tuple[str, str]]
    closed_until: str


def profile_view(profile: Mapping[str, Any]) -> ProfileView:
    """The profile of an entry, in words."""
    sections = [
        (_("Company"), _company(profile)),
        (_("What they take on"), _offer(profile)),
        (_("Technology and automation"), _technology(profile)),
        (_("Quality"), _quality(profile.get("quality") or {})),
        (_("Data protection"), _security(profile.get("security") or {})),
    ]
    tables = [_sites(profile), _languages(profile), _hours(profile), _volumes(profile), _experience(profile)]
    closed = profile.get("closed")
    return ProfileView(
        sections=[(title, facts) for title, facts in ((t, _there(f)) for t, f in sections) if facts],
        tables=[table for table in tables if table.rows],
        certificates=[_certificate(one) for one in profile.get("certificates") or []],
        references=[_reference(one) for one in profile.get("references") or []],
        availability=[(_day(one["from"]), number(one["seats"])) for one in profile.get("availability") or []],
        closures=[(_days(one), one["reason"]) for one in profile.get("closures") or []],
        closed_until=_day(closed["to"]) if closed else "",
    )


def _there(facts: Facts) -> Facts:
    return [(name, value) for name, value in facts if value not in (None, "")]


def _joined(words: Iterable[Any]) -> str:
    return ", ".join(str(word) for word in words)


def _named(codes: Iterable[str] | None, names: Mapping[Any, Any]) -> str:
    return _joined(names[code] for code in codes or () if code in names)


def _figure(value: int | None) -> str:
    return "" if value is None else number(value)


def _day(value: str) -> str:
    return date(Day.fromisoformat(value))


def _days(closure: Mapping[str, Any]) -> str:
    first, last = _day(closure["from"]), _day(closure["to"])
    return first if first == last else f"{first} – {last}"


def _company(profile: Mapping[str, Any]) -> Facts:
    return [
        (_("Legal name"), profile.get("legal_name")),
        (_("Trading name"), profile.get("trading_name")),
        (_("Founded in"), str(profile["founded"]) if profile.get("founded") else ""),
        (_("Ownership"), OWNERSHIP_NAMES.get(profile.get("ownership") or "", "")),  # type: ignore[call-overload]
        (_("Turnover a year"), TURNOVER_NAMES.get(profile.get("turnover") or "", "")),  # type: ignore[call-overload]
        (_("Credit rating"), profile.get("credit_rating")),
        (_("Employees"), _figure(profile.get("employees"))),
        (_("Agents"), _figure(profile.get("agents"))),
        (_("New agents a month"), _figure(profile.get("ramp_per_month"))),
    ]


def _offer(profile: Mapping[str, Any]) -> Facts:
    months, lead = profile.get("minimum_months"), profile.get("lead_days")
    return [
        (_("What the contacts are about"), _named(profile.get("service_types"), SERVICE_TYPE_NAMES)),
        (_("Forms of outsourcing"), _named(profile.get("modes"), MODE_NAMES)),
        (_("Agent models"), _named(profile.get("agent_models"), AGENT_MODEL_NAMES)),
        (_("Smallest team"), _figure(profile.get("minimum_agents"))),
        (_("Shortest term"), "" if months is None else ngettext("%(num)d month", "%(num)d months", months)),
        (_("Ready for go-live"), "" if lead is None else _("%(count)s days after signing", count=lead)),
    ]


def _technology(profile: Mapping[str, Any]) -> Facts:
    systems = profile.get("systems") or {}
    return [
        (_("What is automated"), _named(profile.get("technology"), AUTOMATION_NAMES)),
        (_("Integrations"), _named(profile.get("technology"), INTEGRATION_NAMES)),
        *((str(name), systems.get(system)) for system, name in SYSTEM_NAMES.items()),
    ]


def _quality(quality: Mapping[str, Any]) -> Facts:
    attrition = quality.get("attrition")
    return [
        (_("Checked contacts per agent and month"), _figure(quality.get("samples"))),
        (_("Calibration with the buyer"), RHYTHM_NAMES.get(quality.get("rhythm") or "", "")),  # type: ignore[call-overload]
        (_("Initial training, hours"), _figure(quality.get("initial_hours"))),
        (_("Product training, hours"), _figure(quality.get("product_hours"))),
        (_("Conversation training, hours"), _figure(quality.get("soft_hours"))),
        (_("What the training covers"), quality.get("curriculum")),
        (_("Attrition a year"), f"{number(Decimal(attrition), 1)}\u00a0%" if attrition else ""),
        (_("Agents per team leader"), _figure(quality.get("agents_per_leader"))),
        (_("Agents per quality auditor"), _figure(quality.get("agents_per_auditor"))),
    ]


def _security(security: Mapping[str, Any]) -> Facts:
    return [
        (_("Data protection officer"), _("Appointed") if security.get("has_dpo") else ""),
        (_("Last penetration test"), _day(security["pen_test_on"]) if security.get("pen_test_on") else ""),
        (_("Insurance cover"), security.get("insurance")),
        (_("Incidents of the last three years"), security.get("incidents")),
    ]


def _sites(profile: Mapping[str, Any]) -> Table:
    rows = [
        [
            f"{site['city']}, {country_name(site['country'])}",
            site["timezone"].replace("_", " "),
            _figure(site.get("seats")),
            "" if site.get("home_percent") is None else f"{number(site['home_percent'])}\u00a0%",
            site.get("pair") or "",
        ]
        for site in profile.get("sites") or []
    ]
    heads = [_("Site"), _("Time zone"), _("Seats"), _("From home"), _("Site that takes over")]
    return Table(_("Sites"), heads, frozenset({2, 3}), rows)


def _languages(profile: Mapping[str, Any]) -> Table:
    rows = [
        [spoken_name(one["code"]), str(LEVEL_NAMES[one["level"]]), _figure(one.get("agents")), one.get("site") or ""]
        for one in profile.get("languages") or []
    ]
    heads = [_("Language"), _("Level"), _("Agents"), _("Site")]
    return Table(_("Languages"), heads, frozenset({2}), rows)


def _hours(profile: Mapping[str, Any]) -> Table:
    zone = (profile.get("hours_timezone") or "UTC").replace("_", " ")
    rows = [
        [
            spoken_name(one["code"]) if one["code"] else _("All other languages"),
            str(DAYS_NAMES[one["days"]]),
            f"{one['start']}–{one['end']}",
        ]
        for one in profile.get("hours") or []
    ]
    if profile.get("is_always_open"):
        rows = [[_("All languages"), str(DAYS_NAMES["every_day"]), "00:00–24:00"]]  # type: ignore[index]
    elif len(rows) == 1 and not profile["hours"][0]["code"]:
        rows[0][0] = _("All languages")
    return Table(_("Hours"), [_("Language"), _("Days"), _("Hours, %(zone)s", zone=zone)], frozenset(), rows)


def _volumes(profile: Mapping[str, Any]) -> Table:
    rows = [
        [str(CHANNEL_NAMES[one["channel"]]), _figure(one.get("volume"))] for one in profile.get("channel_volumes") or []
    ]
    return Table(_("Channels"), [_("Channel"), _("Contacts a year")], frozenset({1}), rows)


def _experience(profile: Mapping[str, Any]) -> Table:
    rows = [
        [
            str(INDUSTRY_NAMES[one["industry"]]),
            _figure(one.get("years")),
            _figure(one.get("largest")),
            one.get("clients") or "",
        ]
        for one in profile.get("experience") or []
    ]
    heads = [_("Industry"), _("Years"), _("Largest team, agents"), _("Clients")]
    return Table(_("Industries"), heads, frozenset({1, 2}), rows)


def _certificate(one: Mapping[str, Any]) -> ShownCertificate:
    title = one["name"] if one["code"] == OTHER else str(CERTIFICATE_NAMES[one["code"]])
    valid_to = Day.fromisoformat(one["valid_to"])
    return ShownCertificate(title, one["issuer"], one["scope"], valid_to, one["is_verified"])


def _reference(one: Mapping[str, Any]) -> ShownReference:
    industry = str(INDUSTRY_NAMES[one["industry"]]) if one.get("industry") else ""
    unnamed = _("A customer in %(industry)s", industry=industry) if industry else _("A customer")
    return ShownReference(
        customer=one.get("customer") or unnamed,
        period=f"{one['started']} – {one['ended'] or _('today')}",
        scope=one["scope"],
        results=one["results"],
        is_confirmed=one["is_confirmed"],
        comment=one["comment"],
    )
