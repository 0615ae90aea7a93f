"""The form of a decision about a company or a person."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from blueprints.shared.forms import PortalForm

LONGEST = 1_000


class ReasonForm(PortalForm):
    """Why: kept in the audit log, and read by whom it concerns."""

    reason = TextAreaField(_l("Reason"), [DataRequired(_l("Give a reason.")), Length(max=LONGEST)])
