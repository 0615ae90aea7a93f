"""Telling bidders that a requirement ended without an opening. The buyer never learns who they were, or how many."""

import uuid

from sqlalchemy import text

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.jobs import task, transaction
from portal.messaging import notify
from portal.needs.models import Requirement
from portal.selection import notices


@task("selection.tell_bidders")
def tell_bidders(*, requirement_id: str) -> None:
    """Tell each bidder of an unsuccessful requirement, in a transaction of its own company."""
    with transaction(tenancy.PUBLIC):
        rows = db.session.execute(
            text("SELECT vendor_id, bid_id FROM bidders_to_tell(:id)"), {"id": uuid.UUID(requirement_id)}
        ).all()
    for vendor_id, bid_id in rows:
        with transaction(tenancy.member(vendor_id)):
            requirement = db.session.get_one(Requirement, uuid.UUID(requirement_id))
            notify(vendor_id, notices.NOT_OPENED.name, {"requirement": requirement.title, "bid_id": str(bid_id)})
