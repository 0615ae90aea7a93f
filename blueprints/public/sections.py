"""Parts of a vendor's public page that other parts of the portal add, such as reviews.

    @profile_section
    def reviews_section(vendor_id: UUID) -> Section | None:
        return Section("public/vendors/parts/reviews.html", {"reviews": …})

The template is included with `section` holding the values. Only public data may be shown.
"""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple


class Section(NamedTuple):
    """A template and the values it shows."""

    template: str
    values: dict[str, Any]


_sections: dict[str, Callable[[uuid.UUID], Section | None]] = {}


def profile_section(build: Callable[[uuid.UUID], Section | None]) -> Callable[[uuid.UUID], Section | None]:
    """Register a section; registering the same function again replaces it."""
    _sections[f"{build.__module__}.{build.__qualname__}"] = build
    return build


def sections_of(vendor_id: uuid.UUID) -> list[Section]:
    """The sections of a vendor's page, in the order they were registered."""
    built = (build(vendor_id) for build in _sections.values())
    return [section for section in built if section is not None]
