"""Forms of a plan."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.shared.forms import EditingForm, PortalForm


class MilestoneSubmitForm(EditingForm):
    """What shows that a milestone is reached."""

    shown = TextAreaField(
        _l("What shows that it is reached?"),
        [InputRequired(_l("Say what shows that it is reached: attendance, test results, a link.")), Length(max=4000)],
        description=_l("Attendance, test results, who signed off, or where it can be seen."),
        render_kw={"rows": 5},
    )


class MilestoneReturnForm(PortalForm):
    """What is missing."""

    remark = TextAreaField(
        _l("What is missing?"),
        [InputRequired(_l("Say what is missing: the other side will read it.")), Length(max=4000)],
        render_kw={"rows": 4},
    )
