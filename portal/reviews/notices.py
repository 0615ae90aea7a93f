"""What reviews tell people."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

_PATH = "/agreements/{agreement_id}/reviews"
OPENED = register(
    Kind(
        "reviews.window.opened",
        _l("You can review %(company)s now: “%(title)s”. The window closes on %(last_day)s."),
        path=_PATH,
    )
).name
REVEALED = register(Kind("reviews.review.revealed", _l("The reviews of “%(title)s” are published."), path=_PATH)).name
ANSWERED = register(
    Kind("reviews.review.answered", _l("%(company)s answered your review of “%(title)s”."), path=_PATH)
).name
