"""A backup is worth what its restore brings back: every row, every file, or a loud refusal."""

import json
import shutil
import tarfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from psycopg import sql

import wsgi
from portal.kit import dump, embedded, files
from portal.kit.backup import BackupError, reading_url
from tests.database import TEMPLATE, Copy, test_settings
from tests.factories.accounts import actor_for, make_company, make_person
from tests.factories.agreements import make_signed
from tests.factories.needs import in_scope

ROLES = Path(embedded.__file__).with_name("roles.sql")


@pytest.fixture
def elsewhere(database: Copy, tmp_path: Path) -> Iterator[Callable[..., tuple[Flask, Copy]]]:
    """Makes a portal on a database and a folder of its own: without tables, or migrated."""
    made: list[Copy] = []

    def make(*, migrated: bool) -> tuple[Flask, Copy]:
        copy = Copy(database.socket, f"portal_restored_{uuid.uuid4().hex[:8]}")
        made.append(copy)
        with psycopg.connect(host=copy.socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            template = sql.Identifier(TEMPLATE if migrated else "template0")
            statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER portal_owner")
            connection.execute(statement.format(sql.Identifier(copy.name), template))
        with copy.connect() as connection:
            connection.execute(ROLES.read_text())
        return wsgi.create_app(test_settings(copy.socket, copy.name, tmp_path / copy.name)), copy

    yield make
    with psycopg.connect(host=database.socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        for copy in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(copy.name)))


def run(app: Flask, *arguments: str) -> Result:
    """A shell command of a portal."""
    with app.app_context():  # a command takes the context it finds, here that of the test's own portal
        return app.test_cli_runner().invoke(args=arguments)


def content(copy: Copy) -> dict[str, tuple[int | None, str]]:
    """Rows and hash of every table, read past all protection."""
    with copy.connect() as connection, connection.transaction():
        dump.prepare(connection)
        found = {table.name: dump.digest_of(connection, table) for table in dump.tables_of(connection)}
    return {name: (digest.rows, digest.sha256) for name, digest in found.items()}


def protection(copy: Copy) -> list[tuple]:
    """Row level security, triggers and foreign keys as the catalogue has them."""
    with copy.connect() as connection:
        return connection.execute(
            "SELECT 't', relname::text, relrowsecurity::text, relforcerowsecurity::text FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT 'g', tgname::text, tgrelid::regclass::text, tgenabled::text FROM pg_trigger"
            " WHERE NOT tgisinternal"
            " UNION ALL SELECT 'c', conname::text, conrelid::regclass::text, pg_get_constraintdef(oid)"
            " FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2, 3"
        ).fetchall()


def stored(app: Flask) -> dict[str, bytes]:
    """The files of a portal by their path."""
    folder = app.config["PORTAL"].data_dir / "files"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_comes_back_into_a_database_without_tables(
    app: Flask, database: Copy, elsewhere: Callable[..., tuple[Flask, Copy]], tmp_path: Path
) -> None:
    deal = make_signed()
    odd = "tab\there, newline\nhere, backslash \\ here, 林怡君, \\N"
    in_scope(
        deal.vendor,
        lambda: files.put(
            deal.vendor, odd.encode(), name="odd.txt", content_type="text/plain", vendor_id=deal.vendor.company_id
        ),
    )
    make_company("vendor", odd.replace("\n", " "))
    archive = tmp_path / "all.tar.gz"
    done = run(app, "backup", str(archive))
    assert done.exit_code == 0, done.output
    assert archive.stat().st_mode & 0o077 == 0

    fresh, copy = elsewhere(migrated=False)
    done = run(fresh, "restore", str(archive))
    assert done.exit_code == 0, done.output
    before = content(database)
    assert content(copy) == before
    assert stored(fresh) == stored(app)
    assert odd.encode() in stored(fresh).values()
    assert protection(copy) == protection(database)
    assert {name for name, (rows, _) in before.items() if rows} >= {"agreements", "signatures", "evidence_entries"}

    again = run(fresh, "restore", str(archive))
    assert again.exit_code == 1
    assert "not empty" in again.output


class TestRefusals:
    @pytest.fixture
    def archive(self, app: Flask, tmp_path: Path) -> Path:
        """A small backup with one file."""
        company = make_company("vendor")
        actor = actor_for(make_person(company), company)
        in_scope(
            actor, lambda: files.put(actor, b"terms", name="a.txt", content_type="text/plain", vendor_id=company.id)
        )
        path = tmp_path / "small.tar.gz"
        assert run(app, "backup", str(path)).exit_code == 0
        return path

    def changed(self, archive: Path, change: Callable[[Path], None]) -> Path:
        """The archive with something changed inside."""
        folder = archive.with_suffix(".unpacked")
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        change(folder)
        other = archive.with_name("changed.tar.gz")
        with tarfile.open(other, "w:gz") as packed:
            for path in sorted(folder.rglob("*")):
                if path.is_file():
                    packed.add(path, str(path.relative_to(folder)))
        shutil.rmtree(folder)
        return other

    @pytest.mark.parametrize("kind", ["row", "file", "no manifest", "cut off", "foreign"])
    def test_what_is_not_as_it_was_backed_up_is_undone(
        self, archive: Path, elsewhere: Callable[..., tuple[Flask, Copy]], kind: str
    ) -> None:
        fresh, copy = elsewhere(migrated=True)
        before = content(copy)

        def change(folder: Path) -> None:
            if kind == "row":
                rows = folder / "tables" / "companies"
                rows.write_text(rows.read_text().replace("Europe/London", "Europe/Berlin"))
            elif kind == "file":
                next(path for path in (folder / "files").rglob("*") if path.is_file()).write_bytes(b"other terms")
            elif kind == "no manifest":
                (folder / "manifest.json").unlink()
            elif kind == "foreign":
                (folder / "tables" / "x").with_suffix(".sh").write_text("echo")

        other = self.changed(archive, change)
        if kind == "cut off":
            other.write_bytes(other.read_bytes()[: other.stat().st_size // 2])
        done = run(fresh, "restore", str(other))
        assert done.exit_code == 1
        assert "Nothing of the database was changed." in done.output
        assert content(copy) == before

    def test_a_database_in_use_is_left_alone(self, archive: Path, app: Flask, database: Copy) -> None:
        shutil.rmtree(app.config["PORTAL"].data_dir / "files")
        before = content(database)
        done = run(app, "restore", str(archive))
        assert done.exit_code == 1
        assert "in use" in done.output
        assert content(database) == before

    def test_rows_that_break_a_foreign_key_are_refused(
        self, archive: Path, elsewhere: Callable[..., tuple[Flask, Copy]]
    ) -> None:
        fresh, copy = elsewhere(migrated=True)

        def change(folder: Path) -> None:
            (folder / "tables" / "companies").write_text("")
            manifest = json.loads((folder / "manifest.json").read_text())
            empty = {"rows": 0, "size": 0, "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
            manifest["tables"]["companies"] |= empty
            (folder / "manifest.json").write_text(json.dumps(manifest))

        done = run(fresh, "restore", str(self.changed(archive, change)))
        assert isinstance(done.exception, psycopg.errors.ForeignKeyViolation)
        assert content(copy)["memberships"][0] == 0

    def test_a_missing_file_makes_the_backup_fail(self, archive: Path, app: Flask, tmp_path: Path) -> None:
        shutil.rmtree(app.config["PORTAL"].data_dir / "files")
        done = run(app, "backup", str(tmp_path / "without.tar.gz"))
        assert done.exit_code == 1
        assert "1 stored files are missing" in done.output
        assert not list(tmp_path.glob("without*"))

    def test_a_role_that_does_not_see_everything_is_refused(self, app: Flask, database: Copy, tmp_path: Path) -> None:
        from portal.kit.backup import plain, write_backup

        for role in ("portal_owner", "portal_app"):
            with pytest.raises(BackupError, match="would be empty"):
                write_backup(plain(database.url(role)), files.store(), tmp_path / "x.tar.gz")

    def test_another_server_needs_the_address_of_the_backup_role(self) -> None:
        with pytest.raises(BackupError, match="DATABASE_BACKUP_URL"):
            reading_url(None, "postgresql+psycopg://portal_owner:secret@db/portal")
        assert reading_url("postgresql+psycopg://b@db/portal", None) == "postgresql://b@db/portal"
