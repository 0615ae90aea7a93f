"""States of agreements, their versions and change orders."""

from enum import StrEnum


class AgreementState(StrEnum):
    """In force it is the engagement."""

    DRAFTING = "drafting"
    ACTIVE = "active"
    ON_HOLD = "on_hold"
    EXPIRED = "expired"
    TERMINATED = "terminated"
    REFUSED = "refused"


AGREEMENT_MOVES = {
    AgreementState.DRAFTING: {AgreementState.ACTIVE, AgreementState.REFUSED},
    AgreementState.ACTIVE: {AgreementState.ON_HOLD, AgreementState.EXPIRED, AgreementState.TERMINATED},
    AgreementState.ON_HOLD: {AgreementState.ACTIVE, AgreementState.EXPIRED, AgreementState.TERMINATED},
}


class VersionState(StrEnum):
    """One version of an agreement's text."""

    DRAFTING = "drafting"
    OFFERED = "offered"
    PARTLY_SIGNED = "partly_signed"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    LAPSED = "lapsed"


VERSION_MOVES = {
    VersionState.DRAFTING: {VersionState.OFFERED},
    VersionState.OFFERED: {
        VersionState.PARTLY_SIGNED,
        VersionState.SUPERSEDED,
        VersionState.REFUSED,
        VersionState.LAPSED,
    },
    VersionState.PARTLY_SIGNED: {
        VersionState.SIGNED,
        VersionState.SUPERSEDED,
        VersionState.REFUSED,
        VersionState.LAPSED,
    },
}
SIGNABLE = frozenset({VersionState.OFFERED, VersionState.PARTLY_SIGNED})


class ChangeOrderState(StrEnum):
    """An approved change of price: effective only once both sides have accepted it.

    Proposed by somebody with authority it is partly signed at once; by anybody else it first waits in their own
    company.
    """

    PROPOSED = "proposed"
    PARTLY_SIGNED = "partly_signed"
    EFFECTIVE = "effective"
    REJECTED = "rejected"
    LAPSED = "lapsed"


CHANGE_ORDER_MOVES = {
    ChangeOrderState.PROPOSED: {ChangeOrderState.PARTLY_SIGNED, ChangeOrderState.REJECTED, ChangeOrderState.LAPSED},
    ChangeOrderState.PARTLY_SIGNED: {ChangeOrderState.EFFECTIVE, ChangeOrderState.REJECTED, ChangeOrderState.LAPSED},
}
