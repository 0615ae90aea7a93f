"""Both parties of an agreement."""

from importlib import import_module

from flask import Blueprint, Flask

from blueprints.shared import audience
from portal.messaging.queries import unread_count

MODULES: tuple[str, ...] = (
    "notifications",
    "threads",
    "agreements",
    "refinements",
    "change_orders",
    "plans",
    "monitoring",
    "kpi_periods",
    "invoices",
    "agreement_invoices",
    "payments",
    "reviews",
)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("workspace", __name__)
    blueprint.before_request(audience.require_company)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.extensions["portal.unread_count"] = unread_count
    app.register_blueprint(blueprint)
