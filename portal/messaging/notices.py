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
SUSPENDED = register(
    Kind(
        "messaging.company.suspended",
        _l("%(company)s is suspended: %(reason)s Nothing new can begin; what is in force goes on."),
        path="/account/company",
    )
)
REINSTATED = register(
    Kind("messaging.company.reinstated", _l("%(company)s is open again: %(reason)s"), path="/account/company")
)
CLOSED = register(
    Kind(
        "messaging.company.closed",
        _l("%(company)s is closed for good: %(reason)s What is in force runs to its end."),
        path="/account/company",
    )
)
