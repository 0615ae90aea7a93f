"""Forms: CSRF, a submission id so that sending twice does once, a version so that nobody overwrites anybody.

`submitted` runs the one action of a form and puts a refusal at the field it belongs to; `form_page` shows a form,
with status 400 when it came back with errors, so that the edge keeps nothing of it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import flash, render_template, request
from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField
from wtforms.widgets import HiddenInput

from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.ids import new_id

Result = TypeVar("Result")


class PortalForm(FlaskForm):  # type: ignore[misc]
    """Base of every form that creates or does something."""

    submission_id = HiddenField(default=lambda: str(new_id()))

    def put_error(self, error: Invalid) -> None:
        """Show a refusal at its field, or above the form when it names none that the form has."""
        field = self._fields.get(error.field) if error.field else None
        if field is None:
            self.form_errors.append(str(error.message))
        else:
            field.errors = [*field.errors, str(error.message)]


class VersionField(IntegerField):  # type: ignore[misc]
    """The version of a row; sent empty by the form of a thing that is not stored yet."""

    widget = HiddenInput()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was sent; nothing is no version, not a mistake of the person who cannot see the field."""
        super().process_formdata([value for value in valuelist if value])


class EditingForm(PortalForm):
    """Base of every form that changes a row: it carries the version the person began from."""

    version = VersionField()


def submitted(form: PortalForm, action: Callable[[], Result]) -> Result | None:
    """Run `action` if the form was sent and is in order; None when it was not, or when the action refused it."""
    if not form.validate_on_submit():
        return None
    try:
        return action()
    except Invalid as error:
        db.session.rollback()  # half of the change may be done, and the page must not show or flush it
        form.put_error(error)
        return None


def form_page(template: str, form: PortalForm, **context: Any) -> tuple[str, int]:
    """A page with a form; 400 when the form has errors.

    A form that was sent without errors and comes back only has more rows to fill in: what is sent next is another
    sending, so it gets an id of its own.
    """
    if request.method == "POST" and not form.errors and form.submission_id is not None:
        form.submission_id.data = str(new_id())
    return render_template(template, form=form, **context), 400 if form.errors else 200


def done(sentence: str) -> None:
    """Say on the next page what was done."""
    flash(sentence, "success")


def sent_version() -> int:
    """The version of the row that a form of one button was shown for; 0, which fits no row, where it is missing."""
    return request.form.get("version", 0, type=int)
