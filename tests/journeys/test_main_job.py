"""The main job from end to end, by HTTP, each page checked and its statements counted."""

import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.doubles.stripe.server import RunningDouble
from tests.factories.accounts import execute
from tests.factories.billing import books_match, card_payments
from tests.journeys import story
from tests.journeys.portal_pages import Budget, HttpReader
from tests.journeys.serving import served
from tests.journeys.walk import Walk


class HttpWalk(Walk):
    """Through pages that no browser shows."""

    def __init__(self, app: Flask, make_client: Callable[[], FlaskClient]) -> None:
        self.make_client, self.budget = make_client, Budget()
        super().__init__(app)

    def reader(self, email: str = "") -> HttpReader:
        """A client with cookies of its own."""
        return HttpReader(self.make_client(), self.budget, email)

    def onboard_at_provider(self) -> None:
        """By plain HTTP, as the payment; without script the way back needs a press of its own."""
        vendor = self.winner
        page = vendor.page.links[vendor.link_at("Continue to the payment service")][1]
        with pytest.raises(WayBack, match=r"/vendor/card-payments\?back=1"):
            urllib.request.build_opener(StayHere).open(page, b"ending=complete")
        vendor.open("/vendor/card-payments?back=1")
        vendor.press("Ask now")

    def pay_at_provider(self) -> None:
        """The provider's page is outside the portal, so it is asked by plain HTTP."""
        page = self.buyer.page.links[self.buyer.link_at("Continue to payment")][1]
        with urllib.request.urlopen(page) as answer:
            assert "TEST" in answer.read().decode()
        pressed = urllib.parse.urlencode({"card": "pm_card_visa", "action": "pay"}).encode()
        with pytest.raises(WayBack, match="/payments/"):
            urllib.request.build_opener(StayHere).open(page, pressed)


class WayBack(Exception):
    """The provider sends the buyer back."""


class StayHere(urllib.request.HTTPRedirectHandler):
    """The way back leads to the portal, where the buyer's client goes by itself."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        """Stop instead of following."""
        raise WayBack(newurl)


@pytest.fixture
def protected(app: Flask) -> Iterator[None]:
    """Forms need their CSRF token, as they do outside tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def double(app: Flask) -> Iterator[RunningDouble]:
    """The card provider, whose events reach the portal by HTTP."""
    with served(app) as address, card_payments(app, f"{address}/hooks/stripe") as running:
        yield running


def test_the_main_job(
    app: Flask, protected: None, double: RunningDouble, make_client: Callable[[], FlaskClient]
) -> None:
    walk = HttpWalk(app, make_client)
    walk.tell()
    look_back(walk, double)
    assert not walk.budget.over, f"too many statements: {walk.budget.over}"


def look_back(walk: Walk, double: RunningDouble) -> None:
    """What is left of it all: published reviews, books that balance, evidence that holds, an entry for each act."""
    public = walk.reader().open(walk.vendor_page)
    assert story.BUYER_REVIEW in public.words
    assert "Verified engagement" in public.words
    assert story.VENDOR_REVIEW in walk.buyer.open(f"{walk.agreement}/reviews").words
    books_match(double)
    for command in (("ledger", "check"), ("evidence", "verify"), ("directory", "check")):
        result = walk.app.test_cli_runner().invoke(args=command)
        assert result.exit_code == 0, result.output
    kept = {row.kind for row in execute("SELECT DISTINCT kind FROM evidence_entries")}
    assert kept >= story.EVIDENCE, story.EVIDENCE - kept
    noted = {row.tag for row in execute("SELECT DISTINCT tag FROM audit_entries")}
    assert noted >= story.ACTS, story.ACTS - noted
