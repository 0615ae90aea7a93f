"""Refusals for programs: problem documents as RFC 9457 has them."""

from typing import Any

from flask import Response, g, jsonify
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared.bearer import TokenRefused
from portal.kit.errors import Invalid, PortalError, StaleVersion

CONTENT_TYPE = "application/problem+json"
CHALLENGE = 'Bearer realm="Switchboard"'  # RFC 6750, 3


class InvalidFields(Invalid):
    """Several values of one request that cannot be taken, as (path of the field, sentence)."""

    def __init__(self, faults: list[tuple[str, Any]]) -> None:
        super().__init__(_l("The request holds values that cannot be taken; each is named in “errors”."))
        self.faults = faults


def problem(error: PortalError) -> Response:
    """The document for one refusal: what happened, what to do, and at which fields."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(error.title),
        "status": error.status,
        "detail": str(error.message),
    }
    if isinstance(error, StaleVersion):
        body["detail"] = _(
            "Somebody saved this meanwhile; nothing was overwritten. Read it again and send its version."
        )
    if faults := _faults(error):
        body["errors"] = [{"field": field, "message": str(message)} for field, message in faults]
    if reference := g.get("reference"):
        body["reference"] = reference
    answer = jsonify(body)
    answer.content_type = CONTENT_TYPE
    if error.status == 401:
        refused = ', error="invalid_token"' if isinstance(error, TokenRefused) else ""
        answer.headers["WWW-Authenticate"] = CHALLENGE + refused
    return answer


def _faults(error: PortalError) -> list[tuple[str, Any]]:
    if isinstance(error, InvalidFields):
        return error.faults
    if isinstance(error, Invalid) and error.field:
        return [(error.field, error.message)]
    return []
