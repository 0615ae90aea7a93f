"""The forms of what stands beside a profile: certificates, references, free seats by date, closures."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, EmailField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from blueprints.shared.choices import language_choices
from blueprints.shared.forms import EditingForm, PortalForm
from portal.catalog.actions import certificates, references
from portal.catalog.certificate_files import Document, check_document
from portal.catalog.profile_models import SAID, Certificate, VendorReference
from portal.catalog.profile_words import CERTIFICATE_NAMES
from portal.measures.words import INDUSTRY_NAMES


class CertificateForm(EditingForm):
    """One certificate; the document may come later."""

    code = SelectField(
        _l("Certificate"),
        [InputRequired(_l("Choose the certificate from the list."))],
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(code, name) for code, name in CERTIFICATE_NAMES.items()),
        ],
    )
    name = StringField(
        _l("Its name"), [Length(max=certificates.MAX_LINE)], description=_l("Only for one that is not in the list.")
    )
    number = StringField(
        _l("Number"), [Length(max=certificates.MAX_LINE)], description=_l("Not public; our staff compare it.")
    )
    scope = StringField(
        _l("Scope"), [Length(max=certificates.MAX_LINE)], description=_l("Which sites and services it covers.")
    )
    issuer = StringField(_l("Issued by"), [Length(max=certificates.MAX_LINE)])
    valid_to = DateField(_l("Last valid day"), [InputRequired(_l("Write the last day on which it is valid."))])
    file = FileField(
        _l("Document"), description=_l("PDF, PNG or JPEG, up to 10 MB. Only you and our staff can open it.")
    )

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the actions take it."""
        return {name: self[name].data for name in ("code", "name", "number", "scope", "issuer", "valid_to")}

    def document(self) -> Document | None:
        """The document that was chosen, if any. Raises Invalid."""
        sent = self.file.data
        if not sent or not sent.filename:
            return None
        return check_document(sent.read(), sent.filename)


def certificate_data(certificate: Certificate, number: str) -> dict[str, Any]:
    """The form's data for a certificate as it is stored."""
    same = ("code", "name", "scope", "issuer", "valid_to", "version")
    return {name: getattr(certificate, name) for name in same} | {"number": number}


class ReferenceForm(EditingForm):
    """One reference."""

    customer = StringField(
        _l("Customer"),
        [InputRequired(_l("Name the customer; you can keep the name off the public page.")), Length(max=160)],
    )
    is_anonymous = BooleanField(_l("Keep the customer's name off the public page"))
    industry = SelectField(
        _l("Industry"),
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(str(code), name) for code, name in INDUSTRY_NAMES.items()),
        ],
    )
    started = StringField(
        _l("Since, year and month"),
        [InputRequired(_l("Say since when you worked for them.")), Length(max=7)],
        render_kw={"placeholder": "2024-03"},
    )
    ended = StringField(
        _l("Until, year and month"),
        [Length(max=7)],
        description=_l("Empty while you still work for them."),
        render_kw={"placeholder": "2025-02"},
    )
    scope = TextAreaField(
        _l("What you did"),
        [
            InputRequired(_l("Say what you did for them: channels, languages, size.")),
            Length(max=references.MAX_TEXT),
        ],
        render_kw={"rows": 3},
    )
    results = TextAreaField(
        _l("What came of it"),
        [Length(max=references.MAX_TEXT)],
        description=_l("In figures where you have them, with the period they are from."),
        render_kw={"rows": 3},
    )

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, as the actions take it."""
        return {name: self[name].data for name in SAID}


def reference_data(reference: VendorReference) -> dict[str, Any]:
    """The form's data for a reference as it is stored."""
    return {**reference.said, "version": reference.version}


class AskForm(EditingForm):
    """Whom to ask about a reference."""

    contact_name = StringField(
        _l("Name of the person you ask"),
        [InputRequired(_l("Write the name of the person you ask.")), Length(max=160)],
    )
    contact_email = EmailField(
        _l("Their e-mail address at the customer"),
        [InputRequired(_l("Write an e-mail address such as name@example.com.")), Length(max=254)],
        description=_l("Not public. They get one e-mail with a link that works once, for 14 days."),
    )
    language = SelectField(_l("Language of the e-mail"), choices=language_choices)


class AvailabilityForm(PortalForm):
    """Free seats from a day on."""

    from_on = DateField(_l("From"), [InputRequired(_l("Write a day that is today or lies ahead."))])
    seats = IntegerField(
        _l("Seats free"), [InputRequired(_l("Write how many seats are free from that day on; 0 for none."))]
    )


class ClosureForm(PortalForm):
    """Days on which nobody is there."""

    first_on = DateField(_l("First day"), [InputRequired(_l("Write the first day on which you are closed."))])
    last_on = DateField(_l("Last day"), [Optional()], description=_l("The same day for a single one."))
    reason = StringField(_l("Reason"), [Length(max=160)], description=_l("Public, such as “Lunar New Year”."))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self:  # it stands on one page with the form of free seats
            field.id = field.label.field_id = f"closure-{field.name}"
