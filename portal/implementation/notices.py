"""What implementation tells people."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

_PATH = "/agreements/{agreement_id}/plan"
SUBMITTED = register(
    Kind("implementation.milestone.submitted", _l("%(company)s submitted “%(milestone)s” in “%(title)s”."), path=_PATH)
).name
ACCEPTED = register(
    Kind("implementation.milestone.accepted", _l("%(company)s accepted “%(milestone)s” in “%(title)s”."), path=_PATH)
).name
CHANGES = register(
    Kind(
        "implementation.milestone.changes_requested",
        _l("%(company)s asks for changes to “%(milestone)s” in “%(title)s”: %(remark)s"),
        path=_PATH,
    )
).name
WAIVER = register(
    Kind(
        "implementation.milestone.waiver",
        _l("%(company)s agrees to waive “%(milestone)s” in “%(title)s”."),
        path=_PATH,
    )
).name
