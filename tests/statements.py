"""Counting SQL statements: what one page asks of the database.

Opening and ending a transaction are not counted; the setting of the scope and the look-up of the session are.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from portal.kit import public_reads


@contextmanager
def counted(engine: Engine) -> Iterator[list[str]]:
    """Every statement that `engine` runs inside the block, in order."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        with public_reads.asked.connected_to(seen.append):
            yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
