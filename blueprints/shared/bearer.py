"""Who asks under /api/: a program, known by the token in its Authorization header and by nothing else.

No cookie is read there, so nobody's browser can be made to act, and no cookie is set.
"""

from typing import cast

from flask import g, request
from flask_babel import lazy_gettext as _l

from portal.accounts import api_tokens
from portal.accounts.api_tokens import Bearer
from portal.kit.errors import PortalError


class TokenNeeded(PortalError):
    """A program that did not say who it is."""

    status = 401
    title = _l("An API token is needed")
    message = _l("Send the header “Authorization: Bearer” with a token that was made under Your account, API tokens.")


class TokenRefused(TokenNeeded):
    """A token that opens nothing; why is not said, since whoever sent it may not be its owner."""

    title = _l("This API token opens nothing")
    message = _l("It is unknown, expired or revoked, or its person or company may not use it at present.")


def is_api_request() -> bool:
    """Whether the running request is a program's."""
    return request.path.startswith("/api/")


def current_bearer() -> Bearer | None:
    """Who the request's token stands for, looked up once; None without a token that opens something."""
    if "bearer" not in g:
        sent = request.authorization
        token = sent.token if sent is not None and sent.type == "bearer" else None
        g.bearer = api_tokens.find(token) if token else None
    return cast("Bearer | None", g.bearer)


def check_bearer() -> None:
    """Refuse a request whose Authorization header is there but opens nothing, also where none is needed.

    Raises TokenRefused.
    """
    if "Authorization" in request.headers and current_bearer() is None:
        raise TokenRefused
