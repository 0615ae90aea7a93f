"""Slows down guessing without locking anybody out for good: counts of tries in a sliding window, in the database.

A try is counted in a transaction of its own, because the request that failed is rolled back.
"""

from datetime import timedelta

from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from portal.kit.db import db
from portal.kit.errors import TooMany

WINDOW = timedelta(minutes=15)
TRIES_PER_ACCOUNT = 10
TRIES_PER_ADDRESS = 50


def check(key: str, limit: int) -> None:
    """Raise TooMany (429) when `key` was tried `limit` times within the window."""
    tried = db.session.execute(text("SELECT attempt_count(:key, :window)"), {"key": key, "window": WINDOW}).scalar_one()
    if tried >= limit:
        raise TooMany


def count(*keys: str) -> None:
    """Count one try for each key, at once and for good."""
    # Not from the pool: the request holds one of its connections already, and all of them waiting for a second one
    # would let nobody in.
    engine = create_engine(db.engine.url, poolclass=NullPool, hide_parameters=True)
    with engine.begin() as connection:
        for key in keys:
            connection.execute(text("SELECT attempt_add(:key)"), {"key": key})


def clear(key: str) -> None:
    """Forget the tries of a key, after it succeeded."""
    db.session.execute(text("SELECT attempts_clear(:key)"), {"key": key})
