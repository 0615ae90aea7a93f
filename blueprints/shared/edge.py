"""The edge of a request: one transaction, one scope, one commit.

A request opens its transaction as the public, is moved to the scope of its actor, and is committed once when the
answer is a success; any error rolls everything back. A GET's transaction is read-only in the database itself. A form
sent twice is done once, and the second sending gets the first one's answer.
"""

from flask import Flask, Response, g, request

from blueprints.shared.actor import current_actor
from blueprints.shared.bearer import current_bearer, is_api_request
from blueprints.shared.case_reads import record_noted_reads
from blueprints.shared.looks import record_noted_look
from blueprints.shared.submissions import submission_of_request
from portal.accounts import api_tokens
from portal.kit import tenancy
from portal.kit.db import db

READING = frozenset({"GET", "HEAD", "OPTIONS"})
STATEMENT_MS, LOCK_MS = 5_000, 2_000


class Portal(Flask):
    """Flask that commits at the edge, where a failing commit still reaches the error handlers."""

    def dispatch_request(self) -> Response:  # type: ignore[override]
        """Run the view inside the request's transaction."""
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
        db.session.commit()
        record_noted_reads(tenancy.Limits(False, STATEMENT_MS, LOCK_MS))
        record_noted_look(tenancy.Limits(False, STATEMENT_MS, LOCK_MS))
        _note_token_use()
        if db.session().in_transaction():
            db.session.commit()
        return response


def _note_token_use() -> None:
    """Note once an hour that a token is in use, in a transaction of its own: that of a GET cannot write."""
    bearer = current_bearer() if is_api_request() else None
    if bearer is not None and not bearer.used_lately:
        tenancy.enter(bearer.actor.scope, tenancy.Limits(False, STATEMENT_MS, LOCK_MS))
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
    limits = tenancy.Limits(request.method in READING, STATEMENT_MS, LOCK_MS)
    tenancy.enter(tenancy.PUBLIC, limits)
    actor = current_actor()
    if actor is not None:
        tenancy.enter(actor.scope)


# Alive even when the database is not.
UNTOUCHED = frozenset({"public.healthz"})


def close_scope(_error: BaseException | None = None) -> None:
    """After a request: the thread that served it serves the next one."""
    tenancy.leave()
