"""Looking at the proof of must-haves, and ending the scoring that went on without prices or names."""

import uuid
from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, evidence
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.kit.text import clean_text
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection import queries
from portal.selection.actions.evaluation import MAX_TEXT, disqualify_bid
from portal.selection.comparison import is_ready_to_close
from portal.selection.models import KnockOutCheck
from portal.selection.states import BidState, CheckOutcome

MAX_REMARK = 1_000


class Finding(NamedTuple):
    """What a look at one must-have came to, and why."""

    outcome: str
    remark: str = ""


def check_must_haves(
    actor: Actor, requirement: Requirement, bid_id: uuid.UUID, findings: Mapping[uuid.UUID, Finding]
) -> None:
    """Keep what was found about a bid's must-haves. One that is not met takes the bid out, and its vendor is told why.

    Raises Conflict where the bid is judged no more, NotFound for a bid of another requirement, Invalid at
    `outcome-<must-have>` or `remark-<must-have>`.
    """
    actor.permit(Permission.BID_AWARD)
    assert actor.person_id is not None
    found = needs.locked(actor, requirement.id)
    opened = queries.opened_bid_for(actor, found, bid_id)
    if found.state != RequirementState.OPENED or opened.bid.state != BidState.QUALIFIED:
        raise Conflict(_l("Must-haves can only be checked while the bid is being judged."))
    asked = {one.knock_out.id: one for one in opened.must_haves}
    failed = []
    for knock_out_id, finding in findings.items():
        if knock_out_id not in asked:
            raise Invalid(_l("This must-have does not belong to the requirement."))
        remark = _checked(knock_out_id, finding)
        row = asked[knock_out_id].check or KnockOutCheck(
            bid_id=opened.bid.id,
            knock_out_id=knock_out_id,
            requirement_id=found.id,
            buyer_id=found.buyer_id,
            vendor_id=opened.bid.vendor_id,
        )
        row.outcome, row.remark = finding.outcome, remark
        row.person_id = actor.person_id
        db.session.add(row)
        if finding.outcome == CheckOutcome.FAILED:
            failed.append(f"{asked[knock_out_id].knock_out.title}: {remark}")
    db.session.flush()
    audit.record(actor, "selection:bid:check", opened.bid, after={"failed": len(failed)}, sealed=True)
    if failed:
        reason = _l("A must-have is not met. %(what)s", what="\n".join(failed))
        disqualify_bid(actor, found, bid_id, reason=str(reason)[:MAX_TEXT])


def close_quality(actor: Actor, requirement: Requirement) -> int:
    """End the scoring of bids whose prices or names were held back; says how many prices were opened by it.

    From here on scores stay as they are. Prices of bids below a minimum stay sealed for ever. Raises Conflict where
    there is nothing to end, and where a bid is not scored or not checked yet.
    """
    actor.permit(Permission.BID_OPEN)
    found = needs.locked(actor, requirement.id)
    comparison = queries.comparison_for(actor, found)
    if not comparison.is_blind:
        raise Conflict(_l("There is no scoring to end here. Reload the page to see how it stands."))
    if not is_ready_to_close(comparison):
        raise Conflict(_l("Score every bid on every criterion and check every must-have first."))
    rejected = [column.bid.id for column in comparison.columns if column.is_excluded]
    opened: int | None = db.session.execute(
        text("SELECT close_quality(:id, :person, CAST(:rejected AS uuid[]))"),
        {"id": found.id, "person": actor.person_id, "rejected": rejected},
    ).scalar_one()
    if opened is None:
        raise Conflict(_l("There is no scoring to end here. Reload the page to see how it stands."))
    payload = {
        "person": actor.person_name,
        "prices_opened": opened,
        "quality": {
            str(column.bid.id): None if column.quality is None else str(column.quality) for column in comparison.columns
        },
    }
    evidence.append("requirement", found.id, "quality_closed", payload, buyer_id=found.buyer_id)
    audit.record(actor, "selection:requirement:close_quality", found, after={"prices": opened})
    return opened


def _checked(knock_out_id: uuid.UUID, finding: Finding) -> str:
    if finding.outcome not in list(CheckOutcome):
        raise Invalid(_l("Choose from the list."), f"outcome-{knock_out_id}")
    remark = clean_text(finding.remark)
    if finding.outcome != CheckOutcome.MET and not remark:
        raise Invalid(_l("Say what is missing: where it is not met, the vendor reads it."), f"remark-{knock_out_id}")
    if len(remark) > MAX_REMARK:
        raise Invalid(_l("Write at most %(n)s characters.", n=MAX_REMARK), f"remark-{knock_out_id}")
    return remark
