"""What really happened in a month, told by whoever measures it.

Monitoring registers itself here; billing, which stands below it, only asks. Where nobody knows, the forecast of the
agreement is billed and the line says so.
"""

import uuid
from collections.abc import Callable
from datetime import date

from portal.pricing.values import ScenarioMonth

# (agreement, first day of the month) -> the month as reported, or None
Source = Callable[[uuid.UUID, date], ScenarioMonth | None]

_sources: list[Source] = []


def actual_volumes(source: Source) -> Source:
    """Register where actual volumes come from; usable as a decorator. Registering the same source twice is harmless."""
    if source not in _sources:
        _sources.append(source)
    return source


def month_of(agreement_id: uuid.UUID, month: date) -> ScenarioMonth | None:
    """The month as the first source that knows it reports it."""
    for source in _sources:
        found = source(agreement_id, month)
        if found is not None:
            return found
    return None
