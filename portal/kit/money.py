"""Amounts of money: integers of a currency's minor units, and the few exact ways in and out of them.

An amount is an ``int`` of minor units beside an ISO 4217 code; a rate is a ``Decimal``; what lies between the two
is an exact ``Fraction``. Floats are refused everywhere. Rounding is half up, away from zero, because that is what
the rate cards of this trade agree on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache

from babel.core import Locale
from babel.numbers import (
    NumberPattern,
    get_currency_precision,
    get_decimal_symbol,
    get_group_symbol,
    list_currencies,
    parse_pattern,
)
from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid

Exact = int | Decimal | Fraction

MAX_MINOR = 2**63 - 1
"""The largest amount: what a ``bigint`` column holds."""

_ISO_EXPONENTS = {
    # Babel carries CLDR's digits "as used"; ISO 4217 assigns these currencies more, and a ledger needs ISO's.
    **dict.fromkeys(
        ("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SLL", "SOS", "STD", "SYP", "YER"), 2
    ),
    "IQD": 3,
}
NO_CURRENCY = "XXX"
"""ISO 4217's code for "no currency", with two decimals here: for trying prices out before choosing one."""
_TYPED = re.compile(r"(?P<whole>[0-9]+)(?:\.(?P<fraction>[0-9]+))?")


@cache
def exponent(currency: str) -> int:
    """How many decimals the minor unit of `currency` has by ISO 4217: 2 for USD, 0 for JPY, 3 for KWD.

    :raises Invalid: for a code that is not a known currency
    """
    if currency not in list_currencies() and currency != NO_CURRENCY:
        raise Invalid(field="currency", message=_l("Choose a currency by its three-letter ISO 4217 code, such as USD."))
    if currency in _ISO_EXPONENTS:
        return _ISO_EXPONENTS[currency]
    return get_currency_precision(currency)


def round_half_up(amount: Exact, decimals: int) -> int:
    """`amount` in units of ``10**-decimals``, rounded half away from zero: ``(2.345, 2)`` gives 235.

    Exact: the argument is taken as a fraction, so no intermediate digit is lost.
    """
    if isinstance(amount, float):
        raise TypeError("money is never a float")
    scaled = abs(Fraction(amount)) * 10**decimals
    rounded: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return rounded if amount >= 0 else -rounded


def to_minor(amount: Exact, currency: str) -> int:
    """A major amount (dollars, yen) in minor units, rounded half up."""
    return round_half_up(amount, exponent(currency))


def to_major(minor: int, currency: str) -> Decimal:
    """Minor units as a Decimal of major units with exactly the currency's decimals: ``(1050, "USD")`` is 10.50."""
    return shift(minor, exponent(currency))


def shift(minor: int, decimals: int) -> Decimal:
    """``minor * 10**-decimals`` with exactly `decimals` digits after the point, however large."""
    sign, digits, _ = Decimal(minor).as_tuple()
    return Decimal((sign, digits, -decimals))


def allocate(total_minor: int, weights: Sequence[Exact]) -> list[int]:
    """Split `total_minor` in proportion to `weights` so that the parts sum to it exactly (largest remainder).

    Each part differs from its exact share by less than one minor unit; of equal remainders the earlier part wins.

    :raises ValueError: without a weight above zero, or with one below zero
    """
    shares = [Fraction(weight) for weight in weights]
    if any(share < 0 for share in shares) or not any(shares):
        raise ValueError("allocate needs weights of zero or more, at least one of them above zero")
    whole, sign = sum(shares), -1 if total_minor < 0 else 1
    exact = [abs(total_minor) * share / whole for share in shares]
    parts = [share.numerator // share.denominator for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[: abs(total_minor) - sum(parts)]:
        parts[index] += 1
    return [sign * part for part in parts]


def parse_decimal(text: str, *, locale: str, field: str = "amount", decimals: int = 6) -> Decimal:
    """Read a number of zero or more as people of `locale` type it, grouping signs allowed where they belong.

    :param decimals: the most digits allowed after the decimal sign
    :raises Invalid: for anything else: NaN, exponents, signs, digits of other scripts, too many decimals
    """
    match = _TYPED.fullmatch(_neutral(text.strip(), Locale.parse(locale)))
    if not match:
        example = "1{group}234{point}5".format(**_symbols(Locale.parse(locale)))
        raise Invalid(
            field=field, message=_l("Write an amount with the digits 0 to 9, such as %(example)s.", example=example)
        )
    if len(match["fraction"] or "") > decimals:
        if decimals == 0:
            raise Invalid(field=field, message=_l("Write a whole number: no decimals are possible here."))
        raise Invalid(field=field, message=_l("Write at most %(count)s digits after the decimal sign.", count=decimals))
    if len(match["whole"].lstrip("0")) > 15:
        raise Invalid(field=field, message=_l("This number is too large."))
    return Decimal(match.group())


def parse_amount(text: str, currency: str, *, locale: str, field: str = "amount") -> int:
    """Read an amount typed in a form and answer minor units; see `parse_decimal` for what is refused."""
    decimals = exponent(currency)
    minor = round_half_up(parse_decimal(text, locale=locale, field=field, decimals=decimals), decimals)
    if minor > MAX_MINOR:
        raise Invalid(field=field, message=_l("This amount is too large."))
    return minor


def format_amount(minor: int, currency: str, *, locale: str, code: bool = False) -> str:
    """The amount as `locale` writes it, with its currency and always the full ISO number of decimals.

    :param code: write the currency as its code (USD 12.00), as contracts do, instead of its sign
    """
    decimals = exponent(currency)
    language = Locale.parse(locale)
    standard: NumberPattern = language.currency_formats["standard"]
    pattern = parse_pattern(_with_code(standard.pattern) if code else standard.pattern)
    pattern.frac_prec = (decimals, decimals)
    text: str = pattern.apply(shift(minor, decimals), language, currency=currency, currency_digits=False)
    return text


def _with_code(pattern: str) -> str:
    """The pattern with the currency's code, kept off the digits by a space that does not break."""
    return re.sub("¤(?=[#0])", "¤¤\u00a0", pattern) if re.search("¤[#0]", pattern) else pattern.replace("¤", "¤¤")


def _symbols(language: Locale) -> dict[str, str]:
    return {"group": get_group_symbol(language), "point": get_decimal_symbol(language)}


def _neutral(text: str, language: Locale) -> str:
    """`text` with the locale's grouping signs taken out, if they stand between groups of three, and a plain point."""
    symbols = _symbols(language)
    group, point = re.escape(symbols["group"]), re.escape(symbols["point"])
    if symbols["group"].isspace():
        group = r"[ \u00a0\u202f]"  # a reader of such a locale types an ordinary space
    whole, sign, fraction = text.partition(symbols["point"])
    if re.fullmatch(rf"[0-9]{{1,3}}(?:{group}[0-9]{{3}})+", whole):
        whole = re.sub(group, "", whole)
    if sign and not re.fullmatch(rf"{point}[0-9]+", sign + fraction):
        return ""
    return f"{whole}.{fraction}" if sign else whole
