"""Automatic checks of a service."""

from typing import Any

import pytest

from portal.moderation.checks import Outcome, automatic_checks

LONG = "Dedicated agents with one team leader for twelve of them, calibrated with you every second Thursday. " * 3


def copy(rate: str = "10", unit: str = "hour", **changes: Any) -> dict[str, Any]:
    """A copy of a service."""
    line = {"code": "A", "unit": unit, "rate": rate}
    card = {"name": "Card", "document": {"currency": "GBP", "operating": [line]}}
    return {"title": "Desk", "summary": "We help", "description": LONG, "rate_card": card} | changes


def outcomes(submitted: dict[str, Any], published: dict[str, Any] | None = None) -> dict[str, Outcome]:
    return {str(check.name): check.outcome for check in automatic_checks(submitted, published)}


@pytest.mark.parametrize(
    "text",
    ["Write to sales@vendor.example", "see https://vendor.example/x", "www.vendor.example", "call +44 20 7946 0000"],
)
def test_contact_details_fail(app: object, text: str) -> None:
    checks = automatic_checks(copy(description=LONG + text), None)
    assert checks[0].outcome is Outcome.FAILS


def test_contact_details_in_the_profile_fail_as_well(app: object) -> None:
    (worst, *_rest) = automatic_checks(copy(), None, ["Two sites", "Ask for Agnieszka: agnieszka@kestrelway.example"])
    assert worst.outcome is Outcome.FAILS and str(worst.name) == "No contact details in the profile"


@pytest.mark.parametrize("text", ["24/7 since 2011", "from 20,000 to 200,000 contacts", "ISO 27001 and 18295-1"])
def test_ordinary_figures_do_not(app: object, text: str) -> None:
    assert Outcome.FAILS not in outcomes(copy(description=LONG + text)).values()


def test_a_short_description_is_worth_a_look(app: object) -> None:
    assert outcomes(copy(description="We help."))["The description says enough"] is Outcome.LOOK


@pytest.mark.parametrize(("rate", "expected"), [("10", "passes"), ("12", "passes"), ("12.1", "look"), ("7.9", "look")])
def test_a_large_move_of_the_lowest_rate_is_worth_a_look(app: object, rate: str, expected: str) -> None:
    assert outcomes(copy(rate), copy("10"))["The lowest rate moved little"] == expected


def test_rates_that_count_different_things_are_not_compared(app: object) -> None:
    found = outcomes(copy(unit="fte_month", rate="2000"), copy("10"))
    assert found["The rate counts the same thing as before"] is Outcome.LOOK
    assert "The lowest rate moved little" not in found
