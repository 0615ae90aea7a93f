"""Everybody, without an account."""

from importlib import import_module

from flask import Blueprint, Flask

MODULES: tuple[str, ...] = ()


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("public", __name__)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.register_blueprint(blueprint)
