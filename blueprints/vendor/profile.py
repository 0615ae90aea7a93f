"""A vendor's profile."""

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.parts import add_spare_rows
from blueprints.vendor.forms.profile import ProfileForm, filled_from
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import queries
from portal.catalog.actions.profile import save_profile
from portal.catalog.checks import completeness

routes = Routes()


@routes.form("/profile")
@needs(Permission.COMPANY_VIEW)
def edit_profile() -> Any:
    """Everything the directory shows about the company itself."""
    actor = require_actor()
    profile = queries.profile_for(actor)
    form = ProfileForm(data=filled_from(profile))
    if "more" not in request.form and submitted(
        form, lambda: save_profile(actor, values=form.values, version=form.version.data or 0)
    ):
        done(_("The profile is saved. It shows in the directory as soon as one of your services is published."))
        return redirect(url_for("vendor.edit_profile"))
    add_spare_rows(form.languages)
    add_spare_rows(form.sites)
    percent, missing = completeness(profile)
    return form_page(
        "vendor/profile/edit.html",
        form,
        percent=percent,
        missing=missing,
        slug=queries.public_slug(actor),
        can_edit=actor.can(Permission.PROFILE_EDIT),
    )


@dashboard_card("vendor", position=70)
def profile_card(actor: Actor) -> Card | None:
    """How complete the profile is."""
    if not actor.can(Permission.PROFILE_EDIT):
        return None
    percent, missing = completeness(queries.profile_for(actor))
    if percent == 100:
        return None
    return Card(
        title=_("Your profile"),
        note=_("%(percent)s percent filled in", percent=percent),
        items=[Item(word) for word in missing],
        url=url_for("vendor.edit_profile"),
        link=_("Fill in what is missing"),
    )
