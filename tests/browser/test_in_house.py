"""A buyer works out its own cost and weighs whether to outsource, before anything is published."""

from collections.abc import Callable

import pytest

from portal.kit import clock, tenancy
from portal.kit.db import db
from tests.browser.portal_browser import BrowserReader
from tests.factories.accounts import execute, make_company, make_person
from tests.journeys.story import Dates

pytestmark = pytest.mark.browser


def test_from_the_own_cost_to_a_picture_of_both_sides(
    make_reader: Callable[[str], BrowserReader], complaints: list[str]
) -> None:
    with tenancy.scope(tenancy.PUBLIC):
        dates = Dates(clock.now())
        db.session.rollback()
    buyer = make_reader(make_person(make_company("buyer")).email)
    buyer.open("/buyer/requirements/new")
    buyer.press("Begin", title="Order line", mode="full")
    for fields in (dates.goals("full"), dates.channels, dates.languages, dates.targets):
        buyer.press("Save and continue", fields=fields)
    place = buyer.path.rpartition("/")[0]

    buyer.open(f"{place}/in-house")
    buyer.press("Keep and work it out", fields={"salary": "24000", "cost_per_hire": "1500"})
    assert "Every line of a year" in buyer.page.words and "A month in house" in buyer.page.words
    assert buyer.axe() == [] and not buyer.is_too_wide()
    buyer.shoot("in-house")

    buyer.open(f"{place}/assessment")
    buyer.press("Keep and see the picture", fields={"core_truth": "yes", "security_truth": "partly"})
    assert "A picture, no decision." in buyer.page.words and "What speaks against it" in buyer.page.words
    assert buyer.axe() == [] and not buyer.is_too_wide()
    buyer.shoot("assessment")
    (row,) = execute("SELECT requirement_id, answers FROM self_assessments")
    assert row.requirement_id and row.answers["core"] == {"truth": "yes", "weight": 2}
    (budget,) = execute("SELECT inhouse_month_minor FROM requirement_budgets")
    assert budget.inhouse_month_minor > 0
    assert complaints == []
