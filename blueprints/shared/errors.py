"""The one renderer of refusals and failures: a page for people, a problem document under /api."""

import logging
from typing import Any

from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from psycopg import errors as pg
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, SecurityError

from blueprints.shared.actor import SignInFirst
from blueprints.shared.bearer import is_api_request
from blueprints.shared.problems import problem
from portal.kit.db import db
from portal.kit.errors import Conflict, NotFound, PortalError, StaleVersion, TooMany, Unavailable

log = logging.getLogger("portal.errors")
RETRY_AFTER_S = "5"
PAGES = frozenset({400, 403, 404, 409, 413, 422, 429, 500, 503})
# What another transaction got in the way of: worth trying again in a moment.
CONTENTION = (pg.LockNotAvailable, pg.SerializationFailure, pg.DeadlockDetected, pg.QueryCanceled)


def install(app: Flask) -> None:
    """Register the renderer for everything that can go wrong."""
    app.register_error_handler(SignInFirst, _sign_in)
    app.register_error_handler(PortalError, render)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(PoolTimeout, lambda _error: _unavailable())
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(StaleDataError, lambda _error: render(StaleVersion()))
    app.register_error_handler(Exception, _unexpected)


def render(error: PortalError) -> Response:
    """The page, or problem document, for one refusal."""
    if not g.get("without_database"):
        db.session.rollback()
    status = error.status
    if is_api_request():
        answer = problem(error)
    else:
        template = f"errors/{status if status in PAGES else 400}.html"
        words = {"message": error.message, "title": error.title, "retry_after": int(RETRY_AFTER_S)}
        words["reference"] = g.get("reference", "")
        if isinstance(error, StaleVersion):
            words |= {"yours": error.mine, "theirs": error.theirs, "retry_url": request.path}
        answer = Response(render_template(template, error=error, **words))
    answer.status_code = status
    if status in (429, 503):
        answer.headers["Retry-After"] = RETRY_AFTER_S
    return answer


def _sign_in(_error: SignInFirst) -> Any:
    db.session.rollback()
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("account.sign_in", next=wanted))


def _csrf(_error: CSRFError) -> Response:
    refusal = PortalError(
        _l("This form was open too long or came from elsewhere. Open the page again; nothing was changed.")
    )
    return render(refusal)


def _http(error: HTTPException) -> Any:
    if (
        isinstance(error, SecurityError) and not is_api_request()
    ):  # not our name: there is no address that a page could link to
        return Response("This portal is not known by that name.\n", 400, mimetype="text/plain")
    if error.code == 404:
        return render(NotFound())
    if error.code == 429:
        return render(TooMany())
    if error.code is None or error.code < 400:
        return error
    refusal = PortalError(error.description)
    refusal.status = error.code
    answer = render(refusal)
    if error.code == 405 and getattr(error, "valid_methods", None):
        answer.headers["Allow"] = ", ".join(error.valid_methods)
    return answer


def _database(error: DBAPIError) -> Response:
    if isinstance(error.orig, CONTENTION) and not error.connection_invalidated:
        return render(Unavailable())
    if error.connection_invalidated or isinstance(error, OperationalError):
        return _unavailable()
    if isinstance(error, IntegrityError) and isinstance(error.orig, pg.UniqueViolation):
        return render(Conflict())
    return _unexpected(error)


def _unavailable() -> Response:
    """An answer that does not need the database, because there is none."""
    g.without_database = True
    db.session.remove()
    return render(Unavailable())


def _unexpected(error: Exception) -> Response:
    log.exception("unexpected error", extra={"endpoint": request.endpoint})
    refusal = PortalError(_l("The fault is ours and was noted. Nothing was changed."))
    refusal.status, refusal.title = 500, _l("Something went wrong on our side")
    # The fault may lie in what every page shows of its reader, so this page shows nothing of it.
    db.session.remove()
    g.without_database = True
    return render(refusal)
