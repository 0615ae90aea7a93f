"""A stand for measuring: a database of its own with many vendors, servers as `script/server` starts them, and load.

Everything is on loopback in a temporary folder and stops by itself.
"""

import asyncio
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from flask import Flask
from flask_migrate import upgrade

from portal.demo.bulk import load_vendors
from portal.kit.embedded import EmbeddedServer, address, ensure_roles_and_database

ROOT = Path(__file__).resolve().parents[1]
CONNECTIONS = 16
WORKERS, THREADS = 2, 4


def machine() -> str:
    """What the figures were measured on, and when."""
    return f"{os.cpu_count()} cores ({platform.machine()}), {time.strftime('%Y-%m-%d')}"


@contextmanager
def database(vendors: int) -> Iterator[dict[str, str]]:
    """A migrated database with so many vendors; gives the environment of a portal on it."""
    with tempfile.TemporaryDirectory(prefix="switchboard-bench-") as folder:
        Path(folder).chmod(0o711)  # root's server runs as nobody and must pass
        with EmbeddedServer.start(Path(folder) / "pg", settings={"shared_buffers": "512MB", "fsync": "off"}) as server:
            ensure_roles_and_database(server)
            environment = {
                "DATABASE_URL": address(server.socket_dir, "portal_app"),
                "DATABASE_OWNER_URL": address(server.socket_dir, "portal_owner"),
                "PORTAL_DATA_DIR": f"{folder}/data",
                "PORTAL_SECRET_KEY": "x" * 40,
                "PORTAL_WEB_THREADS": str(THREADS),
            }
            with application(environment):
                upgrade(str(ROOT / "migrations"))
            began = time.monotonic()
            url = environment["DATABASE_OWNER_URL"].replace("postgresql+psycopg://", "postgresql://")
            load_vendors(url, vendors, 7, {}, lambda words: print(f"  {words}", file=sys.stderr, flush=True))
            print(f"{vendors:,} vendors loaded in {time.monotonic() - began:.0f} s", flush=True)
            yield environment


@contextmanager
def application(environment: dict[str, str]) -> Iterator[Flask]:
    """The portal in this process, with its context pushed."""
    from config import Settings
    from wsgi import create_app

    app = create_app(Settings.from_environment({**os.environ, **environment}))
    with app.app_context():
        yield app


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(factory: str, environment: dict[str, str]) -> Iterator[int]:
    """An application under granian, as many workers and threads as the portal has; gives its port."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--factory", factory, "--no-ws",
        "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning", "--backpressure", "64",
        "--workers", str(WORKERS), "--blocking-threads", str(THREADS),
    ]  # fmt: skip
    inherited = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    log = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=inherited, stdout=log, stderr=log, start_new_session=True)
    try:
        while not _answers(f"http://127.0.0.1:{port}/healthz"):
            if process.poll() is not None:
                raise SystemExit(f"{factory} did not start")
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def run_python(code: str, environment: dict[str, str]) -> str:
    """What a program prints that runs in a new process of the same Python, in the portal's folder."""
    inherited = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=inherited, capture_output=True, text=True, check=True
    )
    return done.stdout.strip().splitlines()[-1]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@dataclass(frozen=True)
class Load:
    """What a load gave: how many answers, how many a second, and the middle and 99th time of one in milliseconds."""

    count: int
    rate: float
    middle_ms: float
    late_ms: float


def load(port: int, paths: Sequence[str], seconds: float = 8.0) -> Load:
    """Ask for the paths in turn over kept connections; every answer must be 200. The first second does not count."""
    asyncio.run(_hammer(port, paths, 1.0))
    times = asyncio.run(_hammer(port, paths, seconds))
    times.sort()
    return Load(len(times), len(times) / seconds, median(times) * 1000, times[int(len(times) * 0.99)] * 1000)


async def _hammer(port: int, paths: Sequence[str], seconds: float) -> list[float]:
    times: list[float] = []
    stop = time.monotonic() + seconds
    await asyncio.gather(*(_client(port, paths, first, stop, times) for first in range(CONNECTIONS)))
    return times


async def _client(port: int, paths: Sequence[str], first: int, stop: float, times: list[float]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    position = first
    while time.monotonic() < stop:
        path = paths[position % len(paths)]
        position += CONNECTIONS
        began = time.monotonic()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 200"):
            raise SystemExit(f"{path}: {head[:40]!r}")
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        times.append(time.monotonic() - began)
    writer.close()
