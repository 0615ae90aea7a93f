"""A vendor fills in its profile from nothing in Chromium, with axe and the console watching."""

from collections.abc import Callable
from io import BytesIO

import pytest

from tests.browser.portal_browser import BrowserReader
from tests.factories.accounts import make_company, make_person
from tests.factories.profiles import PDF, days_ahead

pytestmark = pytest.mark.browser


def test_from_nothing(make_reader: Callable[[str], BrowserReader], complaints: list[str]) -> None:
    vendor = make_reader(make_person(make_company("vendor")).email)
    findings: list[str] = []

    def look(name: str) -> None:
        findings.extend(vendor.axe())
        if vendor.is_too_wide():
            findings.append(f"{vendor.path} is wider than a phone")
        vendor.shoot(f"profile-{name}")

    vendor.open("/vendor/profile")
    assert "0 percent filled in" in vendor.page.words
    look("overview")
    vendor.follow("Do this next")
    vendor.press("Save and continue", fields={"languages-0-code": "de", "languages-0-level": "C1"})
    assert vendor.path == "/vendor/profile/experience"
    vendor.press("Save and continue", fields={"experience-0-industry": "retail", "experience-0-years": "8"})
    look("offer")
    vendor.open("/vendor/profile/about")
    vendor.press("Save and continue", headline="Two sites", description="We answer.", founded="2011")
    vendor.open("/vendor/profile/sites")
    sites = {"sites-0-city": "Kraków", "sites-0-country": "PL", "sites-0-timezone": "Europe/Warsaw"}
    vendor.press("Save and close", fields=sites)
    assert "33 percent filled in" in vendor.page.words

    vendor.open("/vendor/profile/certificates")
    file = (BytesIO(PDF), "iso.pdf")
    vendor.press("Add certificate", code="iso27001", valid_to=days_ahead(300).isoformat(), file=file)
    assert "Document uploaded" in vendor.page.words
    look("certificates")
    vendor.open("/vendor/profile/references")
    vendor.press("Add reference", customer="Fernhall Garden", started="2024-03", scope="38 agents.")
    vendor.press("Send the link", contact_name="Mara Feld", contact_email="mara@fernhall.example")
    assert "Customer asked" in vendor.page.words
    look("references")
    vendor.open("/vendor/profile/calendar")
    look("calendar")
    assert findings == []
    assert complaints == []
