"""Who a transaction speaks for. The database enforces it; this module only tells it.

Every transaction begins by setting `portal.scope`, `portal.company`, `portal.person` and `portal.link`, which the
row level security policies read. Without a scope no transaction begins. There is no scope that sees everything.
"""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, event, or_, text, true
from sqlalchemy.orm import Session, SessionTransaction

from portal.kit.db import db

Kind = Literal["public", "member", "staff", "link"]


class NoScope(RuntimeError):
    """A transaction was begun for nobody: a mistake in the program, never of a user."""


@dataclass(frozen=True, slots=True)
class Scope:
    """One way of looking at the data: the public, a member of one company, staff, or the holder of a link."""

    kind: Kind
    company_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    link: str | None = None


PUBLIC = Scope("public")


def member(company_id: uuid.UUID, person_id: uuid.UUID | None = None) -> Scope:
    """The scope of one company, for a person or, without one, for a job acting as its robot."""
    return Scope("member", company_id=company_id, person_id=person_id)


def staff(person_id: uuid.UUID | None = None) -> Scope:
    """The scope of platform staff: what policies open to them, and no more."""
    return Scope("staff", person_id=person_id)


def link(token_hash: str) -> Scope:
    """The scope of whoever holds a link: policies reach only the row whose token it is."""
    return Scope("link", link=token_hash)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one transaction may do and how long it may take. Times are milliseconds, 0 for no limit."""

    read_only: bool = False
    statement_ms: int = 0
    lock_ms: int = 0


_scope: ContextVar[Scope | None] = ContextVar("portal_scope", default=None)
_limits: ContextVar[Limits] = ContextVar("portal_limits", default=Limits())  # noqa: B039 - frozen

_APPLY = text(
    "SELECT set_config('portal.scope', :kind, true), set_config('portal.company', :company, true),"
    " set_config('portal.person', :person, true), set_config('portal.link', :link, true),"
    " set_config('transaction_read_only', :read_only, true),"
    " set_config('statement_timeout', :statement_ms, true), set_config('lock_timeout', :lock_ms, true),"
    " portal_now()"
)


def current_scope() -> Scope:
    """The scope in force. Raises NoScope when none was set."""
    found = _scope.get()
    if found is None:
        raise NoScope("No tenancy scope is set: open one with tenancy.scope(...) before touching the database.")
    return found


def _apply(session: Session, connection: Connection) -> None:
    scope_, limits = current_scope(), _limits.get()
    row = connection.execute(
        _APPLY,
        {
            "kind": scope_.kind,
            "company": str(scope_.company_id or ""),
            "person": str(scope_.person_id or ""),
            "link": scope_.link or "",
            "read_only": "on" if limits.read_only else "off",
            "statement_ms": str(limits.statement_ms),
            "lock_ms": str(limits.lock_ms),
        },
    ).one()
    session.info["portal_now"] = (row[-1], time.monotonic())


@event.listens_for(db.session, "after_begin")
def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        _apply(session, connection)


@contextmanager
def scope(wanted: Scope, limits: Limits | None = None) -> Iterator[None]:
    """Speak for `wanted` until the block ends, then for whom it was before.

    A session that is already in a transaction is moved over: flushed, emptied, and told its new scope. After an
    error nothing is told any more: whoever catches it rolls back first.
    """
    before, limits_before = _scope.get(), _limits.get()
    enter(wanted, limits)
    try:
        yield
    except BaseException:
        _scope.set(before)
        _limits.set(limits_before)
        raise
    _limits.set(limits_before)
    if before is None:
        _scope.set(None)
    else:
        enter(before)


def enter(wanted: Scope, limits: Limits | None = None) -> None:
    """Change the scope for the rest of this context, also inside a running transaction.

    Rows loaded under the old scope are let go, so that nothing seen as one company is reused as another.
    """
    _scope.set(wanted)
    if limits is not None:
        _limits.set(limits)
    if in_transaction():
        db.session.flush()
        db.session.expunge_all()
        _apply(db.session(), db.session.connection())


def in_transaction() -> bool:
    """Whether this context has begun a transaction; asking begins none."""
    return db.session.registry.has() and db.session().in_transaction()


def leave() -> None:
    """Forget scope and limits: server threads serve the next request with the same context."""
    _scope.set(None)
    _limits.set(Limits())


class Walls:
    """The Python wall can be taken down in tests, to show that the database's wall stands alone."""

    python = True


def mine(model: Any) -> ColumnElement[bool]:
    """The condition 'this row is my company's', from the model's `__tenant__` column names."""
    if not Walls.python:
        return true()
    company_id = current_scope().company_id
    return or_(*(getattr(model, name) == company_id for name in model.__tenant__))
