"""States of bids and awards and how they move, with who may make the move: the table the database repeats."""

from enum import StrEnum


class BidState(StrEnum):
    """A bid is written, handed in under seal, opened with all others, judged, and then wins or does not.

    A submitted bid that is changed is STALE: it does not count until it is submitted again.
    """

    DRAFT = "draft"
    SUBMITTED = "submitted"
    STALE = "stale"
    WITHDRAWN = "withdrawn"
    QUALIFIED = "qualified"
    DISQUALIFIED = "disqualified"
    AWARD_PENDING = "award_pending"
    WON = "won"
    DECLINED = "declined"
    RESERVE = "reserve"
    LOST = "lost"


BID_MOVES = {
    BidState.DRAFT: {BidState.SUBMITTED, BidState.WITHDRAWN},
    BidState.SUBMITTED: {BidState.STALE, BidState.WITHDRAWN, BidState.QUALIFIED},
    BidState.STALE: {BidState.SUBMITTED, BidState.WITHDRAWN},
    BidState.QUALIFIED: {BidState.DISQUALIFIED, BidState.AWARD_PENDING, BidState.RESERVE},
    BidState.AWARD_PENDING: {BidState.WON, BidState.DECLINED},
    BidState.RESERVE: {BidState.AWARD_PENDING, BidState.LOST},
}  # a state missing here is final

EDITABLE = frozenset({BidState.DRAFT, BidState.SUBMITTED, BidState.STALE})
"""Before the deadline the vendor may still change a bid in these states."""

RANKED = frozenset(
    {
        BidState.QUALIFIED,
        BidState.AWARD_PENDING,
        BidState.WON,
        BidState.DECLINED,
        BidState.RESERVE,
        BidState.LOST,
    }
)
"""An opened bid in one of these states has a place in the ranking and sets the lowest price."""


class CheckOutcome(StrEnum):
    """What a look at the proof of a must-have comes to. FAILED takes the bid out, UNCLEAR keeps it waiting."""

    MET = "met"
    UNCLEAR = "unclear"
    FAILED = "failed"


class AwardState(StrEnum):
    """An award waits for the vendor's answer; silence until the last day counts as no."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LAPSED = "lapsed"


AWARD_MOVES = {AwardState.PENDING: {AwardState.ACCEPTED, AwardState.DECLINED, AwardState.LAPSED}}
