"""The text of an uploaded table: in which encoding it is, and where it separates its cells.

An encoding is recognised by its mark, by its zeros (UTF-16), by being valid UTF-8, by headings that make sense in it,
then by what the high bytes look like: lone ones are Western European, pairs are Chinese. Big5 and GB18030 read each
other's bytes without complaint, so the one whose text has the commoner characters wins. It is a guess, shown to the
person who knows the file.
"""

import codecs
import re
from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.kit.errors import Invalid
from portal.needs.interval_words import NAMES, columns_named

FIELD = "file"
SEPARATORS = ",;\t|"
_SAMPLE = 64 * 1024
_BROKEN_AT_MOST = 0.2
"""A text of many valid UTF-8 characters with few broken ones is UTF-8 that was damaged, not another encoding."""

ENCODINGS: Mapping[str, str] = {
    "utf-8": "utf-8-sig",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "big5": "cp950",
    "gb18030": "gb18030",
    "latin-1": "cp1252",
}
"""What a person can choose, and the codec that reads it."""

ENCODING_NAMES = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "big5": "Big5",
    "gb18030": "GB18030",
    "latin-1": "Latin-1 (Windows-1252)",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HIGH = re.compile(rb"[\x80-\xff]+")
_UTF8_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_COMMON = {"big5": re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]"), "gb18030": re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")}
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def encoding_of(content: bytes) -> str:
    """The likeliest of ENCODINGS."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return name
    sample = content[:_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if even + odd > len(sample) // 5:
        return "utf-16-le" if odd > even else "utf-16-be"
    runs = _HIGH.findall(content)
    if not runs or _is_utf8(content):
        return "utf-8"
    named = [name for name in _COMMON if _names_columns(content, name)]
    if len(named) == 1:
        return named[0]
    if 2 * sum(len(run) == 1 for run in runs) > len(runs):
        return "latin-1"
    able = [name for name in ("gb18030", "big5") if _can_read(content, name)]
    return max(able, key=lambda name: sum(map(len, _COMMON[name].findall(content))), default="latin-1")


def text_of(content: bytes, encoding: str) -> str:
    """The text in the `encoding` given. Raises Invalid with the line that is not in it, and for what is no text."""
    try:
        text = content.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as error:
        line = content[: error.start].replace(b"\x00", b"").count(b"\n") + 1
        sentence = _l(
            "Line %(line)s is not in %(encoding)s: choose another encoding, or save the file as CSV in UTF-8.",
            line=line,
            encoding=ENCODING_NAMES[encoding],
        )
        raise Invalid(sentence, "encoding") from error
    if _CONTROL.search(text):
        raise Invalid(_l("This is not a text file: save the table as CSV or XLSX and upload it again."), FIELD)
    return text.removeprefix("\ufeff")


def separator_of(text: str) -> str:
    """The mark that the first line has most of."""
    heading = text.lstrip("\r\n").partition("\n")[0]
    return max(SEPARATORS, key=lambda mark: (heading.count(mark), -SEPARATORS.index(mark)))


def _is_utf8(content: bytes) -> bool:
    """Whether it is UTF-8, or was before a few of its bytes were damaged: then the refusal names their line."""
    if _can_read(content, "utf-8"):
        return True
    whole = sum(map(len, _UTF8_CHARACTER.findall(content)))
    high = sum(map(len, _HIGH.findall(content)))
    return high - whole < _BROKEN_AT_MOST * high


def _names_columns(content: bytes, encoding: str) -> bool:
    """Whether the first line, in this encoding, has a word that systems call columns by."""
    heading = content.lstrip(b"\r\n").partition(b"\n")[0].decode(ENCODINGS[encoding], "replace")
    cells = [cell for cell in re.split(f"[{SEPARATORS}]", heading) if not cell.isascii()]
    return any(columns_named(cells, use) for use in NAMES)


def _can_read(content: bytes, encoding: str) -> bool:
    try:
        content.decode(ENCODINGS[encoding])
    except UnicodeDecodeError:
        return False
    return True
