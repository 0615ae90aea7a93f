"""One's own account: name, language and zone, password, where one is signed in, and one's companies."""

from flask import redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.account.browsers import browser_name
from blueprints.account.forms.passwords import PasswordForm
from blueprints.account.forms.person import CompanyAddForm, PersonForm
from blueprints.shared.actor import require_actor, session_token
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, signed_in
from portal.accounts import queries, sessions
from portal.accounts.actions import sign_up, team
from portal.accounts.actions.person import edit_person
from portal.messaging import queries as messaging
from portal.messaging.actions import choose_mail

routes = Routes()

Answer = Response | tuple[str, int]


@routes.form("/account")
@signed_in
def show_account() -> Answer:
    """Who one is, in which language and zone one reads, and whether notices come by mail."""
    actor = require_actor()
    person = queries.person_for(actor)
    form = PersonForm(obj=person, by_mail=messaging.wants_mail(actor))

    def save() -> bool:
        edit_person(
            actor,
            person,
            version=form.version.data,
            name=form.name.data,
            locale=form.locale.data,
            timezone=form.timezone.data,
        )
        choose_mail(actor, by_mail=form.by_mail.data)
        return True

    if submitted(form, save):
        session.pop("language", None)
        done(_("Your account is saved."))
        return redirect(url_for("account.show_account"))
    return form_page("account/person/edit.html", form, person=person)


@routes.form("/account/password")
@signed_in
def change_password() -> Answer:
    """A new password ends every other session."""
    actor, form = require_actor(), PasswordForm()

    def change() -> bool:
        sign_up.change_password(actor, current=form.current.data, new=form.new.data, session_token=session_token())
        return True

    if submitted(form, change):
        done(_("Your password is changed, and you are signed out everywhere else."))
        return redirect(url_for("account.show_account"))
    return form_page("account/person/password.html", form)


@routes.get("/account/sessions")
@signed_in
def list_sessions() -> str:
    """Where one is signed in."""
    found = sessions.own_sessions(require_actor(), session_token())
    return render_template("account/person/sessions.html", sessions=found, browser_name=browser_name)


@routes.post("/account/sessions/end")
@signed_in
def end_sessions() -> Response:
    """Sign out elsewhere: one place by its digest, or all others."""
    sessions.end_own(require_actor(), session_token(), request.form.get("digest"))
    done(_("Signed out there."))
    return redirect(url_for("account.list_sessions"))


@routes.get("/account/companies")
@signed_in
def list_memberships() -> str:
    """The companies one acts for."""
    actor = require_actor()
    found = queries.memberships_of(actor.person_id) if actor.person_id else []
    return render_template("account/person/companies.html", found=found)


@routes.form("/account/companies/new")
@signed_in
def add_company() -> Answer:
    """Found one more company and go on as it."""
    actor, form = require_actor(), CompanyAddForm()
    assert actor.person_id is not None
    person_id = actor.person_id
    company_id = submitted(
        form,
        lambda: sign_up.create_company(
            person_id,
            actor.person_name,
            sign_up.NewCompany(
                form.kind.data, form.company.data, form.country.data, form.timezone.data, form.currency.data
            ),
        ),
    )
    if company_id is None:
        return form_page("account/person/add_company.html", form)
    sessions.switch(session_token(), company_id)
    done(_("%(company)s is here. Everything you do now is done for it.", company=form.company.data))
    return redirect(url_for("account.go_to_desk"))


@routes.post("/account/leave")
@signed_in
def leave_company() -> Response:
    """Give up one's seat in the current company; the session goes on in another of one's companies."""
    actor = require_actor()
    team.leave(actor)
    left = queries.memberships_of(actor.person_id) if actor.person_id else []
    if left:
        sessions.switch(session_token(), left[0].id)
    done(_("You are no longer a member of %(company)s.", company=actor.company_name))
    return redirect(url_for("account.list_memberships"))
