"""Fields that several account forms share, with the same words everywhere."""

from collections.abc import Callable
from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from blueprints.shared import choices
from portal.accounts.passwords import MAX_LENGTH

NAME_LENGTH = 120
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3


def name_field(label: Any, autocomplete: str = "name") -> StringField:
    """The name of a person or a company."""
    return StringField(
        label,
        [DataRequired(_l("Write a name.")), Length(max=NAME_LENGTH)],
        render_kw={"autocomplete": autocomplete, "maxlength": NAME_LENGTH},
    )


def email_field(label: Any = None, autocomplete: str = "email") -> EmailField:
    """An e-mail address; whether it is somebody's is shown by a link, not guessed from its form."""
    message = _l("Write an address such as name@company.example.")
    return EmailField(
        label or _l("E-mail address"),
        [DataRequired(message), well_formed(message), Length(max=EMAIL_LENGTH)],
        render_kw={"autocomplete": autocomplete, "maxlength": EMAIL_LENGTH},
    )


def well_formed(message: Any) -> Callable[[Any, Any], None]:
    """Refuses what cannot be an address. Names under ``.test`` are taken: the demo accounts live there."""

    def check(_form: Any, field: Any) -> None:
        try:
            validate_email(field.data or "", check_deliverability=False, test_environment=True)
        except EmailNotValidError as refusal:
            raise ValidationError(message) from refusal

    return check


def password_field(label: Any = None, message: Any = None) -> PasswordField:
    """A password. Its strength is the portal's to judge."""
    return PasswordField(
        label or _l("Password"),
        [DataRequired(message or _l("Write your password.")), Length(max=MAX_LENGTH)],
    )


def country_field() -> SelectField:
    """A country by its name."""
    return SelectField(_l("Country"), [InputRequired()], choices=choices.country_choices, default="GB")


def currency_field() -> SelectField:
    """A currency by code and name."""
    return SelectField(_l("Currency"), [InputRequired()], choices=choices.currency_choices, default="GBP")


def zone_field() -> SelectField:
    """A time zone by its IANA name."""
    return SelectField(_l("Time zone"), [InputRequired()], choices=choices.zone_choices, default="Europe/London")


def language_field() -> SelectField:
    """One of the portal's languages."""
    return SelectField(_l("Language"), [InputRequired()], choices=choices.language_choices)
