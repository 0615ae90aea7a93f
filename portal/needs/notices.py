"""What needs tells the people of the buyer. What vendors are told of a requirement is selection's to say."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

_PATH = "/buyer/requirements/{requirement_id}"

REVIEW_ASKED = register(
    Kind(
        "needs.requirement.review_asked",
        _l("%(person)s asks for your approval of “%(requirement)s” before it is published."),
        path=_PATH + "/review",
    )
)
SENT_BACK = register(
    Kind(
        "needs.requirement.sent_back",
        _l("%(person)s sent “%(requirement)s” back: %(reason)s"),
        path=_PATH,
    )
)
APPROVED = register(
    Kind("needs.requirement.approved", _l("%(person)s approved “%(requirement)s”. It is published."), path=_PATH)
)
CHANGED = register(
    Kind(
        "needs.requirement.changed",
        _l("%(person)s published version %(number)s of “%(requirement)s”."),
        path=_PATH + "/versions",
    )
)
STOPPED = register(
    Kind("needs.requirement.stopped", _l("“%(requirement)s” has ended without an award: %(reason)s"), path=_PATH)
)
