"""A buyer publishes a requirement over the volumes of a phone system's file: uploaded, corrected, confirmed."""

import io
from collections.abc import Callable

import pytest

from portal.kit import clock, tenancy
from portal.kit.db import db
from tests.browser.portal_browser import BrowserReader
from tests.factories.accounts import execute, make_company, make_person
from tests.journeys.story import Dates
from tests.portal.needs.interval_files import interval_file

pytestmark = pytest.mark.browser


def test_from_a_file_of_calls_to_a_published_requirement(
    make_reader: Callable[[str], BrowserReader], complaints: list[str]
) -> None:
    with tenancy.scope(tenancy.PUBLIC):
        dates = Dates(clock.now())
        db.session.rollback()
    person = make_person(make_company("buyer"))
    buyer = make_reader(person.email)
    buyer.open("/buyer/requirements/new")
    buyer.press("Begin", title="Bank line", mode="full")
    buyer.press("Save and continue", fields=dates.goals("full"))
    # The volumes are not typed: they come from the file.
    typed = {"phone_on": True, "phone_aht_s": "210", "phone_growth": "5"}
    buyer.press("Save and continue", fields=typed)
    place = buyer.path.rpartition("/")[0]

    # Five-minute lines in the shape of a bank's: weekdays from 07:00, times that claim to be UTC.
    content = interval_file(first="2025-04-01", days=30, minutes=5, zulu=True)
    buyer.open(f"{place}/volumes/phone")
    buyer.press("Upload and look", fields={"file": (io.BytesIO(content), "bank_calls.csv")})
    assert "1 April 2025, 08:00 BST" in buyer.page.words and "From the file" in buyer.page.words
    assert buyer.axe() == [] and not buyer.is_too_wide()
    buyer.shoot("volumes-read")
    buyer.press("Use these volumes", zone="Europe/London")  # was not shown yet, so it is shown first
    assert "1 April 2025, 07:00 BST" in buyer.page.words
    assert execute("SELECT source FROM requirement_channels")[0].source == "typed"
    buyer.press("Use these volumes")
    assert "bank_calls.csv" in buyer.page.words
    buyer.open(f"{place}/volumes/phone")
    assert buyer.tab.locator("figure.chart").count() == 3
    assert buyer.axe() == [] and not buyer.is_too_wide()
    buyer.shoot("volumes")

    buyer.open(f"{place}/languages")
    targets = {name: value for name, value in dates.targets.items() if name.startswith("phone")}
    for fields in (dates.languages, targets, dates.money, dates.deadline_form, {}):
        buyer.press("Save and continue", fields=fields)
    buyer.press("Publish requirement")
    assert "Published" in buyer.page.words and "SHA-256" in buyer.page.words
    (row,) = execute("SELECT source, file_findings, monthly FROM requirement_channels")
    assert row.source == "file" and row.file_findings["read"]["zone"] == "Europe/London"
    (base,) = execute("SELECT document FROM scenarios WHERE name = 'base'")
    assert float(base.document["months"][0]["volumes"][0]["contacts"]) == float(row.monthly[0])
    assert complaints == []
