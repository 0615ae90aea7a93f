"""Programs that act for a company's person, by a token. Everything under /api speaks JSON."""

from importlib import import_module

from flask import Blueprint, Flask, Response

from blueprints.api.guard import admit
from blueprints.shared.limits import REFUSED_TOKENS, limiter

MODULES: tuple[str, ...] = ("me", "vendors", "requirements", "agreements", "months", "invoices", "bids", "document")


def register(app: Flask) -> None:
    """Build the blueprint of this audience from its task modules and add it to the application."""
    blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
    blueprint.before_request(admit)
    for name in MODULES:
        import_module(f"{__name__}.{name}").routes.attach(blueprint)
    limiter.shared_limit(REFUSED_TOKENS, scope="refused tokens", deduct_when=_was_refused)(blueprint)
    # A program sends no cookie, so there is nothing that another site could ride on.
    app.extensions["csrf"].exempt(blueprint)
    app.register_blueprint(blueprint)


def _was_refused(answer: Response) -> bool:
    """Only refused tokens are counted, so that a busy program is not slowed down and a guessing one is."""
    return answer.status_code == 401
