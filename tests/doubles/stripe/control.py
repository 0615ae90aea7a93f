"""The control side under `/_test`: orders trouble, moves the clock, steers webhooks, and shows what was seen.

`POST /_test/control` takes one JSON object with an `action`; every action is a function below, named after it.
"""

from collections.abc import Callable
from typing import Any

from tests.doubles.stripe import accounts, payments
from tests.doubles.stripe.chaos import Chaos
from tests.doubles.stripe.store import Store
from tests.doubles.stripe.webhooks import Webhooks


class Control:
    """Carries out control messages; raises ValueError for one it does not understand."""

    def __init__(self, store: Store, chaos: Chaos, webhooks: Webhooks) -> None:
        self.store = store
        self.chaos = chaos
        self.webhooks = webhooks
        self.requests: list[dict[str, Any]] = []

    def perform(self, message: dict[str, Any]) -> dict[str, Any]:
        given = dict(message)
        name = str(given.pop("action", ""))
        actions: dict[str, Callable[..., None]] = {
            "advance": self.advance,
            "chaos": self.order_chaos,
            "webhooks": self.steer_webhooks,
            "release": self.release,
            "redeliver": self.redeliver,
            "settle": self.settle,
            "late_fees": self.late_fees,
            "forget_events": self.forget_events,
            "account": self.account,
            "reset": self.reset,
        }
        if name not in actions:
            raise ValueError(f"unknown action {name!r}; known: {', '.join(sorted(actions))}")
        try:
            actions[name](**given)
        except TypeError as wrong:
            raise ValueError(str(wrong)) from wrong
        with self.store.lock:
            self.store.save()
        return {"done": name, "now": self.store.now()}

    def advance(self, seconds: int) -> None:
        """Move the double's clock forward."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        with self.store.lock:
            self.store.offset += int(seconds)

    def order_chaos(self, clear: bool = False, **rule: Any) -> None:
        if clear:
            self.chaos.clear()
        if rule:
            self.chaos.order(rule)

    def steer_webhooks(self, **settings: Any) -> None:
        self.webhooks.configure(settings)

    def release(self, shuffle: bool = False) -> None:
        """Let go of everything that was held back, in random order if asked."""
        self.webhooks.configure({"hold": False, "shuffle": shuffle})

    def redeliver(self, event: str | None = None, times: int = 1) -> None:
        """Send one event, or all that are kept, again."""
        with self.store.lock:
            chosen = [one for one in reversed(self.store.kept_events()) if event in (None, one["id"])]
        if event and not chosen:
            raise ValueError(f"no such event: {event}")
        for _ in range(times):
            for one in chosen:
                self.webhooks.send(one)

    def settle(self, payment_intent: str, paid: bool = True) -> None:
        """Let a bank debit arrive or bounce, or a pending authentication pass or fail."""
        with self.store.lock:
            payments.settle(self.store, self.store.get("payment_intent", payment_intent), paid=paid)

    def late_fees(self, on: bool = True) -> None:
        """While on, charges succeed without a balance transaction; switching off fills them in."""
        with self.store.lock:
            if on:
                self.store.late_fees = True
            else:
                payments.release_fees(self.store)

    def account(self, account: str, standing: str) -> None:
        """Let a connected account be complete, incomplete, pending or restricted."""
        with self.store.lock:
            accounts.put(self.store, self.store.get("account", account), standing)

    def forget_events(self) -> None:
        """As if more than 30 days had passed: the list of events is empty."""
        with self.store.lock:
            self.store.events = []

    def reset(self) -> None:
        with self.store.lock:
            self.chaos.clear()
            self.webhooks.clear()
            self.store.clear()
            self.requests.clear()

    def show(self, what: str) -> Any:
        """What a test wants to look at; None for something unknown."""
        with self.store.lock:
            shown: dict[str, Callable[[], Any]] = {
                "balances": self.store.ledger.balances,
                "accounts": lambda: list(self.store.of_kind("account")),
                "charges": lambda: list(self.store.of_kind("charge")),
                "events": self.store.kept_events,
                "requests": lambda: list(self.requests),
                "webhooks": lambda: {"pending": self.webhooks.pending(), "log": list(self.webhooks.log)},
            }
            return shown[what]() if what in shown else None
