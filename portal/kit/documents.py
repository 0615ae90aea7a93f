"""PDF documents: a Typst template and plain data in, the bytes of a PDF out.

Data reaches the template as JSON, so nothing in it is ever read as markup. A character that no installed font can
draw fails the document: a contract or an invoice with boxes in it would be worse than none.
"""

import json
from functools import cache
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _l

from portal.kit.errors import PortalError
from portal.kit.glyphs import missing


class MissingGlyph(PortalError):
    """The server lacks a font for what is to be printed."""

    status = 503
    title = _l("This document cannot be printed here")

    def __init__(self, characters: str) -> None:
        self.characters = characters
        super().__init__(
            _l(
                "No font on the server draws “%(characters)s”. Ask its operator to install Debian's fonts-noto-cjk,"
                " or to name a folder of fonts in PORTAL_FONT_PATH.",
                characters=characters[:20],
            )
        )


def render_pdf(template: str, data: dict[str, Any], *, title: str) -> bytes:
    """Typeset `template`, Typst source that reads `json(bytes(sys.inputs.data))`. Raises MissingGlyph (503)."""
    text = json.dumps({**data, "title": title}, ensure_ascii=False, default=str)
    fonts = _fonts(current_app.config["PORTAL"].font_path)
    undrawn = missing(text, (font.path for font in fonts.fonts() if font.path))
    if undrawn:
        raise MissingGlyph(undrawn)
    pdf: bytes = _typst().compile(template.encode(), font_paths=fonts, sys_inputs={"data": text})
    return pdf


def _typst() -> Any:
    """The typesetter, which is large: most processes of the portal never print."""
    import typst

    return typst


@cache
def _fonts(folder: str | None) -> Any:
    """The fonts of the server and of the configured folder, looked up once per process."""
    return _typst().Fonts(font_paths=[folder] if folder else [])
