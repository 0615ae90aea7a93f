"""Taking a row for oneself, so that two people or jobs do not act on the same figures at once."""

from portal.kit.db import Base, db


def lock(thing: Base) -> None:
    """Lock the row until the transaction ends and read it anew; own changes are written first, not lost."""
    db.session.flush()
    db.session.refresh(thing, with_for_update=True)
