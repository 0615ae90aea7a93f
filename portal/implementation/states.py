"""States of milestones."""

from enum import StrEnum


class MilestoneState(StrEnum):
    """Submitted by the side that owns it, accepted by the other; waived only by both."""

    SCHEDULED = "scheduled"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes_requested"
    ACCEPTED = "accepted"
    WAIVED = "waived"


_S = MilestoneState
MILESTONE_MOVES = {
    _S.SCHEDULED: {_S.SUBMITTED, _S.WAIVED},
    _S.SUBMITTED: {_S.ACCEPTED, _S.CHANGES_REQUESTED},
    _S.CHANGES_REQUESTED: {_S.SUBMITTED, _S.WAIVED},
}
SETTLED = frozenset({_S.ACCEPTED, _S.WAIVED})


class Owner(StrEnum):
    """Which side submits a milestone; a joint one either side may submit, and the other accepts."""

    BUYER = "buyer"
    VENDOR = "vendor"
    JOINT = "joint"
