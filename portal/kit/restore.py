"""Puts a backup into an empty database and an empty file store, and proves that both hold what the manifest says.

Needs no superuser: everything happens as the owner in one transaction, which takes the foreign keys, the triggers and
the forced row level security away, loads, puts all back (the keys are checked by that), compares every table with the
manifest and only then commits. Whatever differs undoes all of it.
"""

import hashlib
import json
import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, LiteralString

import obstore
import psycopg
from psycopg import sql

from portal.kit import dump
from portal.kit.backup import FORMAT, MANIFEST, BackupError, plain

# A database that only migrations have filled holds none of these.
PROOF_OF_USE = ("companies", "people", "audit_entries", "stored_files")
_NAME = re.compile(r"(tables/[a-z0-9_]+|files/[A-Za-z0-9._/-]+|manifest\.json)")
_KEYS = """
SELECT (SELECT relname::text FROM pg_class WHERE oid = conrelid), conname::text, pg_get_constraintdef(oid)
  FROM pg_constraint
 WHERE contype = 'f' AND connamespace = 'public'::regnamespace AND conparentid = 0 ORDER BY 1, 2
"""
_FORCED = """
SELECT relname::text FROM pg_class
 WHERE relforcerowsecurity AND relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


def restore_backup(owner_url: str | None, store: Any, path: Path, migrate: Callable[[str], None]) -> dict[str, Any]:
    """Restore an archive and give its manifest. `migrate` brings an empty database to a revision.

    Raises BackupError for a damaged archive, a database or store that is not empty, and for anything that afterwards
    is not as it was; the database is then as before.
    """
    if not owner_url:
        raise BackupError("DATABASE_OWNER_URL is not set. A restore is made by the owner of the tables.")
    with tempfile.TemporaryDirectory() as folder:
        unpacked = Path(folder)
        manifest = _unpack(path, unpacked)
        if next(iter(obstore.list(store)), []):
            raise BackupError("The file store is not empty. Restore into an empty one.")
        with psycopg.connect(plain(owner_url)) as connection:
            revision = dump.revision_of(connection)
        if revision is None:
            migrate(manifest["revision"])
        elif revision != manifest["revision"]:
            raise BackupError(
                f"The database is at migration {revision}, the backup at {manifest['revision']}."
                " Restore into a database without tables, then run flask db upgrade."
            )
        _restore_files(store, manifest["files"], unpacked)
        with psycopg.connect(plain(owner_url)) as connection:
            _restore_rows(connection, manifest, unpacked)
    return manifest


def _unpack(path: Path, folder: Path) -> dict[str, Any]:
    try:
        with tarfile.open(path, "r:gz") as archive:
            for entry in archive:
                if not entry.isfile() or not _NAME.fullmatch(entry.name) or ".." in entry.name:
                    raise BackupError(f"{entry.name!r} does not belong in a backup.")
                archive.extract(entry, folder, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BackupError(f"{path} cannot be read as a backup: {error}") from error
    if not (folder / MANIFEST).exists():
        raise BackupError(f"{path} has no manifest: it was cut off while it was written.")
    manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
    if manifest["format"] != FORMAT:
        raise BackupError(f"{path} has format {manifest['format']}; this portal reads format {FORMAT}.")
    return manifest


def _restore_files(store: Any, files: dict[str, Any], folder: Path) -> None:
    for key, expected in files.items():
        obstore.put(store, key, (folder / "files" / key).read_bytes())
        content = bytes(obstore.get(store, key).bytes())
        if hashlib.sha256(content).hexdigest() != expected["sha256"]:
            raise BackupError(f"The file {key} is not as it was backed up.")


def _restore_rows(connection: psycopg.Connection[Any], manifest: dict[str, Any], folder: Path) -> None:
    dump.prepare(connection)
    tables = dump.tables_of(connection)
    _must_be_empty(connection)
    _must_match(tables, manifest["tables"])
    with _bare(connection, tables):
        names = sql.SQL(", ").join(sql.Identifier(table.name) for table in tables)
        connection.execute(sql.SQL("TRUNCATE {}").format(names))
        for table in tables:
            _load(connection, table, folder)
        for name, (value, used) in manifest["sequences"].items():
            connection.execute("SELECT setval(%s::regclass, %s, %s)", [f"public.{name}", value, used])
    for table in tables:
        found, expected = dump.digest_of(connection, table), manifest["tables"][table.name]
        if (found.rows, found.sha256) != (expected["rows"], expected["sha256"]):
            raise BackupError(
                f"{table.name} is not as it was backed up: {found.rows} rows, {expected['rows']} expected."
            )
    if dump.sequences_of(connection) != manifest["sequences"]:
        raise BackupError("The sequences are not as they were backed up.")


def _load(connection: psycopg.Connection[Any], table: dump.Table, folder: Path) -> None:
    path = folder / "tables" / table.name
    with path.open("rb") as rows, connection.cursor().copy(table.copy_in()) as taking:
        while part := rows.read(1 << 16):
            taking.write(part)


def _must_be_empty(connection: psycopg.Connection[Any]) -> None:
    for name in PROOF_OF_USE:
        if connection.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(sql.Identifier(name))).fetchone() is not None:
            raise BackupError(f"The database is in use: {name} holds rows. Restore into an empty one.")


def _must_match(tables: list[dump.Table], described: dict[str, Any]) -> None:
    here = {table.name: list(table.columns) for table in tables}
    there = {name: table["columns"] for name, table in described.items()}
    if here != there:
        different = sorted(name for name in here.keys() | there.keys() if here.get(name) != there.get(name))
        raise BackupError(f"The backup has other tables or columns than this database: {', '.join(different)}.")


@contextmanager
def _bare(connection: psycopg.Connection[Any], tables: list[dump.Table]) -> Iterator[None]:
    """Without foreign keys, triggers and forced row level security; nobody else sees this before the commit."""
    keys = connection.execute(_KEYS).fetchall()
    forced = [name for (name,) in connection.execute(_FORCED).fetchall()]
    for table, key, _ in keys:
        _alter(connection, table, "DROP CONSTRAINT {}", sql.Identifier(key))
    for one in tables:
        _alter(connection, one.name, "DISABLE TRIGGER USER")
    for name in forced:
        _alter(connection, name, "NO FORCE ROW LEVEL SECURITY")
    yield
    for name in forced:
        _alter(connection, name, "FORCE ROW LEVEL SECURITY")
    for one in tables:
        _alter(connection, one.name, "ENABLE TRIGGER USER")
    for table, key, definition in keys:
        _alter(connection, table, "ADD CONSTRAINT {} {}", sql.Identifier(key), sql.SQL(definition))


def _alter(connection: psycopg.Connection[Any], table: str, change: LiteralString, *values: sql.Composable) -> None:
    statement = sql.SQL("ALTER TABLE {} ").format(sql.Identifier(table)) + sql.SQL(change).format(*values)
    connection.execute(statement)
