"""Reads of rate cards, scoped to the vendor that asks."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.pricing.models import SavedRateCard
from portal.pricing.states import RateCardState


def rate_cards_for(actor: Actor, *, active_only: bool = False) -> Sequence[SavedRateCard]:
    """The company's rate cards by name; with `active_only` those that a service or bid may take."""
    actor.permit(Permission.COMPANY_VIEW)
    wanted = select(SavedRateCard).where(mine(SavedRateCard)).order_by(SavedRateCard.name)
    if active_only:
        wanted = wanted.where(SavedRateCard.state == RateCardState.ACTIVE)
    return db.session.scalars(wanted).all()


def rate_card_for(actor: Actor, card_id: uuid.UUID) -> SavedRateCard:
    """One of the company's rate cards. Raises NotFound."""
    actor.permit(Permission.COMPANY_VIEW)
    found = db.session.scalar(select(SavedRateCard).where(mine(SavedRateCard), SavedRateCard.id == card_id))
    if found is None:
        raise NotFound
    return found


def is_name_taken(name: str, *, except_id: uuid.UUID | None = None) -> bool:
    """Whether another card of the company in scope has this name."""
    others = select(SavedRateCard.id).where(mine(SavedRateCard), SavedRateCard.name == name)
    return db.session.scalar(others.where(SavedRateCard.id != except_id) if except_id else others) is not None
