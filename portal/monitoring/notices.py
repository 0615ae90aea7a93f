"""What monitoring tells people."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

_PATH = "/agreements/{agreement_id}/monitoring/{month}"
REPORTED = register(
    Kind("monitoring.period.reported", _l("%(company)s reported %(month)s of “%(title)s”."), path=_PATH)
).name
OBJECTED = register(
    Kind("monitoring.period.objected", _l("%(company)s objects to %(month)s of “%(title)s”: %(objection)s"), path=_PATH)
).name
AGREED = register(
    Kind("monitoring.period.agreed", _l("%(company)s agrees with %(month)s of “%(title)s”."), path=_PATH)
).name
