"""The versions of a published requirement as vendors read them."""

import uuid

from flask import render_template

from blueprints.shared.actor import require_actor
from blueprints.shared.looks import note_look_at
from blueprints.shared.routes import Routes, needs
from blueprints.shared.version_view import versions_page
from portal.accounts.permissions import Permission
from portal.needs.queries import requirement_for
from portal.selection.queries import live_bid_on

routes = Routes()


@routes.get("/requirements/<uuid:requirement_id>/versions")
@needs(Permission.REQUIREMENT_VIEW)
def list_requirement_versions(requirement_id: uuid.UUID) -> str:
    """All versions one may see, and what differs between the two that the address names."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    note_look_at(requirement)
    return render_template(
        "vendor/requirement/versions.html", bid=live_bid_on(actor, requirement), **versions_page(requirement)
    )
