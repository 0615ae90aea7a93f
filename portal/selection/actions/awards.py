"""Awarding: one bid is offered the work, the others wait in reserve, and who was not chosen is told why at the end.

Every path locks the requirement first, then the award, then the bids, so that no two of them wait for each other.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.needs import actions as process
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection import notices, queries
from portal.selection.comparison import Column, Comparison, points_text
from portal.selection.models import Award, AwardGround, Bid
from portal.selection.states import BID_MOVES, BidState

ANSWER_WITHIN = timedelta(days=5)
"""A vendor that has not answered by then is taken to have declined."""

MAX_REASON = 4_000


def award_bid(actor: Actor, requirement: Requirement, *, bid_id: uuid.UUID, reason: str, version: int) -> Award:
    """Offer the work to one ranked bid, of any rank, with a reason; the other ranked ones become reserves.

    Raises Conflict when there is an award already, StaleVersion when the requirement moved since the form was opened,
    NotFound for a bid of another requirement, Invalid without a reason, without a complete ranking, or for a bid that
    is out of it.
    """
    actor.permit(Permission.BID_AWARD)
    found = needs.locked(actor, requirement.id)
    if found.state != RequirementState.OPENED:
        raise Conflict(_l("There is an award on this requirement already. Reload the page to see it."))
    check_version(found, version)
    cleaned = clean_text(reason)
    if not cleaned or len(cleaned) > MAX_REASON:
        raise Invalid(_l("Give the reason for this choice, in at most %(n)s characters.", n=MAX_REASON), "reason")
    bids = {bid.id: bid for bid in queries.opened_bids(found)}
    comparison = queries.comparison_for(actor, found)
    column = _chosen(comparison, bid_id)
    process.decide(found)
    award = offer(found, bids[bid_id], column.rank or 0, cleaned, snapshot(comparison))
    for bid in bids.values():
        if bid.state == BidState.QUALIFIED:
            move(bid, BidState.RESERVE, BID_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, "selection:award:make", award, after={"bid": str(bid_id), "rank": award.rank}, sealed=True)
    payload = {"person": actor.person_name, "bid": str(bid_id), "rank": award.rank, "reason": cleaned}
    payload["ranking"] = snapshot(comparison)
    evidence.append("requirement", found.id, "award", payload, buyer_id=found.buyer_id)
    return award


def offer(requirement: Requirement, bid: Bid, rank: int, reason: str, ranking: Sequence[dict[str, Any]]) -> Award:
    """Write the pending award of a bid, move the bid, and tell its vendor until when to answer."""
    move(bid, BidState.AWARD_PENDING, BID_MOVES, clock.now())
    award = Award(
        requirement_id=requirement.id,
        buyer_id=bid.buyer_id,
        vendor_id=bid.vendor_id,
        bid_id=bid.id,
        rank=rank,
        answer_due_at=clock.now() + ANSWER_WITHIN,
    )
    db.session.add(award)
    db.session.flush()
    db.session.add(
        AwardGround(
            award_id=award.id,
            buyer_id=award.buyer_id,
            vendor_id=award.vendor_id,
            reason=reason,
            ranking=list(ranking),
        )
    )
    db.session.flush()
    notify(
        bid.vendor_id,
        notices.OFFERED.name,
        {"requirement": requirement.title, "bid_id": str(bid.id)},
        permission=Permission.AWARD_ANSWER,
    )
    return award


def snapshot(comparison: Comparison) -> list[dict[str, Any]]:
    """The ranking as plain JSON, best first: bid, rank, and points per criterion and in total as decimal text."""
    return [
        {
            "bid": str(column.bid.id),
            "rank": column.rank,
            "total": points_text(column.total),
            "total_minor": column.price.total,
            "points": {criterion.code: points_text(column.points(criterion)) for criterion in comparison.criteria},
        }
        for column in comparison.columns
        if column.rank is not None
    ]


def _chosen(comparison: Comparison, bid_id: uuid.UUID) -> Column:
    column = comparison.column_of(bid_id)
    if column is None:
        raise Invalid(_l("Choose one of the bids."), "bid_id")
    if not comparison.is_scored:
        raise Invalid(_l("Score every bid on every criterion first: there is no ranking yet."), "bid_id")
    if column.rank is None:
        raise Invalid(_l("This bid is out of the ranking and cannot be chosen."), "bid_id")
    return column
