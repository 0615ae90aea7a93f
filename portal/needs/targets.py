"""Which figures a channel's service target may be set on, from the catalogue of measures.

The time within which an answer counts is part of the target only where the figure is a share of contacts reached in
time; the other figures say it all themselves.
"""

from portal.measures.catalogue import measure
from portal.measures.definitions import Direction, Unit
from portal.measures.words import Channel

TARGETS: dict[Channel, tuple[str, ...]] = {
    Channel.PHONE: ("SL", "ASA", "ABN", "FCR", "CSAT"),
    Channel.CHAT: ("SL", "ASA", "FCR", "CSAT"),
    Channel.EMAIL: ("FRT", "TTR", "FCR", "CSAT"),
    Channel.SOCIAL: ("FRT", "TTR", "CSAT"),
}
WITHIN_SECONDS = frozenset({"SL", "FRT", "TTR"})
"""Figures that count what was reached within a number of seconds."""


def is_lower_better(code: str) -> bool:
    """Whether a smaller value of the figure is the better one."""
    return measure(code).default.direction is Direction.LOWER


def unit_of(code: str) -> Unit:
    """What the figure is stated in."""
    return measure(code).default.unit
