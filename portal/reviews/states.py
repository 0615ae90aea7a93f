"""States of reviews. The database moves hidden reviews of both sides at once; everything else comes through `move`."""

from enum import StrEnum


class ReviewState(StrEnum):
    """One side's review of the other, in one window."""

    INVITED = "invited"
    HIDDEN = "hidden"
    REVEALED = "revealed"
    ANSWERED = "answered"
    CONTESTED = "contested"
    UPHELD = "upheld"
    REMOVED = "removed"
    AMENDED = "amended"
    EXPIRED = "expired"


REVIEW_MOVES = {
    ReviewState.INVITED: {ReviewState.HIDDEN, ReviewState.EXPIRED},
    ReviewState.HIDDEN: {ReviewState.REVEALED},
    ReviewState.REVEALED: {ReviewState.ANSWERED, ReviewState.CONTESTED},
    ReviewState.ANSWERED: {ReviewState.CONTESTED},
    ReviewState.CONTESTED: {ReviewState.UPHELD, ReviewState.REMOVED, ReviewState.AMENDED},
}
WRITABLE = frozenset({ReviewState.INVITED, ReviewState.HIDDEN})
PUBLISHED = frozenset(
    {
        ReviewState.REVEALED,
        ReviewState.ANSWERED,
        ReviewState.CONTESTED,
        ReviewState.UPHELD,
        ReviewState.AMENDED,
    }
)
"""What everybody sees and what counts in the rating; the same list stands in the policies and functions of 0013."""


class WindowReason(StrEnum):
    """Why a window opens."""

    AFTER_GO_LIVE = "after_go_live"
    YEARLY = "yearly"
    AT_END = "at_end"
