"""Numbers as the answers of a requirement hold them: decimal text within limits."""

from decimal import Decimal, InvalidOperation
from typing import Any

from portal.kit.errors import Invalid


def checked_decimal(
    value: Any, field: str, sentence: Any, *, least: int = 0, most: int = 10**9, decimals: int = 2
) -> str:
    """A number as plain decimal text, without an exponent or needless zeros. Raises Invalid with `sentence`.

    Takes text, int or Decimal; refuses NaN, infinity, more than `decimals` decimals and what is out of bounds.
    """
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise Invalid(sentence, field) from error
    if not number.is_finite() or not least <= number <= most or number != round(number, decimals):
        raise Invalid(sentence, field)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
