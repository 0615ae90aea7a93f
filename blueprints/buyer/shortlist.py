"""The company's shortlist: the list with its notes, and what is pressed on it and on the directory's pages."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from blueprints.buyer.forms.kept import NoteForm
from blueprints.public.prices import price_unit
from blueprints.shared.actor import require_actor
from blueprints.shared.choices import country_name
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.own_paths import own_path
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.catalog.actions.shortlist import keep_vendor, take_off, write_note
from portal.catalog.kept_queries import MOST_KEPT, shortlist_entry_for, shortlist_for
from portal.kit.errors import Conflict

routes = Routes()

CHECKED_FIRST = 5
"""So many of the newest are ticked for a comparison to begin with: as many as fit beside each other."""


@routes.get("/shortlist")
@needs(Permission.REQUIREMENT_VIEW)
def list_shortlist() -> str:
    """Whom the company keeps, newest first, with those that have left the directory."""
    actor = require_actor()
    rows = shortlist_for(actor)
    return render_template(
        "buyer/shortlist/list.html",
        rows=rows,
        checked={row.slug for row in [row for row in rows if row.slug][:CHECKED_FIRST]},
        place=lambda row: ", ".join(filter(None, (row.city, country_name(row.country)))),
        price_unit=price_unit,
        can_edit=actor.can(Permission.SHORTLIST_EDIT),
        most=MOST_KEPT,
    )


@routes.post("/shortlist")
@needs(Permission.SHORTLIST_EDIT)
def keep_one() -> Response:
    """Keep the vendor whose button was pressed, and go back to where it stood."""
    slug = request.form.get("slug", "")
    try:
        entry = keep_vendor(require_actor(), slug)
        done(_("%(name)s is on the shortlist.", name=entry.vendor_name))
    except Conflict as refusal:  # nothing was changed, and the reader is among vendors, not in a form
        flash(str(refusal), "warning")
    back = own_path(request.form.get("back"))
    return redirect(f"{back}#vendor-{slug}" if back else url_for("buyer.list_shortlist"))  # type: ignore[return-value]


@routes.form("/shortlist/<uuid:entry_id>/note")
@needs(Permission.SHORTLIST_EDIT)
def note_shortlisted(entry_id: uuid.UUID) -> Any:
    """The note beside a kept vendor."""
    actor = require_actor()
    entry = shortlist_entry_for(actor, entry_id)
    form = NoteForm(obj=entry)

    def write() -> bool:
        write_note(actor, entry, note=form.note.data or "", version=form.version.data)
        return True

    if submitted(form, write):
        done(_("The note is saved."))
        return redirect(url_for("buyer.list_shortlist"))
    return form_page("buyer/shortlist/note.html", form, entry=entry)


@routes.post("/shortlist/<uuid:entry_id>/remove")
@needs(Permission.SHORTLIST_EDIT)
def take_off_shortlist(entry_id: uuid.UUID) -> Response:
    """Take a vendor off the list."""
    actor = require_actor()
    entry = shortlist_entry_for(actor, entry_id)
    name = entry.vendor_name
    take_off(actor, entry)
    done(_("%(name)s is off the shortlist.", name=name))
    return redirect(url_for("buyer.list_shortlist"))  # type: ignore[return-value]
