"""Two vendors' published prices side by side, and at which volume the cheaper one changes. For everybody."""

import re
from decimal import Decimal
from typing import Any, NamedTuple

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from blueprints.public.estimate import EstimateForm, unpriced_words
from blueprints.shared.caching import public_page
from blueprints.shared.choices import spoken_name
from blueprints.shared.findable import Findable
from blueprints.shared.formatting import amount, number
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog import directory
from portal.catalog.directory import Wanted, search
from portal.kit import charts, clock
from portal.kit.errors import NotFound
from portal.measures.words import CHANNEL_NAMES, Channel
from portal.pricing.break_even import BreakEven, break_evens, in_proportion
from portal.pricing.documents import rate_card_from_document
from portal.pricing.exchange import Conversion, conversion
from portal.pricing.restate import restated
from portal.pricing.results import TotalCost
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard, Scenario

routes = Routes()

FACTORS = tuple(Decimal(part) for part in ("0.25", "0.5", "0.75", "1", "1.5", "2", "3"))
"""The volumes that the table shows, as multiples of what is typed."""
MAX_COMPARED_MONTHS = 36
"""Each turn is looked for by pricing both cards some seventy times: a longer term would keep a visitor waiting."""
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")


class Side(NamedTuple):
    """A vendor's service whose prices are compared."""

    slug: str
    name: str
    title: str
    card: RateCard
    channels: list[str]
    languages: list[str]


class Volume(NamedTuple):
    """Both totals at one volume; `lowest` is 0 or 1, None where they are equal or cannot be compared."""

    factor: Decimal
    contacts: Decimal
    totals: tuple[int, int]
    lowest: int | None


class Outcome(NamedTuple):
    """What the comparison says."""

    volumes: list[Volume]
    turns: tuple[BreakEven, ...]
    gaps: list[tuple[str, list[str]]]
    chart: charts.Chart


@routes.get("/vendors/<slug>/compare-prices")
@open_to_all
def compare_prices(slug: str) -> Response:
    """One vendor beside another. `other` is the other one's name or the end of its page's address."""
    first = _side(directory.find(slug, also_old=True), request.args.get("service"))
    wanted = request.args.get("other", "").strip()[:200]
    second = _find(wanted) if wanted else None
    error = _not_found(wanted, second, first)
    second = None if error else second
    rate = None
    if second is not None:
        rate = conversion(second.card.currency, first.card.currency, clock.now().date())
        if rate is None:
            error = _(
                "No exchange rate from %(one)s to %(other)s is known.",
                one=second.card.currency,
                other=first.card.currency,
            )
    asked = MultiDict((name, value) for name, value in request.args.items() if name in EstimateForm.NAMES)
    form = EstimateForm.of(asked, first.channels, first.card, *([second.card] if second else []))
    form.limit_term(MAX_COMPARED_MONTHS)
    language = _language(request.args.get("language"), first, second)
    scenario = form.scenario(language, discounted=False) if form.validate() else None
    compared = _outcome((first, second), rate, scenario, language) if second and rate and scenario else None
    return public_page(
        render_template(
            "public/vendors/compare_prices.html",
            first=first,
            second=second,
            wanted=wanted,
            error=error,
            form=form,
            spoken_in=language,
            spoken=[(code, spoken_name(code)) for code in first.languages],
            rate=rate if second and second.card.currency != first.card.currency else None,
            suggestions=[] if second else [row.name for row in search(Wanted()).rows if row.slug != first.slug],
            compared=compared,
            is_asked=scenario is not None,
            months=form.term.data,
            here=url_for("public.compare_prices", slug=first.slug),
            findable=Findable(
                request.path,
                _("%(name)s beside another vendor, by the rate cards both have published.", name=first.name),
                is_indexed=False,
            ),
        )
    )


def _language(wanted: str | None, first: Side, second: Side | None) -> str:
    """The language typed; else one that both speak, else the first one's."""
    if wanted in first.languages:
        return wanted
    both = (code for code in first.languages if second and code in second.languages)
    return next(both, first.languages[0])


def _side(vendor: Any, service: str | None = None) -> Side:
    shown = next((one for one in vendor.services if one["slug"] == service), vendor.services[0])
    card = rate_card_from_document(shown["rate_card"]["document"], "")
    languages = [spoken["code"] for spoken in shown["languages"]]
    return Side(vendor.slug, vendor.name, shown["title"], card, shown["channels"], languages)


def _find(wanted: str) -> Side | None:
    """A listed vendor by the end of its page's address, or by its whole name."""
    slug = wanted.rstrip("/").rpartition("/")[2].lower()
    if SLUG.fullmatch(slug):
        try:
            return _side(directory.find(slug, also_old=True))
        except NotFound:
            slug = ""
    named = (row for row in search(Wanted(q=wanted)).rows if row.name.casefold() == wanted.casefold())
    found = next(named, None)
    return _side(directory.find(found.slug)) if found else None


def _not_found(wanted: str, second: Side | None, first: Side) -> str:
    if wanted and second is None:
        return _("No listed vendor has this name. Write it as its page does, or take the end of the page's address.")
    if second is not None and second.slug == first.slug:
        return _("Choose another vendor than %(name)s itself.", name=first.name)
    return ""


def _outcome(sides: tuple[Side, Side], rate: Conversion, scenario: Scenario, language: str) -> Outcome:
    first, second = sides
    cards = first.card, restated(second.card, first.card.currency, rate.rate)
    costs = [tuple(total_cost(card, in_proportion(scenario, factor)) for card in cards) for factor in FACTORS]
    missing = (
        (side.name, _missing(side, cost, scenario, language)) for side, cost in zip(sides, costs[0], strict=True)
    )
    gaps = [(name, what) for name, what in missing if what]
    contacts = sum((row.contacts for row in scenario.months[0].volumes), Decimal(0))
    volumes = [
        _volume(factor, contacts * factor, one, other, is_fair=not gaps)
        for factor, (one, other) in zip(FACTORS, costs, strict=True)
    ]
    turns = () if gaps else break_evens(*cards, scenario)
    return Outcome(volumes, turns, gaps, _chart(sides, volumes, first.card.currency))


def _volume(factor: Decimal, contacts: Decimal, one: TotalCost, other: TotalCost, *, is_fair: bool) -> Volume:
    totals = one.total_before_credits_minor, other.total_before_credits_minor
    lowest = totals.index(min(totals)) if is_fair and totals[0] != totals[1] else None
    return Volume(factor, contacts, totals, lowest)


def _missing(side: Side, cost: TotalCost, scenario: Scenario, language: str) -> list[str]:
    """What a side leaves out: channels and languages it does not offer or price, and lines nobody typed figures for."""
    rows = scenario.months[0].volumes
    absent = [str(CHANNEL_NAMES[Channel(row.channel)]) for row in rows if row.channel not in side.channels]
    absent += [spoken_name(language)] if rows and language not in side.languages else []
    return list(dict.fromkeys([*absent, *unpriced_words(cost), *cost.unmeasured]))


def _chart(sides: tuple[Side, Side], volumes: list[Volume], currency: str) -> charts.Chart:
    series = [
        charts.Series(kind, side.name, [volume.totals[place] for volume in volumes])
        for place, (kind, side) in enumerate(zip(("operating", "compare"), sides, strict=True))
    ]
    return charts.grouped_bars(
        [f"× {number(volume.factor)}" for volume in volumes],
        series,
        label=_(
            "Total cost of %(one)s and %(other)s at seven volumes, in %(currency)s.",
            one=sides[0].name,
            other=sides[1].name,
            currency=currency,
        ),
        first=_("Volume"),
        figures=False,
        write=lambda minor: amount(int(minor), currency, whole=True),
    )
