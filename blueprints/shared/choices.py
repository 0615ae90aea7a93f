"""Long lists to choose from, in the reader's language: countries, currencies, time zones, languages of the portal."""

import re
from collections.abc import Mapping, Sequence
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, list_currencies
from wtforms.fields.choices import SelectChoice

from blueprints.shared.context import LANGUAGES
from blueprints.shared.translation import reading
from portal.catalog.vocabulary import LANGUAGES as SPOKEN
from portal.kit.zones import zone_names

Choices = Sequence[SelectChoice]

# Currencies that companies invoice in; the rest of ISO 4217 holds metals, funds and money of the past.
CURRENCIES = tuple(
    "AED AUD BRL CAD CHF CNY CZK DKK EGP EUR GBP HKD HUF IDR ILS INR JPY KRW MAD MXN MYR NOK NZD PHP PLN RON SEK SGD"
    " THB TRY TWD USD VND ZAR".split()
)
_COUNTRY = re.compile("[A-Z]{2}")
_NO_COUNTRIES = frozenset({"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"})
_CONTINENTS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")


def country_choices() -> Choices:
    """Every country as (ISO 3166 code, name), by name."""
    return _countries(reading().code)


def country_name(code: str) -> str:
    """A country's name in the reader's language; the code itself when it has none."""
    return _territories(reading().code).get(code, code)


@cache
def _territories(language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = Locale.parse(language).territories
    return found


def spoken_choices() -> Choices:
    """The languages a service can be offered in, named in the reader's language, by name."""
    return _spoken(reading().code)


def spoken_name(code: str) -> str:
    """A language's name in the reader's language; the code itself when it has none."""
    return _tongues(reading().code).get(code, code)


@cache
def _tongues(language: str) -> Mapping[str, str]:
    found: Mapping[str, str] = Locale.parse(language).languages
    return found


def currency_choices() -> Choices:
    """Currencies as (ISO 4217 code, code and name), by code."""
    return _currencies(reading().code)


@cache
def zone_choices() -> Choices:
    """Time zones as (IANA name, name to read), by continent and city, UTC first."""
    names = sorted(name for name in zone_names() if name.partition("/")[0] in _CONTINENTS and "/" in name)
    return [SelectChoice("UTC"), *(SelectChoice(name, name.replace("_", " ")) for name in names)]


def language_choices() -> Choices:
    """The languages of the portal, each in its own words."""
    return [SelectChoice(code, name) for code, name in LANGUAGES.items()]


@cache
def _countries(language: str) -> Choices:
    names = Locale.parse(language).territories
    found = [(str(name), code) for code, name in names.items() if _COUNTRY.fullmatch(code)]
    return [SelectChoice(code, name) for name, code in sorted(found) if code not in _NO_COUNTRIES]


@cache
def _currencies(language: str) -> Choices:
    known = list_currencies()
    names = {code: get_currency_name(code, locale=language) for code in CURRENCIES if code in known}
    return [SelectChoice(code, f"{code} – {name}") for code, name in names.items()]


@cache
def _spoken(language: str) -> Choices:
    names = Locale.parse(language).languages
    return [SelectChoice(code, name) for name, code in sorted((str(names.get(code, code)), code) for code in SPOKEN)]
