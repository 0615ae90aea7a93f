"""Machines of others that report to us."""

from importlib import import_module

from flask import Blueprint, Flask

MODULES: tuple[str, ...] = ("stripe",)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("hooks", __name__, url_prefix="/hooks")
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    # A machine has no session and sends no form: its signature stands for both.
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)
