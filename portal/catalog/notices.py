"""What the catalog tells vendors about their profile, and buyers about their saved searches."""

from flask_babel import lazy_gettext as _l

from portal.messaging.kinds import Kind, register

VERIFIED = register(
    Kind("catalog.certificate.verified", _l("%(certificate)s is verified."), path="/vendor/profile/certificates")
)
REFUSED = register(
    Kind(
        "catalog.certificate.refused",
        _l("The document for %(certificate)s was not accepted: %(reason)s"),
        path="/vendor/profile/certificates",
    )
)
EXPIRING = register(
    Kind(
        "catalog.certificate.expiring",
        _l("%(certificate)s is valid until %(valid_to)s. Upload the new one before it drops out of your profile."),
        path="/vendor/profile/certificates",
    )
)
EXPIRED = register(
    Kind(
        "catalog.certificate.expired",
        _l("%(certificate)s has run out and is no longer shown in your profile."),
        path="/vendor/profile/certificates",
    )
)
CONFIRMED = register(
    Kind(
        "catalog.reference.confirmed",
        _l("%(contact)s confirmed your reference “%(customer)s”."),
        path="/vendor/profile/references",
    )
)
DECLINED = register(
    Kind(
        "catalog.reference.declined",
        _l("%(contact)s did not confirm your reference “%(customer)s”. It is no longer shown."),
        path="/vendor/profile/references",
    )
)
NEW_VENDORS = register(
    Kind(
        "catalog.search.new_vendors",
        _l("New vendors fit your saved searches: %(names)s."),
        path="/buyer/searches",
        template="new_vendors",
    )
)
