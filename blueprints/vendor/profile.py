"""A vendor's profile: the overview, and the sections that are one form each."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.parts import add_spare_rows
from blueprints.vendor.forms.profile import PrivateForm, SectionForm
from blueprints.vendor.profile_sections import BY_NAME, SECTIONS, after, frame
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import queries
from portal.catalog.actions.profile import save_private, save_profile
from portal.catalog.profile_queries import private_for, profile_with_completeness
from portal.kit.errors import NotFound

routes = Routes()
SHOWN_ON_CARD = 3


@routes.get("/profile")
@needs(Permission.COMPANY_VIEW)
def edit_profile() -> str:
    """How much is filled in, what is worth filling in next, and every section."""
    actor = require_actor()
    shown = frame(actor, None)
    return render_template("vendor/profile/show.html", sections=SECTIONS, **shown)


@routes.form("/profile/<section>")
@needs(Permission.COMPANY_VIEW)
def edit_profile_section(section: str) -> Any:
    """One section, which is saved by itself."""
    actor, found = require_actor(), BY_NAME.get(section)
    if found is None or found.form is None:
        raise NotFound
    profile = queries.profile_for(actor)
    is_private = found.form is PrivateForm
    form = found.form(data=found.form.filled_from(private_for(actor) if is_private else profile))
    save = save_private if is_private else save_profile
    if "more" not in request.form and submitted(
        form, lambda: save(actor, values=form.values, version=form.version.data or 0)
    ):
        done(_("Saved. What is public shows as soon as one of your services is published."))
        closes = request.form.get("then") == "close"
        return redirect(url_for("vendor.edit_profile") if closes else after(found).url)
    _add_spare_rows(form)
    return form_page("vendor/profile/section.html", form, **frame(actor, found))


def _add_spare_rows(form: SectionForm) -> None:
    for name in form.lists:
        add_spare_rows(form[name])


@dashboard_card("vendor", position=70)
def profile_card(actor: Actor) -> Card | None:
    """How complete the profile is, and what is worth filling in next."""
    if not actor.can(Permission.PROFILE_EDIT):
        return None
    _profile, found = profile_with_completeness(actor)
    if not found.missing:
        return None
    return Card(
        title=_("Your profile"),
        note=_("%(percent)s percent filled in", percent=found.percent),
        items=[Item(part.sentence, url=BY_NAME[part.section].url) for part in found.missing[:SHOWN_ON_CARD]],
        url=url_for("vendor.edit_profile"),
        link=_("Fill in what is missing"),
    )
