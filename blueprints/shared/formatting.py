"""How figures, money and times are written: by the reader's language, with a true minus and no lost units.

Everything here is a template filter. A missing value is an en dash, zero is 0. Nothing here rounds for storage;
it only shows. Times keep their zone in sight; the zone defaults to the one the page states in its footer.
"""

from collections.abc import Callable, Iterable
from datetime import date as Date
from datetime import datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

import flask_babel
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol
from babel.units import format_unit

from blueprints.shared.translation import reading, with_territory
from portal.kit import text as texts
from portal.kit.money import exponent

MISSING = "–"
MINUS = "−"
NO_BREAK = "\u00a0"
KEPT = 4096
"""Written figures that are kept: lists and tables write the same ones again and again."""

# Names that several zones of the world share: an offset says more than "CST".
_AMBIGUOUS_ZONE_NAMES = frozenset({"CST", "IST", "AST", "MST", "PST", "EST", "CDT", "PDT", "EDT", "MDT"})

_TIME_SYMBOLS = {"hour": "h", "minute": "min", "second": "s"}

Figure = int | Decimal | float


def reader_locale() -> Locale:
    """The reader's locale with its territory; British English where no request is being answered."""
    return reading().locale


def page_zone() -> tzinfo:
    """The zone the page shows its times in; UTC where no request is being answered."""
    return flask_babel.get_timezone() or ZoneInfo("UTC")


def _true_minus(text: str) -> str:
    return text.replace("-", MINUS)


def _rounded(value: Figure, places: int) -> Decimal:
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _pattern(places: int) -> str:
    return "#,##0" + ("." + "0" * places if places else "")


def _major(minor: int | Decimal, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-exponent(currency))


def money(minor: int | None, currency: str, whole: bool = False, code: bool = False) -> str:
    """Minor units as money that stands alone: ``£75,256.99``; with code, for legal places, ``GBP 75,256.99``.

    whole: no decimals, for comparisons. A dollar sign alone means US dollars; other dollars are written by their code.
    """
    if minor is None:
        return MISSING
    language = reading().code
    if code or _shares_dollar_sign(currency, language):
        return f"{currency}{NO_BREAK}{amount(minor, currency, whole)}"
    return _money(minor, currency, whole, language)


@lru_cache(maxsize=KEPT)
def _shares_dollar_sign(currency: str, language: str) -> bool:
    return currency != "USD" and bool(get_currency_symbol(currency, with_territory(language)) == "$")


# Kept by the language's code: a locale is slow to compare.
@lru_cache(maxsize=KEPT)
def _money(minor: int, currency: str, whole: bool, language: str) -> str:
    locale = with_territory(language)
    value = _major(minor, currency)
    places = 0 if whole else exponent(currency)
    if whole:
        value = _rounded(value, 0)
    pattern = "¤" + _pattern(places)
    return _true_minus(
        format_currency(value, currency, format=f"{pattern};-{pattern}", currency_digits=False, locale=locale)
    )


def amount(minor: int | Decimal | None, currency: str, whole: bool = False) -> str:
    """Minor units without the currency, for a column whose heading names it: ``75,256.99``."""
    if minor is None:
        return MISSING
    return number(_major(minor, currency), 0 if whole else exponent(currency))


def number(value: Figure | None, places: int | None = None) -> str:
    """A figure with thousands separators; places: how many decimals (as many as it has when None)."""
    if value is None:
        return MISSING
    if type(value) is int and 0 <= value < 1000 and not places:
        return str(value)  # written alike in every language, and most counts are
    # As text, because 1, 1.0 and True are one key of a cache but not one figure.
    return _number(str(value), places, reading().code)


@lru_cache(maxsize=KEPT)
def _number(value: str, places: int | None, language: str) -> str:
    exact, locale = Decimal(value), with_territory(language)
    if places is None:
        return _true_minus(format_decimal(exact, locale=locale, decimal_quantization=False))
    return _true_minus(format_decimal(_rounded(exact, places), format=_pattern(places), locale=locale))


def rate(value: Decimal) -> str:
    """A unit price with two decimals, or as many as it was written with: ``1,250.50``, ``0.0185``."""
    exponent_ = value.as_tuple().exponent
    return number(value, max(2, -exponent_ if isinstance(exponent_, int) else 0))


def signed(value: Figure | None, places: int | None = None) -> str:
    """A difference, always with its sign: ``+2.6``, ``−1.9``, ``0``."""
    if value is None:
        return MISSING
    text = number(value, places)
    shown = value if places is None else _rounded(value, places)
    if shown == 0:
        return text.lstrip(MINUS)
    return f"+{text}" if shown > 0 else text


def signed_amount(minor: int | None, currency: str, whole: bool = False) -> str:
    """A difference of money without its currency, always with its sign: ``−565,992``."""
    if minor is None:
        return MISSING
    return signed(_major(minor, currency), 0 if whole else exponent(currency))


def percent(value: Figure | None, places: int = 1, of_hundred: bool = False) -> str:
    """A share as ``78.4 %``; of_hundred: the value counts to 100 already instead of to 1."""
    if value is None:
        return MISSING
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    return f"{number(exact if of_hundred else exact * 100, places)}{NO_BREAK}%"


def zone_name(moment: datetime) -> str:
    """Short name of an aware time's zone: ``BST``, or ``UTC+8`` where the short name would be ambiguous."""
    name = moment.tzname() or ""
    if name and name[0] not in "+-" and name not in _AMBIGUOUS_ZONE_NAMES:
        return name
    return utc_offset(moment)


def utc_offset(moment: datetime) -> str:
    """``UTC+5:30`` of an aware time."""
    minutes = int((moment.utcoffset() or timedelta()).total_seconds()) // 60
    sign = MINUS if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "")


def _in_zone(moment: datetime, zone: str | tzinfo | None) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("A time without a zone cannot be shown.")
    if zone is None:
        return moment.astimezone(page_zone())
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone)


def date(value: Date | datetime | None, short: bool = False, zone: str | tzinfo | None = None) -> str:
    """``2 June 2026``, short ``2 Jun 2026``. A time is first moved to the zone (default: the page's)."""
    if value is None:
        return MISSING
    day = _in_zone(value, zone).date() if isinstance(value, datetime) else value
    return format_date(day, "medium" if short else "long", locale=reader_locale())


def time(value: datetime | None, zone: str | tzinfo | None = None) -> str:
    """``14:32 BST``."""
    if value is None:
        return MISSING
    local = _in_zone(value, zone)
    return f"{format_time(local, 'HH:mm', tzinfo=local.tzinfo, locale=reader_locale())}{NO_BREAK}{zone_name(local)}"


def datetime_zoned(value: datetime | None, zone: str | tzinfo | None = None, short: bool = False) -> str:
    """``2 June 2026, 17:05 BST``; in Chinese ``2026年6月2日 17:05 BST``."""
    if value is None:
        return MISSING
    gap = " " if reader_locale().language == "zh" else ", "
    return f"{date(value, short, zone)}{gap}{time(value, zone)}"


def month(value: Date | datetime | None, short: bool = False) -> str:
    """``October 2026``, short ``Oct 2026``."""
    if value is None:
        return MISSING
    moment = Date(value.year, value.month, 1)
    return format_skeleton("yMMM" if short else "yMMMM", moment, locale=reader_locale())


def duration(seconds: Figure | timedelta | None) -> str:
    """A length of time in its two largest units: ``4 min 12 s``, ``2 days 3 h``."""
    if seconds is None:
        return MISSING
    total = int(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds)
    locale, parts = reader_locale(), []
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)):
        count, total = divmod(total, size)
        if count:
            parts.append(_length(count, unit, locale))
    return " ".join(parts[:2]) or _length(0, "second", locale)


def _length(count: int, unit: str, locale: Locale) -> str:
    """One unit of time; English writes the symbols of hour, minute and second, which have no plural."""
    if locale.language == "en" and unit in _TIME_SYMBOLS:
        return f"{count}{NO_BREAK}{_TIME_SYMBOLS[unit]}"
    return format_unit(count, f"duration-{unit}", length="short", locale=locale)


def days_away(value: Date | None, today: Date) -> str:
    """``in 21 days``, ``today``, ``3 days ago``: only ever beside the date itself."""
    if value is None:
        return MISSING
    days = (value - today).days
    if days == 0:
        return flask_babel.gettext("today")
    if days > 0:
        return flask_babel.ngettext("in %(num)d day", "in %(num)d days", days)
    return flask_babel.ngettext("%(num)d day ago", "%(num)d days ago", -days)


def filesize(size: int | None) -> str:
    """Bytes as ``82 KB`` or ``1.4 MB`` (thousands, as file managers count)."""
    if size is None:
        return MISSING
    if size < 1_000_000:
        return f"{number(max(1, size // 1000))}{NO_BREAK}KB"
    return f"{number(Decimal(size) / 1_000_000, 1)}{NO_BREAK}MB"


def zone_line(zone: str | tzinfo, now: datetime) -> str:
    """For the footer: ``Europe/London, BST (UTC+1)``."""
    local = _in_zone(now, zone)
    short, offset = zone_name(local), utc_offset(local)
    place = zone if isinstance(zone, str) else str(zone)
    if short == place:
        return place
    return f"{place} ({offset})" if short == offset else f"{place}, {short} ({offset})"


def listed(words: Iterable[object], common: bool = False, of_lists: bool = False) -> str:
    """Several words in one line: ``Polish, English``, in Chinese ``波蘭文、英文``.

    common: they are no names, so that in English all but the first begin with a small letter.
    of_lists: they hold commas themselves.
    """
    found = [str(word) for word in words]
    if common and reader_locale().language == "en":
        found = found[:1] + [word[:1].lower() + word[1:] for word in found[1:]]
    return texts.listed(found, of_lists=of_lists)


def language_name(code: str) -> str:
    """A language in its own words, for example ``繁體中文``."""
    return {"en": "English", "zh_Hant": "繁體中文", "zh_Hans": "简体中文"}.get(
        code, Locale.parse(code).get_display_name() or code
    )


def html_lang(code: str | Locale) -> str:
    """The ``lang`` attribute of a language code: ``zh-Hant`` for ``zh_Hant``."""
    return str(code).replace("_", "-")


FILTERS: dict[str, Callable[..., str]] = {
    "listed": listed,
    "money": money,
    "amount": amount,
    "number": number,
    "rate": rate,
    "signed": signed,
    "signed_amount": signed_amount,
    "percent": percent,
    "date": date,
    "time": time,
    "datetime_zoned": datetime_zoned,
    "month": month,
    "duration": duration,
    "days_away": days_away,
    "filesize": filesize,
    "language_name": language_name,
    "html_lang": html_lang,
}
