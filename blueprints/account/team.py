"""The team: members and their roles, invitations, and what each role may do."""

import uuid
from typing import Any

from flask import redirect, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.account.forms.team import InviteForm, RoleForm, role_choices
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts import queries
from portal.accounts.actions import team
from portal.accounts.permissions import PERMISSION_NAMES, ROLE_NAMES, Permission, Role, permissions_of
from portal.kit.errors import Conflict

routes = Routes()


@routes.form("/account/team")
@needs(Permission.COMPANY_VIEW)
def show_team() -> Response | tuple[str, int]:
    """Who is in the company, who is invited, and the form for inviting somebody."""
    actor = require_actor()
    form = InviteForm(language=str(get_locale()))
    invitation = submitted(
        form,
        lambda: team.invite(actor, email=form.email.data, role=form.role.data, language=form.language.data),
    )
    if invitation is not None:
        done(_("An invitation is on its way to %(email)s.", email=invitation.email))
        return redirect(url_for("account.show_team"))
    return form_page(
        "account/team/show.html",
        form,
        members=queries.team_for(actor),
        invitations=queries.invitations_for(actor),
        manages=actor.can(Permission.TEAM_MANAGE),
        role_choices=role_choices(),
        role_names=ROLE_NAMES,
        table=permission_table(actor.company_kind or ""),
        roles=list(Role),
    )


def permission_table(company_kind: str) -> list[tuple[Any, list[bool]]]:
    """One row for each act that somebody in such a company may do: its name, and whether each role may."""
    held = [permissions_of(role, (), company_kind) for role in Role]
    return [
        (name, [permission in of_role for of_role in held])
        for permission, name in PERMISSION_NAMES.items()
        if any(permission in of_role for of_role in held)
    ]


@routes.post("/account/team/<uuid:membership_id>/role")
@needs(Permission.TEAM_MANAGE)
def change_role(membership_id: uuid.UUID) -> Response:
    """Give a member another role."""
    actor, form = require_actor(), RoleForm()
    if not form.validate_on_submit() or form.version.data is None:
        raise Conflict(_("Choose a role from the list on the team page. Nothing was changed."))
    team.change_role(actor, membership_id, role=form.role.data, version=form.version.data)
    done(_("The role is changed."))
    return redirect(url_for("account.show_team"))


@routes.post("/account/team/<uuid:membership_id>/remove")
@needs(Permission.TEAM_MANAGE)
def remove_member(membership_id: uuid.UUID) -> Response:
    """End a membership at once."""
    team.remove_member(require_actor(), membership_id)
    done(_("This person is no longer a member."))
    return redirect(url_for("account.show_team"))


@routes.post("/account/team/invitations/<uuid:invitation_id>/revoke")
@needs(Permission.TEAM_MANAGE)
def revoke_invitation(invitation_id: uuid.UUID) -> Response:
    """Take an invitation back."""
    team.revoke_invitation(require_actor(), invitation_id)
    done(_("The invitation is taken back; its link no longer works."))
    return redirect(url_for("account.show_team"))
