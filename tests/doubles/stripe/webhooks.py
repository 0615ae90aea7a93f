"""Signs events and delivers them from a thread of its own, as late, as often and as disordered as it is told to.

The signature is the documented one: `t=<unix time>,v1=<HMAC-SHA-256 of "<t>.<body>">`, one `v1` per secret in force.
"""

import hashlib
import heapq
import hmac
import json
import random
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from tests.doubles.stripe.store import Object

RETRY_AFTER_SECONDS = (1.0, 3.0, 9.0)


@dataclass
class Settings:
    """How deliveries behave. `lose` counts the next events that are never sent; they stay in the list of events."""

    delay: float = 0.0
    duplicates: int = 0
    shuffle: bool = False
    hold: bool = False
    lose: int = 0
    retries: int = len(RETRY_AFTER_SECONDS)
    clock_offset: int = 0


@dataclass(order=True)
class Delivery:
    due: float
    order: float
    event: Object = field(compare=False)
    attempt: int = field(compare=False, default=0)


class Webhooks:
    """The outgoing side: a queue ordered by time, one sending thread, and a log of what the receiver answered."""

    def __init__(self, url: str | None, secrets: list[str]) -> None:
        self.url = url
        self.secrets = secrets
        self.settings = Settings()
        self.log: list[dict[str, Any]] = []
        self.random = random.Random(7)
        self._queue: list[Delivery] = []
        self._sending = 0
        self._count = 0
        self._changed = threading.Condition()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="webhooks", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(timeout=5)

    def configure(self, given: dict[str, Any]) -> None:
        """Change settings by name (and `secrets`); raises ValueError for an unknown one."""
        with self._changed:
            for name, value in given.items():
                if name == "secrets":
                    self.secrets = list(value)
                elif name == "seed":
                    self.random = random.Random(value)
                elif hasattr(self.settings, name):
                    setattr(self.settings, name, value)
                else:
                    raise ValueError(f"unknown webhook setting: {name}")
            self._changed.notify_all()

    def send(self, event: Object) -> None:
        """Queue an event, once and as many times more as duplicates are asked for."""
        if self.url is None:
            return
        with self._changed:
            if self.settings.lose > 0:
                self.settings.lose -= 1
                self.log.append({"event": event["id"], "type": event["type"], "lost": True})
                return
            for _ in range(1 + self.settings.duplicates):
                self._push(event, time.monotonic() + self.settings.delay, 0)

    def clear(self) -> None:
        with self._changed:
            self._queue, self.settings, self.log = [], Settings(), []

    def pending(self) -> int:
        """Deliveries queued, held back or under way."""
        with self._changed:
            return len(self._queue) + self._sending

    def _push(self, event: Object, due: float, attempt: int) -> None:
        self._count += 1
        heapq.heappush(self._queue, Delivery(due, self._count, event, attempt))
        self._changed.notify_all()

    def _next(self) -> Delivery | None:
        """Wait for a delivery that is due; None when stopping."""
        with self._changed:
            while not self._stopped:
                now = time.monotonic()
                due = [] if self.settings.hold else [one for one in self._queue if one.due <= now]
                if due:
                    chosen = self.random.choice(due) if self.settings.shuffle else min(due)
                    self._queue.remove(chosen)
                    heapq.heapify(self._queue)
                    self._sending += 1
                    return chosen
                waits = [one.due - now for one in self._queue] if not self.settings.hold else []
                self._changed.wait(min(waits) if waits else None)
            return None

    def _run(self) -> None:
        while (delivery := self._next()) is not None:
            status, problem = self._post(delivery.event)
            with self._changed:
                self._sending -= 1
                self.log.append(
                    {"event": delivery.event["id"], "type": delivery.event["type"], "attempt": delivery.attempt,
                     "status": status, "problem": problem}
                )  # fmt: skip
                if not 200 <= status < 300 and delivery.attempt < self.settings.retries:
                    wait = RETRY_AFTER_SECONDS[min(delivery.attempt, len(RETRY_AFTER_SECONDS) - 1)]
                    self._push(delivery.event, time.monotonic() + wait, delivery.attempt + 1)

    def _post(self, event: Object) -> tuple[int, str]:
        body = json.dumps(event, indent=2, ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": sign(body, self.secrets, int(time.time()) + self.settings.clock_offset),
        }
        request = urllib.request.Request(self.url or "", data=body, headers=headers, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as response:
                return response.status, ""
        except urllib.error.HTTPError as refused:
            return refused.code, str(refused.reason)
        except OSError as unreachable:
            return 0, str(unreachable)


def sign(body: bytes, secrets: list[str], timestamp: int) -> str:
    """The `Stripe-Signature` header: one signature per secret, so that a receiver may roll its secret."""
    signed = f"{timestamp}.".encode() + body
    parts = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={timestamp}", *parts])
