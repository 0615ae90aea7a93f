"""Strict reading of JSON documents: every value by name and type, every refusal with the path to its field.

A `Fields` wraps one JSON object. Each read takes a key off it; `close` refuses what was not read, so a misspelt key
is an error and never a silent default. Numbers are ``Decimal`` (or text that holds one), never float.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from portal.kit.calculators import CalculationError, join_path

Choice = TypeVar("Choice", bound=StrEnum)
Value = TypeVar("Value")

MAX_DIGITS = 15
MAX_DECIMALS = 12
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,40})?")
_MISSING: Any = object()


class Fields:
    """One JSON object being read; `path` is where it stands in the whole document."""

    def __init__(self, document: object, path: str = "") -> None:
        if not isinstance(document, Mapping):
            raise CalculationError(path, "must be a JSON object")
        self.path = path
        self._left = dict(document)

    def error(self, key: str, message: str) -> CalculationError:
        """A refusal of the field `key` of this object, to be raised."""
        return CalculationError(join_path(self.path, key), message)

    def has(self, key: str) -> bool:
        """Whether `key` is there, not null, and not yet read."""
        return self._left.get(key) is not None

    def close(self) -> None:
        """Refuse the document if it holds a key that nobody read."""
        for key in self._left:
            raise self.error(str(key), "is not known here; remove it or check its spelling")

    def text(self, key: str, default: str = _MISSING, *, most: int = 200) -> str:
        """A text of 1 to `most` characters (an optional one may be empty)."""
        value = self._take(key, default)
        if not isinstance(value, str):
            raise self.error(key, "must be a text")
        if len(value) > most or (not value.strip() and default is _MISSING):
            raise self.error(key, f"must be a text of 1 to {most} characters")
        return value

    def optional_text(self, key: str, *, most: int = 200) -> str | None:
        """A text, or None where it is left out."""
        return self.text(key, most=most) if self._given(key) else None

    def number(
        self,
        key: str,
        default: Decimal = _MISSING,
        *,
        least: Decimal | int = 0,
        most: Decimal | int | None = None,
        above: Decimal | int | None = None,
    ) -> Decimal:
        """A number from `least` to `most`, and greater than `above` where given."""
        value = _decimal(self._take(key, default), join_path(self.path, key))
        if above is not None and value <= above:
            raise self.error(key, f"must be above {above}")
        if value < least:
            raise self.error(key, "must not be negative" if least == 0 else f"must be {least} or more")
        if most is not None and value > most:
            raise self.error(key, f"must be {most} or less")
        return value

    def optional_number(
        self, key: str, *, most: Decimal | int | None = None, above: Decimal | int | None = None
    ) -> Decimal | None:
        """A number of zero or more, or None where it is left out."""
        return self.number(key, most=most, above=above) if self._given(key) else None

    def whole(self, key: str, default: int = _MISSING, *, least: int = 0, most: int = 10**9) -> int:
        """A whole number from `least` to `most`."""
        value = self.number(key, default if default is _MISSING else Decimal(default), least=least, most=most)
        if value != int(value):
            raise self.error(key, "must be a whole number")
        return int(value)

    def optional_whole(self, key: str, *, least: int = 0, most: int = 10**9) -> int | None:
        """A whole number, or None where it is left out."""
        return self.whole(key, least=least, most=most) if self._given(key) else None

    def wholes(self, key: str, *, least: int = 1, most: int = 1200) -> tuple[int, ...]:
        """A list of different whole numbers, empty where it is left out."""
        found = tuple(item.whole("", least=least, most=most) for item in self._wrapped(key))
        self._refuse_doubles(key, found)
        return found

    def numbers(self, key: str) -> tuple[Decimal, ...]:
        """A list of numbers of zero or more."""
        return tuple(item.number("") for item in self._wrapped(key, _MISSING))

    def flag(self, key: str, default: bool = _MISSING) -> bool:
        """True or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.error(key, "must be true or false")
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice = _MISSING) -> Choice:
        """One of the values of the enumeration `kind`."""
        value = self._take(key, default)
        try:
            return kind(value)
        except ValueError as error:
            raise self.error(key, "must be one of " + ", ".join(kind)) from error

    def optional_choice(self, key: str, kind: type[Choice]) -> Choice | None:
        """One of the values of `kind`, or None where it is left out."""
        return self.choice(key, kind) if self._given(key) else None

    def choices(self, key: str, kind: type[Choice]) -> tuple[Choice, ...]:
        """A list of different values of `kind`, empty where it is left out."""
        found = tuple(item.choice("", kind) for item in self._wrapped(key))
        self._refuse_doubles(key, found)
        return found

    def optional_date(self, key: str) -> date | None:
        """A date written as YYYY-MM-DD, or None where it is left out."""
        text = self.optional_text(key)
        try:
            return None if text is None else date.fromisoformat(text)
        except ValueError as error:
            raise self.error(key, "must be a date such as 2026-03-31") from error

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts, or a single text for a list of one; empty where it is left out."""
        if isinstance(self._left.get(key), str):
            return (self.text(key),)
        found = tuple(item.text("") for item in self._wrapped(key))
        self._refuse_doubles(key, found)
        return found

    def absent(self, *keys: str, because: str) -> None:
        """Refuse each of `keys` that is there and not null, saying `because`."""
        for key in keys:
            if self._left.pop(key, None) is not None:
                raise self.error(key, because)

    def raw(self, key: str) -> Any:
        """The value under `key` as it is, for a reader of its own."""
        return self._take(key, _MISSING)

    def child(self, key: str, read: Callable[[Fields], Value]) -> Value:
        """The object under `key`, read by `read` and closed."""
        return _read(self._take(key, _MISSING), join_path(self.path, key), read)

    def optional_child(self, key: str, read: Callable[[Fields], Value]) -> Value | None:
        """The object under `key`, or None where it is left out."""
        return self.child(key, read) if self._given(key) else None

    def children(self, key: str, read: Callable[[Fields], Value], *, required: bool = False) -> tuple[Value, ...]:
        """The objects of the list under `key`, each read by `read` and closed."""
        items = self._list(key, _MISSING if required else ())
        return tuple(_read(item, path, read) for path, item in items)

    def mapping(self, key: str) -> dict[str, Decimal]:
        """An object of names to numbers of zero or more; empty where it is left out."""
        inner = Fields(self._take(key, {}), join_path(self.path, key))
        return {name: inner.number(name) for name in list(inner._left)}

    def _take(self, key: str, default: Any) -> Any:
        value = self._left.pop(key, None)
        if value is None:
            if default is _MISSING:
                raise self.error(key, "is missing")
            return default
        return value

    def _given(self, key: str) -> bool:
        """Whether `key` holds a value; a null counts as read, for it says the same as leaving the key out."""
        if self.has(key):
            return True
        self._left.pop(key, None)
        return False

    def _list(self, key: str, default: Any) -> Iterator[tuple[str, Any]]:
        value = self._take(key, default)
        if not isinstance(value, (list, tuple)):
            raise self.error(key, "must be a list")
        return ((join_path(self.path, key, f"[{position}]"), item) for position, item in enumerate(value))

    def _wrapped(self, key: str, default: Any = ()) -> Iterator[Fields]:
        """Each plain item of a list as an object of its own, so that the readers of single values serve it."""
        return (Fields({"": item}, path) for path, item in self._list(key, default))

    def _refuse_doubles(self, key: str, values: tuple[object, ...]) -> None:
        for position, value in enumerate(values):
            if value in values[:position]:
                raise self.error(join_path(key, f"[{position}]"), f"{value} is listed twice")


def read_decimal(value: object) -> Decimal:
    """A number within the limits of documents, from a number or its text. Raises CalculationError without a path."""
    return _decimal(value, "")


def read_document(document: object, read: Callable[[Fields], Value], path: str = "") -> Value:
    """Read a whole document with `read`, refusing keys it does not know."""
    return _read(document, path, read)


def _read(document: object, path: str, read: Callable[[Fields], Value]) -> Value:
    fields = Fields(document, path)
    value = read(fields)
    fields.close()
    return value


def _decimal(value: object, path: str) -> Decimal:
    if isinstance(value, str) and _PLAIN_NUMBER.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise CalculationError(path, "must be a decimal number")
    number = Decimal(value)
    if not number.is_finite():
        raise CalculationError(path, "must be a number, not NaN or infinity")
    exponent = number.as_tuple().exponent
    too_fine = isinstance(exponent, int) and exponent < -MAX_DECIMALS and number != round(number, MAX_DECIMALS)
    if number.adjusted() >= MAX_DIGITS or too_fine:
        raise CalculationError(path, f"must have at most {MAX_DIGITS} digits and {MAX_DECIMALS} decimals")
    return number
