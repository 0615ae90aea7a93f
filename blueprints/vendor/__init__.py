"""People of a vendor company."""

from importlib import import_module

from flask import Blueprint, Flask

from blueprints.shared import audience

MODULES: tuple[str, ...] = (
    "dashboard",
    "bid_editor",
    "bids",
    "card_payments",
    "profile_calendar",
    "profile_certificates",
    "profile_references",
    "profile",
    "rate_card_editor",
    "rate_card_files",
    "rate_cards",
    "requirement_versions",
    "requirements",
    "services",
)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("vendor", __name__, url_prefix="/vendor")
    blueprint.before_request(audience.require_vendor)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.register_blueprint(blueprint)
