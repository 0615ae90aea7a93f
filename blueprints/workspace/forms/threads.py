"""The form of a message."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from blueprints.shared.forms import PortalForm
from portal.messaging.threads import LONGEST


class MessagePostForm(PortalForm):
    """One message."""

    body = TextAreaField(
        _l("Your message"),
        [
            DataRequired(_l("Write something first.")),
            Length(max=LONGEST, message=_l("Use at most %(max)d characters, or send it in two messages.")),
        ],
    )
