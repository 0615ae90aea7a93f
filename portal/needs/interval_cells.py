"""Single cells of an interval file: a time as people and systems write it, and a count."""

import re
from collections.abc import Iterable
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Literal

from flask_babel import lazy_gettext as _l

DateOrder = Literal["day_first", "month_first", "unknown"]

_LARGEST = Decimal(10) ** 9
_COUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_COMMA = re.compile(r"[0-9]{1,12},[0-9]{1,6}")
_AMBIGUOUS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+")
_CHINESE = str.maketrans({"年": "-", "月": "-", "日": " ", "時": ":", "时": ":", "分": " ", "秒": " "})
_YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})[-/.](?P<m>[0-9]{1,2})[-/.](?P<d>[0-9]{1,2})(?P<rest>.*)")
_YEAR_LAST = re.compile(r"(?P<a>[0-9]{1,2})(?P<mark>[-/.])(?P<b>[0-9]{1,2})[-/.](?P<y>[0-9]{4})(?P<rest>.*)")
_TIME = re.compile(
    r"[T\s]*(?P<h>[0-9]{1,2})(:(?P<m>[0-9]{2}))?(:(?P<s>[0-9]{2})(\.[0-9]+)?)?:?\s*(?P<half>[ap]m)?", re.IGNORECASE
)


class CellError(Exception):
    """A cell that cannot be read; `sentence` says how it should look."""

    def __init__(self, sentence: Any) -> None:
        self.sentence = sentence
        super().__init__(str(sentence))


def count_of(text: str, *, decimal_comma: bool) -> Decimal:
    """A count of zero or more; decimals are possible. Raises CellError."""
    if decimal_comma and _COMMA.fullmatch(text) and not _AMBIGUOUS.fullmatch(text):
        text = text.replace(",", ".")
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


def date_order(texts: Iterable[str]) -> DateOrder:
    """Whether dates that end with the year begin with the day or the month, from all of them together."""
    first = second = 0
    for text in texts:
        found = _YEAR_LAST.match(text)
        if found:
            if found["mark"] == ".":  # dotted dates begin with the day everywhere
                return "day_first"
            first, second = max(first, int(found["a"])), max(second, int(found["b"]))
    if first > 12 >= second:
        return "day_first"
    return "month_first" if second > 12 >= first else "unknown"


def moment_of(text: str, order: DateOrder) -> datetime:
    """The time a cell means: aware when it names an offset, else naive local time. Raises CellError."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return _by_parts(text, order)


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
