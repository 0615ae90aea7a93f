"""The guard of the API: a token that opens something, one that may write where something is written, a JSON body."""

import re

from flask import request
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import BadRequest

from blueprints.shared.actor import require_actor
from blueprints.shared.bearer import check_bearer, current_bearer
from blueprints.shared.edge import READING
from blueprints.shared.submissions import KEY_HEADER
from portal.accounts.states import TokenScope
from portal.kit.errors import Forbidden, PortalError

KEY = re.compile("[!-~]{1,255}")


class MediaTypeRefused(PortalError):
    """A body that is not JSON by its own account."""

    status = 415
    title = _l("Only JSON is read here")
    message = _l("Send the body as JSON, with the header “Content-Type: application/json”.")


class Unreadable(PortalError):
    """A body that calls itself JSON and is not."""

    title = _l("The body is not JSON")
    message = _l("Nothing was changed. Check the body's syntax; its text must be UTF-8.")


class KeyMissing(PortalError):
    """A POST that could not be told from its own repetition."""

    title = _l("An Idempotency-Key is needed")
    message = _l(
        "Send the header Idempotency-Key with 1 to 255 characters of your choice, without spaces. Sent again with the"
        " same key and body, the request is done once and answered alike."
    )


def admit() -> None:
    """Before each request: refuse what is refused whatever the address; who may do what is said by the routes."""
    check_bearer()
    if request.method in READING:
        return
    require_actor()
    bearer = current_bearer()
    if bearer is None or bearer.scope != TokenScope.WRITE:
        raise Forbidden(_l("This token may only read. Make one that may write as well."))
    if request.method == "POST" and not KEY.fullmatch(request.headers.get(KEY_HEADER, "")):
        raise KeyMissing
    _check_body()


def _check_body() -> None:
    """Without this a body that cannot be read would count as an empty one, and its fields as left out."""
    if request.mimetype != "application/json":
        raise MediaTypeRefused
    try:
        request.get_json()
    except (BadRequest, RecursionError) as error:
        raise Unreadable from error
