"""What agreements tell people."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

OFFERED = register(
    Kind(
        "agreements.version.offered", _l("The text of “%(title)s” is ready to sign."), path="/agreements/{agreement_id}"
    )
).name
SIGNED = register(
    Kind("agreements.version.signed", _l("%(company)s has signed “%(title)s”."), path="/agreements/{agreement_id}")
).name
ACTIVE = register(
    Kind("agreements.agreement.active", _l("“%(title)s” is in force."), path="/agreements/{agreement_id}")
).name
REFUSED = register(
    Kind(
        "agreements.agreement.refused",
        _l("%(company)s refuses to sign “%(title)s”: %(reason)s"),
        path="/agreements/{agreement_id}",
    )
).name
CHANGE_WRITTEN = register(
    Kind(
        "agreements.change_order.written",
        _l("%(person)s has written an extra fee for “%(title)s”: %(change)s. Check it, then propose it."),
        path="/agreements/{agreement_id}/changes",
    )
).name
CHANGE_PROPOSED = register(
    Kind(
        "agreements.change_order.proposed",
        _l("%(company)s proposes an extra fee in “%(title)s”: %(change)s."),
        path="/agreements/{agreement_id}/changes",
    )
).name
CHANGE_EFFECTIVE = register(
    Kind(
        "agreements.change_order.effective",
        _l("Both sides accepted “%(change)s” in “%(title)s”."),
        path="/agreements/{agreement_id}/changes",
    )
).name
CHANGE_REJECTED = register(
    Kind(
        "agreements.change_order.rejected",
        _l("%(company)s rejected “%(change)s” in “%(title)s”: %(reason)s"),
        path="/agreements/{agreement_id}/changes",
    )
).name
CHANGE_LAPSED = register(
    Kind(
        "agreements.change_order.lapsed",
        _l("“%(change)s” in “%(title)s” was not answered in time and has lapsed. Nothing is charged."),
        path="/agreements/{agreement_id}/changes",
    )
).name
ENDED = register(
    Kind("agreements.agreement.ended", _l("“%(title)s” has ended."), path="/agreements/{agreement_id}")
).name
