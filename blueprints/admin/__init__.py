"""Platform staff."""

from importlib import import_module

from flask import Blueprint, Flask

from blueprints.shared import audience

MODULES: tuple[str, ...] = (
    "dashboard",
    "companies",
    "people",
    "audit",
    "operations",
    "bank_receipts",
    "exchange_rates",
    "cases",
    "case_records",
    "documents",
    "help",
)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("admin", __name__, url_prefix="/admin")
    blueprint.before_request(audience.require_staff)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.register_blueprint(blueprint)
