"""How much of a vendor profile is filled in, and what is worth filling in next. Pure.

Each part has a weight by what buyers filter and compare by; the weights sum to 100. Next is the missing part with the
largest weight, of equals the one that comes first in the editor.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.catalog.models import VendorProfile


class Part(NamedTuple):
    """A part of a profile: where it is filled in, its weight, and what to do there."""

    section: str
    weight: int
    sentence: Any


class Completeness(NamedTuple):
    """`percent` from 0 to 100, and what is missing, the heaviest first."""

    percent: int
    missing: list[Part]
    full: frozenset[str]

    @property
    def next(self) -> Part | None:
        """What to fill in next, None when nothing is missing."""
        return self.missing[0] if self.missing else None


class Rows(NamedTuple):
    """How many rows beside the profile there are: certificates that are valid and references that stand."""

    certificates: int = 0
    references: int = 0
    contacts: int = 0


Filled = Callable[[Any, Rows], Any]


def _all(*names: str) -> Filled:
    return lambda profile, _rows: all(getattr(profile, name, None) not in (None, "", [], {}) for name in names)


_PARTS: tuple[tuple[Part, Filled], ...] = (
    (Part("about", 8, _l("Write one sentence for the list and a description.")), _all("headline", "description")),
    (Part("about", 3, _l("Say since when you exist and who owns the company.")), _all("founded", "ownership")),
    (Part("about", 2, _l("Name your website.")), _all("website")),
    (Part("size", 8, _l("Say how many agents you have and how many seats are free.")), _all("agents", "seats_free")),
    (
        Part("size", 3, _l("Say how many people you employ and how fast you can grow.")),
        _all("employees", "ramp_per_month"),
    ),
    (Part("sites", 8, _l("Name your sites.")), _all("sites")),
    (Part("languages", 9, _l("Name the languages you serve, with their levels.")), _all("languages")),
    (
        Part("languages", 5, _l("Say when your teams are there.")),
        lambda profile, _rows: getattr(profile, "is_always_open", False) or getattr(profile, "hours", []),
    ),
    (Part("offer", 7, _l("Say how many contacts a year you handle on each channel.")), _all("channel_volumes")),
    (Part("experience", 8, _l("Name the industries you know, and for how long.")), _all("experience")),
    (Part("offer", 4, _l("Say what the contacts are about.")), _all("service_types")),
    (
        Part("offer", 4, _l("Say which forms of outsourcing you take on, and from which size.")),
        _all("modes", "agent_models"),
    ),
    (Part("technology", 6, _l("Tick how you connect and what you automate.")), _all("technology")),
    (Part("quality", 7, _l("Describe your quality programme in figures.")), _all("quality")),
    (Part("security", 4, _l("Say how you protect data.")), _all("security")),
    (Part("certificates", 6, _l("Add a certificate with its document.")), lambda _profile, rows: rows.certificates),
    (
        Part("references", 6, _l("Add a reference and ask the customer to confirm it.")),
        lambda _profile, rows: rows.references,
    ),
    (Part("private", 2, _l("Say whom we can reach.")), lambda _profile, rows: rows.contacts),
)


def completeness(profile: VendorProfile | None, rows: Rows) -> Completeness:
    """Weigh what is there. A section is full when none of its parts is missing."""
    missing = [part for part, is_filled in _PARTS if not is_filled(profile, rows)]
    lacking = {part.section for part in missing}
    return Completeness(
        percent=100 - sum(part.weight for part in missing),
        missing=sorted(missing, key=lambda part: -part.weight),
        full=frozenset(part.section for part, _filled in _PARTS if part.section not in lacking),
    )
