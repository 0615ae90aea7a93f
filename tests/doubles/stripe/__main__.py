"""`python -m tests.doubles.stripe --port N --webhook-url URL --webhook-secret SECRET [--data FILE]`."""

import argparse
import signal
import threading
from pathlib import Path

from tests.doubles.stripe.server import RunningDouble


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; prints the address once it listens. Port 0 takes a free one."""
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.stripe", description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--webhook-url", default=None)
    parser.add_argument("--webhook-secret", required=True)
    parser.add_argument("--data", type=Path, default=None, help="file that keeps the state between runs")
    given = parser.parse_args()
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with RunningDouble(given.port, given.webhook_url, given.webhook_secret, given.data) as double:
        print(f"listening on {double.url}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
