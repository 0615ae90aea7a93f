"""A vendor's public page: profile, services, prices by fee class, and what it would cost."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict

from blueprints.public.chosen import tray_of
from blueprints.public.estimate import EstimateForm, unpriced_words
from blueprints.public.estimate_lines import estimate_lines
from blueprints.public.facts import breadcrumbs, vendor_facts
from blueprints.public.keeping import chosen_and_kept
from blueprints.public.prices import price_unit
from blueprints.public.profile_view import profile_view
from blueprints.public.sections import sections_of
from blueprints.shared.actor import current_actor
from blueprints.shared.caching import public_page
from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.findable import Findable, shortened
from blueprints.shared.formatting import amount, listed, number, utc_offset
from blueprints.shared.hours import hours_in_words
from blueprints.shared.plain import draw_kept_page, draw_page, is_plain_reading
from blueprints.shared.routes import Routes, open_to_all, plain_reading
from portal.accounts.queries import company
from portal.catalog import directory
from portal.catalog.slugs import moved_service, old_addresses
from portal.kit import charts, clock
from portal.kit.errors import NotFound
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, LEVEL_NAMES, MODE_NAMES
from portal.pricing import words
from portal.pricing.documents import rate_card_from_document
from portal.pricing.exchange import Converted, converted
from portal.pricing.fees import Answer, answers
from portal.pricing.scenarios import ThreeCosts
from portal.pricing.values import FeeClass, RateCard

routes = Routes()
TEMPLATE = "public/vendors/show.html"
ASKED = frozenset({*EstimateForm.NAMES, "service", "language", "v"})
"""The names in an address that change what the page shows."""


class Shown(NamedTuple):
    """A published service as the page shows it."""

    slug: str
    title: str
    summary: str
    description: str
    facts: list[tuple[str, Any]]
    card: RateCard
    fees: Mapping[FeeClass, tuple[Answer, ...]]
    languages: list[str]
    channels: list[str]


@routes.get("/vendors/<slug>")
@plain_reading
@open_to_all
def show_vendor(slug: str) -> Response:
    """One vendor. `service` in the address says whose prices the estimate takes."""
    if is_plain_reading() and request.args.keys().isdisjoint(ASKED) and (mark := directory.page_mark(slug)):
        key = (mark.vendor_id, mark.updated_at, mark.asked_at.replace(second=0, microsecond=0))
        return public_page(draw_kept_page(key, TEMPLATE, lambda: _plain_values(slug)), changed_at=mark.updated_at)
    try:
        vendor = directory.find(slug)
    except NotFound:
        return _moved(directory.moved_to(slug))
    services = [_shown(service) for service in vendor.services]
    wanted = request.args.get("service", "")
    if wanted and wanted not in {service.slug for service in services}:
        moved = moved_service(vendor.vendor_id, wanted)
        if moved:
            return _moved(slug, service=moved)
    return public_page(draw_page(TEMPLATE, **_values(vendor, services)), changed_at=vendor.updated_at)


def _plain_values(slug: str) -> dict[str, Any]:
    vendor = directory.find(slug)
    return _values(vendor, [_shown(service) for service in vendor.services])


def _values(vendor: Any, services: list[Shown]) -> dict[str, Any]:
    """What the page shows, with the estimate that its address asks for."""
    wanted = request.args.get("service", "")
    chosen = next((service for service in services if service.slug == wanted), services[0])
    to_compare, keeping = chosen_and_kept(current_actor(), request.args, [vendor.vendor_id])
    asked = MultiDict((name, value) for name, value in request.args.items() if name in EstimateForm.NAMES)
    form = EstimateForm.of(asked, chosen.channels, chosen.card)
    language = request.args.get("language", "")
    language = language if language in chosen.languages else chosen.languages[0]
    estimate = form.estimate(chosen.card, language) if asked and form.validate() else None
    slug = vendor.slug
    return {
        "vendor": vendor,
        "facts": _facts(vendor),
        "about": profile_view(vendor.profile),
        "services": services,
        "old_addresses": old_addresses(vendor.vendor_id),
        "chosen": chosen,
        "form": form,
        "spoken_in": language,
        "spoken": [(code, spoken_name(code)) for code in chosen.languages],
        "estimate": estimate,
        "lines": estimate_lines(chosen.card, estimate.base) if estimate else [],
        "discount": form.discount_pct,
        "compare_url": url_for(
            "public.compare_prices", slug=slug, service=chosen.slug, language=language, **asked.to_dict()
        ),
        "unpriced": unpriced_words(estimate.base) if estimate else [],
        "bar": _bar(estimate) if estimate else None,
        "price_unit": price_unit(vendor.price_unit, vendor.price_basis),
        "sections": sections_of(vendor.vendor_id),
        "words": words,
        "beside": _beside(services),
        "here": url_for("public.show_vendor", slug=slug),
        "findable": _findable(vendor),
        "chosen_slugs": to_compare.slugs,
        "tray": tray_of(to_compare, lambda slugs: _with_chosen(slug, slugs)),
        "choose_url": _with_chosen(slug, [*to_compare.slugs, slug]),
        "list_url": url_for("public.list_vendors", v=to_compare.slugs),
        "keeping": keeping,
    }


def _with_chosen(slug: str, chosen: list[str]) -> str:
    """The page as it is, its estimate too, with other vendors chosen to compare."""
    asked = {name: value for name, value in request.args.items() if name in ASKED - {"v"}}
    return url_for("public.show_vendor", slug=slug, **asked, v=chosen)


def _moved(slug: str | None, **changes: str) -> Response:
    """Lead on to the address of now, with what else was asked. Raises NotFound where there is none.

    Caches keep the answer for a minute only: a vendor may take an address of its own back.
    """
    if slug is None:
        raise NotFound
    asked = {**request.args.to_dict(flat=False), **changes}
    here = url_for("public.show_vendor", slug=slug, **asked)
    return public_page(current_app.make_response(redirect(here, HTTPStatus.MOVED_PERMANENTLY)))


def _findable(vendor: Any) -> Findable:
    path = url_for("public.show_vendor", slug=vendor.slug)
    trail = [(_("Find vendors"), url_for("public.list_vendors")), (vendor.name, path)]
    about = [vendor.headline, vendor.description]
    return Findable(
        path,
        shortened(" – ".join(part for part in about if part)),
        [*vendor_facts(vendor), breadcrumbs(trail)],
        kind="profile",
    )


def _beside(services: list[Shown]) -> dict[str, Converted | None]:
    """The reader's own currency beside those of the cards, by these; nothing for readers without a company."""
    actor = current_actor()
    if actor is None or actor.company_id is None:
        return {}
    own = company(actor.company_id).currency
    return {currency: converted(currency, own) for currency in {service.card.currency for service in services}}


def _shown(service: dict[str, Any]) -> Shown:
    card = rate_card_from_document(service["rate_card"]["document"], "")
    spoken = [f"{spoken_name(one['code'])} ({LEVEL_NAMES[one['level']]})" for one in service["languages"]]
    facts = [
        (_("Channels"), listed((CHANNEL_NAMES[channel] for channel in service["channels"]), common=True)),
        (_("Languages"), listed(spoken)),
        (_("Hours"), hours_in_words(service["hours"], service["timezone"])),
        (_("Modes"), listed((MODE_NAMES[mode] for mode in service["modes"]), common=True)),
        (_("Industries"), listed((INDUSTRY_NAMES[industry] for industry in service["industries"]), common=True)),
        (_("Minimum"), _minimum(service)),
        (_("Ready for go-live"), _days(service.get("lead_days"))),
    ]
    return Shown(
        slug=service["slug"],
        title=service["title"],
        summary=service["summary"],
        description=service["description"],
        facts=facts,
        card=card,
        fees=answers(card),
        languages=[one["code"] for one in service["languages"]],
        channels=service["channels"],
    )


def _minimum(service: dict[str, Any]) -> str:
    parts = []
    if service.get("minimum_agents"):
        parts.append(_agents(service["minimum_agents"]))
    if service.get("minimum_months"):
        parts.append(ngettext("%(num)d month", "%(num)d months", service["minimum_months"]))
    return listed(parts)


def _days(days: int | None) -> str:
    return "" if days is None else ngettext("%(num)d day after signing", "%(num)d days after signing", days)


def _agents(count: int) -> str:
    return ngettext("%(count)s agent", "%(count)s agents", count, count=number(count))


def _seats_free(count: int) -> str:
    return ngettext("%(count)s seat free", "%(count)s seats free", count, count=number(count))


def _facts(vendor: Any) -> list[str]:
    profile = vendor.profile
    offset = utc_offset(clock.now().astimezone(ZoneInfo(vendor.timezone)))
    return [
        ", ".join(filter(None, (vendor.city, country_name(vendor.country)))) + f" · {offset}",
        _("Founded %(year)s", year=profile["founded"]) if profile.get("founded") else "",
        _agents(profile["agents"]) if profile.get("agents") else "",
        _seats_free(vendor.seats_free) if vendor.seats_free is not None else "",
    ]


def _bar(estimate: ThreeCosts) -> charts.Chart:
    """One bar of the three fee classes of the whole term."""
    cost = estimate.base
    return charts.share_bar(
        [
            ("one_time", _("One-time"), cost.one_time_minor),
            ("operating", _("Operating"), cost.operating_minor),
            ("extra", _("Extra, expected"), cost.extra_minor),
        ],
        label=_("The expected total by fee class, in %(currency)s.", currency=cost.currency),
        write=lambda minor: amount(int(minor), cost.currency, whole=True),
    )
