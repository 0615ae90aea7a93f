"""The example of the front page: three offers that look unlike each other, priced on one scenario.

The offers and the volumes are made up; the figures are not: the pricing engine that prices real bids works them out
when the page is first asked for.
"""

from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.total_cost import total_cost

CURRENCY = "USD"
MONTHS = 12
CONTACTS_A_MONTH = {"standard": 8000, "after_hours": 2000}
CALL_LENGTH_S = 300

SCENARIO: dict[str, Any] = {
    "months": [
        {
            "k": month,
            "volumes": [
                {"channel": "phone", "window": window, "contacts": contacts, "aht_s": CALL_LENGTH_S}
                for window, contacts in CONTACTS_A_MONTH.items()
            ],
        }
        for month in range(1, MONTHS + 1)
    ]
}

BY_THE_HOUR: dict[str, Any] = {
    "one_time": [
        {"code": "CONTRACT", "qty": 1, "rate": 2000},
        {"code": "INTEGRATION", "qty": 1, "rate": 8000},
        {"code": "TRAIN_INIT", "qty": 480, "rate": 10},
    ],
    "operating": [
        {
            "code": "VOICE_HR",
            "unit": "hour",
            "rate": "14.5",
            "billing_occupancy": "0.8",
            "filter": {"channel": "phone"},
        },
        {
            "code": "AFTERHRS",
            "unit": "percent",
            "pct": 15,
            "applies_to": ["VOICE_HR"],
            "filter": {"window": "after_hours"},
        },
    ],
    "extra": [
        {"code": "SURGE", "qty": 20, "rate": "21.75", "months": [6, 11, 12]},
        {"code": "CHANGE", "qty": 5, "rate": 450, "months": [4]},
    ],
}


def _by_the_ticket(tier_mode: str) -> dict[str, Any]:
    tiers = [{"to": 5000, "rate": "1.9"}, {"to": 10000, "rate": "1.7"}, {"to": None, "rate": "1.5"}]
    return {
        "one_time": [
            {"code": "CONTRACT", "qty": 1, "rate": 1500},
            {"code": "INTEGRATION", "qty": 1, "rate": 5000},
            {"code": "TRAIN_INIT", "qty": 10, "rate": 300},
        ],
        "operating": [
            {
                "code": "TICKET",
                "unit": "contact",
                "tiers": tiers,
                "tier_mode": tier_mode,
                "filter": {"channel": "phone"},
            }
        ],
        "min_commitment": {"amount": 15800, "scope": ["TICKET"]},
        "extra": [{"code": "CUSTOM_REPORT", "qty": 1, "rate": 1800, "probability": "0.6", "months": [6]}],
    }


class Offer(NamedTuple):
    """One priced offer; amounts in minor units of CURRENCY, the total before expected service credits."""

    rate: Decimal
    per: Any
    note: Any
    short: Any
    one_time_minor: int
    operating_minor: int
    extra_minor: int

    @property
    def total_minor(self) -> int:
        """What the twelve months cost."""
        return self.one_time_minor + self.operating_minor + self.extra_minor

    @property
    def per_contact_minor(self) -> Decimal:
        """What one contact costs on average."""
        return Decimal(self.total_minor) / contacts_a_year()


@lru_cache(maxsize=1)
def offers() -> tuple[Offer, ...]:
    """The three offers, cheapest first."""
    quoted = (
        (Decimal("14.50"), _l("an hour"), _l("logged in, +15 % after hours"), _l("Per hour"), BY_THE_HOUR),
        (
            Decimal("1.90"),
            _l("a ticket"),
            _l("in tiers to 1.50, all units"),
            _l("All units"),
            _by_the_ticket("all_units"),
        ),
        (
            Decimal("1.90"),
            _l("a ticket"),
            _l("in tiers to 1.50, graduated"),
            _l("Graduated"),
            _by_the_ticket("graduated"),
        ),
    )
    scenario = scenario_from_document(SCENARIO)
    priced = []
    for rate, per, note, short, document in quoted:
        cost = total_cost(rate_card_from_document(document), scenario)
        priced.append(Offer(rate, per, note, short, cost.one_time_minor, cost.operating_minor, cost.extra_minor))
    return tuple(sorted(priced, key=lambda offer: offer.total_minor))


def contacts_a_year() -> int:
    """How many contacts the scenario holds."""
    return sum(CONTACTS_A_MONTH.values()) * MONTHS
