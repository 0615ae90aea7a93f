"""Form fields that read numbers as the reader writes them, and refuse what could be read in two ways."""

from decimal import Decimal
from typing import Any

from babel.numbers import format_decimal
from wtforms import StringField
from wtforms.validators import ValidationError

from blueprints.shared.formatting import reader_locale
from portal.kit.errors import Invalid
from portal.kit.money import exponent, parse_amount, parse_decimal, to_major


class LocalDecimalField(StringField):  # type: ignore[misc]
    """A number of zero or more with at most `decimals` digits after the decimal sign. Its data is a Decimal or None."""

    def __init__(self, label: Any = None, validators: Any = None, *, decimals: int = 6, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.decimals = decimals
        self.type = "DecimalField"

    def process_data(self, value: Any) -> None:
        """Take what the form is filled with; a document has its numbers as text."""
        self.data = Decimal(value) if isinstance(value, str) and value else value

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else self._written(self.data)

    def _written(self, value: Any) -> str:
        plain = "0." + "#" * self.decimals if self.decimals else "0"
        return format_decimal(Decimal(value), plain, locale=reader_locale())

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; a refusal is shown at the field and the text is kept."""
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = self._read(valuelist[0])
        except Invalid as error:
            raise ValidationError(str(error.message)) from error

    def _read(self, text: str) -> Any:
        return parse_decimal(text, locale=str(reader_locale()), field=self.name, decimals=self.decimals)


class SignedDecimalField(LocalDecimalField):
    """A number that may be below zero, with a minus sign or a hyphen before it."""

    def _read(self, text: str) -> Any:
        plain = text.strip()
        return -super()._read(plain[1:]) if plain[:1] in ("-", "−") else super()._read(plain)


class AmountField(LocalDecimalField):
    """An amount of money in `currency`. Its data is an integer of minor units, or None."""

    def __init__(self, label: Any = None, validators: Any = None, *, currency: str = "USD", **options: Any) -> None:
        super().__init__(label, validators, decimals=exponent(currency), **options)
        self.currency = currency

    def _written(self, value: Any) -> str:
        return super()._written(to_major(value, self.currency))

    def _read(self, text: str) -> int:
        return parse_amount(text, self.currency, locale=str(reader_locale()), field=self.name)
