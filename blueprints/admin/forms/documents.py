"""The form of a decision about an uploaded document."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.forms import EditingForm
from portal.catalog.actions.verify import MAX_REASON

VERIFY, REFUSE = "verify", "refuse"


class DocumentForm(EditingForm):
    """Whether the document shows what the vendor says."""

    verdict = RadioField(
        _l("Your decision"),
        [InputRequired(_l("Choose what you decide."))],
        choices=[
            SelectChoice(VERIFY, _l("It shows what they say")),
            SelectChoice(REFUSE, _l("It does not")),
        ],
    )
    valid_to = DateField(
        _l("Last valid day, as the document gives it"), [Optional()], description=_l("Correct it where it differs.")
    )
    reason = TextAreaField(
        _l("Reason, sent to the vendor"),
        [Length(max=MAX_REASON)],
        description=_l("Only where you refuse it."),
        render_kw={"rows": 3},
    )
