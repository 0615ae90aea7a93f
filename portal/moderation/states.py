"""States of a case, what it can be about, and what can be decided."""

from enum import StrEnum


class CaseKind(StrEnum):
    """What a case is about."""

    SERVICE_REVIEW = "service_review"
    CONDUCT = "conduct"
    NAME = "name"


class CaseState(StrEnum):
    """A case waits, is taken by a moderator, decided, perhaps appealed, and closed."""

    OPEN = "open"
    ASSIGNED = "assigned"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


_S = CaseState
CASE_MOVES = {
    _S.OPEN: {_S.ASSIGNED, _S.CLOSED},
    _S.ASSIGNED: {_S.OPEN, _S.DECIDED, _S.CLOSED},
    _S.DECIDED: {_S.APPEALED, _S.CLOSED},
    _S.APPEALED: {_S.CLOSED},
}
IN_HAND = frozenset({_S.OPEN, _S.ASSIGNED, _S.APPEALED})
"""In these somebody still has to do something."""


class Verdict(StrEnum):
    """What a moderator decides: the first three about a service, the first and third about a name, two about an appeal,
    one about conduct.

    `passed` is nobody's decision: a trusted vendor changed its prices.
    """

    APPROVE = "approve"
    SEND_BACK = "send_back"
    REJECT = "reject"
    UPHOLD = "uphold"
    REOPEN = "reopen"
    CLOSE = "close"
    PASSED = "passed"
