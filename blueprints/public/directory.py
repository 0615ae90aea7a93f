"""The public directory of vendors: search, filters with counts, five orders, pages."""

import re
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, current_app, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from blueprints.public.chosen import Chosen, tray_of, whole
from blueprints.public.directory_filters import Filters
from blueprints.public.facts import breadcrumbs, vendor_list
from blueprints.public.keeping import Keeping, chosen_and_kept, may_keep
from blueprints.public.matching import Measured, Reason, measured, requirement_of
from blueprints.public.prices import price_unit
from blueprints.public.ranking import standing_reasons
from blueprints.shared import fragments
from blueprints.shared.actor import current_actor
from blueprints.shared.caching import public_page
from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.findable import Findable, shortened
from blueprints.shared.formatting import listed, utc_offset
from blueprints.shared.icons import with_shared_icons
from blueprints.shared.plain import draw_page
from blueprints.shared.routes import Routes, open_to_all, plain_reading
from blueprints.shared.translation import reading
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.directory import Found, Wanted, details, search
from portal.catalog.search_statements import TALLIED
from portal.measures.words import CHANNEL_NAMES
from portal.needs.models import Requirement
from portal.needs.queries import requirements_for

routes = Routes()
_INDENTS = re.compile(r"\s*\n\s*")


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
    standing: list[Reason]
    measured: Measured | None = None
    slug: str = ""
    drop_url: str | None = None
    kept: bool | None = None


@routes.get("/vendors")
@plain_reading
@open_to_all
def list_vendors() -> Response:
    """Vendors that are listed. An address that makes no sense shows what of it does."""
    wanted = Wanted.of(request.args, dict(request.args.lists()))
    actor = current_actor()
    found = search(wanted, request.args.get("after", ""))
    requirements, asked = _requirements(actor), request.args.get("requirement", "")
    own = next((one for one in requirements if str(one.id) == asked), None)
    requirement = own or requirement_of(actor, asked)
    chosen, keeps = chosen_and_kept(actor, request.args, [row.vendor_id for row in found.rows])
    requirement_id = str(requirement.id) if requirement else ""
    filters = Filters(wanted, found, requirement_id, chosen.slugs)
    return public_page(
        draw_page(
            "public/vendors/list.html",
            wanted=wanted,
            found=found,
            rows=_rows(found, requirement, filters, chosen, keeps),
            requirement=requirement,
            filters=filters,
            panel=_panel(wanted, found, filters, requirement, requirements, chosen),
            next_url=filters.address(after=found.after) if found.after else None,
            first_url=filters.address() if request.args.get("after") else None,
            clear_url=url_for("public.list_vendors", v=chosen.slugs),
            chosen=chosen,
            tray=tray_of(chosen, lambda slugs: Filters(wanted, found, requirement_id, slugs).address()),
            keeping=keeps,
            share_url=whole((Filters(wanted, found, "") if requirement_id or chosen.slugs else filters).address()),
            save_url=url_for("buyer.save_one", **wanted.values) if may_keep(actor) else None,
            search_text=wanted.q,
            findable=_findable(found, filters),
        )
    )


def _panel(
    wanted: Wanted,
    found: Found,
    filters: Filters,
    requirement: Requirement | None,
    requirements: list[Any],
    chosen: Chosen,
) -> Markup:
    """The form of filters; for whoever has no requirement to measure by, and has chosen nobody, it is kept for those
    who ask the same."""

    def draw() -> Markup:
        return Markup(  # noqa: S704 - drawn with escaping
            render_template(
                "public/vendors/parts/filters.html",
                wanted=wanted,
                found=found,
                filters=filters,
                requirement=requirement,
                requirements=requirements,
                tallied=TALLIED,
                chosen=chosen,
                clear_url=url_for("public.list_vendors"),
            )
        )

    if requirements or requirement or chosen.vendors or wanted.q:  # words are too many to keep a form for each
        return draw()
    counts = tuple(found.counts.items())
    return fragments.kept(("filters", reading().code, request.script_root, wanted, counts, found.is_counted), draw)


def _findable(found: Found, filters: Filters) -> Findable:
    """The whole list and each of its single filters are worth finding; what else can be combined is endless."""
    path = url_for("public.list_vendors")
    trail = [(_("Find vendors"), path)]
    chosen = filters.single
    if chosen:
        path = url_for("public.list_vendors", **{chosen.name: chosen.value})
        trail.append((chosen.words, path))
    about = _("Vendors of outsourced customer service with their channels, languages, prices and verified reviews.")
    is_indexed = request.args.keys() <= {"lang", *([chosen.name] if chosen else [])} and bool(found.rows or not chosen)
    facts = [vendor_list(found.rows, found.total if found.is_exact else None), breadcrumbs(trail)] if is_indexed else []
    return Findable(path, shortened(f"{chosen.words} – {about}" if chosen else about), facts, is_indexed=is_indexed)


def _requirements(actor: Actor | None) -> list[Any]:
    """The buyer's own requirements, to measure vendors by."""
    if actor is None or actor.company_kind != "buyer" or not actor.can(Permission.REQUIREMENT_VIEW):
        return []
    return list(requirements_for(actor))


def _rows(
    found: Found, requirement: Requirement | None, filters: Filters, chosen: Chosen, keeps: Keeping | None
) -> Markup:
    """The rows of the list. Those that measure nothing, while nobody is chosen, are kept for a while: of whom looks
    they depend on no more than whether the vendor is on a shortlist."""
    template = current_app.jinja_env.get_template("public/vendors/parts/row.html").module

    def draw(vendor: Vendor) -> Markup:
        row = template.vendor_row(vendor)  # type: ignore[attr-defined]
        return with_shared_icons(_INDENTS.sub("\n", row))

    now = found.asked_at
    if requirement or chosen.vendors:
        fits = measured(requirement, details([row.vendor_id for row in found.rows]), now) if requirement else {}
        return Markup("").join(
            draw(
                _vendor(row, found, fits.get(row.vendor_id))._replace(
                    url=url_for("public.show_vendor", slug=row.slug, v=chosen.slugs),
                    drop_url=filters.address(without=("v", row.slug)) if row.slug in chosen.slugs else None,
                    kept=keeps and keeps.state_of(row.vendor_id),
                )
            )
            for row in found.rows
        )
    shared = (reading().code, now.replace(minute=0, second=0, microsecond=0))  # zones change by the hour
    keys = [
        (row.vendor_id, row.updated_at, found.ranked and row.in_title, keeps and keeps.state_of(row.vendor_id))
        for row in found.rows
    ]

    def drawn(row: Any, key: tuple[Any, ...]) -> Markup:
        return fragments.kept(
            ("vendor row", *key, found.ranked, *shared), lambda: draw(_vendor(row, found)._replace(kept=key[-1]))
        )

    return fragments.kept(
        ("vendor rows", *keys, found.ranked, *shared), lambda: Markup("").join(map(drawn, found.rows, keys))
    )


def vendors_of(found: Found) -> list[Vendor]:
    """The vendors of a page of the directory, in the reader's words."""
    return [_vendor(row, found) for row in found.rows]


def _vendor(row: Any, found: Found, fit: Measured | None = None) -> Vendor:
    return Vendor(
        name=row.name,
        url=url_for("public.show_vendor", slug=row.slug),
        place=", ".join(filter(None, (row.city, country_name(row.country)))),
        offset=utc_offset(found.asked_at.astimezone(ZoneInfo(row.timezone))),
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
        standing=standing_reasons(row, has_words=found.ranked),
        measured=fit,
        slug=row.slug,
    )
