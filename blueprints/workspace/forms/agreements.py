"""Forms around the text of an agreement."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.shared.choices import language_choices
from blueprints.shared.forms import EditingForm, PortalForm
from portal.agreements.actions.draft import MAX_SPECIAL_TERMS


class AgreementEditForm(EditingForm):
    """The free part of a draft."""

    special_terms = TextAreaField(
        _l("Special terms"),
        [Length(max=MAX_SPECIAL_TERMS)],
        description=_l(
            "One clause per line. Prices, volumes and targets come from the bid and cannot be changed here."
        ),
        render_kw={"rows": 8},
    )
    language = RadioField(_l("Which wording counts where two differ?"), choices=language_choices)


class AgreementCounterForm(PortalForm):
    """Another version of an offered text."""

    special_terms = AgreementEditForm.special_terms
    language = AgreementEditForm.language
    reason = TextAreaField(
        _l("Why another version?"),
        [InputRequired(_l("Say why you propose another text: the other side will read it."))],
        description=_l("Signatures on the current version become void."),
        render_kw={"rows": 3},
    )


class AgreementRefuseForm(PortalForm):
    """Not signing, or not going on."""

    reason = TextAreaField(
        _l("Your reason"),
        [InputRequired(_l("Give a reason: the other side will read it."))],
        render_kw={"rows": 3},
    )


class AgreementSignForm(PortalForm):
    """A signature: name, capacity, authority and password; the digest of the text that the page showed."""

    typed_name = StringField(_l("Your full name"), [InputRequired(_l("Type your name as in your account."))])
    title = StringField(
        _l("Your capacity"),
        [InputRequired(_l("Say in which capacity you sign, such as managing director.")), Length(max=120)],
    )
    authority = BooleanField(_l("I may sign for my company, and I have read the text above."))
    password = PasswordField(
        _l("Your password"),
        [InputRequired(_l("Enter your password again: a signature binds your company."))],
        render_kw={"autocomplete": "current-password"},
    )
    shown_sha256 = HiddenField()


class ChangeOrderProposeForm(PortalForm):
    """An extra fee."""

    title = StringField(_l("What is to be done?"), [InputRequired(_l("Say what is to be done.")), Length(max=120)])
    reason = TextAreaField(
        _l("Why is it needed?"),
        [InputRequired(_l("Say why it is needed: the other side will read it."))],
        render_kw={"rows": 3},
    )
    line_code = RadioField(_l("Priced as"), [InputRequired(_l("Choose how it is priced."))])
    quantity = StringField(_l("Quantity"), [InputRequired(_l("Enter a quantity above zero."))])
    unit_rate = StringField(
        _l("Price per unit"), description=_l("Only for a custom request; agreed lines keep their agreed rate.")
    )


class ReasonForm(PortalForm):
    """A reason the other side will read."""

    reason = StringField(
        _l("Reason"), [InputRequired(_l("Give a reason: the other side will read it.")), Length(max=500)]
    )
