"""The database as the rest of the portal sees it: one session, one declarative base, shared column mixins.

Nothing here commits: the edge (a request, a job, a command) does. Types are chosen once: text for words and
states, bigint for counts and minor units of money, timestamptz for instants, jsonb for documents.
"""

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Engine, MetaData, Text, Uuid, create_engine, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from sqlalchemy.pool import NullPool

from portal.kit.errors import StaleVersion
from portal.kit.ids import new_id


class Base(DeclarativeBase):
    """Base of every table; constraints get names by rule, so that migrations and errors can speak of them."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            str: Text,
            int: BigInteger,
            datetime: DateTime(timezone=True),
            uuid.UUID: Uuid,
            dict[str, Any]: JSONB,
            list[Any]: JSONB,
            list[str]: JSONB,
            list[dict[str, Any]]: JSONB,
        },
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


class Identified:
    """A row with a time-ordered UUID that the application makes."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)


class Stamped:
    """A row that knows when it was made, by the portal's clock."""

    created_at: Mapped[datetime] = mapped_column(server_default=text("portal_now()"))


class Versioned:
    """A row that people edit: each flush counts its version up, and a stale one is refused."""

    version: Mapped[int] = mapped_column(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}


def check_version(thing: Any, version: int, *, mine: str = "", theirs: str = "") -> None:
    """Refuse an edit that was begun on an older version of `thing`.

    `version` is what the form carried; `mine` and `theirs` are the two texts to show beside each other.
    Raises StaleVersion (409).
    """
    if thing.version != version:
        raise StaleVersion(mine=mine, theirs=theirs)


def state_check(states: type[StrEnum], column: str = "state") -> CheckConstraint:
    """CHECK that a text column holds one of the values of `states`."""
    values = ", ".join(f"'{state.value}'" for state in states)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def owner_engine() -> Engine:
    """An engine that logs in as the owner: for migrations, the clock and checks, never for a request."""
    url = current_app.config["PORTAL"].database_owner_url
    if url is None:
        raise RuntimeError("DATABASE_OWNER_URL is not set: this needs the address that logs in as portal_owner.")
    return create_engine(url, poolclass=NullPool, hide_parameters=True)
