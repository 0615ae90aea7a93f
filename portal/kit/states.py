"""Lifecycles as tables of allowed moves, with one door.

A state that is missing from a table is final. Each step keeps its timestamp where the model has a column for it.
"""

from collections.abc import Mapping, Set
from datetime import datetime
from enum import StrEnum
from typing import Any

from portal.kit.errors import IllegalMove

Moves = Mapping[Any, Set[Any]]


def can_move(old: StrEnum, new: StrEnum, moves: Moves) -> bool:
    """Whether the table allows going from `old` to `new`."""
    return new in moves.get(old, frozenset())


def move(thing: Any, to: StrEnum, moves: Moves, at: datetime) -> None:
    """Move `thing.state` to `to` and stamp `<to>_at` where there is such a column.

    Raises IllegalMove when the table does not hold the move; nothing is changed then.
    """
    old = type(to)(thing.state)
    if not can_move(old, to, moves):
        raise IllegalMove(type(thing).__name__, old.value, to.value)
    thing.state = to.value
    if hasattr(type(thing), f"{to.value}_at"):
        setattr(thing, f"{to.value}_at", at)
