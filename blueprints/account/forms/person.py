"""The form about oneself."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from blueprints.account.forms.fields import country_field, currency_field, language_field, name_field, zone_field
from blueprints.shared.forms import EditingForm, PortalForm


class PersonForm(EditingForm):
    """Name, language, zone, and whether notices come by mail."""

    name = name_field(_l("Your name"))
    locale = language_field()
    timezone = zone_field()
    by_mail = BooleanField(_l("Send me notices by e-mail as well"))


class CompanyAddForm(PortalForm):
    """One more company of a person who is here already."""

    kind = RadioField(
        _l("What does this company do here?"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice("buyer", _l("It looks for a partner")),
            SelectChoice("vendor", _l("It offers customer service")),
        ],
    )
    company = name_field(_l("Name of the company"), "organization")
    country = country_field()
    timezone = zone_field()
    currency = currency_field()
