"""A loopback Stripe with a receiver for its webhooks, and the real client library pointed at it."""

import json
import threading
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import stripe
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from tests.doubles.stripe.server import QuietHandler, RunningDouble

SECRET = "whsec_loopback"


@dataclass
class Receiver:
    """Keeps the raw body and signature of every delivery; `answers` are the statuses to give, 200 when used up."""

    received: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        self.received.append((request.get_data(), request.headers["Stripe-Signature"]))
        status = self.answers.pop(0) if self.answers else 200
        return Response(status=status)(environ, start_response)

    def types(self) -> list[str]:
        return [json.loads(body)["type"] for body, _ in self.received]


class Loopback:
    """A running double and everything a test wants from it."""

    def __init__(self, double: RunningDouble, receiver: Receiver) -> None:
        self.url = double.url
        self.receiver = receiver
        self.client = self.client_with(0)

    def client_with(self, retries: int) -> stripe.StripeClient:
        """The real client; `retries` are its own automatic ones."""
        bases = dict.fromkeys(("api", "connect", "files", "meter_events"), self.url)
        return stripe.StripeClient(
            "sk_test_loopback", base_addresses=bases, max_network_retries=retries, http_client=stripe.RequestsClient()
        )

    def order(self, action: str, **fields: Any) -> dict[str, Any]:
        """Send a control message."""
        return self.post("/_test/control", json.dumps({"action": action, **fields}))

    def post(self, path: str, body: str) -> dict[str, Any]:
        request = urllib.request.Request(self.url + path, data=body.encode(), method="POST")
        with urllib.request.urlopen(request, timeout=5) as response:
            return json.loads(response.read())

    def see(self, what: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/_test/{what}", timeout=5) as response:
            return json.loads(response.read())

    def delivered(self, count: int) -> list[str]:
        """Wait until this many deliveries came in; the types of all of them."""
        ends = time.monotonic() + 5
        while len(self.receiver.received) < count and time.monotonic() < ends:
            time.sleep(0.01)
        assert len(self.receiver.received) >= count
        return self.receiver.types()


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    receiver = Receiver()
    listener = make_server("127.0.0.1", 0, receiver, threaded=True, request_handler=QuietHandler)
    thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    hook = f"http://127.0.0.1:{listener.server_port}/hook"
    with RunningDouble(0, hook, SECRET) as double:
        yield Loopback(double, receiver)
    listener.shutdown()
    thread.join(timeout=5)
    listener.server_close()
