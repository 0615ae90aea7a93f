"""The form about a company's own details."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from blueprints.account.forms.fields import EMAIL_LENGTH, well_formed
from blueprints.shared.forms import EditingForm
from portal.accounts.actions.company import MAX_NAME


class CompanyNameForm(EditingForm):
    """The name under which others know the company."""

    name = StringField(
        _l("Name of the company"),
        [DataRequired(_l("Write the name under which others know the company.")), Length(max=MAX_NAME)],
        render_kw={"maxlength": MAX_NAME, "autocomplete": "organization"},
    )


class CompanyApprovalForm(EditingForm):
    """Whether another person approves a requirement before it is published."""

    needed = BooleanField(
        _l("Another person approves every requirement, and every change of it, before vendors see it")
    )


class CompanyDetailsForm(EditingForm):
    """What agreements and invoices say about the company."""

    legal_name = StringField(
        _l("Registered name"),
        [DataRequired(_l("Write the name under which the company is registered.")), Length(max=200)],
    )
    registration_no = StringField(_l("Registration number"), [Length(max=60)])
    vat_id = StringField(_l("VAT identification number"), [Length(max=30)])
    address = TextAreaField(_l("Address"), [Length(max=500)])
    billing_email = EmailField(
        _l("E-mail address for invoices"),
        [Optional(), well_formed(_l("Write an address such as billing@company.example.")), Length(max=EMAIL_LENGTH)],
    )
    iban = StringField(_l("Bank account (IBAN)"), [Length(max=42)])
