"""Example rate cards with lines of all three fee classes, in any currency. They are not market prices."""

from decimal import Decimal
from typing import Any

CENT = Decimal("0.01")


class Rates:
    """Pounds into rates of a card's currency: what a pound is worth in it, times how dear the vendor is."""

    def __init__(self, per_pound: str, level: str) -> None:
        self.factor = Decimal(per_pound) * Decimal(level)

    def __call__(self, pounds: str) -> str:
        return format((Decimal(pounds) * self.factor).quantize(CENT), "f")


def card(currency: str, per_pound: str = "1", model: str = "hour", level: str = "1") -> dict[str, Any]:
    """A rate card document.

    `per_pound` is what a pound is worth in the currency, `level` how dear the vendor is, `model` how it charges:
    by logged-in hour, by contact in graduated tiers, or by agent and month.
    """
    rate = Rates(per_pound, level)
    return {
        "currency": currency,
        "one_time": _one_time(rate),
        "operating": [*_by_model(model, rate), *_monthly(rate)],
        "extra": _extra(rate),
    }


def _one_time(rate: Rates) -> list[dict[str, Any]]:
    return [
        {
            "code": "CONTRACT",
            "category": "contract",
            "qty": "1",
            "rate": rate("2000"),
            "note": "Contract and set-up",
        },
        {
            "code": "INTEGRATION",
            "category": "integration",
            "qty": "1",
            "rate": rate("8500"),
            "note": "CRM, telephony",
        },
        {
            "code": "TRAINING",
            "category": "training_initial",
            "qty": "20",
            "unit": "agent",
            "rate": rate("480"),
            "note": "Initial training",
        },
    ]


def _monthly(rate: Rates) -> list[dict[str, Any]]:
    return [
        {
            "code": "PLATFORM",
            "unit": "month",
            "category": "licence",
            "rate": rate("1150"),
            "indexed": False,
            "description": "Platform and licences",
        },
        {
            "code": "SUPPORT",
            "unit": "month",
            "category": "tech_support",
            "rate": rate("620"),
            "description": "Technical support",
        },
    ]


def _extra(rate: Rates) -> list[dict[str, Any]]:
    return [
        {
            "code": "SURGE",
            "category": "emergency_surge",
            "unit": "hour",
            "qty": "40",
            "rate": rate("26.85"),
            "probability": "0.5",
            "months": [2],
            "trigger_text": "More than 15 % above the forecast",
        },
        {
            "code": "NEWTOPIC",
            "category": "special_training",
            "unit": "agent",
            "qty": "20",
            "rate": rate("95"),
            "probability": "0.5",
            "months": [3],
            "trigger_text": "A new product line",
        },
    ]


def _by_model(model: str, rate: Rates) -> list[dict[str, Any]]:
    if model == "contact":
        tiers = [
            {"to": "5000", "rate": rate("2.60")},
            {"to": "15000", "rate": rate("2.35")},
            {"to": None, "rate": rate("2.10")},
        ]
        return [
            {
                "code": "CONTACT",
                "unit": "contact",
                "tier_mode": "graduated",
                "tiers": tiers,
                "description": "Contact handled",
            }
        ]
    if model == "fte":
        return [{"code": "FTE", "unit": "fte_month", "rate": rate("2490"), "description": "Dedicated agent and month"}]
    return [
        {
            "code": "AGENT",
            "unit": "hour",
            "rate": rate("17.90"),
            "billing_basis": "logged_in",
            "billing_occupancy": "0.80",
            "description": "Agent hour, logged in",
        },
        {
            "code": "GERMAN",
            "unit": "percent",
            "pct": "12",
            "applies_to": ["AGENT"],
            "filter": {"lang": ["de", "ja"]},
            "description": "Surcharge for German and Japanese",
        },
    ]
