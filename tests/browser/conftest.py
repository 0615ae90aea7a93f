"""Chromium as Debian has it, and the portal served to it by threads of this process."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright

from tests.browser.portal_browser import DESKTOP, BrowserReader
from tests.doubles.stripe.server import RunningDouble
from tests.factories.billing import card_payments
from tests.journeys.serving import served

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, quiet and offline.

    Not the plug-in's own fixture: that one keeps an event loop running to the end of the session, and in its thread
    no later test could run jobs.
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def portal(app: Flask) -> Iterator[str]:
    """The portal's address, as it stands in its own mails too; forms need their CSRF token."""
    settings = app.config["PORTAL"]
    with served(app) as address:
        app.config["PORTAL"] = dataclasses.replace(settings, base_url=address)
        app.config["WTF_CSRF_ENABLED"] = True
        yield address
        app.config["WTF_CSRF_ENABLED"] = False
        app.config["PORTAL"] = settings


@pytest.fixture
def double(app: Flask, portal: str) -> Iterator[RunningDouble]:
    """The card provider with its test page."""
    with card_payments(app, f"{portal}/hooks/stripe") as running:
        yield running


@pytest.fixture
def complaints() -> list[str]:
    """What the consoles complained of, violations of the security policy among it."""
    return []


@pytest.fixture
def make_reader(browser: Browser, portal: str, complaints: list[str]) -> Iterator[Callable[[str], BrowserReader]]:
    """Each call is another person at a browser of their own."""
    contexts = []

    def make(email: str = "") -> BrowserReader:
        contexts.append(browser.new_context(locale="en-GB", viewport=DESKTOP))  # type: ignore[arg-type]
        return BrowserReader(contexts[-1], portal, complaints, email)

    yield make
    for context in contexts:
        context.close()
