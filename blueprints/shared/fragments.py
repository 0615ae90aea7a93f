"""Keeps drawn pieces of public pages for the life of a process, the least used going first.

A key must hold everything the piece depends on: what it shows, the version of that, and the reader's language. Only
what is the same for everybody may be kept.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from markupsafe import Markup

MOST = 2000
"""Pieces of some kilobytes each: a few megabytes in each web process."""

_kept: OrderedDict[Hashable, Markup] = OrderedDict()
_lock = Lock()


def kept(key: Hashable, draw: Callable[[], Markup]) -> Markup:
    """The piece under `key`, drawn now unless it is there."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    drawn = draw()
    with _lock:
        _kept[key] = drawn
        if len(_kept) > MOST:
            _kept.popitem(last=False)
    return drawn
