"""What people can be told. Each capability registers its kinds in its `notices.py` and then notifies by name.

A notice is stored as a kind and plain values, and put into words when it is read, so that each reader gets it in
their own language.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `sentence` is a lazy string with `%(x)s` places, `path` an address with `{x}` places, both filled from the
    notice's values. `mail`: whether members who want mail get one; without, it is only shown on the page.
    """

    name: str
    sentence: Any
    path: str = "/notifications"
    mail: bool = True

    def words(self, params: dict[str, Any]) -> str:
        """The sentence in the reader's language. A place without a value stays an en dash, never an error."""
        return str(self.sentence) % _Filled(params)

    def address(self, params: dict[str, Any]) -> str:
        """Where the notice leads, as a path of this portal."""
        return self.path.format_map(_Filled(params))


class _Filled(dict[str, Any]):
    """Values of a notice; one that an older notice does not have yet is shown as missing."""

    def __missing__(self, key: str) -> str:
        return "–"


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
