"""Single cells of an interval file: a time as people and systems write it, a count, a handle time."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.kit.tables import Value

DateOrder = Literal["day_first", "month_first", "unknown"]

_LARGEST = Decimal(10) ** 9
_COUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_COMMA = re.compile(r"[0-9]{1,12},[0-9]{1,6}")
_GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "時": ":", "时": ":", "分": " ", "秒": " "})
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?P<rest>.*)")
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})(?P<mark>[-/.])(?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4})(?P<rest>.*)")
_TIME = re.compile(
    r"[T\s]*(?P<h>[0-9]{1,2})(:(?P<m>[0-9]{2}))?(:(?P<s>[0-9]{2})(\.[0-9]+)?)?:?\s*(?P<half>[ap]m)?", re.IGNORECASE
)
_RANGE = re.compile(r"(?<=[0-9ap:m])\s*[-–—~至]\s*[0-9]{1,2}(:?[0-9]{2}){0,2}(\s*[ap]m)?$", re.IGNORECASE)
_COMPACT = re.compile(r"([01][0-9]|2[0-3])([0-5][0-9])")
_LASTING = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-9]{2})(?:\.[0-9]+)?")
_MOST_AHT = 7200


class CellError(Exception):
    """A cell that cannot be read; `sentence` says how it should look."""

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def count_of(value: Value, *, decimal_comma: bool) -> Decimal:
    """A count of zero or more; decimals are possible. Raises CellError."""
    text = written(value).strip()
    if decimal_comma and _COMMA.fullmatch(text) and not _GROUPED.fullmatch(text):
        text = text.replace(",", ".")
    if not text:
        raise CellError(_l("the cell is empty: write 0 where nobody made contact."))
    if text.startswith("-"):
        raise CellError(_l("“%(value)s” is negative.", value=text[:40]))
    if not _COUNT.fullmatch(text):
        raise CellError(
            _l("“%(value)s” is not a count: write digits only, without separators of thousands.", value=text[:40])
        )
    count = Decimal(text)
    if count > _LARGEST:
        raise CellError(_l("“%(value)s” is too large.", value=text[:40]))
    return count


def aht_of(value: Value, *, decimal_comma: bool) -> Decimal | None:
    """A handle time in seconds from seconds, minutes:seconds or hours:minutes:seconds; None where none was measured."""
    if isinstance(value, (datetime, time)):
        return Decimal(value.hour * 3600 + value.minute * 60 + value.second)
    text = written(value).strip()
    if text in ("", "-"):
        return None
    parts = _LASTING.fullmatch(text)
    if parts:
        seconds = Decimal(int(parts[1] or 0) * 3600 + int(parts[2]) * 60 + int(parts[3]))
    else:
        seconds = count_of(text, decimal_comma=decimal_comma)
    if seconds > _MOST_AHT:
        raise CellError(_l("“%(value)s” is more than two hours: write seconds.", value=text[:40]))
    return seconds


def written(value: Value) -> str:
    """A cell as text, as a person would type it."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def is_figure(text: str) -> bool:
    """Whether a text is a count or a date rather than the name of a column."""
    return bool(_COUNT.fullmatch(text) or _YEAR_FIRST.fullmatch(text) or _YEAR_LAST.fullmatch(text))


class DateForms(NamedTuple):
    """How a column writes its dates, and the index of the first cell that contradicts those before it."""

    order: DateOrder | None
    odd: int | None


def date_forms(values: Iterable[Value]) -> DateForms:
    """Look at all dates of a column together: their order is None where the year comes first or cells have types.

    One column has one form: a file with two was put together from others, or a spreadsheet swapped day and month in
    the cells where it could.
    """
    kind, order = "", None
    for index, value in enumerate(values):
        found = _YEAR_LAST.match(value.lstrip()) if isinstance(value, str) else None
        mark = found["mark"] if found else "text" if isinstance(value, str) else "typed"
        if kind and mark != kind:
            return DateForms(order, index)
        kind = mark
        if found is None:
            continue
        seen = _order(found)
        if seen and order and seen != order:
            return DateForms(order, index)
        order = seen or order
    return DateForms(order or ("unknown" if kind in ("/", "-", ".") else None), None)


def _order(found: re.Match[str]) -> DateOrder | None:
    if found["mark"] == ".":  # dotted dates begin with the day everywhere
        return "day_first"
    first, second = int(found["a"]), int(found["b"])
    return "day_first" if first > 12 else "month_first" if second > 12 else None


def moment_at(day: Value, clock: Value, order: DateOrder) -> datetime:
    """The time that a cell means, or a date and a clock time in two; see `moment_of`."""
    if isinstance(day, datetime):
        return day if clock is None else _join(day.date(), clock)
    if isinstance(day, date):
        return _join(day, clock)
    if clock is None:
        return moment_of(written(day), order)
    if isinstance(clock, str):
        text = clock.strip()
        compact = _COMPACT.fullmatch(text)
        return moment_of(f"{written(day)} {f'{compact[1]}:{compact[2]}' if compact else text}", order)
    return _join(moment_of(written(day), order).date(), clock)


def _join(day: date, clock: Value) -> datetime:
    if isinstance(clock, (time, datetime)):
        return datetime(day.year, day.month, day.day, clock.hour, clock.minute, clock.second)  # noqa: DTZ001 - local
    return moment_of(f"{day.isoformat()} {written(clock)}", "unknown")


def moment_of(text: str, order: DateOrder) -> datetime:
    """The time a cell means: aware when it names an offset, else naive local time. Raises CellError."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _by_parts(_RANGE.sub("", text) if ":" in text else text, order)


def _by_parts(text: str, order: DateOrder) -> datetime:
    plain = text.translate(_CHINESE).strip()
    found = _YEAR_FIRST.fullmatch(plain)
    if found:
        year, month, day = found["y"], found["m"], found["d"]
    else:
        found = _YEAR_LAST.fullmatch(plain)
        if found is None:
            raise _unreadable(text)
        if order == "unknown":
            raise CellError(_l("“%(value)s” could be two different days: write dates as 2026-03-31.", value=text[:40]))
        year, (day, month) = found["y"], (found["a"], found["b"]) if order == "day_first" else (found["b"], found["a"])
    try:
        at = _clock(found["rest"])
        return datetime(int(year), int(month), int(day), at.hour, at.minute, at.second)  # noqa: DTZ001 - local time
    except ValueError as error:
        raise _unreadable(text) from error


def _clock(text: str) -> time:
    if not text.strip():
        return time()
    found = _TIME.fullmatch(text)
    if found is None:
        raise ValueError(text)
    hour = int(found["h"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if found["half"].lower() == "pm" else 0)
    return time(hour, int(found["m"] or 0), int(found["s"] or 0))


def _unreadable(text: str) -> CellError:
    return CellError(_l("“%(value)s” is not a date and time such as 2026-03-31 08:30.", value=text[:40]))
