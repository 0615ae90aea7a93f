"""A web worker over its life: how soon the portal answers, and what it weighs after many requests.

    python -m benchmarks.worker [VENDORS]

Prints the seconds from `create_app()` to the first answer, and the resident memory of the workers after ten thousand
mixed requests and after ten thousand more. Anonymous pages only: list, filters, search, vendor pages, questions.
"""

import subprocess
import sys
import time
from itertools import chain, zip_longest
from pathlib import Path

from benchmarks import stand
from portal.catalog.search import search
from portal.catalog.wanted import Wanted
from portal.demo.bulk import vocabulary
from portal.kit import tenancy
from portal.kit.db import db

REQUESTS = 10_000
MOST_MB = 140
FIRST_ANSWER = """
import time
began = time.perf_counter()
from wsgi import create_app
app = create_app()
status = app.test_client().get("/vendors").status_code
print(f"{time.perf_counter() - began:.2f} {status}")
"""


def main() -> None:
    """Measure once and say on which machine."""
    vendors = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    print(stand.machine())
    with stand.database(vendors) as environment:
        seconds, status = stand.run_python(FIRST_ANSWER, environment).split()
        print(f"create_app() to the first answer ({status}): {seconds} s (at most 2)")
        paths = _paths(environment)
        with stand.served("wsgi:create_app", environment) as port:
            workers = _workers(port)
            for round_ in (1, 2):
                asked = 0
                began = time.monotonic()
                while asked < REQUESTS:
                    asked += stand.load(port, paths, 2.0).count
                memory = ", ".join(f"{_resident_mb(pid):.0f}" for pid in workers)
                took = time.monotonic() - began
                print(f"after {round_ * REQUESTS:,} requests ({took:.0f} s more): {memory} MB (at most {MOST_MB})")


def _paths(environment: dict[str, str]) -> list[str]:
    words = list(vocabulary())[60:360]
    with stand.application(environment), tenancy.scope(tenancy.PUBLIC):
        slugs = [row.slug for row in search(Wanted()).rows]
        db.session.remove()
    kinds = (
        [f"/vendors?sort={sort}" for sort in ("name", "newest", "rating", "price")],
        [f"/vendors?channel={channel}&mode={mode}" for channel in ("phone", "chat") for mode in ("full", "partial")],
        [f"/vendors?q={word}" for word in words],
        [f"/vendors/{slug}" for slug in slugs],
        ["/help", "/", "/how-matching-works"],
    )
    longest = max(map(len, kinds))
    mixed = zip_longest(*((kind * longest)[:longest] for kind in kinds))
    return [path for path in chain.from_iterable(mixed) if path]


def _workers(port: int) -> list[int]:
    """The worker processes of the server on a port: what its first process started, but for its small helper."""
    first = subprocess.run(["pgrep", "-f", "--", f"--port {port} "], capture_output=True, text=True, check=True)
    pid = first.stdout.split()[0]
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return sorted(map(int, children), key=_resident_mb)[-stand.WORKERS :]


def _resident_mb(pid: int) -> float:
    return int(_status(pid, "VmRSS").removesuffix("kB")) / 1024


def _status(pid: int, name: str) -> str:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(line.partition(":")[2].strip() for line in lines if line.startswith(f"{name}:"))


if __name__ == "__main__":
    main()
