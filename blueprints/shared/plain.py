"""Draws pages that strangers only read: a shell that is kept per language, and in it what the page itself says.

The template of such a page is the same for everybody. For a plain reading its layout gives only the page's own parts,
cut from each other; they are put into the shell, which was drawn once with marks in their places. Such a page says
nothing in other blocks than `title`, `header`, `stages`, `tabs`, `content` and `aside`.
"""

import secrets
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from flask import current_app, g, render_template, request
from markupsafe import Markup, escape

from blueprints.shared import fragments
from blueprints.shared.context import LANGUAGES
from blueprints.shared.headers import csp_nonce
from blueprints.shared.translation import reading

# Between parts, and around a mark. Made up by each process, so that nobody can write them into a text or an address.
CUT, MARK = (Markup(f"<{secrets.token_hex(16)}>") for _one in range(2))  # noqa: S704 - our own signs
_PARTS = ("title", "found", "inner", "facts", "nonce", "address")
_MARKS = {name: Markup(f"{MARK}{number}{MARK}") for number, name in enumerate(_PARTS)}  # noqa: S704 - our own marks


def is_plain_reading() -> bool:
    """Whether a stranger only reads, in a request that `edge` prepared no more for."""
    return bool(g.get("is_plain_reading")) and not current_app.debug  # while templates are edited nothing is kept


def draw_page(template: str, **values: Any) -> str:
    """The page in the reader's language, as a stranger's plain reading or with all that a page shows of its reader."""
    return _in_shell(_parts(template, values)) if is_plain_reading() else render_template(template, **values)


def draw_kept_page(key: Hashable, template: str, values: Callable[[], dict[str, Any]]) -> str:
    """The page of a plain reading, its own parts kept under `key` and the reader's language."""
    language = reading().code
    return _in_shell(
        fragments.kept(("page", template, language, request.script_root, key), lambda: _parts(template, values()))
    )


def _parts(template: str, values: dict[str, Any]) -> str:
    own = {"is_plain": True, "actor": None, "acting": None, "cut": CUT, "csp_nonce": lambda: _MARKS["nonce"]}
    return current_app.jinja_env.get_template(template).render(values, **own)


def _in_shell(drawn: str) -> str:
    title, found, inner, facts = drawn.split(CUT)
    asked = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
    address = escape(f"{quote(request.path)}?{asked}{'&' if asked else ''}")
    nonce = csp_nonce()
    parts = (title, found, inner, facts.replace(_MARKS["nonce"], nonce), nonce, address)
    shell = _split(fragments.kept(("shell", reading().code, request.script_root), _shell))
    return "".join([parts[int(piece)] if at % 2 else piece for at, piece in enumerate(shell)])


@lru_cache(maxsize=len(LANGUAGES))
def _split(shell: str) -> list[str]:
    """The shell between and within its marks, one after the other."""
    return shell.split(MARK)


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
