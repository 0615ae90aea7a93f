"""What the criteria of a review are called, and what each asks."""

from flask_babel import lazy_gettext as _l

from portal.reviews.rating import Side
from portal.reviews.states import WindowReason

CRITERION_NAMES = {
    "service_quality": _l("Service quality"),
    "communication": _l("Communication and cooperation"),
    "expertise": _l("Industry expertise"),
    "technology": _l("Technology"),
    "security": _l("Security and data protection"),
    "value": _l("Value for money"),
    "flexibility": _l("Flexibility"),
    "clarity": _l("Clarity of needs"),
    "forecast": _l("Quality of forecasts"),
    "cooperation": _l("Cooperation"),
    "payment": _l("Payment on time"),
    "readiness": _l("Access and material on time"),
}
CRITERION_HINTS = {
    "service_quality": _l("How well were your customers served?"),
    "communication": _l("Were you told early and clearly what you needed to know?"),
    "expertise": _l("Did the team know your industry and products?"),
    "technology": _l("Did telephony, tools and connections work?"),
    "security": _l("Were data and access handled with care?"),
    "value": _l("Was the service worth what it cost?"),
    "flexibility": _l("Did the vendor follow changes of volume and plan?"),
    "clarity": _l("Was it clear what was wanted and how it is measured?"),
    "forecast": _l("How close did volumes come to the forecast?"),
    "cooperation": _l("Were questions answered and decisions taken in time?"),
    "payment": _l("Were invoices paid by their due day?"),
    "readiness": _l("Were access, material and trainers there when the plan said?"),
}
MARK_NAMES = {
    5: _l("Excellent"),
    4: _l("Good"),
    3: _l("Fair"),
    2: _l("Poor"),
    1: _l("Very poor"),
}
SIDE_TITLES = {
    Side.BUYER_TO_VENDOR: _l("The buyer about the vendor"),
    Side.VENDOR_TO_BUYER: _l("The vendor about the buyer"),
}
REASON_NAMES = {
    WindowReason.AFTER_GO_LIVE: _l("90 days after go-live"),
    WindowReason.YEARLY: _l("Yearly review"),
    WindowReason.AT_END: _l("End of the agreement"),
}
