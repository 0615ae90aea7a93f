"""Pages of long lists by key: the address names the last row seen, so that new rows never shift a page."""

import uuid


def after_id(value: str | None) -> uuid.UUID | None:
    """The id that `after=` names; None, and so the first page, when it is none."""
    try:
        return uuid.UUID(value) if value else None
    except ValueError:
        return None
