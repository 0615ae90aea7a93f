"""States of a service, of a change to a live one, and how they move."""

from enum import StrEnum


class ServiceState(StrEnum):
    """A service is written, checked by a moderator, and listed until its vendor pauses or retires it."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    LIVE = "live"
    CHANGES_REQUESTED = "changes_requested"
    REJECTED = "rejected"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    RETIRED = "retired"


_S = ServiceState
SERVICE_MOVES = {
    _S.DRAFT: {_S.SUBMITTED, _S.RETIRED},
    _S.SUBMITTED: {_S.LIVE, _S.CHANGES_REQUESTED, _S.REJECTED, _S.DRAFT},
    _S.CHANGES_REQUESTED: {_S.SUBMITTED, _S.RETIRED},
    _S.LIVE: {_S.PAUSED, _S.SUSPENDED, _S.RETIRED},
    _S.PAUSED: {_S.LIVE, _S.SUSPENDED, _S.RETIRED},
    _S.SUSPENDED: {_S.LIVE, _S.RETIRED},
    _S.REJECTED: {_S.CHANGES_REQUESTED},  # by a granted appeal only
}

EDITABLE = frozenset({_S.DRAFT, _S.CHANGES_REQUESTED, _S.LIVE, _S.PAUSED})
"""In these a vendor may write; of a live or paused service the published version stays until a change is confirmed."""
PUBLISHED_BEFORE = frozenset({_S.LIVE, _S.PAUSED})
"""In these submitting asks for a change of what is published."""


class ServiceChangeState(StrEnum):
    """A change of a published service, of which there is one at a time."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class CertificateState(StrEnum):
    """How a certificate is known. Expired is not stored: it follows from the last valid day."""

    SELF_DECLARED = "self_declared"
    UPLOADED = "uploaded"
    VERIFIED = "verified"


_C = CertificateState
CERTIFICATE_MOVES = {
    _C.SELF_DECLARED: {_C.UPLOADED},
    _C.UPLOADED: {_C.VERIFIED, _C.SELF_DECLARED},
    _C.VERIFIED: {_C.UPLOADED, _C.SELF_DECLARED},  # its vendor changed what was verified
}


class ReferenceState(StrEnum):
    """Whether the customer whom a reference names has confirmed it. An unanswered link expires by itself."""

    SELF_DECLARED = "self_declared"
    ASKED = "asked"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


_R = ReferenceState
REFERENCE_MOVES = {
    _R.SELF_DECLARED: {_R.ASKED},
    _R.ASKED: {_R.CONFIRMED, _R.DECLINED, _R.SELF_DECLARED},
    _R.CONFIRMED: {_R.SELF_DECLARED},  # its vendor changed what was confirmed
    _R.DECLINED: {_R.SELF_DECLARED},
}
