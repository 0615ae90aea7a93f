"""Runs the checks and tests on one database server with one migrated template; called by ``script/test``."""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.database import SOCKET, make_template, temporary_server  # noqa: E402 - needs the path

WORKERS = "2"


def main() -> int:
    """Check style, migrate the template, run pytest; the exit code is pytest's, or 1 for faults of style."""
    parser = argparse.ArgumentParser(prog="script/test", description="Run every test, or those of some paths.")
    parser.add_argument("--full", action="store_true", help="the sweeps only, with full counts")
    parser.add_argument("paths", nargs="*", metavar="PATH")
    # What else is given (-k word, -x) is for pytest.
    options, for_pytest = parser.parse_known_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # Beside the tests: before them they would keep one core busy and leave the other idle.
    checks = [] if options.paths or options.full else begin_checks()
    began = time.monotonic()
    with temporary_server() as server:
        make_template(str(server.socket_dir), server)
        print(f"Database ready in {time.monotonic() - began:.1f} s.", flush=True)
        environment = {**os.environ, SOCKET: str(server.socket_dir), "PORTAL_TEST_FULL": str(int(options.full))}
        arguments = [*selection(options.full), *for_pytest, *options.paths]
        command = [sys.executable, "-m", "pytest", "-q", "-n", WORKERS, "--dist", "worksteal", *arguments]
        code = subprocess.run(command, cwd=ROOT, env=environment).returncode
    clean = [is_clean(check) for check in checks]
    return code or int(not all(clean))


def selection(full: bool) -> list[str]:
    """Which tests: the sweeps, or all; without the browser's where there is no Chromium."""
    wanted = ["sweep"] if full else []
    if not shutil.which("chromium"):
        print("Chromium is not installed: the browser tests are left out.", file=sys.stderr)
        wanted.append("not browser")
    return ["-m", " and ".join(wanted)] if wanted else []


def begin_checks() -> list[subprocess.Popen[str]]:
    """Begin to lint Python and templates and to check the types."""
    linters = [
        ["ruff", "check", "--quiet", "."],
        ["ruff", "format", "--check", "--quiet", "."],
        ["djlint", "templates", "--lint", "--quiet"],
        ["mypy", "--no-error-summary"],
    ]
    scripts = Path(sys.executable).parent
    return [
        subprocess.Popen(
            [str(scripts / name), *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for name, *arguments in linters
    ]


def is_clean(check: subprocess.Popen[str]) -> bool:
    """Whether a check found nothing; says what it found."""
    said, _ = check.communicate()
    if check.returncode:
        print(f"{' '.join(check.args)} found something:\n{said}", file=sys.stderr)
    return check.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
