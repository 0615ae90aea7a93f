"""The closed lists of the field and their names: modes, channels, kinds of work, industries, levels, stages.

Codes are stored and never change; the names are what people read. English here, Chinese in the translations.
"""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Mode(StrEnum):
    """How much of the service goes to the vendor."""

    FULL = "full"
    PARTIAL = "partial"
    TEMPORARY = "temporary"


MODE_NAMES = {
    Mode.FULL: _l("Full outsourcing"),
    Mode.PARTIAL: _l("Partial outsourcing"),
    Mode.TEMPORARY: _l("Temporary outsourcing"),
}


class Channel(StrEnum):
    """How end customers reach the service."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    SOCIAL = "social"


CHANNEL_NAMES = {
    Channel.PHONE: _l("Phone"),
    Channel.EMAIL: _l("E-mail"),
    Channel.CHAT: _l("Live chat"),
    Channel.SOCIAL: _l("Social media"),
}


class ServiceType(StrEnum):
    """What the contacts are about."""

    ENQUIRY = "enquiry"
    AFTER_SALES = "after_sales"
    SUPPORT_L1 = "support_l1"
    SUPPORT_L2 = "support_l2"
    COMPLAINTS = "complaints"
    RETENTION = "retention"
    BACK_OFFICE = "back_office"
    CALL_BACK = "call_back"


SERVICE_TYPE_NAMES = {
    ServiceType.ENQUIRY: _l("General enquiries"),
    ServiceType.AFTER_SALES: _l("Orders and after-sales"),
    ServiceType.SUPPORT_L1: _l("Technical support, first line"),
    ServiceType.SUPPORT_L2: _l("Technical support, second line"),
    ServiceType.COMPLAINTS: _l("Complaints"),
    ServiceType.RETENTION: _l("Retention"),
    ServiceType.BACK_OFFICE: _l("Back office"),
    ServiceType.CALL_BACK: _l("Outbound call-backs"),
}


class Industry(StrEnum):
    """What business the served company is in."""

    RETAIL = "retail"
    ELECTRONICS = "electronics"
    FINANCE = "finance"
    INSURANCE = "insurance"
    TELECOM = "telecom"
    TRAVEL = "travel"
    LOGISTICS = "logistics"
    HEALTH = "health"
    SOFTWARE = "software"
    ENERGY = "energy"
    PUBLIC = "public"
    GAMES = "games"


INDUSTRY_NAMES = {
    Industry.RETAIL: _l("Retail and e-commerce"),
    Industry.ELECTRONICS: _l("Consumer electronics"),
    Industry.FINANCE: _l("Banking and finance"),
    Industry.INSURANCE: _l("Insurance"),
    Industry.TELECOM: _l("Telecommunications"),
    Industry.TRAVEL: _l("Travel and hospitality"),
    Industry.LOGISTICS: _l("Logistics"),
    Industry.HEALTH: _l("Health care"),
    Industry.SOFTWARE: _l("Software"),
    Industry.ENERGY: _l("Energy and utilities"),
    Industry.PUBLIC: _l("Public services"),
    Industry.GAMES: _l("Games and entertainment"),
}


# The Common European Framework's six levels, and a first language.
LEVELS = ("B1", "B2", "C1", "C2", "native")
LEVEL_NAMES = {**{level: level for level in LEVELS[:-1]}, "native": _l("native")}

WEEKDAY_NAMES = {
    "mon": _l("Monday"),
    "tue": _l("Tuesday"),
    "wed": _l("Wednesday"),
    "thu": _l("Thursday"),
    "fri": _l("Friday"),
    "sat": _l("Saturday"),
    "sun": _l("Sunday"),
}


class Stage(StrEnum):
    """The four stages of every outsourcing."""

    NEEDS = "needs"
    SELECTION = "selection"
    IMPLEMENTATION = "implementation"
    MONITORING = "monitoring"


STAGE_NAMES = {
    Stage.NEEDS: _l("Needs analysis"),
    Stage.SELECTION: _l("Partner selection"),
    Stage.IMPLEMENTATION: _l("Training and implementation"),
    Stage.MONITORING: _l("Monitoring"),
}
