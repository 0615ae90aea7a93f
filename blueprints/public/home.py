"""The front page: what the marketplace does, shown on an example that the pricing engine works out."""

from flask import Response, render_template, url_for
from flask_babel import gettext as _

from blueprints.public.directory import vendors_of
from blueprints.public.examples import CURRENCY, contacts_a_year, offers
from blueprints.shared.caching import public_page
from blueprints.shared.choices import spoken_name
from blueprints.shared.findable import Findable, absolute
from blueprints.shared.formatting import amount
from blueprints.shared.routes import Routes, open_to_all
from portal.catalog.directory import Found, Wanted, search
from portal.kit import charts

routes = Routes()

VENDORS_SHOWN = 4


@routes.get("/")
@open_to_all
def show_home() -> Response:
    """The front page, with the first vendors of the directory that have room."""
    found = search(Wanted())
    with_room = [vendor for vendor in vendors_of(found) if vendor.seats_free]
    return public_page(
        render_template(
            "public/home/show.html",
            offers=offers(),
            currency=CURRENCY,
            contacts=contacts_a_year(),
            chart=_chart(),
            vendors=with_room[:VENDORS_SHOWN],
            vendor_count=found.listed,
            languages_spoken=_languages(found),
            findable=_findable(),
        )
    )


def _findable() -> Findable:
    home = absolute(url_for("public.show_home"))
    search_for = absolute(url_for("public.list_vendors")) + "?q={words}"
    site = {
        "@type": "WebSite",
        "name": "Switchboard",
        "url": home,
        "potentialAction": {"@type": "SearchAction", "target": search_for, "query-input": "required name=words"},
    }
    about = _("Find vendors of outsourced customer service, compare their prices and bids like for like, and sign.")
    return Findable(url_for("public.show_home"), about, [site])


def _languages(found: Found) -> list[tuple[str, str]]:
    """The languages that listed vendors work in, as code and name, by name."""
    codes = (key[2:] for key in found.counts if key.startswith("l:"))
    return sorted(((code, spoken_name(code)) for code in codes), key=lambda language: language[1])


def _chart() -> charts.Chart:
    """The offers of the example as stacked bars."""
    priced = offers()
    series = (
        charts.Series("one_time", _("One-time"), [offer.one_time_minor for offer in priced]),
        charts.Series("operating", _("Operating"), [offer.operating_minor for offer in priced]),
        charts.Series("extra", _("Extra, expected"), [offer.extra_minor for offer in priced]),
    )
    return charts.stacked_rows(
        [str(offer.short) for offer in priced],
        series,
        label=_(
            "Cost of the three offers over 12 months by fee class; the lowest is %(amount)s %(currency)s.",
            amount=amount(priced[0].total_minor, CURRENCY, whole=True),
            currency=CURRENCY,
        ),
        first=_("They quote"),
        write=lambda minor: amount(int(minor), CURRENCY, whole=True),
    )
