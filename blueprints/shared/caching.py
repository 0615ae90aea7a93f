"""Lets caches keep pages that are the same for everybody who has not signed in, and spares sending them again."""

import hashlib
from datetime import datetime, timedelta

from flask import Response, current_app, g, get_flashed_messages, make_response, request, session

from blueprints.shared.actor import current_actor
from blueprints.shared.headers import csp_nonce
from portal.kit import clock

PUBLIC_FOR = timedelta(minutes=1)
DIFFERS_BY = "Cookie, Accept-Language"
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE")
# What a stranger's session may hold without the page being anybody's own.
_NOBODYS_OWN = frozenset({"language"})


def public_page(
    body: str | Response, *, changed_at: datetime | None = None, kept_for: timedelta = PUBLIC_FOR
) -> Response:
    """A page that a proxy may keep for a minute when a stranger without a session asked for it.

    It differs by language and by who has signed in, and says so. A stranger who chose a language keeps it alone and
    asks each time whether it is still the same; for anybody else it is never kept. Who has it already, by its
    fingerprint or by `changed_at` (when what it shows last changed), gets 304 without a body.
    """
    response = make_response(body)
    response.headers["Vary"] = DIFFERS_BY
    if not g.get("is_plain_reading") and _is_somebodys_own():
        return response
    if session:
        response.headers["Cache-Control"] = "private, no-cache"
    else:
        response.headers["Cache-Control"] = f"public, max-age={int(kept_for.total_seconds())}"
    response.set_etag(_fingerprint(response), weak=True)
    if changed_at is not None:
        response.last_modified = max(changed_at, _release())
    if not any(name in request.environ for name in _CONDITIONS):
        return response
    return response.make_conditional(request)  # type: ignore[return-value]


def _is_somebodys_own() -> bool:
    return current_actor() is not None or bool(set(session) - _NOBODYS_OWN) or bool(get_flashed_messages())


def _fingerprint(response: Response) -> str:
    """What the page says, but for the nonce, which is new each time and means nothing."""
    content = response.get_data().replace(csp_nonce().encode(), b"")
    return hashlib.sha256(content).hexdigest()[:32]


def _release() -> datetime:
    """When this process met its first reader: another release may write the same page in other words."""
    extensions = current_app.extensions
    if "portal.began_at" not in extensions:
        extensions["portal.began_at"] = clock.now()
    began: datetime = extensions["portal.began_at"]
    return began
