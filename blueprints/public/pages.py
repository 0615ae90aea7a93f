"""Pages of plain words: how fees become comparable, privacy and accessibility."""

from typing import Any

from flask import Response, render_template, request
from flask_babel import gettext as _

from blueprints.public.examples import CURRENCY, contacts_a_year, offers
from blueprints.shared.caching import public_page
from blueprints.shared.findable import Findable
from blueprints.shared.routes import Routes, open_to_all

routes = Routes()


@routes.get("/how-fees-become-comparable")
@open_to_all
def show_fees() -> Response:
    """The three fee classes, and how every price is brought to the same months."""
    about = _(
        "Hours, contacts and months of an agent brought to the same months and volumes, worked out on an example."
    )
    return _page("public/pages/fees.html", about, offers=offers(), currency=CURRENCY, contacts=contacts_a_year())


@routes.get("/how-matching-works")
@open_to_all
def show_matching() -> Response:
    """Who is listed, which filters apply, and what decides the order."""
    about = _("Who is listed in the directory, what a filter does, and the formula that decides the order.")
    return _page("public/pages/matching.html", about)


@routes.get("/privacy")
@open_to_all
def show_privacy() -> Response:
    """What is kept about whom, and who sees it."""
    about = _("What the portal keeps about people and companies, and who sees it.")
    return _page("public/pages/privacy.html", about)


@routes.get("/accessibility")
@open_to_all
def show_accessibility() -> Response:
    """What the pages promise to everybody, and where they fall short."""
    about = _("What the pages promise to everybody, with or without a mouse, a screen or a script.")
    return _page("public/pages/accessibility.html", about)


def _page(template: str, about: str, **values: Any) -> Response:
    return public_page(render_template(template, findable=Findable(request.path, about), **values))
