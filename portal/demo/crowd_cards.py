"""Rate cards of the crowd: every way to charge that the trade knows, in many currencies. They are not market prices."""

from collections.abc import Callable
from typing import Any

from portal.demo.rate_cards import Rates

PER_POUND = {
    "GBP": "1", "EUR": "1.18", "USD": "1.27", "TWD": "41", "CNY": "9.1", "HKD": "9.9", "JPY": "190", "SGD": "1.7",
    "MYR": "5.7", "PHP": "72", "INR": "106", "ZAR": "23", "MXN": "23", "PLN": "5.05", "RON": "5.9", "CAD": "1.74",
    "KRW": "1730", "THB": "44", "SEK": "13.2", "AUD": "1.93",
}  # fmt: skip
"""What a pound is worth in the demo: invented round figures near those of the mid-2020s."""

Line = dict[str, Any]


def crowd_card(currency: str, model: str, level: str, hours: int) -> Line:
    """A card in which a vendor charges by `model`, `level` times as dear as the demo's first one.

    Training is charged by the hour; `hours` of it an agent stand in the quantity for eight agents.
    """
    rate = Rates(PER_POUND[currency], level)
    return {
        "currency": currency,
        "one_time": [
            {"code": "CONTRACT", "category": "contract", "qty": "1", "rate": rate("1600"), "note": "Contract"},
            {
                "code": "INTEGRATION", "category": "integration", "unit": "system", "qty": "2", "rate": rate("3400"),
                "note": "Ticketing and telephony, each further system at the same rate",
            },
            {
                "code": "TRAINING", "category": "training_initial", "unit": "hour", "qty": str(8 * hours),
                "rate": rate("8.20"), "note": "Initial training, eight agents to begin with",
            },
            {"code": "HIRING", "category": "recruitment", "unit": "agent", "qty": "8", "rate": rate("210")},
        ],
        "operating": [*MODELS[model](rate), _platform(rate)],
        "extra": [
            {
                "code": "SURGE", "category": "emergency_surge", "unit": "hour", "qty": "30", "rate": rate("25.50"),
                "probability": "0.4", "months": [3], "trigger_text": "More than 15 % above the forecast",
            },
            {
                "code": "CHANGE", "category": "change_order", "unit": "day", "qty": "3", "rate": rate("360"),
                "probability": "0.5", "months": [4], "trigger_text": "Work outside the agreement",
            },
        ],
    }  # fmt: skip


def _platform(rate: Rates) -> Line:
    return {
        "code": "PLATFORM", "unit": "month", "category": "licence", "rate": rate("780"), "indexed": False,
        "description": "Platform and licences",
    }  # fmt: skip


def _hour(rate: Rates) -> list[Line]:
    return [
        {
            "code": "AGENT", "unit": "hour", "rate": rate("17.40"), "billing_basis": "logged_in",
            "billing_occupancy": "0.82", "description": "Agent hour, logged in",
        },
        _surcharge("NIGHT", "after_hours", "18"),
        _surcharge("HOLIDAY", "holiday", "50"),
    ]  # fmt: skip


def _surcharge(code: str, window: str, pct: str) -> Line:
    return {"code": code, "unit": "percent", "pct": pct, "applies_to": ["AGENT"], "filter": {"window": [window]}}


def _contact(rate: Rates) -> list[Line]:
    tiers = [
        {"to": "4000", "rate": rate("2.75")},
        {"to": "12000", "rate": rate("2.45")},
        {"to": None, "rate": rate("2.15")},
    ]
    return [{"code": "CONTACT", "unit": "contact", "tiers": tiers, "description": "Contact handled"}]


def _all_units(rate: Rates) -> list[Line]:
    (line,) = _contact(rate)
    return [{**line, "tier_mode": "all_units"}]


def _minute(rate: Rates) -> list[Line]:
    return [
        {"code": "MINUTE", "unit": "minute", "rate": rate("0.46"), "increment_s": "6", "description": "Minute handled"}
    ]


def _fte(rate: Rates) -> list[Line]:
    return [
        {"code": "FTE", "unit": "fte_month", "rate": rate("2440"), "agent_model": "dedicated"},
        {"code": "LEADER", "unit": "month", "category": "management", "rate": rate("1350"), "description": "Team lead"},
    ]


def _month(rate: Rates) -> list[Line]:
    return [{"code": "BUNDLE", "unit": "month", "rate": rate("6900"), "description": "Up to 2,500 contacts a month"}]


MODELS: dict[str, Callable[[Rates], list[Line]]] = {
    "hour": _hour,
    "contact": _contact,
    "all_units": _all_units,
    "minute": _minute,
    "fte": _fte,
    "month": _month,
}
