"""Tokens made by the real verb, and programs that send them."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.actions.api_tokens import create_token
from portal.accounts.actor import Actor
from portal.accounts.models import ApiToken
from portal.kit.ids import new_id
from tests.factories.accounts import PASSWORD
from tests.factories.needs import in_scope


def make_token(actor: Actor, scope: str = "write", *, name: str = "A program", days: int = 90) -> tuple[ApiToken, str]:
    """A token of the actor with its secret."""
    made: list[tuple[ApiToken, str]] = []

    def make() -> ApiToken:
        made.append(create_token(actor, name=name, scope=scope, days=days, password=PASSWORD))
        return made[0][0]

    return in_scope(actor, make), made[0][1]


def program(app: Flask, secret: str) -> FlaskClient:
    """A program that sends this token with everything it asks."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def program_of(app: Flask, actor: Actor, scope: str = "write") -> FlaskClient:
    """A program with a token of its own that acts for somebody."""
    return program(app, make_token(actor, scope)[1])


def post(client: FlaskClient, path: str, body: Any, *, key: str | None = None) -> TestResponse:
    """Send JSON with an Idempotency-Key: a new one unless it is named."""
    return client.post(path, json=body, headers={"Idempotency-Key": key or new_id().hex})
