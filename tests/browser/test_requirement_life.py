"""A requirement's life in Chromium: approved by a second person, changed, and a stale bid confirmed by its vendor."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask

from portal.kit import jobs
from tests.browser.portal_browser import BrowserReader
from tests.factories.accounts import MadeCompany, actor_for, make_company, make_person
from tests.factories.needs import make_requirement
from tests.factories.selection import make_submitted
from tests.factories.versions import colleague_of, now_of, want_approval

pytestmark = pytest.mark.browser


def run_jobs(app: Flask) -> None:
    """In a thread: this one waits for the browser's events."""

    def run() -> None:
        with app.app_context():
            jobs.run_waiting(app)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def seen(person: BrowserReader, name: str) -> None:
    assert person.axe() == []
    assert not person.is_too_wide(), name
    person.shoot(name)


def test_from_approval_to_a_bid_confirmed_again(
    app: Flask, portal: str, make_reader: Callable[[str], BrowserReader], complaints: list[str]
) -> None:
    company: MadeCompany = make_company("buyer")
    author = actor_for(make_person(company), company)
    approver = colleague_of(author)
    bidder_company = make_company("vendor")
    bidder = actor_for(make_person(bidder_company), bidder_company)
    want_approval(author)
    draft = make_requirement(author)
    path = f"/buyer/requirements/{draft.id}"

    writer, second, vendor = (make_reader(one.email) for one in (author, approver, bidder))
    writer.open(f"{path}/check")
    writer.press("Ask for approval")
    assert "In review since" in writer.page.words
    seen(writer, "in-review")
    run_jobs(app)

    second.open("/buyer")
    second.follow(draft.title)
    seen(second, "review")
    second.press("Decide", decision="approve")
    assert "Published" in second.page.words
    vendor.open(f"/vendor/requirements/{draft.id}")
    published = now_of(author, draft)
    bid = make_submitted(bidder, published)

    writer.open(path)
    writer.press("Change the requirement")
    copy = writer.path.rsplit("/", 1)[0]
    writer.open(f"{copy}/money")
    writer.press("Save and close", validity_days="75")
    assert "priced, judged or dated" in writer.page.words
    seen(writer, "change")
    writer.press("Ask for approval", reason="dates", note="We decide later than planned.")
    second.open("/buyer")
    second.follow(draft.title)
    seen(second, "review-of-a-change")
    second.press("Decide", decision="approve")
    run_jobs(app)

    vendor.open("/notifications")
    assert "has changed, version 2" in vendor.page.words
    vendor.open(f"/vendor/requirements/{draft.id}/versions")
    assert "Your bid does not count at the moment." in vendor.page.words
    seen(vendor, "what-changed")
    vendor.follow("See your bid")
    seen(vendor, "stale-bid")
    vendor.follow("Confirm the bid")
    vendor.press("Confirm and submit bid")
    assert "The bid is submitted under seal." in vendor.page.words
    assert now_of(author, draft).version_number == 2
    assert bid.id and complaints == []
