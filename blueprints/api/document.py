"""The API's own description."""

from typing import Any

from flask import Flask, Response, current_app, jsonify

from blueprints.api.spec import document_of
from blueprints.shared.routes import Routes, open_to_all

routes = Routes()
KEPT_AS = "portal.openapi"


@routes.get("/openapi.json")
@open_to_all
def show_openapi() -> Response:
    """The OpenAPI 3.1 document, written once and the same for everybody."""
    answer = jsonify(_document(current_app))
    answer.cache_control.public, answer.cache_control.max_age = True, 300
    return answer


def _document(app: Flask) -> dict[str, Any]:
    if KEPT_AS not in app.extensions:
        app.extensions[KEPT_AS] = document_of(app)
    found: dict[str, Any] = app.extensions[KEPT_AS]
    return found
