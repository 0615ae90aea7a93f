"""The front page: what the marketplace does, shown on an example that the pricing engine works out."""

from flask import render_template
from flask_babel import gettext as _

from blueprints.public.examples import CURRENCY, contacts_a_year, offers
from blueprints.shared.formatting import amount
from blueprints.shared.routes import Routes, open_to_all
from portal.kit import charts

routes = Routes()


@routes.get("/")
@open_to_all
def show_home() -> str:
    """The front page."""
    return render_template(
        "public/home/show.html",
        offers=offers(),
        currency=CURRENCY,
        contacts=contacts_a_year(),
        chart=_chart(),
        vendors=(),
        vendor_count=None,
    )


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
