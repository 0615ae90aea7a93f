"""The versions of a buyer's requirement, any two of them side by side."""

import uuid

from flask import render_template

from blueprints.shared.actor import require_actor
from blueprints.shared.routes import Routes, needs
from blueprints.shared.version_view import versions_page
from portal.accounts.permissions import Permission
from portal.needs.queries import requirement_for

routes = Routes()


@routes.get("/requirements/<uuid:requirement_id>/versions")
@needs(Permission.REQUIREMENT_VIEW)
def list_requirement_versions(requirement_id: uuid.UUID) -> str:
    """All versions, and what differs between the two that the address names."""
    requirement = requirement_for(require_actor(), requirement_id)
    return render_template("buyer/requirement/versions.html", **versions_page(requirement))
