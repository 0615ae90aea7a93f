"""The supervisor behind script/server: everything comes up, and nothing stays behind however it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = ("PORT", "DATABASE_", "PORTAL_", "STRIPE_", "SMTP_", "SECRET_KEY", "PYTEST", "TEST_")


class Run:
    """One supervisor on a data directory and a port of its own."""

    def __init__(self, data_dir: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
        self.environment = {**inherited, "PORT": str(self.port), "PORTAL_DATA_DIR": str(data_dir)}
        self.environment["PORTAL_WEB_WORKERS"] = "1"
        self.log = data_dir.with_name(f"{data_dir.name}-{self.port}.log")

    def start(self, *options: str) -> None:
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "script/supervise.py", "--no-demo", *options],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_for(self, words: str) -> None:
        until = time.monotonic() + 60
        while words not in self.said() and self.process.poll() is None and time.monotonic() < until:
            time.sleep(0.1)
        assert words in self.said(), self.said()[-3000:]

    def said(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[int, str]:
        """The supervisor's children and theirs, by process id."""
        parents = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = (int(fields[1]), (entry / "cmdline").read_text().replace("\0", " "))
            except (FileNotFoundError, ProcessLookupError):
                continue
        family = {self.process.pid}
        while more := {pid for pid, (parent, _) in parents.items() if parent in family} - family:
            family |= more
        return {pid: parents[pid][1] for pid in family - {self.process.pid}}

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as response:
            return response.status

    def connections(self) -> list[socket.socket]:
        """A browser's connections: kept alive after an answer, opened ahead, stuck in a request, in a form, unread."""
        sent = (
            b"GET /healthz HTTP/1.1\r\nHost: portal\r\n\r\n",
            b"",
            b"GET /healthz HTTP/1.1\r\nHost: por",
            b"POST /sign-in HTTP/1.1\r\nHost: portal\r\nContent-Length: 900\r\n\r\nemail=",
            b"GET /static/theme.css HTTP/1.1\r\nHost: portal\r\n\r\n" * 50,
        )
        made = []
        for data in sent:
            made.append(socket.create_connection(("127.0.0.1", self.port)))
            made[-1].sendall(data)
        assert made[0].recv(12) == b"HTTP/1.1 200"
        return made


@pytest.fixture
def run(open_directory) -> Iterator[Run]:
    run = Run(open_directory / "data")
    yield run
    if run.process.poll() is None:
        run.process.terminate()
        run.process.wait(60)


def assert_gone(processes: dict[int, str], within: float = 15) -> None:
    until = time.monotonic() + within
    while (left := [text for pid, text in processes.items() if Path(f"/proc/{pid}").exists()]) and (
        time.monotonic() < until
    ):
        time.sleep(0.1)
    assert left == []


def test_it_serves_then_stops_everything_on_ctrl_c(run):
    run.start("--stripe-test")
    run.wait_for(f"Switchboard is ready: http://127.0.0.1:{run.port}")
    assert run.get("/readyz") == 200
    assert "TEST: no money moves" in run.said()
    family = run.children()
    for part in ("bin/postgres", "granian", "flask worker", "tests.doubles.stripe"):
        assert any(part in command for command in family.values()), part
    os.killpg(run.process.pid, signal.SIGINT)
    assert run.process.wait(40) == 0
    assert_gone(family)


def test_when_one_part_dies_all_are_stopped_and_the_exit_says_so(run):
    run.start()
    run.wait_for("is ready")
    family = run.children()
    os.kill(next(pid for pid, command in family.items() if "flask worker" in command), signal.SIGKILL)
    assert run.process.wait(40) == 1
    assert "The worker process ended by itself" in run.said()
    assert_gone(family)


def test_a_killed_supervisor_leaves_nothing_behind(run):
    run.start()
    run.wait_for("is ready")
    family = run.children()
    run.process.kill()
    run.process.wait()
    assert_gone(family, within=30)


def test_connections_that_clients_hold_open_delay_the_stop_by_seconds_only(run):
    run.start()
    run.wait_for("is ready")
    family = run.children()
    held = run.connections()
    run.process.terminate()
    assert run.process.wait(12) == 0
    assert_gone(family, within=2)
    for one in held:
        one.close()


def test_a_stop_while_starting_is_heard(run):
    run.start()
    until = time.monotonic() + 60
    while not any("granian" in command for command in run.children().values()) and time.monotonic() < until:
        time.sleep(0.05)
    family = run.children()
    run.process.terminate()
    assert run.process.wait(20) == 0
    assert_gone(family)


def test_a_taken_port_is_told_before_anything_starts(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", run.port))
        taken.listen()
        run.start()
        assert run.process.wait(30) == 1
    assert f"Port {run.port} cannot be used" in run.said()
    assert "Choose another: PORT=" in run.said()


def test_an_unsafe_production_does_not_start(run):
    run.environment["PORTAL_ENV"] = "production"
    run.start()
    assert run.process.wait(30) == 2
    assert "SECRET_KEY is not set" in run.said()
