"""Vendors with profiles and services, made by the real actions and committed."""

import uuid
from dataclasses import dataclass
from typing import Any

from portal.accounts.actor import Actor
from portal.catalog import queries
from portal.catalog.actions.profile import save_profile
from portal.catalog.actions.service import draft_service, submit_service
from portal.catalog.models import Service
from portal.kit import tenancy
from portal.kit.db import db
from portal.moderation.states import Verdict
from portal.pricing.actions import activate_rate_card, save_rate_card
from tests.factories.accounts import MadeCompany, MadePerson, actor_for, make_company, make_person, make_staff
from tests.factories.moderation import decided
from tests.factories.pricing import answered

HOURLY_CARD: dict[str, Any] = {
    "currency": "GBP",
    "one_time": [{"code": "SETUP", "category": "setup", "qty": "1", "rate": "3000"}],
    "operating": [{"code": "AGENT", "unit": "hour", "rate": "17.90", "billing_basis": "logged_in"}],
    "extra": [{"code": "SURGE", "category": "emergency_surge", "qty": "10", "rate": "24.80", "months": ["6"]}],
}
WEEKDAYS_8_TO_20 = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@dataclass(frozen=True)
class MadeVendor:
    """A vendor company with its owner."""

    company: MadeCompany
    person: MadePerson
    actor: Actor


def make_vendor(name: str | None = None, **facts: Any) -> MadeVendor:
    """A vendor company that is open, with an owner."""
    company = make_company("vendor", name, **facts)
    person = make_person(company)
    return MadeVendor(company, person, actor_for(person, company))


def make_moderator() -> Actor:
    """A member of staff who may moderate."""
    return actor_for(make_staff("moderator"))


def make_card(vendor: MadeVendor, document: dict[str, Any] | None = None, name: str | None = None) -> uuid.UUID:
    """A rate card in use; gives its id."""
    with tenancy.scope(vendor.actor.scope):
        card = save_rate_card(
            vendor.actor, None, name=name or f"Card {uuid.uuid4().hex[:6]}", document=answered(document or HOURLY_CARD)
        )
        activate_rate_card(vendor.actor, card)
        card_id = card.id
        db.session.commit()
    return card_id


def service_values(rate_card_id: uuid.UUID | None = None, **changes: Any) -> dict[str, Any]:
    """The fields of a complete service: phone and e-mail in English and German."""
    return {
        "title": "Retail after-sales",
        "summary": "Order status, returns and refunds for online shops.",
        "description": "Dedicated agents, one team leader for twelve, eight quality checks a month.",
        "modes": ["full", "partial"],
        "channels": ["phone", "email"],
        "languages": [{"code": "en", "level": "native"}, {"code": "de", "level": "C1"}],
        "industries": ["retail"],
        "countries": [],
        "hours": WEEKDAYS_8_TO_20,
        "timezone": "Europe/Warsaw",
        "minimum_agents": 12,
        "minimum_months": 12,
        "lead_days": 49,
        "rate_card_id": rate_card_id,
    } | changes


def make_draft(vendor: MadeVendor, *, card: dict[str, Any] | None = None, **changes: Any) -> uuid.UUID:
    """A complete service that was not sent in; gives its id."""
    rate_card_id = make_card(vendor, card)
    with tenancy.scope(vendor.actor.scope):
        service_id = draft_service(vendor.actor, values=service_values(rate_card_id, **changes)).id
        db.session.commit()
    return service_id


def make_submitted(vendor: MadeVendor, *, card: dict[str, Any] | None = None, **changes: Any) -> uuid.UUID:
    """A service that waits for a moderator; gives its id."""
    service_id = make_draft(vendor, card=card, **changes)
    with tenancy.scope(vendor.actor.scope):
        service = queries.service_for(vendor.actor, service_id)
        submit_service(vendor.actor, service, version=service.version)
        db.session.commit()
    return service_id


def make_live_service(
    vendor: MadeVendor, moderator: Actor | None = None, *, card: dict[str, Any] | None = None, **changes: Any
) -> uuid.UUID:
    """A service that a moderator approved, so that its vendor is listed; gives its id."""
    service_id = make_submitted(vendor, card=card, **changes)
    decided(moderator or make_moderator(), service_id, Verdict.APPROVE)
    return service_id


def make_live_vendor(
    name: str, moderator: Actor | None = None, *, profile: dict[str, Any] | None = None, **changes: Any
) -> MadeVendor:
    """A listed vendor with one service and, where given, a profile."""
    vendor = make_vendor(name)
    if profile is not None:
        make_profile(vendor, **profile)
    make_live_service(vendor, moderator, **changes)
    return vendor


def make_profile(vendor: MadeVendor, **values: Any) -> None:
    """The vendor's profile, written anew."""
    with tenancy.scope(vendor.actor.scope):
        found = queries.profile_for(vendor.actor)
        save_profile(vendor.actor, values=values, version=found.version if found else 0)
        db.session.commit()


def stored_service(service_id: uuid.UUID, vendor: MadeVendor) -> Service:
    """The service as its vendor reads it now, let go from the session."""
    with tenancy.scope(vendor.actor.scope):
        service = queries.service_for(vendor.actor, service_id)
        db.session.expunge(service)
        db.session.commit()
    return service
