"""Signing in and out, changing the company one acts for, and the way to one's own desk."""

import uuid

from flask import flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from blueprints.account.forms.sessions import SignInForm
from blueprints.shared.actor import Visitor, client_address, current_actor, require_actor, session_token
from blueprints.shared.forms import form_page, submitted
from blueprints.shared.limits import SIGN_INS, limiter
from blueprints.shared.own_paths import own_path
from blueprints.shared.routes import Routes, open_to_all, signed_in
from portal.accounts import sessions
from portal.kit.errors import NotFound

routes = Routes()


@routes.form("/sign-in")
@limiter.limit(SIGN_INS, methods=["POST"])
@open_to_all
def sign_in() -> AnyResponse | tuple[str, int]:
    """Address and password open a new session; then back to where the visitor was going."""
    after = own_path(request.args.get("next")) or url_for("account.go_to_desk")
    if request.method == "GET" and current_actor() is not None:
        return redirect(after)
    form = SignInForm()
    token = submitted(
        form,
        lambda: sessions.sign_in(
            form.email.data, form.password.data, address=client_address(), browser=request.user_agent.string
        ),
    )
    if token is None:
        return form_page("account/sessions/sign_in.html", form)
    begin_session(token, stays=form.remember.data)
    return redirect(after)


def begin_session(token: str, *, stays: bool = False) -> None:
    """Make the browser's cookie carry a new session; whatever it carried before ends here."""
    before, language = session_token(), session.get("language")
    if before:
        sessions.end(before)
    session.clear()
    if language:
        session["language"] = language
    session.permanent = stays
    actor = sessions.find(token)
    if actor is None:
        raise NotFound
    login_user(Visitor(token, actor))


@routes.post("/sign-out")
@open_to_all
def sign_out() -> AnyResponse:
    """End the session in the database and let the browser forget what it kept of it."""
    if session_token():
        sessions.end(session_token())
    logout_user()
    session.clear()
    flash(_("You are signed out."), "success")
    answer = redirect(url_for("account.sign_in"))
    # Cookies are cleared by ourselves, because the notice above needs a fresh one.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@routes.post("/account/switch")
@signed_in
def switch_company() -> AnyResponse:
    """Act for another of one's companies from now on, in every tab."""
    try:
        wanted = uuid.UUID(request.form.get("company_id", ""))
    except ValueError as error:
        raise NotFound from error
    if not sessions.switch(session_token(), wanted):
        raise NotFound
    return redirect(url_for("account.go_to_desk"))


@routes.get("/desk")
@signed_in
def go_to_desk() -> AnyResponse:
    """The overview that is the reader's own."""
    actor = require_actor()
    if actor.company_kind:
        return redirect(url_for(f"{actor.company_kind}.show_dashboard"))
    return redirect(url_for("admin.show_dashboard" if actor.is_staff else "account.show_account"))
