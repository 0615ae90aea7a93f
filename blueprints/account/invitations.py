"""Taking a seat that a company offers: by somebody who is signed in, or by somebody new."""

import uuid

from flask import redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.account.forms.invitations import AcceptForm, JoinForm
from blueprints.account.sessions import begin_session
from blueprints.shared.actor import current_actor, session_token
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.limits import SIGN_UPS, limiter
from blueprints.shared.routes import Routes, open_to_all
from portal.accounts import queries, sessions
from portal.accounts.actions import sign_up
from portal.accounts.actions.team import accept_invitation
from portal.accounts.actor import Actor
from portal.accounts.permissions import ROLE_NAMES, Role

routes = Routes()

Answer = Response | tuple[str, int]


@routes.form("/invitations/<token>")
@limiter.limit(SIGN_UPS, methods=["POST"])
@open_to_all
def accept_invitation_link(token: str) -> Answer:
    """An invitation is for one address: others are told so, and it works once."""
    invitation = queries.open_invitation(token)
    if invitation is None:
        return render_template("account/invitations/closed.html"), 404
    actor = current_actor()
    if actor is None:
        return _join(token, invitation)
    if sessions.email_key(actor.email) != invitation.email_key:
        return render_template("account/invitations/other.html", invitation=invitation), 403
    return _accept(token, invitation, actor)


def _accept(token: str, invitation: queries.OpenInvitation, actor: Actor) -> Answer:
    form = AcceptForm()
    assert actor.person_id is not None
    person_id = actor.person_id
    company_id = submitted(form, lambda: accept_invitation(token, person_id, actor.person_name))
    if company_id is None:
        return form_page("account/invitations/accept.html", form, **_words(invitation))
    sessions.switch(session_token(), company_id)
    return _welcome(invitation)


def _join(token: str, invitation: queries.OpenInvitation) -> Answer:
    form = JoinForm()
    person_id = submitted(form, lambda: _create(token, invitation, form))
    if person_id is None:
        return form_page("account/invitations/join.html", form, token=token, **_words(invitation))
    begin_session(sessions.open_for(person_id, browser=request.user_agent.string))
    return _welcome(invitation)


def _create(token: str, invitation: queries.OpenInvitation, form: JoinForm) -> uuid.UUID:
    person = sign_up.NewPerson(
        form.name.data, invitation.email, form.password.data, str(get_locale()), form.timezone.data
    )
    person_id = sign_up.join(person)
    accept_invitation(token, person_id, person.name)
    return person_id


def _welcome(invitation: queries.OpenInvitation) -> Response:
    done(_("You are now a member of %(company)s.", company=invitation.company_name))
    return redirect(url_for("account.go_to_desk"))


def _words(invitation: queries.OpenInvitation) -> dict[str, object]:
    return {"invitation": invitation, "role": ROLE_NAMES[Role(invitation.role)]}
