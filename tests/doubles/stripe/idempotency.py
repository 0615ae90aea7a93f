"""Idempotency keys: the first executed answer is kept and replayed, whatever it was, for 24 hours.

A key is taken before the request runs and filled after it. Answers given before anything ran (401, 404, 400 for a wrong
shape, 409, 429) leave the key free.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from tests.doubles.stripe.errors import StripeRefusal
from tests.doubles.stripe.store import Store

KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Answer:
    """A finished answer as it goes over the wire."""

    status: int
    body: str
    replayed: bool = False


def take(store: Store, key: str, path: str, params: dict[str, Any]) -> Answer | None:
    """Claim the key (None) or give the answer it already has; 409 while its first request runs, 400 for another one."""
    prune(store)
    if len(key) > 255:
        raise StripeRefusal(400, {"type": "idempotency_error", "message": "Keys are at most 255 characters."})
    print_ = hashlib.sha256(json.dumps([path, params], sort_keys=True, default=str).encode()).hexdigest()
    known = store.keys.get(key)
    if known is None:
        store.keys[key] = {"print": print_, "taken_at": store.now(), "status": None, "body": None}
        return None
    if known["print"] != print_:
        raise StripeRefusal(
            400,
            {
                "type": "idempotency_error",
                "message": f"Keys for idempotent requests can only be used with the same parameters they were first "
                f"used with. Try using a key other than '{key}' if you meant to execute a different request.",
            },
            stored=False,
        )
    if known["status"] is None:
        raise in_use(key)
    return Answer(known["status"], known["body"], replayed=True)


def keep(store: Store, key: str, answer: Answer) -> None:
    store.keys[key].update(status=answer.status, body=answer.body)


def free(store: Store, key: str) -> None:
    """Nothing ran under this key: the next request with it is the first again."""
    store.keys.pop(key, None)


def in_use(key: str) -> StripeRefusal:
    """Another request with the same key is still running."""
    message = f"There is currently another in-progress request using this Idempotent Key: {key}."
    error = {"type": "idempotency_error", "code": "idempotency_key_in_use", "message": message}
    return StripeRefusal(409, error, stored=False)


def prune(store: Store) -> None:
    oldest = store.now() - KEPT_SECONDS
    for key, known in list(store.keys.items()):
        if known["taken_at"] <= oldest and known["status"] is not None:
            del store.keys[key]
