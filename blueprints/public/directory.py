"""The public directory of vendors: search, filters with counts, three orders, pages."""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, g, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.public.matching import Measured, measured, requirement_of
from blueprints.public.prices import price_unit
from blueprints.shared.actor import current_actor
from blueprints.shared.caching import public_page
from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import listed, utc_offset
from blueprints.shared.routes import Routes, open_to_all
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.directory import Found, Wanted, details, search
from portal.kit import clock
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES
from portal.needs.models import Requirement
from portal.needs.queries import requirements_for

routes = Routes()

LANGUAGES_SHOWN = 10
"""Languages in the filter: those that most vendors offer, and any that was chosen."""


class Vendor(NamedTuple):
    """A vendor as a row of the list."""

    name: str
    url: str
    place: str
    offset: str
    headline: str
    channels: str
    languages: str
    seats_free: int | None
    lead_days: int | None
    price_minor: int | None
    price_currency: str | None
    price_unit: Any
    rating: str | None
    review_count: int
    measured: Measured | None = None


class Option(NamedTuple):
    """A value of a filter, with how many vendors of the whole directory have it."""

    value: str
    label: str
    count: int
    checked: bool


@routes.get("/vendors")
@open_to_all
def list_vendors() -> Response:
    """Vendors that are listed. An address that makes no sense shows what of it does."""
    wanted = _wanted()
    actor = current_actor()
    found = search(wanted, request.args.get("after", ""))
    requirement = requirement_of(actor, request.args.get("requirement", ""))
    g.measured_by = requirement.id if requirement else None
    return public_page(
        render_template(
            "public/vendors/list.html",
            wanted=wanted,
            found=found,
            vendors=vendors_of(found, requirement),
            requirement=requirement,
            requirements=_requirements(actor),
            facets=_facets(wanted, found),
            countries=_countries(wanted, found),
            chips=_chips(wanted),
            orders=_orders(wanted),
            next_url=_address(wanted, after=found.after) if found.after else None,
            first_url=_address(wanted) if request.args.get("after") else None,
            clear_url=url_for("public.list_vendors"),
            search_text=wanted.q,
        )
    )


def _wanted() -> Wanted:
    many = {name: request.args.getlist(name) for name in ("channel", "language", "mode", "industry")}
    return Wanted.of(
        q=request.args.get("q", ""),
        channels=many["channel"],
        languages=many["language"],
        modes=many["mode"],
        industries=many["industry"],
        country=request.args.get("country", ""),
        sort=request.args.get("sort", ""),
    )


def _address(wanted: Wanted, *, without: tuple[str, str] | None = None, **more: str | None) -> str:
    """The address of a search; `without` leaves one value of one filter out."""
    values: dict[str, Any] = {
        "q": [wanted.q] if wanted.q else [],
        "channel": list(wanted.channels),
        "language": list(wanted.languages),
        "mode": list(wanted.modes),
        "industry": list(wanted.industries),
        "country": [wanted.country] if wanted.country else [],
        "sort": [] if wanted.sort == "relevance" else [wanted.sort],
        "requirement": [g.measured_by] if g.get("measured_by") else [],
    }
    if without:
        values[without[0]] = [value for value in values[without[0]] if value != without[1]]
    return url_for("public.list_vendors", **values | {name: value or [] for name, value in more.items()})


def _requirements(actor: Actor | None) -> list[Any]:
    """The buyer's own requirements, to measure vendors by."""
    if actor is None or actor.company_kind != "buyer" or not actor.can(Permission.REQUIREMENT_VIEW):
        return []
    return list(requirements_for(actor))


def vendors_of(found: Found, requirement: Requirement | None = None) -> list[Vendor]:
    """The vendors of a page of the directory, in the reader's words; measured where there is a requirement."""
    now = clock.now()
    fits = measured(requirement, details([row.vendor_id for row in found.rows]), now) if requirement else {}
    return [
        Vendor(
            name=row.name,
            url=url_for("public.show_vendor", slug=row.slug),
            place=", ".join(filter(None, (row.city, country_name(row.country)))),
            offset=utc_offset(now.astimezone(ZoneInfo(row.timezone))),
            headline=row.headline,
            channels=listed((CHANNEL_NAMES[channel] for channel in row.channels), common=True),
            languages=listed(spoken_name(code) for code in row.languages),
            seats_free=row.seats_free,
            lead_days=row.lead_days,
            price_minor=row.price_from_minor,
            price_currency=row.price_currency,
            price_unit=price_unit(row.price_unit, row.price_basis),
            rating=row.rating,
            review_count=row.review_count,
            measured=fits.get(row.vendor_id),
        )
        for row in found.rows
    ]


def _facets(wanted: Wanted, found: Found) -> list[tuple[str, str, list[Option]]]:
    """(legend, parameter, options) of each filter with checkboxes."""

    def options(prefix: str, names: dict[str, Any], chosen: tuple[str, ...]) -> list[Option]:
        return [
            Option(value, str(label), found.counts.get(f"{prefix}:{value}", 0), value in chosen)
            for value, label in names.items()
            if found.counts.get(f"{prefix}:{value}") or value in chosen
        ]

    spoken = [key[2:] for key in found.counts if key.startswith("l:")]
    spoken.sort(key=lambda code: (-found.counts[f"l:{code}"], code))
    shown = [*spoken[:LANGUAGES_SHOWN], *(code for code in wanted.languages if code not in spoken[:LANGUAGES_SHOWN])]
    return [
        (_("Channel"), "channel", options("c", dict(CHANNEL_NAMES), wanted.channels)),
        (_("Language"), "language", options("l", {code: spoken_name(code) for code in shown}, wanted.languages)),
        (_("Mode"), "mode", options("m", dict(MODE_NAMES), wanted.modes)),
        (_("Industry experience"), "industry", options("i", dict(INDUSTRY_NAMES), wanted.industries)),
    ]


def _countries(wanted: Wanted, found: Found) -> list[Option]:
    codes = {key[2:] for key in found.counts if key.startswith("k:")} | ({wanted.country} - {""})
    every = [
        Option(code, country_name(code), found.counts.get(f"k:{code}", 0), code == wanted.country) for code in codes
    ]
    return sorted(every, key=lambda option: option.label)


def _chips(wanted: Wanted) -> list[tuple[str, str]]:
    """(words, address without it) of everything that was asked for."""
    found = [(f"“{wanted.q}”", _address(wanted, without=("q", wanted.q)))] if wanted.q else []
    for name, values, word in (
        ("channel", wanted.channels, CHANNEL_NAMES.__getitem__),
        ("language", wanted.languages, spoken_name),
        ("mode", wanted.modes, MODE_NAMES.__getitem__),
        ("industry", wanted.industries, INDUSTRY_NAMES.__getitem__),
        ("country", (wanted.country,) if wanted.country else (), country_name),
    ):
        found += [(str(word(value)), _address(wanted, without=(name, value))) for value in values]  # type: ignore[operator]
    return found


def _orders(wanted: Wanted) -> list[tuple[str, str | None]]:
    """(words, address) of each order; no address for the one in use."""
    names = (
        ("relevance", _("best match") if wanted.q else _("standing")),
        ("name", _("name")),
        ("newest", _("newest")),
    )
    return [
        (word, None if sort == wanted.sort else _address(wanted, sort=None if sort == "relevance" else sort))
        for sort, word in names
    ]
