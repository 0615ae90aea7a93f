"""Shutting the box at the deadline, and opening all bids together. Both leave evidence that cannot be changed."""

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence, jobs
from portal.kit.db import db
from portal.kit.errors import Conflict
from portal.messaging import notify
from portal.needs import actions as process
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection import notices, queries
from portal.selection.models import Bid, Closing
from portal.selection.telling import tell_bidders

TOO_FEW = "Fewer bids than asked for had arrived at the deadline."


def close_bidding(actor: Actor, requirement: Requirement) -> bool:
    """Close a requirement whose deadline has passed; says whether there was anything to do.

    With fewer bids than the buyer asked for it ends unsuccessful and they stay sealed for ever.
    """
    outcome = db.session.execute(text("SELECT close_requirement(:id)"), {"id": requirement.id}).scalar_one()
    if outcome is None:
        return False
    found = needs.locked(actor, requirement.id)
    closing = db.session.get_one(Closing, found.id)
    process.close(found)
    if outcome == RequirementState.UNSUCCESSFUL:
        process.end(found, RequirementState.UNSUCCESSFUL, reason=TOO_FEW)
        jobs.enqueue(tell_bidders, requirement_id=str(found.id))
    payload = {
        "deadline_at": closing.deadline_at.isoformat(),
        "closed_at": closing.closed_at.isoformat(),
        "outcome": outcome,
        "bids_sha256": closing.bids_sha256,
    }
    evidence.append("requirement", found.id, "closing", payload, buyer_id=found.buyer_id)
    audit.record(actor, "selection:requirement:close", found, after={"state": found.state})
    kind = notices.CLOSED if outcome == RequirementState.CLOSED else notices.TOO_FEW_BIDS
    notify(found.buyer_id, kind.name, {"requirement": found.title, "requirement_id": str(found.id)})
    return True


def open_bids(actor: Actor, requirement: Requirement) -> int:
    """Open all submitted bids of a closed requirement at once, for good; says how many there were.

    Raises Conflict when they cannot be opened, above all when they have been.
    """
    actor.permit(Permission.BID_OPEN)
    opened: int | None = db.session.execute(
        text("SELECT open_bids(:id, :person)"), {"id": requirement.id, "person": actor.person_id}
    ).scalar_one()
    if opened is None:
        raise Conflict(_l("These bids cannot be opened now: somebody may just have opened them. Reload the page."))
    found = needs.locked(actor, requirement.id)
    process.open_(found)
    bids = queries.opened_bids(found)
    evidence.append("requirement", found.id, "opening", _payload(actor, bids), buyer_id=found.buyer_id)
    audit.record(actor, "selection:requirement:open", found, after={"state": found.state})
    for bid in bids:
        notify(bid.vendor_id, notices.OPENED.name, {"requirement": found.title, "bid_id": str(bid.id)})
    return opened


def _payload(actor: Actor, bids: Any) -> dict[str, Any]:
    opened: list[Bid] = list(bids)
    return {
        "person": actor.person_name,
        "opened_at": clock.now().isoformat(),
        "receipts": sorted(bid.receipt_sha256 or "" for bid in opened),
    }
