"""Runs migrations as the owner, on a connection of its own; the portal's own role may not change tables."""

from alembic import context
from flask import current_app
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

LOCK_TIMEOUT_MS = 4_000


def _is_compared(_thing: object, _name: str | None, _kind: str, reflected: bool, counterpart: object) -> bool:
    """Compare what models declare; tables that only functions reach, and the queue's, have no model."""
    return not (reflected and counterpart is None)


def _engine() -> Engine:
    return create_engine(current_app.config["PORTAL"].database_owner_url, poolclass=NullPool)


def run() -> None:
    """Apply the migrations, all in one transaction, giving up rather than queueing behind a long lock."""
    metadata = current_app.extensions["migrate"].db.metadata
    with _engine().connect() as connection:
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.commit()
        context.configure(connection=connection, target_metadata=metadata, include_object=_is_compared)
        with context.begin_transaction():
            context.run_migrations()


run()
