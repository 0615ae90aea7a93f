"""Reads of rate cards, scoped to the vendor that asks."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.pricing.models import RateCardVersion, SavedRateCard
from portal.pricing.states import RateCardState
from portal.pricing.validity import in_force


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


def locked(saved: SavedRateCard) -> SavedRateCard:
    """The card as it stands now, held until the transaction ends."""
    return db.session.get_one(SavedRateCard, saved.id, with_for_update=True, populate_existing=True)


def versions_of(saved: SavedRateCard) -> Sequence[RateCardVersion]:
    """The published versions of a card, the first one first."""
    wanted = select(RateCardVersion).where(mine(RateCardVersion), RateCardVersion.card_id == saved.id)
    return db.session.scalars(wanted.order_by(RateCardVersion.number)).all()


def version_for(saved: SavedRateCard, number: int) -> RateCardVersion:
    """One published version of a card. Raises NotFound."""
    for version in versions_of(saved):
        if version.number == number:
            return version
    raise NotFound


def current_version(versions: Sequence[RateCardVersion]) -> RateCardVersion | None:
    """The one of a card's versions that is in force today (UTC)."""
    found = in_force([version.period for version in versions], clock.now().date())
    return None if found is None else versions[found]


def version_in_force(saved: SavedRateCard) -> RateCardVersion | None:
    """The version of a card that services and bids take today."""
    return current_version(versions_of(saved))


def versions_in_force(actor: Actor) -> Mapping[uuid.UUID, RateCardVersion]:
    """The version in force today of each of the company's cards that has one, by the card's id."""
    actor.permit(Permission.COMPANY_VIEW)
    by_card: defaultdict[uuid.UUID, list[RateCardVersion]] = defaultdict(list)
    for version in db.session.scalars(select(RateCardVersion).where(mine(RateCardVersion))):
        by_card[version.card_id].append(version)
    current = {card_id: current_version(versions) for card_id, versions in by_card.items()}
    return {card_id: version for card_id, version in current.items() if version is not None}


def is_name_taken(name: str, *, except_id: uuid.UUID | None = None) -> bool:
    """Whether another card of the company in scope has this name."""
    others = select(SavedRateCard.id).where(mine(SavedRateCard), SavedRateCard.name == name)
    return db.session.scalar(others.where(SavedRateCard.id != except_id) if except_id else others) is not None
