"""The edge of a request: one transaction, one scope, one commit.

A request opens its transaction as the public, is moved to the scope of its actor, and is committed once when the
answer is a success; any error rolls everything back. A GET's transaction is read-only in the database itself. A form
sent twice is done once, and the second sending gets the first one's answer.
"""

import hashlib

from flask import Flask, Response, g, redirect, request
from flask_babel import lazy_gettext as _l

from blueprints.shared.actor import current_actor
from blueprints.shared.case_reads import record_noted_reads
from portal.kit import submissions, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict

READING = frozenset({"GET", "HEAD", "OPTIONS"})
STATEMENT_MS, LOCK_MS = 5_000, 2_000


class Portal(Flask):
    """Flask that commits at the edge, where a failing commit still reaches the error handlers."""

    def dispatch_request(self) -> Response:  # type: ignore[override]
        """Run the view inside the request's transaction."""
        submission = Submission.of_request()
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
        db.session.commit()
        return response


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


class Submission:
    """One sending of a form, known by its submission id, the sender and the address it was sent to."""

    def __init__(self, submission_id: str) -> None:
        actor = current_actor()
        sender = str(actor.person_id) if actor else "stranger"
        self.key = _digest("|".join((sender, request.path, submission_id)))
        self.body = _digest(repr(sorted((k, v) for k, v in request.form.items(multi=True) if k != "csrf_token")))

    @classmethod
    def of_request(cls) -> "Submission | None":
        """The submission a request carries, if it is one."""
        # An address that takes no POST has no view and no scope; its refusal is raised later.
        is_sent = request.method == "POST" and request.endpoint is not None
        submission_id = request.form.get("submission_id", "") if is_sent else ""
        return cls(submission_id[:64]) if submission_id else None

    def first_answer(self) -> Response | None:
        """The answer this submission got before, or None when this is its first time.

        A sending that is still under way is waited for. Raises Conflict when the id comes back with another body.
        """
        before = submissions.begin(self.key, self.body)
        if before is None:
            return None
        if before.body_sha256 != self.body:
            raise Conflict(_l("This form was sent before with other content. Open the page again and send it anew."))
        return redirect(before.location or request.path, code=303)  # type: ignore[return-value]

    def keep(self, response: Response) -> None:
        """Remember where the first sending was answered to."""
        submissions.keep(self.key, response.headers.get("Location", request.path))


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
