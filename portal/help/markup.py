"""The few marks an answer may hold: paragraphs, lists, and links to pages of this portal. Pure.

    A paragraph ends with an empty line.

    - a line of a list
    - with a link: [the directory](/vendors)

Nothing else means anything, so that no text can bring a tag, a script or a link to another site onto a page.
"""

import re
from typing import NamedTuple

from portal.kit.text import clean_text

_LINK = re.compile(r"\[([^\[\]\n]+)\]\(([^()\s]*)\)")
_PATH = re.compile(r"/(?:[A-Za-z0-9][A-Za-z0-9/_.~-]*)?(?:\?[A-Za-z0-9_=&%.~-]*)?(?:#[A-Za-z0-9_-]*)?")
_ITEM = "- "


class Span(NamedTuple):
    """Words, and the path they lead to; '' for words that lead nowhere."""

    words: str
    path: str = ""


class Block(NamedTuple):
    """A paragraph, or a list with one line of spans for each entry."""

    is_list: bool
    lines: list[list[Span]]


def blocks(text: str) -> list[Block]:
    """A text as it is to be shown."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", clean_text(text)):
        paragraph: list[str] = []
        for line in filter(None, part.split("\n")):
            if line.startswith(_ITEM):
                _end(paragraph, found)
                if not found or not found[-1].is_list:
                    found.append(Block(True, []))
                found[-1].lines.append(_spans(line.removeprefix(_ITEM)))
            else:
                paragraph.append(line)
        _end(paragraph, found)
    return found


def plain(text: str) -> str:
    """A text in words alone, its blocks on lines of their own."""
    lines = (line for block in blocks(text) for line in block.lines)
    return "\n".join("".join(span.words for span in line) for line in lines)


def wrong_links(text: str) -> list[str]:
    """The targets of links that do not lead to a page of this portal."""
    return [path for _words, path in _LINK.findall(text) if not _PATH.fullmatch(path)]


def _end(paragraph: list[str], found: list[Block]) -> None:
    """Put the lines gathered so far down as a paragraph."""
    if paragraph:
        found.append(Block(False, [_spans(" ".join(paragraph))]))
        paragraph.clear()


def _spans(line: str) -> list[Span]:
    spans, at = [], 0
    for link in _LINK.finditer(line):
        if _PATH.fullmatch(link[2]):
            spans += [Span(line[at : link.start()]), Span(link[1], link[2])]
            at = link.end()
    return [span for span in [*spans, Span(line[at:])] if span.words]
