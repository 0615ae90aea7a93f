"""Which entry of the side navigation a page belongs to."""

import pytest

from blueprints.shared.navigation import menu_for
from tests.factories.accounts import actor_for, make_company, make_person

ID = "00000000-0000-7000-8000-000000000000"


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/buyer", "Overview"),
        (f"/agreements/{ID}", "Agreements"),
        (f"/agreements/{ID}/sign", "Agreements"),
        (f"/agreements/{ID}/invoices", "Agreements"),
        (f"/agreements/{ID}/plan/{ID}/accept", "Implementation"),
        (f"/agreements/{ID}/monitoring/2026-03", "Monitoring"),
        (f"/agreements/{ID}/survey", "Monitoring"),
        (f"/invoices/{ID}", "Invoices"),
        ("/account/team", "Team"),
        ("/account", None),
    ],
)
def test_one_entry_is_marked_as_the_current_one(app, path, entry):
    company = make_company("buyer")
    actor = actor_for(make_person(company), company)
    with app.test_request_context(path):
        menu = menu_for(actor, app.view_functions)
    marked = [str(item["label"]) for group in menu for item in group["items"] if item["current"]]
    assert marked == ([entry] if entry else [])
