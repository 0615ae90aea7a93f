"""When a vendor has seats free, and when it is closed."""

import uuid
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.vendor.forms.profile_rows import AvailabilityForm, ClosureForm
from blueprints.vendor.profile_sections import BY_NAME, frame
from portal.accounts.permissions import Permission
from portal.catalog.actions import calendar as actions
from portal.catalog.profile_queries import availability_for, closures_for, today_at_home

routes = Routes()
RULE = "/profile/calendar"


@routes.get(RULE)
@needs(Permission.COMPANY_VIEW)
def show_profile_calendar() -> Any:
    """Free seats by date and closures, each with the form for one more."""
    return _page(AvailabilityForm(formdata=None), ClosureForm(formdata=None))


@routes.post(f"{RULE}/seats")
@needs(Permission.PROFILE_EDIT)
def set_profile_availability() -> Any:
    """Say how many seats are free from a day on."""
    form = AvailabilityForm()
    row = submitted(
        form, lambda: actions.set_availability(require_actor(), from_on=form.from_on.data, seats=form.seats.data)
    )
    if row is None:
        return _page(form, ClosureForm(formdata=None), form)
    done(_("The figure is saved."))
    return redirect(url_for("vendor.show_profile_calendar"))


@routes.post(f"{RULE}/seats/<uuid:availability_id>/remove")
@needs(Permission.PROFILE_EDIT)
def remove_profile_availability(availability_id: uuid.UUID) -> Any:
    """Take a figure out."""
    actions.remove_availability(require_actor(), availability_id)
    done(_("The figure is taken out."))
    return redirect(url_for("vendor.show_profile_calendar"))


@routes.post(f"{RULE}/closures")
@needs(Permission.PROFILE_EDIT)
def add_profile_closure() -> Any:
    """Close from a day to a day."""
    form = ClosureForm()

    def close() -> Any:
        last = form.last_on.data or form.first_on.data
        return actions.add_closure(
            require_actor(), first_on=form.first_on.data, last_on=last, reason=form.reason.data or ""
        )

    if submitted(form, close) is None:
        return _page(AvailabilityForm(formdata=None), form, form)
    done(_("The closure is saved. You are left out of matches on these days."))
    return redirect(url_for("vendor.show_profile_calendar"))


@routes.post(f"{RULE}/closures/<uuid:closure_id>/remove")
@needs(Permission.PROFILE_EDIT)
def remove_profile_closure(closure_id: uuid.UUID) -> Any:
    """Be open after all."""
    actions.remove_closure(require_actor(), closure_id)
    done(_("The closure is taken out."))
    return redirect(url_for("vendor.show_profile_calendar"))


def _page(seats: AvailabilityForm, closure: ClosureForm, sent: Any = None) -> Any:
    actor = require_actor()
    return form_page(
        "vendor/profile/calendar.html",
        sent or seats,
        seats_form=seats,
        closure_form=closure,
        availability=availability_for(actor),
        closures=closures_for(actor),
        today=today_at_home(actor),
        **frame(actor, BY_NAME["calendar"]),
    )
