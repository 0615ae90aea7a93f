"""What selection tells people. There is no notice about a bid before the opening, not even to its own vendor:
the mails and notices it would cause could be counted."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

_BID, _EVALUATION = "/vendor/bids/{bid_id}", "/buyer/evaluations/{requirement_id}"

CLOSED = register(
    Kind(
        "selection.requirement.closed", _l("The bids on “%(requirement)s” are in and can be opened."), path=_EVALUATION
    )
)
TOO_FEW_BIDS = register(
    Kind(
        "selection.requirement.too_few",
        _l("“%(requirement)s” ended: too few bids had arrived at the deadline, and they stay sealed."),
        path=_EVALUATION,
    )
)
NOT_OPENED = register(
    Kind(
        "selection.bid.not_opened",
        _l("“%(requirement)s” ended without an opening. Your bid stays sealed."),
        path=_BID,
    )
)
OPENED = register(
    Kind("selection.bid.opened", _l("The bids on “%(requirement)s” were opened. Yours is being evaluated."), path=_BID)
)
DISQUALIFIED = register(
    Kind("selection.bid.disqualified", _l("Your bid on “%(requirement)s” was taken out: read why."), path=_BID)
)
OFFERED = register(
    Kind("selection.award.offered", _l("You are chosen for “%(requirement)s”. Answer within 5 days."), path=_BID)
)
ACCEPTED = register(
    Kind("selection.award.accepted", _l("%(company)s accepts the award of “%(requirement)s”."), path=_EVALUATION)
)
DECLINED = register(
    Kind(
        "selection.award.declined",
        _l("%(company)s declines “%(requirement)s”. The next in rank was offered it."),
        path=_EVALUATION,
    )
)
UNANSWERED = register(
    Kind(
        "selection.award.unanswered",
        _l("%(company)s did not answer the award of “%(requirement)s”. The next in rank was offered it."),
        path=_EVALUATION,
    )
)
NOBODY_LEFT = register(
    Kind(
        "selection.award.nobody_left",
        _l("%(company)s does not take “%(requirement)s”, and no other bid is left. The requirement ended."),
        path=_EVALUATION,
    )
)
LAPSED = register(
    Kind("selection.award.lapsed", _l("Your time to accept the award of “%(requirement)s” is over."), path=_BID)
)
LOST = register(
    Kind("selection.award.lost", _l("“%(requirement)s” went to another bidder. Read how you stood."), path=_BID)
)
