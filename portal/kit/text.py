"""Text: folding for search and uniqueness, slugs, cleaning of what people type, and typed translation.

Search does not depend on the database's locale: words are folded here (NFKC, casefold), runs of Chinese, Japanese
and Korean become overlapping pairs, and the result is written as a weighted tsvector literal.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from itertools import count

import flask_babel
from slugify import slugify

_CJK = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_RUN = re.compile(f"[{_CJK}]+|[^\\W_{_CJK}]+")
_IS_CJK = re.compile(f"[{_CJK}]")
# Controls that reorder or hide text; a name that holds them can pose as another one.
_HIDDEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
MAX_POSITION = 16_383  # a tsvector holds no larger one


def gettext(message: str, **values: object) -> str:
    """A message in the language of now, its `%(name)s` filled in; flask_babel's own comes without types."""
    return str(flask_babel.gettext(message, **values))


def listed(parts: Iterable[object], *, of_lists: bool = False) -> str:
    """Words one after another as the language of now separates them; `of_lists` where they hold commas themselves."""
    is_chinese = str(flask_babel.get_locale()).startswith("zh")
    short, long = ("、", "；") if is_chinese else (", ", "; ")
    return (long if of_lists else short).join(str(part) for part in parts)


def clean_line(value: str) -> str:
    """One line as typed: NFC, no control or reordering characters, single spaces, no blanks around it."""
    value = _HIDDEN.sub("", unicodedata.normalize("NFC", value))
    return " ".join("".join(c if unicodedata.category(c) != "Cc" else " " for c in value).split())


def clean_text(value: str) -> str:
    """Several lines as typed: like clean_line, but line breaks stay."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(clean_line(line) for line in value.split("\n")).strip()


def fold(value: str) -> str:
    """The form in which two spellings of one word are equal: NFKC, then casefold."""
    return unicodedata.normalize("NFKC", value).casefold()


def tokens(value: str) -> list[str]:
    """The searchable words of a text, in order; a run of Chinese gives its pairs, a lone character itself."""
    found: list[str] = []
    for run in _RUN.findall(fold(value)):
        if _IS_CJK.match(run) and len(run) > 1:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
        else:
            found.append(run[:60])
    return found


def tsvector(weighted: Iterable[tuple[str, str]]) -> str:
    """A tsvector literal from (text, weight A to D) pairs, for a cast `::tsvector`."""
    parts, position = [], 0
    for value, weight in weighted:
        for token in tokens(value):
            position = min(position + 1, MAX_POSITION)
            parts.append(f"'{token}':{position}{weight}")
    return " ".join(parts)


def tsquery(value: str, *, prefix: bool = True) -> str:
    """A tsquery literal in which every word must occur; the last may be the beginning of a word. '' for no words."""
    words = [f"'{token}'" for token in dict.fromkeys(tokens(value))]
    if words and prefix:
        words[-1] += ":*"
    return " & ".join(words)


def slug(value: str) -> str:
    """A readable address part: letters of any script are transliterated, the rest becomes hyphens."""
    found: str = slugify(value, max_length=80)
    return found or "x"


def free_name(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with the first number from 2 on that is not taken: `desk`, `desk-2`, `desk-3`."""
    numbered = (wanted if number == 1 else f"{wanted}-{number}" for number in count(1))
    return next(name for name in numbered if name not in taken)
