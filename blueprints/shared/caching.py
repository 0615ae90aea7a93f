"""Lets shared caches keep pages that are the same for everybody who has not signed in."""

from datetime import timedelta

from flask import Response, make_response, session

from blueprints.shared.actor import current_actor

PUBLIC_FOR = timedelta(minutes=1)


def public_page(body: str) -> Response:
    """A page that a proxy may keep for a minute when a stranger without a session asked for it.

    It differs by language and by who has signed in, and says so; with a session it is never kept.
    """
    response = make_response(body)
    response.vary.update(("Cookie", "Accept-Language"))
    if current_actor() is None and not session:
        response.cache_control.public = True
        response.cache_control.max_age = int(PUBLIC_FOR.total_seconds())
    return response
