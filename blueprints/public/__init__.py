"""Everybody, without an account."""

from importlib import import_module

from flask import Blueprint, Flask

from blueprints.public import stop_mail

MODULES: tuple[str, ...] = (
    "home",
    "pages",
    "begin_cost",
    "help",
    "health",
    "directory",
    "compare",
    "vendor_page",
    "price_comparison",
    "sitemap",
    "verify",
    "survey",
    "reference",
    "stop_mail",
)
DEVELOPMENT_MODULES: tuple[str, ...] = ("look",)


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("public", __name__)
    modules = MODULES if app.config["PORTAL"].is_production else MODULES + DEVELOPMENT_MODULES
    for name in modules:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    app.extensions["csrf"].exempt(stop_mail.EXEMPT)
    app.register_blueprint(blueprint)
