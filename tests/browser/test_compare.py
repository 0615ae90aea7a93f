"""A visitor chooses three vendors and compares them in Chromium, with axe and the console watching."""

from collections.abc import Callable

import pytest

from tests.browser.portal_browser import DESKTOP, PHONE, BrowserReader
from tests.factories.catalog import make_live_service, make_live_vendor, make_moderator

pytestmark = pytest.mark.browser


def test_a_visitor_compares_three_vendors(make_reader: Callable[[str], BrowserReader], complaints: list[str]) -> None:
    moderator = make_moderator()
    for name in ("Kestrelway Contact", "Vellaro Assist", "Ostermere CX"):
        vendor = make_live_vendor(name, moderator, profile={"headline": f"{name} answers", "seats_free": len(name)})
    make_live_service(vendor, moderator, channels=["chat"], modes=["temporary"])
    visitor = make_reader("")
    findings: list[str] = []

    def look(name: str) -> None:
        findings.extend(visitor.axe())
        if visitor.is_too_wide():
            findings.append(f"{visitor.path} is wider than a phone")
        visitor.shoot(f"compare-{name}")

    visitor.open("/vendors?channel=phone")
    visitor.click("Compare Kestrelway Contact")
    visitor.click("Compare Vellaro Assist")
    look("directory")
    visitor.follow("Ostermere CX")
    visitor.follow("Compare")
    assert visitor.path.count("v=") == 3
    visitor.follow("Compare 3 vendors")
    assert "Kestrelway Contact, Vellaro Assist, Ostermere CX" in visitor.page.words
    look("table")

    shared = visitor.tab.locator("[data-copy]")
    assert shared.is_visible() and shared.get_attribute("data-copy") == f"{visitor.origin}{visitor.path}"
    visitor.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    shared.click()
    visitor.tab.get_by_text("Link copied").wait_for()
    assert visitor.tab.evaluate("navigator.clipboard.readText()") == f"{visitor.origin}{visitor.path}"

    visitor.tab.set_viewport_size(PHONE)  # type: ignore[arg-type]
    region = visitor.tab.locator(".region")
    first = visitor.tab.locator(".comparison tbody th[scope=row]").first
    place = first.bounding_box()
    region.evaluate("it => { it.scrollLeft = 200; }")
    assert first.bounding_box() == place, "the names of the properties stay in sight"
    visitor.follow("Only differences")
    assert "Temporary outsourcing" in visitor.page.words and "Smallest team" not in visitor.page.words
    visitor.follow("Remove Vellaro Assist")
    assert "Compare 2 vendors" in visitor.page.words

    visitor.tab.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
    visitor.follow("Kestrelway Contact")
    visitor.press("Work it out", phone="1200")
    assert "100 × 17.90 per hour" in visitor.page.words
    look("estimate")
    visitor.tab.get_by_role("link", name="Every line, explained").click()
    assert visitor.tab.url.endswith("#estimate-lines")
    assert findings == []
    assert complaints == []
