"""Whoever signs in: doors, own account, team and company."""

from importlib import import_module

from flask import Blueprint, Flask

from portal.accounts.permissions import ROLE_NAMES

MODULES: tuple[str, ...] = (
    "sessions",
    "sign_up",
    "passwords",
    "invitations",
    "person",
    "api_tokens",
    "team",
    "company",
)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("account", __name__)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.jinja_env.filters["role_name"] = lambda role: ROLE_NAMES[role]
    app.register_blueprint(blueprint)
