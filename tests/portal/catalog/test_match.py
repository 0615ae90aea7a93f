"""The match score: a worked example, and what always holds."""

import json
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.catalog.calculators import match_of_document
from portal.catalog.match import WEIGHTS, Asked, Offer, Spoken, match
from portal.kit.calculators import CalculationError
from portal.measures.words import LEVELS

WORKED: dict[str, Any] = {
    "asked": {
        "channels": ["phone", "email", "chat", "social"],
        "languages": [{"code": "de", "level": "C1", "share": 100}],
        "industry": "retail",
        "hours": 84,
        "agents": 50,
        "has_location": True,
        "certificates": ["iso27001", "pci", "soc2"],
        "integrations": ["crm", "sso"],
        "unit_price": "1.90",
    },
    "offer": {
        "channels": ["phone", "email", "chat"],
        "languages": [{"code": "de", "level": "C1"}],
        "industries": {"retail": 2},
        "covered_hours": 84,
        "free_agents": 40,
        "is_in_wanted_place": True,
        "certificates": [{"code": "iso27001", "evidence": "verified"}, {"code": "pci", "evidence": "verified"}],
        "integrations": ["sso"],
        "unit_price": "2.10",
        "rating": "4.2",
    },
}


def test_the_worked_example() -> None:
    answer = match_of_document(WORKED)
    assert answer["score"] == Decimal("78.1404")
    assert [str(part["points"]) for part in answer["parts"]] == [
        "15.0000", "15.0000", "7.5000", "10.0000", "8.0000", "5.0000", "6.6667", "2.5000", "4.4737", "4.0000",
    ]  # fmt: skip
    assert [gap["part"] for gap in answer["gaps"]] == ["industry", "channels", "security"]


def test_the_weights_sum_to_a_hundred() -> None:
    assert sum(WEIGHTS.values()) == 100


def test_what_is_not_asked_for_costs_nothing() -> None:
    found = match(Asked(), Offer(rating=Decimal(5)))
    assert found.score == 100 and not found.gaps
    assert [part.name.value for part in found.parts if part.is_asked] == ["reputation"]


@pytest.mark.parametrize(("level", "points"), [("native", 15), ("C1", 15), ("B2", 7.5), ("B1", 0)])
def test_one_level_too_low_counts_half(level: str, points: float) -> None:
    asked = Asked(languages=(Spoken("de", "C1", Decimal(100)),))
    assert float(match(asked, Offer(languages=(Spoken("de", level),))).parts[1].points) == points


@pytest.mark.parametrize(
    ("industries", "points"),
    [({"retail": 3}, 15), ({"retail": 1}, 7.5), ({"logistics": 9}, 7.5), ({"health": 9}, 0), ({}, 0)],
)
def test_experience_counts_by_years_and_nearness(industries: dict[str, int], points: float) -> None:
    years = {name: Decimal(count) for name, count in industries.items()}
    assert float(match(Asked(industry="retail"), Offer(industries=years)).parts[2].points) == points


NUMBERS = st.decimals(0, 1000, places=2)


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.sampled_from(LEVELS), st.sampled_from(LEVELS), st.booleans())
def test_a_score_is_between_nothing_and_a_hundred(
    hours: Decimal, agents: Decimal, free: Decimal, budget: Decimal, price: Decimal, wanted: str, has: str, place: bool
) -> None:
    asked = Asked(
        channels=("phone",), languages=(Spoken("de", wanted, Decimal(100)),), hours=hours, agents=agents,
        has_location=place, unit_price=budget,
    )  # fmt: skip
    offer = Offer(languages=(Spoken("de", has),), covered_hours=min(hours, free), free_agents=free, unit_price=price)
    assert 0 <= match(asked, offer).score <= 100


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"asked": {"languages": [{"code": "de", "level": "Z9", "share": 1}]}}, "asked.languages[0].level"),
        ({"offer": {"rating": 6}}, "offer.rating"),
        ({"asked": {"colour": "red"}}, "asked.colour"),
    ],
)
def test_a_refusal_names_the_field(change: dict[str, Any], path: str) -> None:
    with pytest.raises(CalculationError) as refused:
        match_of_document(WORKED | change)
    assert refused.value.path == path


def test_it_runs_from_the_shell(worker_app: Flask) -> None:
    answer = worker_app.test_cli_runner().invoke(args=["calc", "match"], input=json.dumps(WORKED))
    assert answer.exit_code == 0 and json.loads(answer.output)["score"] == "78.1404"
