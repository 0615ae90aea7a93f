"""What differs between two versions of a requirement, field by field, and whether bids have to be confirmed again.

Pure: both versions are documents of `content.document_of`. A field that one of them lacks counts as empty there, so
that versions stored before a field existed can be compared with later ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from portal.needs.evaluation import Choices

REQUIREMENT = "requirement"
ROW_KEYS = {"channels": "channel", "criteria": "code", "knock_outs": "title", "scenarios": "name"}
"""By what the rows of a part are told apart; a part that is not here has one row at most."""

UNSAID: Mapping[str, Mapping[str, Any]] = {"rules": Choices().to_document()}
"""What holds where a part of one row has none, in versions stored before the part existed too."""

DEADLINE = frozenset({"deadline_at", "deadline_local", "deadline_zone"})
EXPLANATORY = {
    REQUIREMENT: frozenset({"title", "summary", "goals", "industry"}) | DEADLINE,
    "channels": frozenset({"source"}),
    "criteria": frozenset({"position"}),
    "knock_outs": frozenset({"position"}),
}
"""What may change without touching what is priced, judged or promised. Any other field, a new one too, is material.

A later deadline alone leaves what was offered as it is, so it voids nothing.
"""


class Change(NamedTuple):
    """One difference. `row` is '' for the requirement's own fields; `field` is '' where a whole row came or went."""

    part: str
    row: str
    field: str
    old: Any
    new: Any

    @property
    def kind(self) -> str:
        """`added`, `dropped` or `changed`."""
        if is_empty(self.old):
            return "added"
        return "dropped" if is_empty(self.new) else "changed"

    @property
    def is_material(self) -> bool:
        """Whether it touches what is priced, judged or promised."""
        return self.field not in EXPLANATORY.get(self.part, frozenset())


def is_empty(value: Any) -> bool:
    """Whether nothing is said: none, an empty text or list. Zero and no are answers."""
    return value is None or value == "" or value == [] or value == {}


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Everything that differs, in the order of the later document."""
    found = [*_fields(REQUIREMENT, "", old.get(REQUIREMENT, {}), new.get(REQUIREMENT, {}))]
    for part in dict.fromkeys((*new, *old)):
        if part != REQUIREMENT:
            found += _rows(part, old.get(part, ()), new.get(part, ()))
    return found


def is_material(changes: Iterable[Change]) -> bool:
    """Whether bids that were submitted before have to be confirmed again."""
    return any(change.is_material for change in changes)


def rows_by_key(part: str, rows: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The rows of a part by what they are told apart by; '' for the one row of a part that has no key."""
    if part in ROW_KEYS:
        return {str(row[ROW_KEYS[part]]): row for row in rows}
    only = rows[0] if rows else UNSAID.get(part)
    return {} if only is None else {"": only}


def _fields(part: str, row: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    names = dict.fromkeys((*new, *old))
    pairs = ((name, old.get(name), new.get(name)) for name in names)
    return [Change(part, row, name, before, after) for name, before, after in pairs if not _same(before, after)]


def _same(old: Any, new: Any) -> bool:
    return old == new or (is_empty(old) and is_empty(new))


def _rows(part: str, old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> list[Change]:
    before, after = rows_by_key(part, old), rows_by_key(part, new)
    found: list[Change] = []
    for name in dict.fromkeys((*after, *before)):
        if name in before and name in after:
            found += _fields(part, name, before[name], after[name])
        else:
            found.append(Change(part, name, "", before.get(name), after.get(name)))
    return found
