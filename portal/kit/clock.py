"""The portal's clock: the database's `portal_now()`, so that every machine agrees and history can be replayed."""

import time
from datetime import UTC, datetime, timedelta

from flask import current_app
from sqlalchemy import text

from portal.kit.db import db, owner_engine


def now() -> datetime:
    """The portal's time in UTC. Read once when the transaction began and carried on from there."""
    session = db.session()
    session.connection()
    at_begin, ticked = session.info["portal_now"]
    moment: datetime = at_begin.astimezone(UTC) + timedelta(seconds=time.monotonic() - ticked)
    return moment


def instant() -> datetime:
    """The portal's time asked of the database at this very moment: for deciding lateness inside a lock."""
    found: datetime = db.session.execute(text("SELECT portal_now()")).scalar_one()
    return found.astimezone(UTC)


def move_to(when: datetime) -> None:
    """Set the portal's clock, in a transaction of its own. Refused in production, where it always is the real time."""
    if current_app.config["PORTAL"].is_production:
        raise RuntimeError("The clock of a production portal cannot be moved.")
    engine = owner_engine()
    with engine.begin() as connection:
        connection.execute(text("UPDATE portal_clock SET ahead = :when - clock_timestamp()"), {"when": when})
    engine.dispose()


def reset() -> None:
    """Put the clock back to the real time."""
    engine = owner_engine()
    with engine.begin() as connection:
        connection.execute(text("UPDATE portal_clock SET ahead = interval '0'"))
    engine.dispose()
