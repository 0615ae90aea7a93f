"""Long lists to choose from, in the reader's language: countries, currencies, time zones, languages of the portal."""

import re
from collections.abc import Sequence
from functools import cache

from babel import Locale
from babel.numbers import get_currency_name, list_currencies
from flask_babel import get_locale
from wtforms.fields.choices import SelectChoice

from blueprints.shared.context import LANGUAGES
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
    return _countries(str(get_locale() or "en"))


def country_name(code: str) -> str:
    """A country's name in the reader's language; the code itself when it has none."""
    return str(Locale.parse(str(get_locale() or "en")).territories.get(code, code))


def spoken_choices() -> Choices:
    """The languages a service can be offered in, named in the reader's language, by name."""
    return _spoken(str(get_locale() or "en"))


def spoken_name(code: str) -> str:
    """A language's name in the reader's language; the code itself when it has none."""
    return str(Locale.parse(str(get_locale() or "en")).languages.get(code, code))


def currency_choices() -> Choices:
    """Currencies as (ISO 4217 code, code and name), by code."""
    return _currencies(str(get_locale() or "en"))


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
