"""Telling vendors what became of a requirement while bids are sealed.

Whom it concerns (who has looked, begun a bid or sent one) is looked up outside every company's scope, so the buyer
never learns who they are, or how many. All are told the same, so no notice says that a bid exists.
"""

import json
import uuid
from typing import Any

from sqlalchemy import text

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.jobs import enqueue, task, transaction
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


def tell_concerned(requirement: Requirement, kind: str, about: dict[str, Any]) -> None:
    """Tell every vendor a change of the requirement concerns, once the current transaction is done."""
    params = {"requirement": requirement.title, "requirement_id": str(requirement.id)} | about
    enqueue(tell_vendors, requirement_id=str(requirement.id), kind=kind, params=json.dumps(params))


@task("selection.tell_vendors")
def tell_vendors(*, requirement_id: str, kind: str, params: str) -> None:
    """Tell each vendor concerned, in a transaction of its own company."""
    with transaction(tenancy.PUBLIC):
        query = text("SELECT vendor_id FROM vendors_to_tell(:id)")
        vendors = db.session.scalars(query, {"id": uuid.UUID(requirement_id)}).all()
    for vendor_id in vendors:
        with transaction(tenancy.member(vendor_id)):
            notify(vendor_id, kind, json.loads(params))
