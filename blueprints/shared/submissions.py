"""A request sent twice is done once: the second sending gets the answer of the first.

A form carries a submission id, a program's POST the header Idempotency-Key. What is kept of a form is where it was
answered to; what is kept of a program's request is the answer itself, as a row of its company.
"""

import hashlib
from abc import ABC, abstractmethod

from flask import Response, redirect, request
from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from blueprints.shared.actor import current_actor
from blueprints.shared.bearer import current_bearer, is_api_request
from portal.kit import submissions
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid, PortalError
from portal.kit.submissions import Sent

KEY_HEADER, REPLAYED_HEADER = "Idempotency-Key", "Idempotency-Replayed"


class Submission(ABC):
    """One sending, known by its id, the sender and the address it was sent to."""

    def __init__(self, sender: str, submission_id: str, body: str) -> None:
        self.key = _digest("|".join((sender, request.path, submission_id)))
        self.body = body

    def first_answer(self) -> Response | None:
        """The answer this sending got before, or None when this is its first time.

        One that is still under way is waited for. Raises a refusal when the id comes back with another body.
        """
        before = submissions.begin(self.key, self.body)
        if before is None:
            return None
        if before.body_sha256 != self.body:
            raise self._differs()
        return self._again(before)

    @abstractmethod
    def keep(self, response: Response) -> None:
        """Remember how the first sending was answered."""

    @abstractmethod
    def _again(self, before: Sent) -> Response:
        """The first answer once more."""

    @abstractmethod
    def _differs(self) -> PortalError:
        """What to say to the same id with another body."""


class FormSubmission(Submission):
    """A form of a page."""

    def __init__(self, submission_id: str) -> None:
        actor = current_actor()
        fields = sorted((k, v) for k, v in request.form.items(multi=True) if k != "csrf_token")
        super().__init__(str(actor.person_id) if actor else "stranger", submission_id, _digest(repr(fields)))

    def keep(self, response: Response) -> None:
        """Remember where the first sending was answered to."""
        submissions.keep(self.key, response.headers.get("Location", request.path))

    def _again(self, before: Sent) -> Response:
        return redirect(before.location or request.path, code=303)  # type: ignore[return-value]

    def _differs(self) -> PortalError:
        return Conflict(_l("This form was sent before with other content. Open the page again and send it anew."))


class ProgramSubmission(Submission):
    """A program's POST. `Idempotency-Key` is the program's own choice, so it counts for its person alone."""

    def __init__(self, key: str) -> None:
        bearer = current_bearer()
        assert bearer is not None, "the guard lets no POST in without a token"
        self.company_id = bearer.actor.company_id
        sender = f"api:{self.company_id}:{bearer.actor.person_id}"
        super().__init__(sender, key, hashlib.sha256(request.get_data()).hexdigest())

    def keep(self, response: Response) -> None:
        """Remember the first answer, for the same company only."""
        db.session.execute(
            text(
                "INSERT INTO submission_answers (key, company_id, status, body) VALUES (:key, :company, :status, :body)"
            ),
            {
                "key": self.key,
                "company": self.company_id,
                "status": response.status_code,
                "body": response.get_data(as_text=True),
            },
        )

    def _again(self, before: Sent) -> Response:
        row = db.session.execute(
            text("SELECT status, body FROM submission_answers WHERE key = :key"), {"key": self.key}
        ).one()
        return Response(row.body, row.status, {REPLAYED_HEADER: "true"}, content_type="application/json")

    def _differs(self) -> PortalError:
        return Invalid(_l("This key was used before with another body. Use a new key for a new request."), KEY_HEADER)


def submission_of_request() -> Submission | None:
    """The submission a request carries, if it is one."""
    # An address that takes no POST has no view and no scope; its refusal is raised later.
    if request.method != "POST" or request.endpoint is None:
        return None
    if is_api_request():
        return ProgramSubmission(request.headers[KEY_HEADER])
    submission_id = request.form.get("submission_id", "")
    return FormSubmission(submission_id[:64]) if submission_id else None


def _digest(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()
