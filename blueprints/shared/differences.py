"""Two texts side by side, with what went marked ``del`` and what came marked ``ins``."""

import re
from difflib import SequenceMatcher

from markupsafe import Markup, escape

# A word with the blanks after it; each Chinese, Japanese or Korean character counts as a word.
_PIECES = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af]|[^\s\u2e80-\u9fff\uac00-\ud7af]+|\s+")


def _marked(tag: str, pieces: list[str]) -> Markup:
    text = "".join(pieces)
    if not text.strip():
        return escape(text)
    return Markup("<{0}>{1}</{0}>").format(Markup(tag), text)  # noqa: S704 - format() escapes the text


def word_diff(old: object, new: object) -> tuple[Markup, Markup]:
    """The old text with its removed words marked and the new text with its added words marked, both escaped."""
    before, after = (_PIECES.findall("" if text is None else str(text)) for text in (old, new))
    left, right = Markup(), Markup()
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            left += escape("".join(before[a:b]))
            right += escape("".join(after[c:d]))
        else:
            left += _marked("del", before[a:b])
            right += _marked("ins", after[c:d])
    return left, right
