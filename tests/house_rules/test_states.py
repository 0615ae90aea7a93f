"""Every lifecycle is one table, and the one door lets through what stands in it and nothing else."""

import importlib
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from itertools import product
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from portal.kit.errors import IllegalMove
from portal.kit.states import Moves, can_move, move
from tests.house_rules.sources import sources

AT = datetime(2026, 1, 1, tzinfo=UTC)


class Lifecycle(NamedTuple):
    """A table of moves and the states it is about."""

    name: str
    moves: Moves
    states: type[StrEnum]

    @property
    def initial(self) -> StrEnum:
        """Where a life begins: the first one its states name."""
        return next(iter(self.states))


def _lifecycles() -> Iterator[Lifecycle]:
    for source in sources("portal"):
        if source.path.name == "states.py" and source.module != "portal.kit.states":
            held = vars(importlib.import_module(source.module))
            for name, moves in held.items():
                if name.endswith("_MOVES"):
                    yield Lifecycle(f"{source.path.parts[1]}:{name}", moves, type(next(iter(moves))))


LIFECYCLES = tuple(_lifecycles())
each_lifecycle = pytest.mark.parametrize("life", LIFECYCLES, ids=[life.name for life in LIFECYCLES])


def test_the_tables_are_found() -> None:
    assert {"needs:REQUIREMENT_MOVES", "selection:BID_MOVES", "billing:INVOICE_MOVES"} <= {x.name for x in LIFECYCLES}


@each_lifecycle
def test_a_table_speaks_of_one_kind_of_state(life: Lifecycle) -> None:
    named = {*life.moves, *(state for targets in life.moves.values() for state in targets)}
    assert {type(state) for state in named} == {life.states}


@each_lifecycle
def test_a_table_says_nothing_twice_or_for_nothing(life: Lifecycle) -> None:
    """A final state is left out of the table; staying where one is is not a move."""
    assert [str(old) for old, targets in life.moves.items() if not targets or old in targets] == []


@each_lifecycle
def test_every_state_can_be_reached(life: Lifecycle) -> None:
    """From the first state its enum names. A state nobody reaches is a wish: add the move or take it out."""
    reached, left = {life.initial}, [life.initial]
    while left:
        fresh = life.moves.get(left.pop(), frozenset()) - reached
        reached |= fresh
        left += fresh
    assert set(life.states) - reached == set()


@each_lifecycle
def test_the_door_opens_for_every_pair_in_the_table_and_no_other(life: Lifecycle) -> None:
    for old, new in product(life.states, repeat=2):
        allowed = new in life.moves.get(old, ())
        thing = SimpleNamespace(state=old.value)
        assert can_move(old, new, life.moves) is allowed
        if allowed:
            move(thing, new, life.moves, AT)
        else:
            with pytest.raises(IllegalMove):
                move(thing, new, life.moves, AT)
        assert thing.state == (new if allowed else old).value
