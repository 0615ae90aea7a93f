"""What messaging itself tells people."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

POSTED = register(
    Kind(
        "messaging.message.posted",
        _l("%(person)s of %(company)s wrote about “%(title)s”."),
        path="/messages/{thread_id}",
    )
)
