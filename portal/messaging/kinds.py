"""What people can be told. Each capability registers its kinds in its `notices.py` and then notifies by name.

A notice is stored as a kind and plain values, and put into words when it is read, so that each reader gets it in
their own language.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time
from flask_babel import get_locale

from portal.kit.language import written_in
from portal.kit.money import format_amount
from portal.kit.text import gettext, listed

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `sentence` is a lazy string with `%(x)s` places, `path` an address with `{x}` places, both filled from the
    notice's values. In the sentence a value that is a day or a month in ISO form, a sum of money, or a list of
    words is written as the reader's language writes it.

    `mail`: whether members who want mail get one; without, it is only shown on the page. `template`: the words of that
    mail, `emails/<template>.txt`; one of a kind's own gets the notice's values as `details`. A value `stop` is the path
    that stops such mails without signing in.
    """

    name: str
    sentence: Any
    path: str = "/notifications"
    mail: bool = True
    template: str = "notification"

    def words(self, params: dict[str, Any]) -> str:
        """The sentence in the reader's language. A place without a value stays an en dash, never an error."""
        return str(self.sentence) % _Worded(params)

    def address(self, params: dict[str, Any]) -> str:
        """Where the notice leads, as a path of this portal."""
        return self.path.format_map(_Filled(params))


class _Filled(dict[str, Any]):
    """Values of a notice; one that an older notice does not have yet is shown as missing."""

    def __missing__(self, key: str) -> str:
        return "–"


class _Worded(_Filled):
    """The same values as people of the reader's language write them."""

    def __getitem__(self, key: str) -> Any:
        return _worded(super().__getitem__(key))


def money(minor: int, currency: str) -> dict[str, Any]:
    """A sum as a value of a notice: minor units and ISO currency, put into words when it is read."""
    return {"minor": minor, "currency": currency}


def moment(at: datetime, zone: str) -> dict[str, str]:
    """An instant as a value of a notice, shown with its time in `zone` and that zone's name."""
    return {"instant": at.isoformat(), "zone": zone}


def phrase(words: Any) -> dict[str, str]:
    """Words of the portal's own (a lazy string) as a value of a notice: each reader gets them in their language."""
    with written_in("en"):
        return {"phrase": str(words)}


def _worded(value: Any) -> Any:
    if isinstance(value, dict) and "phrase" in value:
        words = value["phrase"]
        return gettext(words)
    if isinstance(value, list):
        return listed(_worded(one) for one in value)
    locale = str(get_locale() or "en")
    if locale == "en":  # Babel's bare "en" is American; the portal speaks British English
        locale = "en_GB"
    if isinstance(value, dict) and {"minor", "currency"} <= value.keys():
        return format_amount(value["minor"], value["currency"], locale=locale)
    if isinstance(value, dict) and {"instant", "zone"} <= value.keys():
        local = datetime.fromisoformat(value["instant"]).astimezone(ZoneInfo(value["zone"]))
        clock = format_time(local, "HH:mm z", tzinfo=local.tzinfo, locale=locale)
        return f"{format_date(local, 'long', locale=locale)} {clock}"
    if isinstance(value, str) and _DAY.fullmatch(value):
        return format_date(date.fromisoformat(value), "long", locale=locale)
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=locale)
    return value


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Make a kind known; gives it back. Raises ValueError when the name is taken."""
    if kind.name in _kinds:
        raise ValueError(f"The notice {kind.name!r} is registered twice.")
    _kinds[kind.name] = kind
    return kind


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises KeyError for one that nobody registered."""
    return _kinds[name]


def is_known(name: str) -> bool:
    """Whether somebody registered the kind: notices may outlive the code that made them."""
    return name in _kinds
