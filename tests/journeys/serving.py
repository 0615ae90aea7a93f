"""The portal on a port of this machine, served by threads of the test's own process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from werkzeug.serving import make_server

from tests.doubles.stripe.server import QuietHandler


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the application for the length of the block; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
