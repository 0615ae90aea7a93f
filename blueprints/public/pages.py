"""Pages of plain words: questions, how fees become comparable, privacy and accessibility."""

from flask import render_template

from blueprints.public.examples import CURRENCY, contacts_a_year, offers
from blueprints.shared.routes import Routes, open_to_all

routes = Routes()


@routes.get("/help")
@open_to_all
def show_questions() -> str:
    """What people ask first."""
    return render_template("public/pages/questions.html")


@routes.get("/how-fees-become-comparable")
@open_to_all
def show_fees() -> str:
    """The three fee classes, and how every price is brought to the same months."""
    return render_template("public/pages/fees.html", offers=offers(), currency=CURRENCY, contacts=contacts_a_year())


@routes.get("/how-matching-works")
@open_to_all
def show_matching() -> str:
    """Who is listed, which filters apply, and what decides the order."""
    return render_template("public/pages/matching.html")


@routes.get("/privacy")
@open_to_all
def show_privacy() -> str:
    """What is kept about whom, and who sees it."""
    return render_template("public/pages/privacy.html")


@routes.get("/accessibility")
@open_to_all
def show_accessibility() -> str:
    """What the pages promise to everybody, and where they fall short."""
    return render_template("public/pages/accessibility.html")
