"""A forgotten password, and setting a new one by the link that came by mail."""

from flask import redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.account.forms.passwords import ForgotForm, ResetForm
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.limits import LETTERS, limiter
from blueprints.shared.routes import Routes, open_to_all
from portal.accounts.actions import sign_up as actions

routes = Routes()


@routes.form("/forgot")
@limiter.limit(LETTERS, methods=["POST"])
@open_to_all
def ask_reset() -> Response | tuple[str, int]:
    """Ask for a link; the answer is the same whether or not the address has an account."""
    form = ForgotForm()
    if submitted(form, lambda: _send(form)):
        return redirect(url_for("account.show_reset_sent"))
    return form_page("account/passwords/ask.html", form)


def _send(form: ForgotForm) -> bool:
    actions.ask_reset(form.email.data)
    return True


@routes.get("/forgot/sent")
@open_to_all
def show_reset_sent() -> str:
    """What to do next: open the mail."""
    return render_template("account/passwords/sent.html")


@routes.form("/reset/<token>")
@limiter.limit(LETTERS, methods=["POST"])
@open_to_all
def reset_password(token: str) -> Response | tuple[str, int]:
    """Set a new password; every session of the person ends."""
    if not actions.reset_is_open(token):
        return render_template("account/passwords/closed.html"), 404
    form = ResetForm()
    if submitted(form, lambda: _reset(token, form)):
        done(_("Your new password is set. Sign in with it."))
        return redirect(url_for("account.sign_in"))
    return form_page("account/passwords/reset.html", form)


def _reset(token: str, form: ResetForm) -> bool:
    actions.reset_password(token, form.password.data)
    return True
