"""People of a buyer company."""

from importlib import import_module

from flask import Blueprint, Flask

from blueprints.shared import audience

MODULES: tuple[str, ...] = (
    "assessments",
    "dashboard",
    "evaluation_setup",
    "evaluations",
    "judgements",
    "requirement_amendments",
    "requirement_reviews",
    "requirement_in_house",
    "requirement_staffing",
    "requirement_steps",
    "requirement_templates",
    "requirement_versions",
    "requirement_volumes",
    "requirements",
    "searches",
    "shortlist",
)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("buyer", __name__, url_prefix="/buyer")
    blueprint.before_request(audience.require_buyer)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.register_blueprint(blueprint)
