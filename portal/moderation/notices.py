"""What moderation tells companies."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register
from portal.moderation.states import Verdict

SERVICE_NOTICES = {
    Verdict.APPROVE: register(
        Kind(
            "moderation.service.approved",
            _l("“%(title)s” is published and in the directory."),
            path="/vendor/services/{service_id}",
        )
    ),
    Verdict.SEND_BACK: register(
        Kind(
            "moderation.service.sent_back",
            _l("The moderators ask for changes to “%(title)s”."),
            path="/vendor/services/{service_id}",
        )
    ),
    Verdict.REJECT: register(
        Kind(
            "moderation.service.rejected",
            _l("“%(title)s” was not accepted. You can appeal within 14 days."),
            path="/vendor/services/{service_id}",
        )
    ),
    Verdict.UPHOLD: register(
        Kind(
            "moderation.appeal.upheld",
            _l("Your appeal about “%(title)s” was looked at; the decision stays."),
            path="/vendor/services/{service_id}",
        )
    ),
    Verdict.REOPEN: register(
        Kind(
            "moderation.appeal.reopened",
            _l("Your appeal about “%(title)s” was granted: you can send it in again."),
            path="/vendor/services/{service_id}",
        )
    ),
}

NAME_TAKEN_BACK = register(
    Kind(
        "moderation.name.taken_back",
        _l("Our staff gave your company the name “%(name)s” back: %(reason)s"),
        path="/account/company",
    )
)
