"""Time zones of the IANA database."""

from functools import cache
from zoneinfo import available_timezones


@cache
def zone_names() -> frozenset[str]:
    """The names of every zone; looked up in the files of the machine once, for that takes long."""
    return frozenset(available_timezones())
