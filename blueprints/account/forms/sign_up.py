"""The form by which a company and its first person come in."""

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from blueprints.account.forms.fields import (
    country_field,
    currency_field,
    email_field,
    name_field,
    password_field,
    zone_field,
)
from blueprints.shared.forms import PortalForm


class SignUpForm(PortalForm):
    """Which side, the company, and who one is."""

    kind = RadioField(
        _l("What brings you here?"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice("buyer", _l("We look for a partner")),
            SelectChoice("vendor", _l("We offer customer service")),
        ],
    )
    company = name_field(_l("Name of your company"), "organization")
    country = country_field()
    timezone = zone_field()
    currency = currency_field()
    name = name_field(_l("Your name"))
    email = email_field(_l("Work e-mail address"))
    password = password_field(message=_l("Choose a password."))


class ConfirmForm(PortalForm):
    """The button under a link that came by mail: opening a link alone does nothing."""
