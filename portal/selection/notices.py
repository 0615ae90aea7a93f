"""What selection tells people. There is no notice about a bid before the opening, not even to its own vendor:
the mails and notices it would cause could be counted."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

_BID, _EVALUATION = "/vendor/bids/{bid_id}", "/buyer/evaluations/{requirement_id}"
_REQUIREMENT = "/vendor/requirements/{requirement_id}"

# To every vendor that has looked, begun a bid or sent one, all in the same words.
CHANGED = register(
    Kind(
        "selection.requirement.changed",
        _l("“%(requirement)s” has changed, version %(number)s: %(what)s. Bids stay as they are."),
        path=_REQUIREMENT + "/versions",
    )
)
CHANGED_MATERIALLY = register(
    Kind(
        "selection.requirement.changed_materially",
        _l(
            "“%(requirement)s” has changed, version %(number)s: %(what)s."
            " A bid sent before counts only once it is confirmed again."
        ),
        path=_REQUIREMENT + "/versions",
    )
)
EXTENDED = register(
    Kind(
        "selection.requirement.extended",
        _l("Bids on “%(requirement)s” are taken longer, until %(deadline)s. Bids stay as they are."),
        path=_REQUIREMENT + "/versions",
    )
)
WITHDRAWN = register(
    Kind(
        "selection.requirement.withdrawn",
        _l("“%(requirement)s” was withdrawn by its buyer: %(reason)s Bids are not opened."),
        path=_REQUIREMENT,
    )
)
CANCELLED = register(
    Kind(
        "selection.requirement.cancelled",
        _l("“%(requirement)s” was cancelled by its buyer: %(reason)s"),
        path=_REQUIREMENT,
    )
)

REFINED = register(
    Kind(
        "selection.requirement.refined",
        _l("%(company)s has put version %(number)s of “%(requirement)s” on the table: read it."),
        path="/awards/{award_id}/requirement",
    )
)
CONFIRMED = register(
    Kind(
        "selection.requirement.confirmed",
        _l("%(company)s confirms version %(number)s of “%(requirement)s”."),
        path="/awards/{award_id}/requirement",
    )
)
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
