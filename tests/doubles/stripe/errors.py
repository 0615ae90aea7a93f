"""The refusals of the API, with the body that the client library turns into its exceptions."""

from typing import Any


class StripeRefusal(Exception):
    """An answer other than success. `stored` says whether an idempotency key remembers it."""

    def __init__(self, status: int, error: dict[str, Any], *, stored: bool = True) -> None:
        super().__init__(error.get("message"))
        self.status = status
        self.error = error
        self.stored = stored

    @property
    def body(self) -> dict[str, Any]:
        return {"error": self.error}


def invalid_request(
    message: str, *, code: str | None = None, param: str | None = None, status: int = 400
) -> StripeRefusal:
    """A request that can never succeed as it stands. Not remembered by an idempotency key, because nothing ran."""
    error = {"type": "invalid_request_error", "message": message, "code": code, "param": param}
    return StripeRefusal(status, {k: v for k, v in error.items() if v is not None}, stored=False)


def no_such(noun: str, identifier: str, *, param: str | None = None) -> StripeRefusal:
    """404 for a name in the path, 400 for one in a parameter."""
    status = 400 if param else 404
    return invalid_request(
        f"No such {noun}: '{identifier}'", code="resource_missing", param=param or "id", status=status
    )


def wrong_state(message: str, *, code: str, **fields: Any) -> StripeRefusal:
    """The object is in a state that does not allow this. It ran as far as looking, so a key remembers it."""
    return StripeRefusal(400, {"type": "invalid_request_error", "message": message, "code": code, **fields})


def not_modelled(what: str) -> StripeRefusal:
    """The API allows it, this double does not know it: say so instead of guessing."""
    message = f"The loopback double does not model {what}. Add it to tests/doubles/stripe before relying on it."
    return StripeRefusal(501, {"type": "api_error", "message": message, "code": "not_modelled"}, stored=False)


def card_refused(code: str, message: str, *, decline_code: str | None = None, **fields: Any) -> StripeRefusal:
    """402: the bank said no."""
    error = {"type": "card_error", "code": code, "message": message, **fields}
    if decline_code:
        error["decline_code"] = decline_code
    return StripeRefusal(402, error)


def too_many_requests() -> StripeRefusal:
    """429: refused before anything ran."""
    error = {"type": "invalid_request_error", "code": "rate_limit", "message": "Too many requests."}
    return StripeRefusal(429, error, stored=False)
