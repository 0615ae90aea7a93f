"""Draws pages that strangers only read: a shell that is kept per language, and in it what the page itself says.

The template of such a page is the same for everybody. For a plain reading its layout gives only the page's own parts,
cut from each other; they are put into the shell, which was drawn once with marks in their places. Such a page says
nothing in other blocks than `title`, `header`, `stages`, `tabs`, `content` and `aside`.
"""

from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, g, render_template, request
from markupsafe import Markup, escape

from blueprints.shared import fragments
from blueprints.shared.context import LANGUAGES
from blueprints.shared.headers import csp_nonce
from blueprints.shared.translation import reading

# From Unicode's private use area, with which no word of ours is written.
CUT = "\ue000"
_PARTS = ("title", "found", "inner", "facts", "nonce", "address")
_MARKS = {name: Markup(f"{CUT}{number}{CUT}") for number, name in enumerate(_PARTS)}  # noqa: S704 - our own marks


def draw_page(template: str, **values: Any) -> str:
    """The page in the reader's language, as a stranger's plain reading or with all that a page shows of its reader."""
    if not g.get("is_plain_reading") or current_app.debug:
        return render_template(template, **values)
    drawn = current_app.jinja_env.get_template(template).render(values, is_plain=True, actor=None, acting=None, cut=CUT)
    title, found, inner, facts = (part.strip() for part in drawn.split(CUT))
    asked = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
    address = escape(f"{quote(request.path)}?{asked}{'&' if asked else ''}")
    parts = (title, found, inner, facts, csp_nonce(), address)
    shell = fragments.kept(("shell", reading().code, request.script_root), _shell)
    return "".join(parts[int(piece)] if at % 2 else piece for at, piece in enumerate(shell.split(CUT)))


def _shell() -> Markup:
    """The page around a page, with marks where its own parts belong."""
    current = reading().code
    languages = [
        {"code": code, "label": label, "url": _MARKS["address"] + f"lang={code}", "current": code == current}
        for code, label in LANGUAGES.items()
    ]
    return Markup(  # noqa: S704 - drawn with escaping
        render_template("layouts/shell.html", mark=_MARKS, languages=languages, csp_nonce=lambda: _MARKS["nonce"])
    )
