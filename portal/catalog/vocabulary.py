"""Which languages a service can be offered in, and when it can be staffed; the other lists are in measures."""

from portal.measures.words import WEEKDAY_NAMES

LANGUAGES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "he", "hi", "hr", "hu", "id", "it", "ja", "ko"),
    *("lt", "lv", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "th", "tl", "tr", "uk", "vi"),
    *("zh", "zh_Hant", "zh_Hans", "yue"),
)
"""Languages a service can be offered in, by code; their names come from the locale data."""

AROUND_THE_CLOCK = {day: [["00:00", "24:00"]] for day in WEEKDAY_NAMES}
"""Hours of a service that never closes, as `Service.hours` holds them."""
