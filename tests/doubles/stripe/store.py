"""Everything the double remembers, behind one lock, with a clock that can be moved forward.

Kept in memory; with a file, every change is also written to it (whole, then renamed) and read back at the next start.
"""

import json
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.doubles.stripe.errors import no_such
from tests.doubles.stripe.ledger import Ledger

Object = dict[str, Any]
API_VERSION = "2026-10-28.endive"
EVENTS_KEPT_SECONDS = 30 * 24 * 3600


class Store:
    """Objects by id in the order of their making, events, the ledger, and the clock."""

    def __init__(self, data: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.base_url = ""
        self.data = data
        self.request: Object = {"id": None, "idempotency_key": None}
        self.late_fees = False
        self.listeners: list[Callable[[Object], None]] = []
        self.clear()
        if data and data.exists():
            self._load(json.loads(data.read_text(encoding="utf-8")))

    def clear(self) -> None:
        """Forget everything and set the clock back to now."""
        self.offset = 0
        self.objects: dict[str, Object] = {}
        self.hidden: dict[str, Object] = {}
        self.events: list[Object] = []
        self.keys: dict[str, Object] = {}
        self.ledger = Ledger()

    def moved_to(self, base_url: str) -> None:
        """Remember where the pages are; those of an earlier run, kept in the file, may have had another port."""
        self.base_url = base_url
        for session in self.of_kind("checkout.session"):
            if session["status"] == "open":
                session["url"] = f"{base_url}/_test/checkout/{session['id']}"

    def now(self) -> int:
        return int(time.time()) + self.offset

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_{secrets.token_hex(12)}"

    def add(self, made: Object) -> Object:
        self.objects[made["id"]] = made
        return made

    def get(self, noun: str, identifier: str, *, param: str | None = None) -> Object:
        """The object of this kind; 404, or 400 when `param` says that a parameter named it."""
        found = self.objects.get(identifier)
        if found is None or found["object"] != noun:
            raise no_such(noun.removeprefix("checkout."), identifier, param=param)
        return found

    def of_kind(self, noun: str) -> Iterator[Object]:
        """Newest first, as the API lists."""
        return (made for made in reversed(self.objects.values()) if made["object"] == noun)

    def emit(self, kind: str, about: Object, *, account: str | None = None) -> Object:
        """Record an event with a copy of the object as it is now, and tell the webhook sender.

        `account` is the connected account it happened on; none for the platform itself.
        """
        event = {
            "id": self.new_id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": self.now(),
            "data": {"object": json.loads(json.dumps(about))},
            "livemode": False,
            "pending_webhooks": 1,
            "request": dict(self.request),
            "type": kind,
        }
        if account is not None:
            event["account"] = account
        self.events.append(event)
        for listener in self.listeners:
            listener(event)
        return event

    def kept_events(self) -> list[Object]:
        """Newest first; those older than 30 days are gone."""
        oldest = self.now() - EVENTS_KEPT_SECONDS
        return [event for event in reversed(self.events) if event["created"] >= oldest]

    def save(self) -> None:
        if self.data is None:
            return
        state = {
            "offset": self.offset,
            "objects": self.objects,
            "hidden": self.hidden,
            "events": self.events,
            "keys": {name: key for name, key in self.keys.items() if key["status"]},
            "journal": self.ledger.journal,
        }
        draft = self.data.with_suffix(".draft")
        draft.write_text(json.dumps(state), encoding="utf-8")
        os.replace(draft, self.data)

    def _load(self, state: Object) -> None:
        self.offset = state["offset"]
        self.objects, self.hidden = state["objects"], state["hidden"]
        self.events, self.keys = state["events"], state["keys"]
        self.ledger = Ledger(state["journal"])
