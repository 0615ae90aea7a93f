"""Forms of the team page."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from blueprints.account.forms.fields import email_field, language_field
from blueprints.shared.forms import EditingForm, PortalForm
from portal.accounts.permissions import ROLE_NAMES, Role


def role_choices() -> list[SelectChoice]:
    """The roles of a company."""
    return [SelectChoice(role.value, str(ROLE_NAMES[role])) for role in Role]


class InviteForm(PortalForm):
    """A seat for somebody."""

    email = email_field(autocomplete="off")
    role = SelectField(_l("Role"), [InputRequired()], choices=role_choices, default=Role.MEMBER.value)
    language = language_field()


class RoleForm(EditingForm):
    """Another role for a member."""

    role = SelectField(_l("Role"), [InputRequired()], choices=role_choices)
