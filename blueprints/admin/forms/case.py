"""Forms of a moderator's case."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import EditingForm
from blueprints.shared.service_words import FIELD_NAMES
from portal.moderation.states import Verdict

MOST = 2000
PREFIX = "reason_"
VERDICT_NAMES = {
    Verdict.APPROVE: _l("Publish"),
    Verdict.SEND_BACK: _l("Ask for changes"),
    Verdict.REJECT: _l("Reject"),
    Verdict.UPHOLD: _l("The decision stays"),
    Verdict.REOPEN: _l("Let them send it in again"),
    Verdict.CLOSE: _l("Closed"),
    Verdict.PASSED: _l("Passed by itself: prices of a trusted vendor"),
}

NAME_VERDICT_NAMES = {Verdict.APPROVE: _l("The name stays"), Verdict.REJECT: _l("Give the old name back")}
"""What is decided about a company's new name."""


def _choices(*verdicts: Verdict) -> list[SelectChoice]:
    return [SelectChoice(verdict.value, VERDICT_NAMES[verdict]) for verdict in verdicts]


class DecisionForm(EditingForm):
    """A decision about a service, with a reason for each field that must be mended (added below)."""

    verdict = RadioField(
        _l("Your decision"),
        choices=_choices(Verdict.APPROVE, Verdict.SEND_BACK, Verdict.REJECT),
        validators=[InputRequired(_l("Choose what you decide."))],
    )

    @property
    def reasons(self) -> dict[str, str]:
        """The reasons that were written, by field."""
        return {name: self[PREFIX + name].data or "" for name in FIELD_NAMES}

    def reason_field(self, name: str) -> Any:
        """The field for the reason about one field of the service."""
        return self[PREFIX + name]


for _name, _label in FIELD_NAMES.items():
    setattr(DecisionForm, PREFIX + _name, TextAreaField(_label, [Length(max=MOST)]))


class AppealDecisionForm(EditingForm):
    """What another moderator decides about an appeal."""

    verdict = RadioField(
        _l("Your decision"),
        choices=_choices(Verdict.UPHOLD, Verdict.REOPEN),
        validators=[InputRequired(_l("Choose what you decide."))],
    )
    reason = TextAreaField(_l("Reason, sent to the vendor"), [InputRequired(_l("Give a reason.")), Length(max=MOST)])


class NameForm(EditingForm):
    """Whether a company's new name stands."""

    verdict = RadioField(
        _l("Your decision"),
        choices=[SelectChoice(verdict.value, name) for verdict, name in NAME_VERDICT_NAMES.items()],
        validators=[InputRequired(_l("Choose what you decide."))],
    )
    reason = TextAreaField(_l("Reason, sent to the company"), [Length(max=MOST)])


class ConductForm(EditingForm):
    """Why a company's conduct is looked into, or what came of it."""

    reason = TextAreaField(_l("Reason"), [InputRequired(_l("Give a reason.")), Length(max=MOST)])
