"""The form for an API token."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from blueprints.account.forms.fields import password_field
from blueprints.shared.forms import PortalForm
from portal.accounts.actions.api_tokens import DEFAULT_DAYS, MOST_DAYS
from portal.accounts.states import TokenScope

NAME_LENGTH = 80


class ApiTokenForm(PortalForm):
    """What a token is for, what it may do, and how long."""

    name = StringField(
        _l("What is it for?"),
        [
            DataRequired(_l("Write what the token is for, so that it can be told from others later.")),
            Length(max=NAME_LENGTH),
        ],
        render_kw={"autocomplete": "off", "maxlength": NAME_LENGTH},
    )
    scope = RadioField(
        _l("What may it do?"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice(TokenScope.READ.value, _l("Read")),
            SelectChoice(TokenScope.WRITE.value, _l("Read and write")),
        ],
        default=TokenScope.READ.value,
    )
    days = IntegerField(
        _l("How long does it work?"),
        [
            InputRequired(_l("Choose from 1 to %(n)s days.", n=MOST_DAYS)),
            NumberRange(1, MOST_DAYS, _l("Choose from 1 to %(n)s days.", n=MOST_DAYS)),
        ],
        default=DEFAULT_DAYS,
    )
    password = password_field(_l("Your password"))
