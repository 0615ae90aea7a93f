"""The databases of a test run: one server, one migrated template, one copy of it per worker.

``script/test`` starts the server and migrates the template once, and says so in ``TEST_DATABASE_SOCKET``. A bare
``pytest`` starts a server of its own at the first test that wants one and stops it at the end. Tests commit for real;
the copy is wiped before each test, by a superuser whom triggers and foreign keys do not stop.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from flask_migrate import upgrade
from psycopg import sql

from config import Settings
from portal.kit.embedded import EmbeddedServer, ensure_roles_and_database

SOCKET = "TEST_DATABASE_SOCKET"
TEMPLATE = "portal_template"
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
SECRET = "a secret that only the tests know of"


@dataclass
class Copy:
    """A worker's database, which remembers what the migrations put into it."""

    socket: str
    name: str
    seeds: dict[str, bytes] = field(default_factory=dict)
    _connection: psycopg.Connection | None = None
    _look: str = ""

    def url(self, role: str) -> str:
        """The SQLAlchemy address for a role."""
        return address(self.socket, role, self.name)

    def connect(self, role: str = "postgres") -> psycopg.Connection:
        """A plain connection in autocommit mode."""
        return psycopg.connect(host=self.socket, user=role, dbname=self.name, autocommit=True)

    def settings(self, data_dir: Path) -> Settings:
        """Settings of a portal on this database."""
        return test_settings(self.socket, self.name, data_dir)

    @property
    def past_all_rules(self) -> psycopg.Connection:
        """A superuser's connection without triggers and foreign keys; kept, for a fresh one takes five times longer."""
        if self._connection is None:
            self._connection = self.connect()
            self._connection.execute("SET session_replication_role = replica")
        return self._connection

    def close(self) -> None:
        """Give that connection up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def rows(self) -> dict[str, bytes]:
        """The rows of each table that has any."""
        found = {}
        with self.past_all_rules.transaction():
            for table in self._filled():
                with self.past_all_rules.cursor().copy(f"COPY {table} TO STDOUT") as rows:
                    found[table] = b"".join(rows)
        return found

    def put(self, rows: dict[str, bytes]) -> None:
        """Let the tables hold these rows and no others."""
        with self.past_all_rules.transaction():
            for table in self._filled():
                self.past_all_rules.execute(f"DELETE FROM {table}")
            for table, content in rows.items():
                with self.past_all_rules.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                    copy.write(content)

    def is_empty(self) -> bool:
        """Whether it holds only what the migrations put into it."""
        return set(self._filled()) <= self.seeds.keys()

    def _filled(self) -> list[str]:
        """The tables that have rows: few in most tests."""
        if not self._look:
            tables = self.past_all_rules.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relname <> 'alembic_version'"
                " AND relnamespace = 'public'::regnamespace"
            ).fetchall()
            looks = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for (name,) in tables)
            self._look = " UNION ALL ".join(looks)
        return [name for (name,) in self.past_all_rules.execute(self._look, prepare=True)]

    def wipe(self) -> None:
        """Bring the database back to what it was after the migrations."""
        self.put(self.seeds)


def address(socket: str, role: str, database: str) -> str:
    """The SQLAlchemy address of a database of the run's server."""
    return f"postgresql+psycopg://{role}@/{database}?host={quote(socket, safe='')}"


def test_settings(socket: str, database: str, data_dir: Path) -> Settings:
    """Settings of a portal under test."""
    return Settings(
        secret_key=SECRET,
        database_url=address(socket, "portal_app", database),
        database_owner_url=address(socket, "portal_owner", database),
        data_dir=data_dir,
        base_url="http://localhost",
        testing=True,
    )


test_settings.__test__ = False  # type: ignore[attr-defined]


@contextmanager
def temporary_server() -> Iterator[EmbeddedServer]:
    """A server that forgets everything, for the length of a run."""
    directory = tempfile.mkdtemp(prefix="switchboard-tests-")
    os.chmod(directory, 0o711)  # root's server runs as nobody and must pass
    try:
        with EmbeddedServer.start(Path(directory) / "pg", settings=FAST) as server:
            yield server
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def make_template(socket: str, server: EmbeddedServer) -> None:
    """Migrate the template, as the owner; whatever is wrong with a migration is raised here, once."""
    import wsgi

    ensure_roles_and_database(server, TEMPLATE)
    with tempfile.TemporaryDirectory() as data_dir:
        app = wsgi.create_app(test_settings(socket, TEMPLATE, Path(data_dir)))
        with app.app_context():
            upgrade(str(Path(wsgi.__file__).with_name("migrations")))


def own_socket() -> str:
    """The run's server: script/test's, or one of this process that ends with it."""
    if SOCKET not in os.environ:
        running = temporary_server()
        server = running.__enter__()
        atexit.register(running.__exit__, None, None, None)
        make_template(str(server.socket_dir), server)
        os.environ[SOCKET] = str(server.socket_dir)
    return os.environ[SOCKET]


def make_copy(worker: str) -> Copy:
    """A fresh copy of the template for one worker."""
    socket = own_socket()
    copy = Copy(socket, f"portal_{worker}")
    with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
        name, template = sql.Identifier(copy.name), sql.Identifier(TEMPLATE)
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER portal_owner").format(name, template))
        # Rights on a database, unlike those inside, are not copied from the template.
        connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO portal_app, portal_backup").format(name))
    copy.seeds = copy.rows()
    return copy
