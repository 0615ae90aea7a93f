"""A salesperson writes a rate card from nothing: lines in place, an example beside them, published, in the list."""

from collections.abc import Callable

import pytest

from tests.browser.portal_browser import BrowserReader
from tests.factories.accounts import execute, make_company, make_person

pytestmark = pytest.mark.browser


def test_a_vendor_writes_a_rate_card_from_nothing(
    make_reader: Callable[[str], BrowserReader], complaints: list[str]
) -> None:
    person = make_person(make_company("vendor"))
    reader = make_reader(person.email)
    reader.open("/vendor/rate-cards/new")
    tab = reader.tab
    with tab.expect_response("**/rate-cards/preview"):
        tab.fill("[name='card-operating-0-rate']", "2.40")
    tab.get_by_text("£24,000.00").first.wait_for()  # 10,000 contacts, worked out while writing

    line = {"name": "Retail", "card-operating-0-description": "Calls", "card-operating-0-rate": "2.40"}
    reader.press("Add an operating line", fields=line)
    assert tab.evaluate("document.activeElement.name") == "card-operating-1-description"
    bands = {"card-operating-1-description": "E-mails", "card-operating-1-tier_mode": "all_units"}
    for number, (up_to, rate) in enumerate([("5000", "1.90"), ("", "1.70")]):
        bands |= {f"card-operating-1-tiers-{number}-up_to": up_to, f"card-operating-1-tiers-{number}-rate": rate}
    reader.press("The rest is not charged", fields=bands)
    tab.get_by_text("Line E_MAILS becomes cheaper with one unit more").wait_for()
    reader.press("Add an operating line")
    assert tab.locator("button[name=remove][value=operating-2]").count() == 1
    reader.press("Remove E-mails")
    assert tab.locator("button[name=remove][value=operating-1]").count() == 0
    assert reader.axe() == []
    assert not reader.is_too_wide()
    reader.shoot("rate-card-editor")

    reader.press("Save rate card", fields={"name": "Retail"})
    reader.follow("Publish a version")
    reader.press("Publish")
    assert reader.axe() == []
    tab.goto(f"{reader.origin}/vendor/rate-cards")
    assert "Version 1" in tab.locator("table").inner_text()
    assert [row.number for row in execute("SELECT number FROM rate_card_versions")] == [1]
    assert complaints == []
