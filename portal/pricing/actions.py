"""What a vendor does with its rate cards."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Invalid
from portal.kit.states import move
from portal.kit.text import clean_line
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import is_name_taken
from portal.pricing.states import RATE_CARD_MOVES, RateCardState

MAX_NAME = 120


def save_rate_card(
    actor: Actor, saved: SavedRateCard | None, *, name: str, document: object, version: int | None = None
) -> SavedRateCard:
    """Keep a rate card: a new draft, or a change of `saved` begun at `version`.

    Services and bids that took the card before keep the prices they took.

    :raises CalculationError: when the document is refused; its path names the field
    :raises Invalid: for a name that is empty, too long or taken
    :raises StaleVersion: when somebody saved the card meanwhile
    """
    actor.permit(Permission.SERVICE_EDIT)
    if saved is not None and version is not None:
        check_version(saved, version)
    card = rate_card_from_document(document)
    fields: dict[str, Any] = {
        "name": _checked_name(name, saved),
        "currency": card.currency,
        "document": to_document(card),
    }
    before = {key: getattr(saved, key) for key in fields} if saved else None
    if saved is None:
        saved = SavedRateCard(company_id=actor.company_id, **fields)
        db.session.add(saved)
    else:
        for key, value in fields.items():
            setattr(saved, key, value)
    db.session.flush()
    audit.record(actor, "pricing:rate_card:save", saved, before=before, after=fields)
    return saved


def activate_rate_card(actor: Actor, saved: SavedRateCard) -> None:
    """Offer a card for services and bids.

    :raises Invalid: while it has no operating line, because then it prices nothing
    """
    actor.permit(Permission.SERVICE_EDIT)
    if not saved.card.operating:
        raise Invalid(message=_l("Add at least one operating line: without it the card prices nothing."))
    _move(actor, saved, RateCardState.ACTIVE, "activate")


def archive_rate_card(actor: Actor, saved: SavedRateCard) -> None:
    """Put a card away; nothing that took it changes."""
    actor.permit(Permission.SERVICE_EDIT)
    _move(actor, saved, RateCardState.ARCHIVED, "archive")


def _move(actor: Actor, saved: SavedRateCard, to: RateCardState, verb: str) -> None:
    before = {"state": saved.state}
    move(saved, to, RATE_CARD_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, f"pricing:rate_card:{verb}", saved, before=before, after={"state": saved.state})


def _checked_name(name: str, saved: SavedRateCard | None) -> str:
    clean = clean_line(name)
    if not clean:
        raise Invalid(field="name", message=_l("Give the rate card a name that you will recognise it by."))
    if len(clean) > MAX_NAME:
        raise Invalid(field="name", message=_l("Shorten the name to %(count)s characters.", count=MAX_NAME))
    if is_name_taken(clean, except_id=saved.id if saved else None):
        raise Invalid(field="name", message=_l("You already have a rate card of this name. Choose another."))
    return clean
