"""Reading what everybody may read: one statement, no transaction around it, as the public and nobody else.

The pages that strangers ask for most are a statement or two of the public directory. Beginning a transaction, telling
it whom it speaks for and committing it would cost more than those. The connections kept here therefore belong to the
public from their first moment on: they log in with that scope, can write nothing, and no code can move them to another.
They see what is committed, so nobody reads here what the same request has just written.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg
from blinker import signal
from psycopg.rows import namedtuple_row
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from portal.kit.db import db

BIND = "public"
asked = signal("portal.public_reads.asked")
"""Each statement as it is sent; tests count them."""
STATEMENT_MS = 5_000
_AS_PUBLIC = " ".join(
    f"-c {name}={value}"
    for name, value in {
        "portal.scope": "public",
        "default_transaction_read_only": "on",
        "statement_timeout": STATEMENT_MS,
        # Row level security hides the statistics of words and facets, so that the planner guesses; see catalog.search.
        "plan_cache_mode": "force_custom_plan",
        "enable_seqscan": "off",
    }.items()
)


def engine_options(database_url: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The engine of these connections, as Flask-SQLAlchemy takes it among its binds; `own` are those of the other."""
    return {
        **own,
        "url": database_url,
        "pool_pre_ping": False,  # `rows` asks again instead
        "pool_reset_on_return": None,
        "isolation_level": "AUTOCOMMIT",
        "connect_args": {"options": _AS_PUBLIC},
    }


def rows(statement: str, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """The rows of a statement with `:name` for its values; each column is an attribute.

    Raises OperationalError where the database does not answer or takes longer than `STATEMENT_MS`.
    """
    written = _written(statement)
    asked.send(statement)
    engine = db.engines[BIND]
    for may_ask_again in (True, False):
        pooled = engine.raw_connection()
        connection: psycopg.Connection[Any] = pooled.driver_connection  # type: ignore[assignment]
        try:
            with connection.cursor(row_factory=namedtuple_row) as cursor:
                return cursor.execute(written, values).fetchall()
        except psycopg.OperationalError as error:
            if not (may_ask_again and connection.broken):
                raise OperationalError(statement, None, error) from error
            engine.dispose()  # the database has begun anew since: none of the kept connections leads to it
        finally:
            pooled.close()
    raise AssertionError("the second time either gives rows or raises")


@lru_cache(maxsize=512)
def _written(statement: str) -> str:
    """A statement as the driver wants it; an address of the directory gives one of a few hundred."""
    return str(text(statement).compile(dialect=db.engines[BIND].dialect))
