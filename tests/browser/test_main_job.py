"""The main job from end to end in Chromium: every stage by clicking, with axe and the console watching."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from tests.browser.portal_browser import BrowserReader
from tests.doubles.stripe.server import RunningDouble
from tests.factories.billing import books_match
from tests.journeys.portal_pages import Reader
from tests.journeys.walk import Walk

pytestmark = pytest.mark.browser


class BrowserWalk(Walk):
    """Through pages in windows; the shorter plan of a service that both sides share."""

    mode = "partial"

    def __init__(self, app: Flask, make_reader: Callable[[str], BrowserReader]) -> None:
        self.make_reader = make_reader
        self.findings: list[str] = []
        super().__init__(app)

    def reader(self, email: str = "") -> BrowserReader:
        """A window of its own."""
        return self.make_reader(email)

    def look(self, name: str, person: Reader) -> None:
        """What a page's user would stumble over, and pictures of it."""
        assert isinstance(person, BrowserReader)
        self.findings += person.axe()
        if person.is_too_wide():
            self.findings.append(f"{person.path} is wider than a phone")
        person.shoot(name)

    def aside(self, act: Callable[[], Any]) -> Any:
        """In a thread: the browser's events are waited for in this one, which therefore cannot run jobs."""
        results: list[Any] = []

        def run() -> None:
            with self.app.app_context():
                results.append(act())

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        assert results, "what was run aside failed"
        return results[0]

    def onboard_at_provider(self) -> None:
        """On the provider's test page, which leads back to where the portal asks how the account stands."""
        tab = self.winner.tab
        tab.get_by_role("link", name="Continue to the payment service").click()
        with tab.expect_navigation(url="**/vendor/card-payments*"):
            tab.get_by_role("button", name="Give everything, be accepted").click()

    def pay_at_provider(self) -> None:
        """On the provider's test page."""
        tab = self.buyer.tab
        tab.get_by_role("link", name="Continue to payment").click()
        tab.get_by_label("Test card").select_option("pm_card_visa")
        with tab.expect_navigation(url="**/payments/**"):
            tab.get_by_role("button", name="Pay", exact=True).click()


def test_the_main_job(
    app: Flask, double: RunningDouble, make_reader: Callable[[str], BrowserReader], complaints: list[str]
) -> None:
    walk = BrowserWalk(app, make_reader)
    walk.tell()
    walk.look("reviews", walk.buyer)
    public = walk.reader()
    public.open(walk.vendor_page)
    walk.look("vendor-with-reviews", public)
    books_match(double)
    assert walk.findings == []
    assert complaints == []
