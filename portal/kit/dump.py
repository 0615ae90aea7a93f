"""How the rows of a database are written out and compared: one text for each table, the same on every server.

Rows are in the order of their primary key as bytes, times in UTC, so that two databases with equal rows give equal
texts, and the SHA-256 of a table's text stands for its content. Works on any PostgreSQL, as a role that sees every row.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import psycopg
from psycopg import sql

# Says at which migration the database is; it comes with the schema, never with the rows.
SCHEMA_NOTE = "alembic_version"
_TABLES = """
SELECT c.relname,
       ARRAY(SELECT a.attname::text FROM pg_attribute a
              WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
              ORDER BY a.attnum),
       ARRAY(SELECT a.attname::text FROM pg_index i
              JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
              WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY a.attnum)
  FROM pg_class c
 WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname <> %s
 ORDER BY c.relname COLLATE "C"
"""
_SPELLING = "SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres';"
_SPELLING += " SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"


@dataclass(frozen=True)
class Table:
    """A table with the columns that hold data, and those of its primary key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]

    def _names(self) -> sql.Composed:
        return sql.SQL(", ").join(map(sql.Identifier, self.columns))

    def copy_out(self) -> sql.Composed:
        """The statement that writes its rows in order."""
        places = [sql.SQL('{}::text COLLATE "C"').format(sql.Identifier(name)) for name in self.key]
        whole = sql.SQL('t::text COLLATE "C"')
        return sql.SQL("COPY (SELECT {} FROM {} AS t ORDER BY {}) TO STDOUT").format(
            self._names(), sql.Identifier(self.name), sql.SQL(", ").join(places) if places else whole
        )

    def copy_in(self) -> sql.Composed:
        """The statement that takes them back."""
        return sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(self.name), self._names())


@dataclass(frozen=True)
class Digest:
    """What a table or a file holds: rows (or None) and bytes, and the SHA-256 of the latter."""

    rows: int | None
    size: int
    sha256: str

    def as_document(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return asdict(self)


class Counter:
    """Counts and hashes what passes by. Each row of COPY's text ends with the only bare line break in it."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._rows = self._size = 0

    def add(self, part: bytes) -> None:
        """Take one more part."""
        self._hash.update(part)
        self._rows += part.count(b"\n")
        self._size += len(part)

    def digest(self) -> Digest:
        """What has passed so far, as rows of a table."""
        return Digest(self._rows, self._size, self._hash.hexdigest())


def prepare(connection: psycopg.Connection[Any]) -> None:
    """Fix the spelling of values for the rest of the transaction."""
    connection.execute(_SPELLING)


def tables_of(connection: psycopg.Connection[Any]) -> list[Table]:
    """Every table with rows of the portal, by name."""
    rows = connection.execute(_TABLES, [SCHEMA_NOTE]).fetchall()
    return [Table(name, tuple(columns), tuple(key)) for name, columns, key in rows]


def rows_of(connection: psycopg.Connection[Any], table: Table) -> Iterator[bytes]:
    """A table's text in parts."""
    with connection.cursor().copy(table.copy_out()) as copied:
        for part in copied:
            yield bytes(part)


def digest_of(connection: psycopg.Connection[Any], table: Table) -> Digest:
    """A table's count of rows and hash."""
    counter = Counter()
    for part in rows_of(connection, table):
        counter.add(part)
    return counter.digest()


def sequences_of(connection: psycopg.Connection[Any]) -> dict[str, list[Any]]:
    """[last value, whether it was used] of each sequence."""
    names = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace ORDER BY relname"
    ).fetchall()
    found = {}
    for (name,) in names:
        row = connection.execute(
            sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        ).fetchone()
        found[name] = list(row or ())
    return found


def revision_of(connection: psycopg.Connection[Any]) -> str | None:
    """The migration the database is at; None for a database without tables."""
    there = connection.execute("SELECT to_regclass('public.alembic_version')").fetchone()
    if there is None or there[0] is None:
        return None
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return None if row is None else str(row[0])
