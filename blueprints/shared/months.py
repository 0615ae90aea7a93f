"""Calendar months as addresses write them."""

from datetime import date

from portal.kit.errors import NotFound


def month_of(text: str) -> date:
    """The first day of a month written 2026-06. Raises NotFound for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError as error:
        raise NotFound from error
