"""Gives the templates their filters and small helpers; ``init_look(app)`` is called once by the app factory."""

import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from zlib import crc32

from flask import Flask, url_for
from flask_babel import gettext
from wtforms import BooleanField, RadioField, SelectField

from blueprints.shared import formatting
from blueprints.shared.badges import badge_for
from blueprints.shared.choices import spoken_name
from blueprints.shared.differences import word_diff
from blueprints.shared.icons import icon, shared_icons
from blueprints.shared.translation import reading

_TONES = ("plum", "teal", "amber", "stone")


def initials(name: str) -> str:
    """Two letters of a name for its tile: the first of the first two words; one character of a Chinese name."""
    words = [word for word in name.split() if word[0].isalnum()]
    if not words:
        return "?"
    if ord(words[0][0]) > 0x2E7F:
        return words[0][0]
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[1][0]).upper()


def avatar_tone(name: str) -> str:
    """One of four tile colours, always the same for the same name. It carries no meaning."""
    return _TONES[crc32(name.encode("utf-8")) % len(_TONES)]


def company_kind_word(kind: str | None) -> str:
    """What a company is on the marketplace, in the reader's language; empty for none."""
    return {"buyer": gettext("Buyer"), "vendor": gettext("Vendor")}.get(str(kind or ""), "")


def is_hidden(field: object) -> bool:
    """Whether a WTForms field is drawn as a hidden input, whatever its type."""
    return getattr(getattr(field, "widget", None), "input_type", None) == "hidden"


def may_stay_empty(field: object) -> bool:
    """Whether a WTForms field says "optional": it is not required, and a select or check box has an empty answer."""
    if getattr(getattr(field, "flags", None), "required", False) or isinstance(field, BooleanField | RadioField):
        return False
    if isinstance(field, SelectField):
        return any(choice.value in ("", None) for choice in field.iter_choices())
    return True


def plain_errors(field: object) -> list[str]:
    """The error sentences of a WTForms field, also those of the fields nested in it, in order."""

    def flat(errors: object) -> Iterator[str]:
        if isinstance(errors, Mapping):
            for inner in errors.values():
                yield from flat(inner)
        elif isinstance(errors, list | tuple):
            for inner in errors:
                yield from flat(inner)
        elif errors:
            yield str(errors)

    return list(flat(getattr(field, "errors", ())))


def _fingerprint(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]


def init_look(app: Flask) -> None:
    """Registers the filters of ``formatting`` and the helpers that layouts and components call."""
    static = app.static_folder or "static"
    addresses: dict[str, tuple[int, str]] = {}

    def asset(filename: str) -> str:
        """Address of one of our static files with its fingerprint, so that it may be cached for ever."""
        path = f"{static}/{filename}"
        changed = os.stat(path).st_mtime_ns  # noqa: PTH116 - a dozen times a page, and Path costs five times as much
        known, address = addresses.get(filename, (0, ""))
        if known != changed:
            address = url_for("static", filename=filename, v=_fingerprint(Path(path)))
            addresses[filename] = (changed, address)
        return address

    app.jinja_env.filters.update(formatting.FILTERS, spoken_name=spoken_name)
    app.jinja_env.globals.update(
        icon=icon,
        shared_icons=shared_icons,
        badge_for=badge_for,
        initials=initials,
        avatar_tone=avatar_tone,
        asset=asset,
        company_kind_word=company_kind_word,
        reading=reading,
        is_hidden=is_hidden,
        may_stay_empty=may_stay_empty,
        plain_errors=plain_errors,
        zone_line=formatting.zone_line,
        word_diff=word_diff,
    )
