"""How long a newcomer waits: from a clean clone to a portal that answers, downloads and demo data included.

    python benchmarks/clean_start.py

Clones this repository into a temporary folder, runs its `script/server` on a free port and asks /readyz until it
answers; prints the seconds, then stops the server and removes the clone. Needs nothing but Python and git.
"""

import os
import platform
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
GIVE_UP_S = 600


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether an address answers with success."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Measure once and say on which machine."""
    with tempfile.TemporaryDirectory(prefix="switchboard-start-") as folder:
        clone = Path(folder) / "clone"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        port = free_port()
        began = time.monotonic()
        server = subprocess.Popen(
            [clone / "script/server"], cwd=clone, env={**os.environ, "PORT": str(port)}, start_new_session=True
        )
        try:
            while not answers(f"http://127.0.0.1:{port}/readyz"):
                if server.poll() is not None or time.monotonic() - began > GIVE_UP_S:
                    raise SystemExit("The server did not become ready.")
                time.sleep(0.2)
            print(f"ready after {time.monotonic() - began:.1f} s ({platform.machine()}, {os.cpu_count()} cores)")
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


if __name__ == "__main__":
    main()
