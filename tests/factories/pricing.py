"""Rate cards as documents and as rows."""

import uuid
from typing import Any

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.pricing.actions import activate_rate_card, save_rate_card

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


def make_rate_card(
    actor: Actor, *, name: str = "Standard", document: dict[str, Any] | None = None, active: bool = True
) -> uuid.UUID:
    """A committed rate card of the actor's company, in use unless said otherwise; gives its id."""
    with tenancy.scope(actor.scope):
        saved = save_rate_card(actor, None, name=name, document=document or PHONE_BY_THE_HOUR)
        if active:
            activate_rate_card(actor, saved)
        card_id = saved.id
        db.session.commit()
    return card_id
