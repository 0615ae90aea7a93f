"""What the clock makes due: deadlines that have passed, and awards that nobody answered. Each can run twice."""

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.jobs import due, transaction
from portal.needs.models import Requirement
from portal.selection import telling
from portal.selection.actions.answers import lapse_award
from portal.selection.actions.opening import close_bidding
from portal.selection.models import Award

__all__ = ["close_due", "lapse_due", "telling"]


@due("selection.close_due")
def close_due() -> None:
    """Shut the box of every requirement whose deadline has passed, each in its buyer's own transaction."""
    with transaction(tenancy.PUBLIC):
        rows = db.session.execute(text("SELECT requirement_id, buyer_id FROM closings_due()")).all()
    for requirement_id, buyer_id in rows:
        with transaction(tenancy.member(buyer_id)):
            close_bidding(Actor.robot(buyer_id, "buyer"), db.session.get_one(Requirement, requirement_id))


@due("selection.lapse_due")
def lapse_due() -> None:
    """Take silence for a no where the time to answer an award is over."""
    with transaction(tenancy.PUBLIC):
        rows = db.session.execute(text("SELECT award_id, buyer_id FROM awards_due()")).all()
    for award_id, buyer_id in rows:
        with transaction(tenancy.member(buyer_id)):
            lapse_award(Actor.robot(buyer_id, "buyer"), db.session.get_one(Award, award_id))
