"""What bidders who were not chosen are told: where they stood, their own marks and comments, the winner's points.

Never another bidder's prices or words, and of the winner only points.
"""

import uuid
from fractions import Fraction
from typing import Any

from portal.needs.models import Criterion
from portal.selection.comparison import Column, Comparison, points_text
from portal.selection.models import Debrief
from portal.selection.states import BidState


def debriefs_of(comparison: Comparison, winner_id: uuid.UUID) -> list[Debrief]:
    """One debrief for each bid that has just lost against the winner."""
    winner = comparison.column_of(winner_id)
    assert winner is not None
    losers = [column for column in comparison.columns if column.bid.state == BidState.LOST]
    return [_debrief(comparison, column, winner) for column in losers]


def _debrief(comparison: Comparison, column: Column, winner: Column) -> Debrief:
    bid = column.bid
    return Debrief(
        bid_id=bid.id,
        requirement_id=bid.requirement_id,
        buyer_id=bid.buyer_id,
        vendor_id=bid.vendor_id,
        rank=column.rank,
        bidders=len(comparison.in_running),
        total=points_text(_sum(column)),
        winner_total=points_text(_sum(winner)),
        criteria=[_line(criterion, column, winner) for criterion in comparison.criteria],
    )


def _sum(column: Column) -> Fraction | None:
    """All points together; where the formula gives none for the price, those for quality."""
    return column.quality if column.total is None else column.total


def _line(criterion: Criterion, column: Column, winner: Column) -> dict[str, Any]:
    mark = column.marks.get(criterion.id)
    return {
        "title": criterion.title,
        "weight": criterion.weight,
        "points": points_text(column.points(criterion)),
        "winner_points": points_text(winner.points(criterion)),
        "comments": list(mark.comments) if mark else [],
    }
