"""The command that loads the demo; what it leaves behind is looked at with every page of it, in the journeys."""

import dataclasses

import psycopg
import pytest
from click.testing import CliRunner
from flask import Flask

from portal.demo import world
from portal.demo.commands import load
from tests.factories.accounts import make_company


def test_a_card_provider_is_not_asked_about_the_demos_past(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    before = app.config["PORTAL"]
    app.config["PORTAL"] = dataclasses.replace(
        before, stripe_secret_key="sk_test_x", stripe_webhook_secret="x", stripe_api_base="http://127.0.0.1:9"
    )
    during: list[bool] = []
    monkeypatch.setattr(world, "load", lambda _seed, _say: during.append(app.config["PORTAL"].takes_cards))
    try:
        answer = CliRunner().invoke(load)
        after = app.config["PORTAL"].takes_cards
    finally:
        app.config["PORTAL"] = before
    assert (answer.exit_code, during, after) == (0, [False], True)


def test_production_refuses_the_demo(app: Flask) -> None:
    before = app.config["PORTAL"]
    app.config["PORTAL"] = dataclasses.replace(before, env="production")
    try:
        answer = CliRunner().invoke(load)
    finally:
        app.config["PORTAL"] = before
    assert answer.exit_code == 1
    assert "production" in answer.output


def test_a_portal_with_companies_is_left_alone(app: Flask, superuser: psycopg.Connection) -> None:
    make_company("buyer")
    answer = CliRunner().invoke(load)
    assert answer.exit_code == 1
    assert "already" in answer.output
