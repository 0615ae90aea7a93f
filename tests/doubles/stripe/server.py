"""The HTTP face of the double: authentication, routing, idempotency, trouble, answer; and the pages under `/_test`."""

import json
import secrets
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from tests.doubles.stripe import checkout, checkout_page, forms, idempotency, onboard_page, routes, validation
from tests.doubles.stripe.chaos import Chaos, Rule, Trouble
from tests.doubles.stripe.control import Control
from tests.doubles.stripe.errors import StripeRefusal, invalid_request, too_many_requests
from tests.doubles.stripe.idempotency import Answer
from tests.doubles.stripe.store import API_VERSION, Store
from tests.doubles.stripe.webhooks import Webhooks


class DroppedConnection(Exception):
    """The caller gets no answer at all."""


class QuietHandler(WSGIRequestHandler):
    """The request log is kept for `/_test/requests`; nothing is printed."""

    def log(self, type: str, message: str, *args: Any) -> None:
        pass


class StripeDouble:
    """The WSGI application."""

    def __init__(self, webhook_url: str | None, webhook_secret: str, data: Path | None = None) -> None:
        self.store = Store(data)
        self.chaos = Chaos()
        self.webhooks = Webhooks(webhook_url, [webhook_secret])
        self.control = Control(self.store, self.chaos, self.webhooks)
        self.store.listeners.append(self.webhooks.send)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        request = Request(environ)
        try:
            response = self.test_side(request) if request.path.startswith("/_test/") else self.api_side(request)
        except DroppedConnection:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            response = Response(status=500)
        return response(environ, start_response)

    def api_side(self, request: Request) -> Response:
        """One API request: logged with the status it was answered with, 0 when the connection was dropped."""
        request_id = f"req_{secrets.token_hex(7)}"
        entry = {
            "id": request_id,
            "method": request.method,
            "path": request.path,
            "params": request.query_string.decode() or request.get_data(as_text=True),
            "idempotency_key": request.headers.get("Idempotency-Key"),
            "api_version": request.headers.get("Stripe-Version"),
            "status": 0,
        }
        self.control.requests.append(entry)
        try:
            answer = self._answer(request, request_id)
        except StripeRefusal as refused:
            answer = Answer(refused.status, json.dumps(refused.body))
        entry["status"] = answer.status
        response = Response(answer.body, status=answer.status, content_type="application/json")
        response.headers["Request-Id"] = request_id
        response.headers["Stripe-Version"] = API_VERSION
        if answer.replayed:
            response.headers["Idempotent-Replayed"] = "true"
        return response

    def _answer(self, request: Request, request_id: str) -> Answer:
        _authenticated(request)
        found = validation.find_route(request.method, request.path)
        if found is None:
            message = f"Unrecognized request URL ({request.method}: {request.path})."
            raise invalid_request(message, status=404)
        route, ids = found
        sent = request.query_string.decode() if request.method != "POST" else request.get_data(as_text=True)
        params = validation.validate(route, forms.decode(sent))
        routes.modelled_route(route, params)
        met = self.chaos.meet(request.method, request.path)
        if any(rule.trouble is Trouble.RATE_LIMIT for rule in met):
            raise too_many_requests()
        key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
        if key is None:
            return self._run(route, ids, params, met, {"id": request_id, "idempotency_key": None})
        return self._run_once(key, request.path, route, ids, params, met, request_id)

    def _run_once(
        self, key: str, path: str, route: validation.Route, ids: dict[str, str], params: dict[str, Any],
        met: list[Rule], request_id: str,
    ) -> Answer:  # fmt: skip
        """Run under an idempotency key, or give the answer that the key already has."""
        if any(rule.trouble is Trouble.KEY_IN_USE for rule in met):
            raise idempotency.in_use(key)
        with self.store.lock:
            known = idempotency.take(self.store, key, path, params)
        if known is not None:
            if any(rule.trouble in (Trouble.DROP_BEFORE, Trouble.DROP_AFTER) for rule in met):
                raise DroppedConnection
            return known
        answer: Answer | None = None
        try:
            answer = self._run(route, ids, params, met, {"id": request_id, "idempotency_key": key}, key=key)
        finally:
            with self.store.lock:
                if answer is None and self.store.keys[key]["status"] is None:
                    idempotency.free(self.store, key)
        return answer

    def _run(
        self, route: validation.Route, ids: dict[str, str], params: dict[str, Any], met: list[Rule],
        origin: dict[str, Any], *, key: str | None = None,
    ) -> Answer:  # fmt: skip
        troubles = {rule.trouble for rule in met}
        time.sleep(sum(rule.seconds for rule in met if rule.trouble is not Trouble.DELAY_AFTER))
        if Trouble.DROP_BEFORE in troubles:
            raise DroppedConnection
        with self.store.lock:
            answer = _failed() if Trouble.ERROR_BEFORE in troubles else self._perform(route, ids, params, origin)
            if Trouble.ERROR_AFTER in troubles:
                answer = _failed()
            if key is not None:
                idempotency.keep(self.store, key, answer)
            self.store.save()
        if Trouble.DROP_AFTER in troubles:
            raise DroppedConnection
        time.sleep(sum(rule.seconds for rule in met if rule.trouble is Trouble.DELAY_AFTER))
        return answer

    def _perform(
        self, route: validation.Route, ids: dict[str, str], params: dict[str, Any], origin: dict[str, Any]
    ) -> Answer:
        self.store.request = origin
        try:
            return Answer(200, json.dumps(routes.perform(self.store, route, ids, params)))
        except StripeRefusal as refused:
            if not refused.stored:
                raise
            return Answer(refused.status, json.dumps(refused.body))
        finally:
            self.store.request = {"id": None, "idempotency_key": None}

    def test_side(self, request: Request) -> Response:
        """The hosted page, the control messages, and what the double has seen."""
        parts = request.path.removeprefix("/_test/").split("/")
        if parts[0] == "checkout" and len(parts) == 2:
            return self._checkout(request, parts[1])
        if parts[0] == "onboard" and len(parts) == 2:
            return self._onboard(request, parts[1])
        if parts == ["control"] and request.method == "POST":
            try:
                return _json(self.control.perform(json.loads(request.get_data())))
            except (ValueError, StripeRefusal) as refused:
                return _json({"error": str(refused)}, status=400)
        shown = self.control.show(parts[0]) if request.method == "GET" and len(parts) == 1 else None
        return _json({"error": "no such test page"}, status=404) if shown is None else _json(shown)

    def _checkout(self, request: Request, identifier: str) -> Response:
        with self.store.lock:
            checkout.expire_overdue(self.store)
            if request.method == "POST":
                status, body = checkout_page.submit(self.store, identifier, request.form.to_dict())
                self.store.save()
            else:
                status, body = checkout_page.render(self.store, identifier)
        return _shown(status, body)

    def _onboard(self, request: Request, identifier: str) -> Response:
        token = request.args.get("link", "")
        with self.store.lock:
            if request.method == "POST":
                answer = onboard_page.submit(self.store, identifier, token, request.form.to_dict())
                self.store.save()
            else:
                answer = onboard_page.render(self.store, identifier, token)
        return _shown(*answer)


def _authenticated(request: Request) -> None:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not key.startswith("sk_test_") or len(key) < 12:
        message = "Invalid API Key provided: the loopback double takes keys that begin with sk_test_."
        raise invalid_request(message, status=401)


def _shown(status: int, body: str) -> Response:
    """A page or, for a status of 303, the way to another address."""
    if status == 303:
        return Response(status=303, headers={"Location": body})
    return Response(body, status=status, content_type="text/html; charset=utf-8")


def _failed() -> Answer:
    return Answer(500, json.dumps({"error": {"type": "api_error", "message": "An unknown error occurred."}}))


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status=status, content_type="application/json")


class RunningDouble:
    """The double listening on loopback in threads of this process; use as a context manager."""

    def __init__(self, port: int, webhook_url: str | None, webhook_secret: str, data: Path | None = None) -> None:
        self.app = StripeDouble(webhook_url, webhook_secret, data)
        self.server: BaseWSGIServer = make_server(
            "127.0.0.1", port, self.app, threaded=True, request_handler=QuietHandler
        )
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.app.store.moved_to(self.url)
        self._thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Self:
        self.app.webhooks.start()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.app.webhooks.stop()
