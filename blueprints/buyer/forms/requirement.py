"""Forms around a requirement: beginning one, its first step, uploading volumes, publishing, withdrawing."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.choices import country_choices
from blueprints.shared.forms import EditingForm, PortalForm
from blueprints.shared.needed import Needed
from blueprints.shared.rate_card_form import boxes, choices
from portal.measures.words import INDUSTRY_NAMES, MODE_NAMES, SERVICE_TYPE_NAMES, Mode
from portal.needs.actions.draft import MAX_TITLE
from portal.needs.actions.step_goals import MAX_TEXT
from portal.needs.states import GOAL_NAMES, SPLIT_NAMES, STOP_REASON_NAMES

MODE_NOTES = {
    Mode.FULL.value: _l("All customer service goes to the vendor."),
    Mode.PARTIAL.value: _l("Your own team and the vendor share the work by a rule you set."),
    Mode.TEMPORARY.value: _l("For a peak or a project, with a fixed end."),
}


def _title() -> StringField:
    return StringField(
        _l("Title"),
        [InputRequired(_l("Give the requirement a title.")), Length(max=MAX_TITLE)],
        description=_l("Vendors see it first: say what the service is about."),
        render_kw={"maxlength": MAX_TITLE},
    )


def _mode() -> RadioField:
    return RadioField(
        _l("Form of outsourcing"),
        [InputRequired(_l("Choose one of the three forms."))],
        choices=choices(MODE_NAMES),
    )


class DraftForm(PortalForm):
    """The least a draft needs."""

    title = _title()
    mode = _mode()


class GoalsForm(EditingForm):
    """Step 1. Fields of a form of outsourcing that was not chosen are ignored."""

    title = _title()
    summary = TextAreaField(
        _l("What you need"),
        [Needed(), Length(max=MAX_TEXT)],
        description=_l("In a few sentences: who your customers are, what they ask, what is special about it."),
        render_kw={"rows": 5},
    )
    goals = boxes(_l("What should get better?"), GOAL_NAMES)
    industry = SelectField(_l("Your industry"), [Needed()], choices=choices(INDUSTRY_NAMES, empty=_l("Choose")))
    service_types = boxes(_l("What are the contacts about?"), SERVICE_TYPE_NAMES)
    country = SelectField(_l("Country of your customers"), choices=country_choices)
    mode = _mode()
    split_rule = SelectField(
        _l("How is the work divided?"), [Needed()], choices=choices(SPLIT_NAMES, empty=_l("Choose"))
    )
    split_note = StringField(
        _l("How exactly"),
        [Optional(), Length(max=500)],
        description=_l("Such as: the vendor from 18:00 and at weekends."),
    )
    retained = TextAreaField(_l("What your own team keeps"), [Needed(), Length(max=MAX_TEXT)], render_kw={"rows": 3})
    start_on = DateField(_l("Start"), [Needed()])
    end_on = DateField(_l("End"), [Needed()], description=_l("The last day of the service."))
    wind_down = TextAreaField(_l("Winding down"), [Needed(), Length(max=MAX_TEXT)], render_kw={"rows": 3})
    data_deletion_on = DateField(_l("Data deleted by"), [Needed()])

    def answers(self) -> dict[str, Any]:
        """The answers as `save_step` takes them."""
        names = set(self._fields) - {"csrf_token", "submission_id", "version"}
        return {name: self._fields[name].data for name in names} | {
            "split_rule": self.split_rule.data or None,
            **{name: self._fields[name].data or "" for name in ("summary", "split_note", "retained", "wind_down")},
        }


class PublishForm(EditingForm):
    """The button that publishes."""


class WithdrawForm(EditingForm):
    """Why a requirement ends."""

    code = SelectField(
        _l("Reason"),
        [InputRequired(_l("Choose a reason from the list."))],
        choices=choices(STOP_REASON_NAMES, empty=_l("Choose")),
    )
    reason = TextAreaField(
        _l("In your own words"),
        [InputRequired(_l("Give a reason.")), Length(max=2000)],
        description=_l("It is kept, and vendors who could see the requirement read it."),
        render_kw={"rows": 4},
    )
