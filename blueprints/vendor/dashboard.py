"""The overview of a vendor: cards that the parts of the portal add by themselves."""

from flask import render_template

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import cards_for
from blueprints.shared.routes import Routes, signed_in

routes = Routes()


@routes.get("")
@signed_in
def show_dashboard() -> str:
    """What waits for this company and what is under way."""
    return render_template("vendor/dashboard/show.html", cards=cards_for("vendor", require_actor()))
