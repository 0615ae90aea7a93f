"""What buyer and winner may still refine after the award. Pure.

Texts that say how the service is meant, and when data goes; nothing that a price, a score or a promise of the bid
rests on. `agreed` is what they settle in addition: a requirement on its own has no such text.
"""

from portal.measures.words import Mode

MAX_TEXT = 5000
_ALWAYS = ("summary",)
_OF_MODE = {
    Mode.FULL: (),
    Mode.PARTIAL: ("split_note", "retained"),
    Mode.TEMPORARY: ("wind_down", "data_deletion_on"),
}


def refinable(mode: str) -> tuple[str, ...]:
    """The fields of a requirement of this form of outsourcing that a refinement may change."""
    return (*_ALWAYS, *_OF_MODE[Mode(mode)], "agreed")
