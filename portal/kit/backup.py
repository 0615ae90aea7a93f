"""One archive of everything: the rows of every table, every stored file, and a manifest that says what is in it.

All tables are read in one transaction as `portal_backup`, which sees past row level security; files are read after it
began, and since they are named by their content and never changed, every file that a row speaks of is among them. The
manifest is written last: an archive that was cut off has none and cannot be restored.
"""

import hashlib
import io
import json
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import obstore
import psycopg
from sqlalchemy import make_url

from portal.kit import dump
from portal.kit.errors import PortalError

MANIFEST = "manifest.json"
FORMAT = 1


class BackupError(PortalError):
    """A backup or a restore that must not be relied on."""


def plain(url: str) -> str:
    """An address of SQLAlchemy's as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)


def reading_url(backup_url: str | None, owner_url: str | None) -> str:
    """The address to read everything from: as `portal_backup`, which on the embedded server needs no password."""
    if backup_url:
        return plain(backup_url)
    owner = make_url(owner_url or "postgresql://nowhere")
    if owner.host or owner.password:
        raise BackupError("DATABASE_BACKUP_URL is not set. It logs in as portal_backup, which alone sees every row.")
    return plain(owner.set(username="portal_backup").render_as_string(hide_password=False))


def write_backup(url: str, store: Any, path: Path) -> dict[str, Any]:
    """Write the archive and give its manifest; `url` is that of `reading_url`.

    The file appears under its name only when it is complete, and only its owner may read it.
    """
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        manifest = _write(url, store, part)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    part.replace(path)
    return manifest


def _write(url: str, store: Any, part: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = {"format": FORMAT, "tables": {}, "files": {}}
    with psycopg.connect(url) as connection, tarfile.open(part, "w:gz", compresslevel=6) as archive:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        _must_see_everything(connection)
        dump.prepare(connection)
        manifest["revision"] = dump.revision_of(connection)
        manifest["made_at"] = datetime.now(UTC).isoformat()
        for table in dump.tables_of(connection):
            digest = _add_table(archive, connection, table)
            manifest["tables"][table.name] = {**digest.as_document(), "columns": list(table.columns)}
        manifest["sequences"] = dump.sequences_of(connection)
        wanted = {key for (key,) in connection.execute("SELECT DISTINCT key FROM stored_files")}
        manifest["files"] = _add_files(archive, store)
        if missing := sorted(wanted - manifest["files"].keys()):
            raise BackupError(f"{len(missing)} stored files are missing, the first is {missing[0]}. Nothing was kept.")
        _add(archive, MANIFEST, json.dumps(manifest, indent=1).encode())
    return manifest


def _must_see_everything(connection: psycopg.Connection[Any]) -> None:
    row = connection.execute("SELECT rolbypassrls OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row is None or not row[0]:
        raise BackupError("This role does not see every row: the backup would be empty. Use portal_backup.")


def _add_table(archive: tarfile.TarFile, connection: psycopg.Connection[Any], table: dump.Table) -> dump.Digest:
    counter = dump.Counter()
    with tempfile.TemporaryFile() as rows:  # an archive names a member's size before its content
        for part in dump.rows_of(connection, table):
            counter.add(part)
            rows.write(part)
        rows.seek(0)
        entry = tarfile.TarInfo(f"tables/{table.name}")
        entry.size = counter.digest().size
        archive.addfile(entry, rows)
    return counter.digest()


def _add_files(archive: tarfile.TarFile, store: Any) -> dict[str, Any]:
    found = {}
    for batch in obstore.list(store):
        for entry in batch:
            content = bytes(obstore.get(store, entry["path"]).bytes())
            found[entry["path"]] = dump.Digest(None, len(content), hashlib.sha256(content).hexdigest()).as_document()
            _add(archive, f"files/{entry['path']}", content)
    return found


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(content)
    archive.addfile(entry, io.BytesIO(content))
