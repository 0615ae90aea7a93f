"""Forms of a vendor's rate cards."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, Form, FormField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from blueprints.shared.fields import LocalDecimalField
from blueprints.shared.forms import EditingForm, PortalForm
from blueprints.shared.rate_card_form import RateCardForm
from portal.pricing.actions import MAX_NAME
from portal.pricing.examples import Example

NAME_MISSING = _l("Give the rate card a name that you will recognise it by.")
TOO_MUCH = _l("Write a number from %(min)s to %(max)s.")


class ExampleForm(Form):  # type: ignore[misc]
    """A month to try a card on; nothing of it is stored."""

    contacts = LocalDecimalField(
        _l("Contacts a month"),
        [Optional(), NumberRange(0, 10_000_000, message=TOO_MUCH)],
        decimals=0,
        default=Example().contacts,
    )
    aht_s = LocalDecimalField(
        _l("Handle time"), [Optional(), NumberRange(0, 86_400, message=TOO_MUCH)], decimals=0, default=Example().aht_s
    )
    fte = LocalDecimalField(
        _l("Full-time agents"),
        [Optional(), NumberRange(0, 100_000, message=TOO_MUCH)],
        decimals=2,
        default=Example().fte,
    )

    @property
    def value(self) -> Example:
        """What was entered; what was left empty counts as nothing."""
        return Example(self.contacts.data or 0, self.aht_s.data or 0, self.fte.data or 0)


class SavedRateCardForm(EditingForm):
    """A rate card under a name, with the month it is tried on."""

    name = StringField(
        _l("Name"), [InputRequired(NAME_MISSING), Length(max=MAX_NAME)], description=_l("Only your company sees it.")
    )
    card = FormField(RateCardForm)
    example = FormField(ExampleForm, label=_l("Example month"))


class PublishForm(EditingForm):
    """From when to when a version is valid."""

    valid_from = DateField(_l("First day"), [InputRequired(_l("Choose the first day."))])
    valid_to = DateField(
        _l("Last day"), [Optional()], description=_l("Leave empty if it is valid until the next version.")
    )


class WorkbookForm(PortalForm):
    """A rate card as a file; a card that is there keeps its name."""

    file = FileField(
        _l("Workbook"), [FileRequired(_l("Choose the file."))], description=_l("XLSX as exported here, up to 10 MB.")
    )


class NewWorkbookForm(WorkbookForm):
    """A new rate card as a file."""

    name = StringField(
        _l("Name"), [InputRequired(NAME_MISSING), Length(max=MAX_NAME)], description=_l("Only your company sees it.")
    )


class ChangedWorkbookForm(WorkbookForm, EditingForm):
    """A file in place of a card's working copy."""
