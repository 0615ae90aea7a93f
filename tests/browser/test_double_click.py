"""A button pressed twice in a hurry does its work once, with script and without it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.portal_browser import PATIENCE_MS, BrowserReader
from tests.factories.accounts import MadePerson, execute, make_company, make_person
from tests.journeys import story

pytestmark = pytest.mark.browser


@pytest.fixture
def owner() -> MadePerson:
    """The owner of a buyer company."""
    return make_person(make_company("buyer"))


def press_twice(reader: BrowserReader, owner: MadePerson) -> None:
    """Begin a requirement by a double click."""
    reader.email = owner.email
    reader.open("/buyer/requirements/new")
    reader.tab.get_by_label("Title").fill(story.TITLE)
    reader.tab.get_by_role("radio", name="Full outsourcing").check(force=True)
    reader.tab.get_by_role("button", name="Begin").dblclick()
    # Not `expect_navigation`: without script the second click breaks off the first click's navigation.
    expect(reader.tab).to_have_url(re.compile("/goals$"), timeout=PATIENCE_MS)
    assert [row.title for row in execute("SELECT title FROM requirements")] == [story.TITLE]


def test_with_script(make_reader: Callable[[str], BrowserReader], owner: MadePerson, complaints: list[str]) -> None:
    press_twice(make_reader(""), owner)
    assert complaints == []


def test_without_script(browser: Browser, portal: str, owner: MadePerson) -> None:
    context = browser.new_context(java_script_enabled=False)
    press_twice(BrowserReader(context, portal, []), owner)
    context.close()


def test_a_page_left_with_unsaved_answers_asks_first(
    make_reader: Callable[[str], BrowserReader], owner: MadePerson
) -> None:
    reader = make_reader(owner.email)
    reader.open("/account/company")
    reader.open("/buyer/requirements/new")
    reader.press("Begin", title=story.TITLE, mode="full")
    asked: list[str] = []

    def stay(dialog: object) -> None:
        asked.append(dialog.type)  # type: ignore[attr-defined]
        dialog.dismiss()  # type: ignore[attr-defined]

    reader.tab.on("dialog", stay)
    reader.tab.get_by_label("What you need").press_sequentially("Calls")
    with reader.tab.expect_event("dialog"):
        reader.tab.get_by_role("link", name="Overview").click(no_wait_after=True)
    assert asked == ["beforeunload"]
    assert reader.tab.get_by_label("What you need").input_value() == "Calls"
