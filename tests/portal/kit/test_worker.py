"""The standing worker, as a process of its own: its clockwork runs, and it finishes in order when told to stop."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_the_minute_tick_is_deferred_and_sigterm_ends_the_worker(database, tmp_path):
    environment = {
        **os.environ,
        "DATABASE_URL": database.url("portal_app"),
        "DATABASE_OWNER_URL": "",
        "PORTAL_DATA_DIR": str(tmp_path),
    }
    worker = subprocess.Popen(
        [sys.executable, "-m", "flask", "worker"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    try:
        until = time.monotonic() + 60
        while worker.poll() is None and time.monotonic() < until and not deferred(database):
            time.sleep(0.1)
        assert {"kit.tick"} <= deferred(database), worker.poll()
    finally:
        worker.send_signal(signal.SIGTERM)
        said = worker.communicate(timeout=30)[1]
    assert worker.returncode == 0
    assert '"level": "error"' not in said


def deferred(database) -> set[str]:
    """Names of the periodic tasks that were put into the queue."""
    with database.connect() as connection:
        return {name for (name,) in connection.execute("SELECT task_name FROM procrastinate_periodic_defers")}
