"""Forms by which somebody takes an offered seat."""

from flask_babel import lazy_gettext as _l

from blueprints.account.forms.fields import name_field, password_field, zone_field
from blueprints.shared.forms import PortalForm


class AcceptForm(PortalForm):
    """The button of somebody who has an account."""


class JoinForm(PortalForm):
    """Somebody who has none yet; the address is the invitation's."""

    name = name_field(_l("Your name"))
    timezone = zone_field()
    password = password_field(message=_l("Choose a password."))
