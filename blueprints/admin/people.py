"""People: looking them up, suspending and reinstating them."""

import uuid
from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.admin.forms.reasons import ReasonForm
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.pages import after_id
from blueprints.shared.routes import Routes, needs
from portal.accounts import staff_queries
from portal.accounts.actions.company import reinstate_person, suspend_person
from portal.accounts.permissions import Permission

routes = Routes()

Answer = Response | tuple[str, int]


@routes.get("/people")
@needs(Permission.STAFF_PEOPLE)
def list_people() -> str:
    """People by a part of their name or address, newest first."""
    q = request.args.get("q", "").strip()
    found = staff_queries.people_for_staff(require_actor(), q=q, before=after_id(request.args.get("after")))
    shown = found[: staff_queries.PAGE]
    more = url_for("admin.list_people", q=q, after=shown[-1].id) if len(found) > len(shown) else None
    return render_template("admin/people/list.html", people=shown, more=more, q=q)


@routes.get("/people/<uuid:person_id>")
@needs(Permission.STAFF_PEOPLE)
def show_people_person(person_id: uuid.UUID) -> tuple[str, int]:
    """One person, their companies, and the form for suspending or reinstating them."""
    return _page(person_id, ReasonForm())


@routes.post("/people/<uuid:person_id>/suspend")
@needs(Permission.STAFF_PEOPLE)
def suspend_people_person(person_id: uuid.UUID) -> Answer:
    """Keep a person from signing in and end their sessions."""
    form = ReasonForm()
    return _decide(
        person_id,
        form,
        lambda: suspend_person(require_actor(), person_id, reason=form.reason.data),
        _("This person can no longer sign in."),
    )


@routes.post("/people/<uuid:person_id>/reinstate")
@needs(Permission.STAFF_PEOPLE)
def reinstate_people_person(person_id: uuid.UUID) -> Answer:
    """Let a suspended person sign in again."""
    form = ReasonForm()
    return _decide(
        person_id,
        form,
        lambda: reinstate_person(require_actor(), person_id, reason=form.reason.data),
        _("This person can sign in again."),
    )


def _decide(person_id: uuid.UUID, form: ReasonForm, act: Callable[[], None], sentence: str) -> Answer:
    def decide() -> bool:
        act()
        return True

    if not submitted(form, decide):
        return _page(person_id, form)
    done(sentence)
    return redirect(url_for("admin.show_people_person", person_id=person_id))


def _page(person_id: uuid.UUID, form: ReasonForm) -> tuple[str, int]:
    actor = require_actor()
    return form_page(
        "admin/people/show.html",
        form,
        person=staff_queries.person_for_staff(actor, person_id),
        memberships=staff_queries.memberships_for_staff(actor, person_id),
        is_self=person_id == actor.person_id,
    )
