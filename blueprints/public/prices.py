"""How the public pages word a price: which unit it is for, and of an hour which hours are counted."""

from typing import Any

from flask_babel import lazy_gettext as _l

_UNITS: dict[tuple[str, str | None], Any] = {
    ("hour", "handle"): _l("per hour spent on contacts"),
    ("hour", "logged_in"): _l("per logged-in hour"),
    ("hour", "paid"): _l("per paid hour"),
    ("hour", None): _l("per hour"),
    ("fte_month", None): _l("per full-time agent and month"),
    ("seat_month", None): _l("per seat and month"),
    ("contact", None): _l("per contact"),
    ("minute", None): _l("per minute handled"),
    ("month", None): _l("per month"),
}


def price_unit(unit: str | None, basis: str | None) -> Any:
    """What an indicative price is per, in words; empty without a price."""
    if unit is None:
        return ""
    return _UNITS.get((unit, basis)) or _UNITS.get((unit, None), "")
