"""The edge of a request: one transaction, one scope, one commit.

A request opens its transaction as the public, is moved to the scope of its actor, and is committed once when the
answer is a success; any error rolls everything back. A GET's transaction is read-only in the database itself. A form
sent twice is done once, and the second sending gets the first one's answer.
"""

from collections.abc import MutableMapping
from typing import Any

from flask import Flask, Request, Response, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask.templating import Environment
from flask.typing import ResponseReturnValue

from blueprints.shared import headers, logs
from blueprints.shared.actor import current_actor
from blueprints.shared.bearer import current_bearer, is_api_request
from blueprints.shared.case_reads import record_noted_reads
from blueprints.shared.looks import record_noted_look
from blueprints.shared.submissions import submission_of_request
from portal.accounts import api_tokens
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import NotFound

READING = frozenset({"GET", "HEAD", "OPTIONS"})
STATEMENT_MS, LOCK_MS = 5_000, 2_000
READING_LIMITS = tenancy.Limits(True, STATEMENT_MS, LOCK_MS)
WRITING_LIMITS = tenancy.Limits(False, STATEMENT_MS, LOCK_MS)


class QuickSessions(SecureCookieSessionInterface):
    """Sessions in a signed cookie; who brings none has an empty one, without a look at keys and signatures."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)


class Templates(Environment):
    """Jinja whose templates share the names that all of them know, instead of each chaining a copy to them."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that a template knows besides what it is given."""
        return super().make_globals(d) if d else self.globals


class Portal(Flask):
    """Flask that commits at the edge, where a failing commit still reaches the error handlers."""

    jinja_environment = Templates
    session_interface = QuickSessions()

    def preprocess_request(self) -> ResponseReturnValue | None:
        """Prepare the request, of a plain reading no more than it needs."""
        if not _is_plain_reading(self):
            return super().preprocess_request()
        g.is_plain_reading = True
        logs.begin()
        tenancy.enter(tenancy.PUBLIC, READING_LIMITS)
        return None

    def process_response(self, response: Response) -> Response:  # type: ignore[override]
        """Finish the answer; that to a plain reading has nobody's session to save and no limit to tell of."""
        if not g.get("is_plain_reading") or session.modified:
            return super().process_response(response)  # type: ignore[return-value]
        return logs.end(headers.add(response))

    def dispatch_request(self) -> Response:  # type: ignore[override]
        """Run the view inside the request's transaction."""
        if "\0" in request.path:  # the database's texts hold none, so nothing is there
            raise NotFound
        submission = submission_of_request()
        if submission and (answer := submission.first_answer()):
            db.session.rollback()
            return answer
        response = self.make_response(super().dispatch_request())
        if response.status_code >= 400:
            db.session.rollback()
            return response
        if submission:
            submission.keep(response)
        if g.get("is_plain_reading") and not tenancy.in_transaction():
            return response  # the database was asked nothing that would have to be ended
        db.session.commit()
        record_noted_reads(WRITING_LIMITS)
        record_noted_look(WRITING_LIMITS)
        _note_token_use()
        if tenancy.in_transaction():
            db.session.commit()
        return response


def _is_plain_reading(app: Flask) -> bool:
    """Whether a stranger opens a page that everybody may read, choosing nothing that would have to be remembered."""
    view = app.view_functions.get(request.endpoint or "")
    return (
        getattr(view, "is_plain", False)
        and request.method == "GET"
        and "Cookie" not in request.headers
        and "lang" not in request.args
    )


def _note_token_use() -> None:
    """Note once an hour that a token is in use, in a transaction of its own: that of a GET cannot write."""
    bearer = current_bearer() if is_api_request() else None
    if bearer is not None and not bearer.used_lately:
        tenancy.enter(bearer.actor.scope, WRITING_LIMITS)
        api_tokens.note_use(bearer)


def install(app: Flask) -> None:
    """Open every request's scope first of all, and close it last."""
    app.before_request(open_scope)
    app.teardown_request(close_scope)


def open_scope() -> None:
    """Before a request: speak for the public, look the session up, then speak for the actor."""
    if request.endpoint is None or "static" in request.endpoint or request.endpoint in UNTOUCHED:
        g.without_database = True  # their error pages ask nobody who is looking
        return
    tenancy.enter(tenancy.PUBLIC, READING_LIMITS if request.method in READING else WRITING_LIMITS)
    actor = current_actor()
    if actor is not None:
        tenancy.enter(actor.scope)


# Alive even when the database is not.
UNTOUCHED = frozenset({"public.healthz"})


def close_scope(_error: BaseException | None = None) -> None:
    """After a request: the thread that served it serves the next one."""
    tenancy.leave()
