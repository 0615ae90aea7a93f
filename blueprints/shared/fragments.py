"""Keeps drawn pieces of public pages for the life of a process, the least used going first.

A key must hold everything the piece depends on: what it shows, the version of that, and the reader's language. Only
what is the same for everybody may be kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

MOST_CHARACTERS = 4_000_000
"""Of all pieces together: some eight megabytes in each web process, since texts hold more than Latin letters."""

Text = TypeVar("Text", bound=str)


class Fragments:
    """Pieces under their keys, with so many characters together at most."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.length = 0
        self._pieces: OrderedDict[Hashable, str] = OrderedDict()
        self._lock = Lock()

    def kept(self, key: Hashable, draw: Callable[[], Text]) -> Text:
        """The piece under `key`, drawn now unless it is there."""
        pieces = self._pieces
        with self._lock:
            found = pieces.get(key)
            if found is not None:
                pieces.move_to_end(key)
                return found  # type: ignore[return-value]
        drawn = draw()
        with self._lock:
            self.length += len(drawn) - len(pieces.pop(key, ""))
            pieces[key] = drawn
            while self.length > self.most:
                self.length -= len(pieces.popitem(last=False)[1])
        return drawn


kept = Fragments(MOST_CHARACTERS).kept
