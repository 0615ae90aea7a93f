"""Forms about a password: forgotten, set anew, changed."""

from flask_babel import lazy_gettext as _l

from blueprints.account.forms.fields import email_field, password_field
from blueprints.shared.forms import PortalForm


class ForgotForm(PortalForm):
    """Where the link should go."""

    email = email_field()


class ResetForm(PortalForm):
    """A new password, after following the link."""

    password = password_field(_l("New password"), _l("Choose a password."))


class PasswordForm(PortalForm):
    """A new password, after showing the old one."""

    current = password_field(_l("Present password"))
    new = password_field(_l("New password"), _l("Choose a password."))
