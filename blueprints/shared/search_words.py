"""A search of the directory in the reader's words: each value asked for, under the name it has in an address."""

from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.choices import country_name, spoken_name
from blueprints.shared.formatting import money
from portal.catalog.facets import REFERENCE_CURRENCY
from portal.catalog.profile_words import CERTIFICATE_NAMES
from portal.catalog.wanted import Wanted
from portal.measures.words import CHANNEL_NAMES, INDUSTRY_NAMES, MODE_NAMES


def search_words(wanted: Wanted) -> list[tuple[str, str, str]]:
    """(name, value, words) of everything that is asked for, in the order of the filters."""
    write: dict[str, Callable[[str], str]] = {
        "q": lambda words: f"“{words}”",
        "channel": channel_name,
        "language": spoken_name,
        "mode": mode_name,
        "industry": industry_name,
        "security": certificate_name,
        "country": country_name,
        "max_rate": rate_name,
        "rating": rating_name,
        "seats": seats_name,
    }
    return [(name, value, write[name](value)) for name, values in wanted.values.items() for value in values]


def channel_name(code: str) -> str:
    """A channel in the reader's language."""
    return str(CHANNEL_NAMES[code])  # type: ignore[index]


def mode_name(code: str) -> str:
    """A mode in the reader's language."""
    return str(MODE_NAMES[code])  # type: ignore[index]


def industry_name(code: str) -> str:
    """An industry in the reader's language."""
    return str(INDUSTRY_NAMES[code])  # type: ignore[index]


def certificate_name(code: str) -> str:
    """A certificate in the reader's language; a code that nobody knows stays itself."""
    return str(CERTIFICATE_NAMES.get(code, code))


def rate_name(most: str) -> str:
    """At most so much an hour."""
    return _("up to %(amount)s", amount=money(int(most) * 100, REFERENCE_CURRENCY, whole=True))


def rating_name(least: str) -> str:
    """At least this mark."""
    return _("%(mark)s and more", mark=least)


def seats_name(least: str) -> str:
    """At least so many seats."""
    return ngettext("%(num)d seat and more", "%(num)d seats and more", int(least))
