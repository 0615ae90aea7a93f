"""The form of the front door."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from blueprints.account.forms.fields import email_field, password_field
from blueprints.shared.forms import PortalForm


class SignInForm(PortalForm):
    """Address and password. Sent again after signing out it must work again, so it carries no submission id."""

    submission_id = None
    email = email_field(autocomplete="username")
    password = password_field()
    remember = BooleanField(_l("Stay signed in on this device for 14 days"))
