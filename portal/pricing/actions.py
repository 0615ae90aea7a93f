"""What a vendor does with its rate cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.calculators import CalculationError
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, IllegalMove, Invalid
from portal.kit.states import move
from portal.kit.text import clean_line
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.fees import unanswered
from portal.pricing.models import RateCardVersion, SavedRateCard
from portal.pricing.queries import is_name_taken, locked, versions_of
from portal.pricing.states import RATE_CARD_MOVES, RateCardState
from portal.pricing.validity import Period, clashing
from portal.pricing.values import RateCard
from portal.pricing.words import FEE_NAMES

MAX_NAME = 120


def save_rate_card(
    actor: Actor, saved: SavedRateCard | None, *, name: str, document: object, version: int | None = None
) -> SavedRateCard:
    """Keep a rate card: a new draft, or a change of the working copy of `saved` begun at `version`.

    What was published stays as it is until the change is published as a version of its own.

    :raises CalculationError: when the document is refused, or would change the currency of a card that has been
        published; its path names the field
    :raises Invalid: for a name that is empty, too long or taken
    :raises StaleVersion: when somebody saved the card meanwhile
    """
    actor.permit(Permission.SERVICE_EDIT)
    if saved is not None and version is not None:
        check_version(saved, version)
    card = rate_card_from_document(document)
    if saved is not None and card.currency != saved.currency and versions_of(saved):
        raise CalculationError(
            "rate_card.currency", _l("A published card keeps its currency. Write a new card for it.")
        )
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


def publish_rate_card(
    actor: Actor,
    saved: SavedRateCard,
    *,
    valid_from: date | None = None,
    valid_to: date | None = None,
    version: int | None = None,
) -> RateCardVersion:
    """Publish the working copy as the next version of the card, valid from a day (today, where left out).

    It ends at `valid_to`, or when a later version begins. A version never changes again; one without an end gives
    way to this one from `valid_from` on.

    :raises Invalid: for a card without operating lines or with unanswered fees, a day that is over, or days on which
        another version is in force
    :raises Conflict: for a card that was put away
    """
    actor.permit(Permission.SERVICE_EDIT)
    saved = locked(saved)
    if version is not None:
        check_version(saved, version)
    if saved.state == RateCardState.ARCHIVED:
        raise Conflict(_l("This card is put away. Take it into use again before you publish a version."))
    period = Period(valid_from or clock.now().date(), valid_to)
    versions = versions_of(saved)
    _check_period(period, [published.period for published in versions])
    card = replace(saved.card, valid_from=period.start, valid_to=period.end)
    _check_publishable(card)
    published = RateCardVersion(
        company_id=saved.company_id,
        card_id=saved.id,
        number=len(versions) + 1,
        document=to_document(card),
        valid_from=period.start,
        valid_to=period.end,
        published_by=actor.person_name,
    )
    db.session.add(published)
    db.session.flush()
    audit.record(
        actor,
        "pricing:rate_card:publish",
        saved,
        after={"number": published.number, "valid_from": period.start.isoformat(), "document": published.document},
    )
    if saved.state == RateCardState.DRAFT:
        _move(actor, saved, RateCardState.ACTIVE, "activate")
    return published


def activate_rate_card(actor: Actor, saved: SavedRateCard) -> None:
    """Offer a card for services and bids: one never published from today on, one that was put away as it stood."""
    actor.permit(Permission.SERVICE_EDIT)
    if saved.state == RateCardState.ARCHIVED and versions_of(saved):
        _move(actor, saved, RateCardState.ACTIVE, "activate")
    elif saved.state == RateCardState.ARCHIVED:
        _move(actor, saved, RateCardState.DRAFT, "reopen")
    elif saved.state == RateCardState.DRAFT:
        publish_rate_card(actor, saved)
    else:
        raise IllegalMove("rate_card", saved.state, RateCardState.ACTIVE)


def archive_rate_card(actor: Actor, saved: SavedRateCard) -> None:
    """Put a card away; nothing that took it changes."""
    actor.permit(Permission.SERVICE_EDIT)
    _move(actor, saved, RateCardState.ARCHIVED, "archive")


def _check_period(period: Period, others: list[Period]) -> None:
    if period.start < clock.now().date():
        raise Invalid(_l("Choose today or a later day: prices never change for days that are over."), "valid_from")
    if period.end is not None and period.end < period.start:
        raise Invalid(_l("The last day comes before the first one."), "valid_to")
    other = clashing(period, others)
    if other is None:
        return
    if other.end is None:
        sentence = _l("Another version begins on %(day)s already. Choose another first day.", day=other.start)
        raise Invalid(sentence, "valid_from")
    raise Invalid(
        _l("Another version is valid from %(start)s to %(end)s. Two can never be in force at once.", **other._asdict()),
        "valid_from" if other.start <= period.start else "valid_to",
    )


def _check_publishable(card: RateCard) -> None:
    if not card.operating:
        raise Invalid(_l("Add at least one operating line: without it the card prices nothing."))
    missing = unanswered(card)
    if missing:
        names = ", ".join(str(FEE_NAMES[fee]) for fee in missing)
        raise Invalid(_l("Say of each of these what it costs, or that it is not charged: %(names)s.", names=names))


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
