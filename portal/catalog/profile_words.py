"""The closed lists of a vendor profile and their names. Codes are stored and never change; names are what people read.

Names of standards and products are proper names and stay as they are in every language.
"""

from enum import StrEnum

from flask_babel import lazy_gettext as _l


class Ownership(StrEnum):
    """Who owns a vendor."""

    PRIVATE = "private"
    FAMILY = "family"
    LISTED = "listed"
    GROUP = "group"
    EMPLOYEES = "employees"
    PUBLIC = "public"


OWNERSHIP_NAMES = {
    Ownership.PRIVATE: _l("Privately held"),
    Ownership.FAMILY: _l("Family owned"),
    Ownership.LISTED: _l("Listed on a stock exchange"),
    Ownership.GROUP: _l("Part of a group of companies"),
    Ownership.EMPLOYEES: _l("Owned by its employees"),
    Ownership.PUBLIC: _l("Publicly owned"),
}


class Turnover(StrEnum):
    """A band of yearly turnover, in millions of US dollars."""

    UNDER_1 = "under_1"
    FROM_1 = "from_1"
    FROM_10 = "from_10"
    FROM_50 = "from_50"
    FROM_250 = "from_250"


TURNOVER_NAMES = {
    Turnover.UNDER_1: _l("Under 1 million US dollars"),
    Turnover.FROM_1: _l("1 to 10 million US dollars"),
    Turnover.FROM_10: _l("10 to 50 million US dollars"),
    Turnover.FROM_50: _l("50 to 250 million US dollars"),
    Turnover.FROM_250: _l("Over 250 million US dollars"),
}


class AgentModel(StrEnum):
    """For how many buyers an agent works."""

    DEDICATED = "dedicated"
    SHARED = "shared"
    BLENDED = "blended"


AGENT_MODEL_NAMES = {
    AgentModel.DEDICATED: _l("Dedicated agents"),
    AgentModel.SHARED: _l("Shared agents"),
    AgentModel.BLENDED: _l("Blended agents"),
}


class Days(StrEnum):
    """On which days a team is there."""

    WEEKDAYS = "weekdays"
    SIX_DAYS = "six_days"
    EVERY_DAY = "every_day"


DAYS_NAMES = {
    Days.WEEKDAYS: _l("Monday to Friday"),
    Days.SIX_DAYS: _l("Monday to Saturday"),
    Days.EVERY_DAY: _l("Every day"),
}


class System(StrEnum):
    """A kind of system of which a vendor names its products."""

    ACD = "acd"
    CRM = "crm"
    TICKETING = "ticketing"
    WFM = "wfm"
    QA = "qa"
    KNOWLEDGE = "knowledge"


SYSTEM_NAMES = {
    System.ACD: _l("Telephony and routing"),
    System.CRM: _l("Customer records (CRM)"),
    System.TICKETING: _l("Ticketing"),
    System.WFM: _l("Workforce management"),
    System.QA: _l("Quality assurance"),
    System.KNOWLEDGE: _l("Knowledge base"),
}


class Technology(StrEnum):
    """How a vendor connects to a buyer's systems, and what it automates."""

    API = "api"
    SSO = "sso"
    CRM_CONNECTOR = "crm_connector"
    TELEPHONY_CONNECTOR = "telephony_connector"
    DATA_EXPORT = "data_export"
    BUYER_TOOLS = "buyer_tools"
    CHATBOT = "chatbot"
    VOICEBOT = "voicebot"
    AGENT_ASSIST = "agent_assist"
    AUTO_QA = "auto_qa"
    SENTIMENT = "sentiment"
    TRANSLATION = "translation"
    ROUTING = "routing"
    SUMMARIES = "summaries"


INTEGRATION_NAMES = {
    Technology.API: _l("Programming interface (API)"),
    Technology.SSO: _l("Single sign-on"),
    Technology.CRM_CONNECTOR: _l("Connectors for CRM systems"),
    Technology.TELEPHONY_CONNECTOR: _l("Connectors for telephony"),
    Technology.DATA_EXPORT: _l("Regular data export"),
    Technology.BUYER_TOOLS: _l("Work in the buyer's own systems"),
}
AUTOMATION_NAMES = {
    Technology.CHATBOT: _l("Chatbot"),
    Technology.VOICEBOT: _l("Voicebot"),
    Technology.AGENT_ASSIST: _l("Agent assist"),
    Technology.AUTO_QA: _l("Automatic quality checks"),
    Technology.SENTIMENT: _l("Sentiment analysis"),
    Technology.TRANSLATION: _l("Machine translation"),
    Technology.ROUTING: _l("Intelligent routing"),
    Technology.SUMMARIES: _l("Automatic summaries"),
}


class Rhythm(StrEnum):
    """How often quality auditors calibrate with the buyer."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"


RHYTHM_NAMES = {
    Rhythm.WEEKLY: _l("Every week"),
    Rhythm.FORTNIGHTLY: _l("Every two weeks"),
    Rhythm.MONTHLY: _l("Every month"),
    Rhythm.QUARTERLY: _l("Every quarter"),
}

CERTIFICATE_NAMES: dict[str, object] = {
    "iso27001": "ISO/IEC 27001",
    "iso27701": "ISO/IEC 27701",
    "iso9001": "ISO 9001",
    "iso18295": "ISO 18295-1",
    "iso22301": "ISO 22301",
    "pci_dss": "PCI DSS",
    "soc2": "SOC 2",
    "copc": "COPC CX",
    "cyber_essentials": "Cyber Essentials Plus",
    "tisax": "TISAX",
    "other": _l("Another certificate"),
}
"""What a certificate is about, by the code that filters and matches use."""
OTHER = "other"
