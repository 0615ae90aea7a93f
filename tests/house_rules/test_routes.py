"""Every route says who may use it, every act is sent by POST, and every act leaves a trace."""

from flask import Flask
from flask.testing import FlaskClient

# Served by libraries: their own static files.
STATIC = {"static", "bootstrap.static"}


def test_every_route_names_who_may_use_it(app: Flask) -> None:
    """Add @needs(Permission.…), @signed_in or @open_to_all under the route."""
    assert [
        f"{rule.endpoint} at {rule.rule}"
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in STATIC and not hasattr(app.view_functions[rule.endpoint], "guard")
    ] == []


def test_strangers_are_sent_to_the_sign_in_page(app: Flask, client: FlaskClient) -> None:
    """Whatever is not public asks a stranger to sign in, or a program for its token, whichever id is in the address."""
    wrong = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint in STATIC or getattr(view, "guard", "") == "open_to_all" or "GET" not in (rule.methods or ()):
            continue
        arguments = {name: _value(converter) for name, converter in rule._converters.items()}
        with app.test_request_context():
            from flask import url_for

            address = url_for(rule.endpoint, **arguments)
        answer = client.get(address)
        if rule.endpoint.startswith("api."):
            is_refused = answer.status_code == 401 and "Bearer" in answer.headers["WWW-Authenticate"]
        else:
            is_refused = answer.status_code == 302 and "/sign-in" in answer.headers["Location"]
        if not is_refused:
            wrong.append(f"{rule.endpoint}: {answer.status_code}")
    assert wrong == []


def _value(converter: object) -> object:
    kind = type(converter).__name__
    if kind == "AnyConverter":
        return min(converter.items)  # type: ignore[attr-defined]
    return {"UUIDConverter": "0190a000-0000-7000-8000-000000000000", "IntegerConverter": 1}.get(kind, "x")
