"""Signing up, and confirming that an address is one's own."""

from flask import redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.account.forms.sign_up import ConfirmForm, SignUpForm
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.limits import SIGN_UPS, limiter
from blueprints.shared.routes import Routes, open_to_all
from portal.accounts.actions import sign_up as actions

routes = Routes()


@routes.form("/sign-up")
@limiter.limit(SIGN_UPS, methods=["POST"])
@open_to_all
def sign_up() -> Response | tuple[str, int]:
    """A person and their company; the answer is the same whether or not the address has an account."""
    form = SignUpForm()
    if submitted(form, lambda: _create(form)):
        return redirect(url_for("account.show_sent"))
    return form_page("account/sign_up/create.html", form)


def _create(form: SignUpForm) -> bool:
    person = actions.NewPerson(
        form.name.data, form.email.data, form.password.data, str(get_locale()), form.timezone.data
    )
    company = actions.NewCompany(
        form.kind.data, form.company.data, form.country.data, form.timezone.data, form.currency.data
    )
    actions.sign_up(person, company)
    return True


@routes.get("/sign-up/sent")
@open_to_all
def show_sent() -> str:
    """What to do next: open the mail."""
    return render_template("account/sign_up/sent.html")


@routes.form("/confirm/<token>")
@open_to_all
def confirm(token: str) -> Response | tuple[str, int]:
    """A button that confirms the address: programs that merely open links must not do it."""
    form = ConfirmForm()
    if submitted(form, lambda: actions.confirm_address(token)):
        done(_("Your address is confirmed. Sign in to begin."))
        return redirect(url_for("account.sign_in"))
    return form_page("account/sign_up/confirm.html", form)
