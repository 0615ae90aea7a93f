"""The lists a requirement is filled in from: industries and languages. Stored by code, shown by name."""

from flask_babel import lazy_gettext as _l

INDUSTRY_NAMES = {
    "retail": _l("Retail and e-commerce"),
    "travel": _l("Travel and hospitality"),
    "finance": _l("Banking and insurance"),
    "telecom": _l("Telecommunications"),
    "utilities": _l("Energy and water"),
    "software": _l("Software and online services"),
    "electronics": _l("Consumer electronics"),
    "health": _l("Health care"),
    "logistics": _l("Transport and delivery"),
    "public": _l("Public sector"),
    "media": _l("Media and entertainment"),
    "other": _l("Other"),
}

LANGUAGE_CODES = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "fi", "nb", "cs", "hu", "ro", "el", "tr", "uk",
    "ru", "ar", "he", "hi", "zh_Hant", "zh_Hans", "yue", "ja", "ko", "th", "vi", "id", "ms", "tl",
)  # fmt: skip
