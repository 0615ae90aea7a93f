"""Icons, drawn into the page from the sprite that the Bootstrap-Flask wheel brings.

The sprite weighs over a megabyte, so a page never refers to it: the few symbols a page uses are written into
it, and each symbol is read once for the life of the process. Icons are decoration beside a word and hidden from
screen readers; the three that stand alone (close, more, bell) get their name from the control around them.
"""

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from markupsafe import Markup, escape

_SYMBOL = re.compile(r'<symbol [^>]*\bviewBox="([^"]+)" id="([^"]+)">(.*?)</symbol>', re.DOTALL)

SHARED = ("headset", "translate", "people", "calendar3", "plus-lg", "check-lg", "dash-lg", "bookmark", "bookmark-check")
"""The icons of pieces that stand on a page many times."""


class UnknownIcon(LookupError):
    """A template asked for an icon the sprite does not hold."""


@lru_cache(maxsize=1)
def _symbols() -> dict[str, tuple[str, str]]:
    """Name of each symbol of the sprite to its view box and its drawing."""
    package = find_spec("flask_bootstrap")
    if package is None or not package.submodule_search_locations:
        raise UnknownIcon("Bootstrap-Flask, which brings the icons, is not installed.")
    sprite = Path(package.submodule_search_locations[0]) / "static/bootstrap5/icons/bootstrap-icons.svg"
    return {name: (box, drawing) for box, name, drawing in _SYMBOL.findall(sprite.read_text(encoding="utf-8"))}


@lru_cache(maxsize=1024)
def icon(name: str, size: int = 16, classes: str = "") -> Markup:
    """An inline SVG of one icon.

    name: as in the sprite, for example ``bell``. size: edge in pixels. classes: more CSS classes.
    Raises UnknownIcon for a name that the sprite does not hold.
    """
    try:
        rest = _rest(name)
    except KeyError:
        raise UnknownIcon(f"There is no icon named {name!r}; look it up in the Bootstrap icons.") from None
    begin = f'<svg class="icon {escape(classes)}" width="{size:d}" height="{size:d}" '
    return Markup(begin + rest)  # noqa: S704 - the drawing comes from the installed package, the rest is escaped


def with_shared_icons(drawn: str) -> Markup:
    """A piece that stands on its page many times: its icons, of those in `SHARED`, refer to `shared_icons`."""
    for name in SHARED:
        drawn = drawn.replace(_rest(name), f'aria-hidden="true" focusable="false"><use href="#icon-{name}"/></svg>')
    return Markup(drawn)  # noqa: S704 - it was drawn with escaping


@lru_cache(maxsize=1)
def shared_icons() -> Markup:
    """The drawings that pieces with shared icons refer to; stands once on their page, before them."""
    symbols = "".join(
        f'<symbol id="icon-{name}" viewBox="{box}" fill="currentColor">{drawing}</symbol>'
        for name, (box, drawing) in ((name, _symbols()[name]) for name in SHARED)
    )
    return Markup(f'<svg width="0" height="0" class="hatches" aria-hidden="true" focusable="false">{symbols}</svg>')  # noqa: S704


def _rest(name: str) -> str:
    """What follows the size in an icon."""
    box, drawing = _symbols()[name]
    return f'viewBox="{box}" fill="currentColor" aria-hidden="true" focusable="false">{drawing}</svg>'
