"""Forms about the life of a requirement: changing it, more time, review, copies and templates."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.forms import EditingForm, PortalForm
from blueprints.shared.rate_card_form import choices
from portal.needs.actions.amend import MAX_NOTE
from portal.needs.actions.copies import MAX_NAME
from portal.needs.actions.draft import MAX_TITLE
from portal.needs.actions.review import MAX_REASON
from portal.needs.states import CHANGE_REASON_NAMES


class DeadlineFields:
    """A date and a time of the requirement's zone."""

    deadline_date = DateField(_l("Bids until"), [InputRequired(_l("Write a date and a time."))])
    deadline_time = TimeField(_l("Time"), [InputRequired(_l("Write a date and a time."))])

    def deadline(self) -> datetime:
        """Both as one local time."""
        return datetime.combine(self.deadline_date.data, self.deadline_time.data)  # type: ignore[attr-defined]


class AmendmentPublishForm(EditingForm, DeadlineFields):
    """Why the requirement is changed, and until when bids are taken from now on."""

    reason = SelectField(
        _l("Reason"),
        [InputRequired(_l("Choose a reason from the list."))],
        choices=choices(CHANGE_REASON_NAMES, empty=_l("Choose")),
    )
    note = TextAreaField(
        _l("What changes and why"),
        [InputRequired(_l("Say what changes and why.")), Length(max=MAX_NOTE)],
        description=_l("Every vendor who has looked at the requirement reads it."),
        render_kw={"rows": 3},
    )

    def answers(self) -> dict[str, Any]:
        """The answers as the actions take them."""
        return {"reason": self.reason.data, "note": self.note.data, "deadline_local": self.deadline()}


class DeadlineExtendForm(EditingForm, DeadlineFields):
    """A later deadline."""

    note = TextAreaField(
        _l("Why vendors get more time"),
        [InputRequired(_l("Say why.")), Length(max=MAX_NOTE)],
        description=_l("Every vendor who has looked at the requirement reads it."),
        render_kw={"rows": 2},
    )


class RequirementReviewForm(EditingForm):
    """Approve, or send back."""

    decision = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose one of the two."))],
        choices=choices({"approve": _l("Approve and publish"), "send_back": _l("Send it back")}),
    )
    reason = TextAreaField(
        _l("What is to be changed"),
        [Optional(), Length(max=MAX_REASON)],
        description=_l("Only where you send it back; your colleagues read it."),
        render_kw={"rows": 3},
    )


class RequirementCopyForm(PortalForm):
    """The title of what begins from another requirement or a template."""

    title = StringField(
        _l("Title"),
        [InputRequired(_l("Give the requirement a title.")), Length(max=MAX_TITLE)],
        render_kw={"maxlength": MAX_TITLE},
    )


class TemplateNameForm(EditingForm):
    """The name of a template."""

    name = StringField(
        _l("Name of the template"),
        [InputRequired(_l("Give the template a name.")), Length(max=MAX_NAME)],
        description=_l("Your colleagues find it under this name."),
        render_kw={"maxlength": MAX_NAME},
    )
