"""Forms of a vendor's rate cards."""

from flask_babel import lazy_gettext as _l
from wtforms import Form, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.shared.fields import LocalDecimalField
from blueprints.shared.forms import EditingForm
from blueprints.shared.rate_card_form import RateCardForm, choices
from portal.measures.words import CHANNEL_NAMES
from portal.pricing import words
from portal.pricing.actions import MAX_NAME


class SavedRateCardForm(EditingForm):
    """A rate card under a name."""

    name = StringField(
        _l("Name"),
        [InputRequired(_l("Give the rate card a name that you will recognise it by.")), Length(max=MAX_NAME)],
        description=_l("Only your company sees it."),
    )
    card = FormField(RateCardForm)


class ExampleMonthForm(Form):  # type: ignore[misc]
    """A month to try a card on; sent by GET, it changes nothing."""

    channel = SelectField(_l("Channel"), choices=choices(CHANNEL_NAMES))
    window = SelectField(_l("Hours"), choices=choices(words.WINDOW_NAMES))
    contacts = LocalDecimalField(_l("Contacts"), [InputRequired(_l("Write how many contacts."))], decimals=0)
    aht_s = LocalDecimalField(_l("Handle time"), [InputRequired(_l("Write how long one takes."))], decimals=0)
    fte = LocalDecimalField(_l("Full-time agents"), decimals=2)
