"""Rate cards as documents and as rows."""

import uuid
from typing import Any

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.pricing.actions import activate_rate_card, save_rate_card
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.fees import waive_the_rest

PHONE_BY_THE_HOUR: dict[str, Any] = {
    "currency": "GBP",
    "one_time": [{"code": "SETUP", "category": "setup", "qty": "1", "rate": "4000", "note": "Set-up"}],
    "operating": [
        {"code": "HOUR", "unit": "hour", "rate": "14.5", "billing_occupancy": "0.8", "filter": {"channel": ["phone"]}},
        {
            "code": "NIGHT",
            "unit": "percent",
            "pct": "15",
            "applies_to": ["HOUR"],
            "filter": {"window": ["after_hours"]},
        },
    ],
    "extra": [{"code": "SURGE", "category": "emergency_surge", "qty": "20", "rate": "21.75", "months": ["6", "12"]}],
}


FULL_CARD: dict[str, Any] = {
    "currency": "GBP",
    "tax": "inclusive",
    "surcharge_stacking": "multiplicative",
    "one_time": [
        {
            "code": "GO",
            "category": "setup",
            "qty": "1",
            "rate": "4000",
            "note": "Set-up, once",
            "mandatory_flag": False,
        },
        {"code": "EXIT", "category": "wind_down", "qty": "2", "unit": "day", "rate": "450", "month": 24},
    ],
    "operating": [
        {
            "code": "HOUR",
            "unit": "hour",
            "rate": "14.5",
            "billing_basis": "logged_in",
            "billing_occupancy": "0.8",
            "agent_model": "dedicated",
            "filter": {"channel": ["phone"], "location": ["Cebu", "Kraków, Poland"]},
        },
        {
            "code": "MAIL",
            "unit": "contact",
            "tiers": [{"to": "5000", "rate": "1.9"}, {"to": "10000", "rate": "1.7"}, {"to": None, "rate": "1.5"}],
            "tier_mode": "all_units",
            "filter": {"channel": ["email"]},
            "included_qty": "100",
        },
        {
            "code": "NIGHT",
            "unit": "percent",
            "pct": "15",
            "applies_to": ["HOUR", "MAIL"],
            "filter": {"window": ["after_hours", "weekend"], "lang": ["ja"], "skill": ["tech"], "segment": ["vip"]},
        },
        {
            "code": "CHAT",
            "unit": "contact",
            "rate": "2",
            "filter": {"channel": ["chat"]},
            "baseline": {"quantity": "3000", "arc_rate": "1.8", "rrc_rate": "0.9", "dead_band_pct": "10"},
        },
        {"code": "VOICE", "unit": "minute", "rate": "0.41", "increment_s": "6", "filter": {"channel": ["voice_bot"]}},
        {"code": "SAVED", "unit": "outcome", "rate": "7", "outcome": "saved", "category": "outcome"},
        {"code": "SEAT", "unit": "seat_month", "rate": "90", "category": "licence", "indexed": False},
    ],
    "extra": [
        {
            "code": "SURGE",
            "category": "emergency_surge",
            "unit": "hour",
            "qty": "20",
            "rate": "21.75",
            "probability": "0.5",
            "months": [6, 12],
            "trigger_text": "=15 % above the forecast",
        },
        {"code": "DAY", "category": "change_order", "unit": "day", "qty": "1", "rate": "450"},
    ],
    "min_commitment": {"quantity": "100", "rate": "14.5", "scope": ["HOUR"], "exempt_months": [1, 2]},
    "cola": {"pct": "4", "cap_pct": "3", "first_month": 13, "every_months": 12, "index_code": "UK CPI"},
    "sla": {"at_risk_pct": "10", "items": [{"metric": "sl", "w": "0.4", "p": "0.1", "sev": "0.5"}, {"w": "0.6"}]},
    "waived": ["contract", "integration", "custom_request"],
}
"""A card that uses every part of the model."""


def answered(document: dict[str, Any]) -> dict[str, Any]:
    """The document with every fee that it does not price marked as not charged, as publishing asks."""
    return to_document(waive_the_rest(rate_card_from_document(document)))


def make_rate_card(
    actor: Actor, *, name: str = "Standard", document: dict[str, Any] | None = None, active: bool = True
) -> uuid.UUID:
    """A committed rate card of the actor's company, in use unless said otherwise; gives its id."""
    with tenancy.scope(actor.scope):
        saved = save_rate_card(actor, None, name=name, document=answered(document or PHONE_BY_THE_HOUR))
        if active:
            activate_rate_card(actor, saved)
        card_id = saved.id
        db.session.commit()
    return card_id
