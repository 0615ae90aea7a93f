"""The cards of the overview pages: every part of the portal adds its own, so that no page has to know them all.

A task module of any audience writes a function of the actor and registers it with `dashboard_card`:

    @dashboard_card("vendor", position=20)
    def services_card(actor: Actor) -> Card | None:
        ...

A card that answers None is left out (not permitted, or nothing to say). Cards stand by position, lowest first:
10 to 39 what waits for the reader, 40 to 69 work under way, 70 and up the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from portal.accounts.actor import Actor

Audience = Literal["buyer", "vendor", "admin"]


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a card: words with an optional address, a quiet note, a state (with its noun) or a figure."""

    label: Any
    url: str | None = None
    note: Any = None
    state: str | None = None
    noun: str | None = None
    figure: Any = None


@dataclass(frozen=True, slots=True)
class Card:
    """A card of an overview. `empty` is what it says without items; `url` and `link` lead on."""

    title: Any
    items: list[Item] = field(default_factory=list)
    empty: Any = None
    url: str | None = None
    link: Any = None
    note: Any = None


class _Registered(NamedTuple):
    position: int
    name: str
    build: Callable[[Actor], Card | None]


_cards: dict[str, dict[str, _Registered]] = {"buyer": {}, "vendor": {}, "admin": {}}


def dashboard_card(
    *audiences: Audience, position: int = 50
) -> Callable[[Callable[[Actor], Card | None]], Callable[[Actor], Card | None]]:
    """Register a card for one or more audiences; registering the same function again replaces it."""

    def register(build: Callable[[Actor], Card | None]) -> Callable[[Actor], Card | None]:
        name = f"{build.__module__}.{build.__qualname__}"
        for audience in audiences:
            _cards[audience][name] = _Registered(position, name, build)
        return build

    return register


def cards_for(audience: Audience, actor: Actor) -> list[Card]:
    """The cards this actor has, in order."""
    built = (entry.build(actor) for entry in sorted(_cards[audience].values()))
    return [card for card in built if card is not None]
