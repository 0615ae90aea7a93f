"""Writing a bid: begin it, price it, answer the criteria. Everything here is seen by the vendor alone.

Entries in the audit log are sealed and there are no notices: even that a bid exists is nobody else's business.
"""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import text as sql_text

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.states import move
from portal.kit.text import clean_line, clean_text
from portal.needs import queries as needs
from portal.needs.models import Criterion, Requirement
from portal.needs.states import CriterionKind
from portal.pricing.documents import rate_card_from_document, to_document
from portal.pricing.total_cost import total_cost
from portal.pricing.values import RateCard
from portal.selection import queries
from portal.selection.models import Bid, BidAnswer, BidKnockOut, BidPrice
from portal.selection.price_summary import PriceSummary, summarise
from portal.selection.states import BID_MOVES, BidState

MAX_ANSWER = 5_000
MAX_PROOF = 2_000
MAX_REFERENCE = 60
BIDDING_IS_OVER = _l("Bids on this requirement are closed. Nothing was changed.")


class Claim(NamedTuple):
    """What a vendor says to a must-have: whether it meets it, and its proof."""

    is_met: bool
    evidence: str = ""


def draft_bid(actor: Actor, requirement: Requirement, *, document: dict[str, Any] | None = None) -> Bid:
    """Begin a bid from a rate card's document, or from nothing, in the requirement's currency.

    Raises Conflict where bids are closed or the company has a bid already, Forbidden for a suspended company, Invalid
    for a card in another currency.
    """
    actor.permit(Permission.BID_EDIT)
    check_may_bid(actor)
    if not requirement.accepts_bids:
        raise Conflict(BIDDING_IS_OVER)
    if queries.live_bid_on(actor, requirement) is not None:
        raise Conflict(_l("Your company already has a bid on this requirement. Open it under “Bids”."))
    assert actor.company_id is not None
    bid = Bid(
        requirement_id=requirement.id,
        buyer_id=requirement.buyer_id,
        vendor_id=actor.company_id,
        saved_at=clock.now(),
    )
    db.session.add(bid)
    db.session.flush()
    price = BidPrice(bid_id=bid.id, requirement_id=bid.requirement_id, buyer_id=bid.buyer_id, vendor_id=bid.vendor_id)
    _put_price(price, requirement, rate_card_from_document(document or {"currency": requirement.currency}))
    db.session.add(price)
    db.session.flush()
    audit.record(actor, "selection:bid:draft", bid, sealed=True)
    return bid


def save_price(actor: Actor, bid: Bid, *, document: dict[str, Any], version: int) -> PriceSummary:
    """Replace the bid's rate card and price it over the requirement's frozen base scenario.

    A submitted bid has to be submitted again afterwards. Raises CalculationError naming the field of a card that
    cannot be read, Invalid for one in another currency, StaleVersion, or Conflict where bids are closed.
    """
    card = rate_card_from_document(document)
    found, requirement = take_into_work(actor, bid, version)
    summary = _put_price(queries.price_of(found), requirement, card)
    db.session.flush()
    audit.record(actor, "selection:bid:price", found, sealed=True)
    return summary


def save_answers(
    actor: Actor,
    bid: Bid,
    *,
    answers: Mapping[uuid.UUID, str],
    reference: str,
    valid_until: date | None,
    version: int,
    must_haves: Mapping[uuid.UUID, Claim] | None = None,
) -> None:
    """Keep the answers by criterion and by must-have, the vendor's own reference, and until when the offer stands.

    Unfinished answers are kept as they are; `submit_bid` asks for all. Criteria of other requirements are refused.
    """
    found, requirement = take_into_work(actor, bid, version)
    if len(clean_line(reference)) > MAX_REFERENCE:
        raise Invalid(_l("Write at most %(n)s characters.", n=MAX_REFERENCE), "reference")
    found.reference, found.valid_until = clean_line(reference), valid_until
    known = {criterion.id for criterion in asked_of_vendors(needs.criteria_of(requirement))}
    kept = {row.criterion_id: row for row in queries.answers_of(found)}
    for criterion_id, text in answers.items():
        if criterion_id not in known:
            raise Invalid(_l("This criterion does not belong to the requirement."))
        _put_answer(found, kept.get(criterion_id), criterion_id, text)
    _put_claims(found, requirement, must_haves or {})
    db.session.flush()
    audit.record(actor, "selection:bid:answer", found, sealed=True)


def check_may_bid(actor: Actor) -> None:
    """Refuse a company that may begin nothing new. Raises Forbidden."""
    assert actor.company_id is not None
    if not accounts.company(actor.company_id).is_open:
        raise Forbidden(_l("Your company is suspended and cannot bid. What is in force goes on."))


def asked_of_vendors(criteria: Any) -> list[Criterion]:
    """The criteria a vendor answers in words: all but price, which the rate card answers."""
    return [criterion for criterion in criteria if criterion.kind == CriterionKind.QUALITY]


def hold_window(requirement_id: uuid.UUID) -> bool:
    """Whether bids are taken now, with the requirement held until the transaction ends.

    The closing and an amendment wait for us, or we for them. Every path asks this before it locks a bid, because an
    amendment locks in this order too.
    """
    return bool(db.session.scalar(sql_text("SELECT bid_window_open(:id)"), {"id": requirement_id}))


def take_into_work(actor: Actor, bid: Bid, version: int) -> tuple[Bid, Requirement]:
    """Lock the bid for an edit; a submitted one no longer counts from here on.

    Raises Forbidden, StaleVersion, or Conflict where it cannot be edited any more.
    """
    actor.permit(Permission.BID_EDIT)
    is_open = hold_window(bid.requirement_id)
    found = queries.locked_bid_for(actor, bid.id)
    requirement = needs.current(actor, found.requirement_id)
    if not found.is_editable or not is_open:
        raise Conflict(BIDDING_IS_OVER)
    check_version(found, version)
    found.saved_at = clock.now()
    found.receipt_sha256 = None
    if found.state == BidState.SUBMITTED:
        move(found, BidState.STALE, BID_MOVES, found.saved_at)
    db.session.flush()
    return found, requirement


def _put_price(price: BidPrice, requirement: Requirement, card: RateCard) -> PriceSummary:
    if card.currency != requirement.currency:
        raise Invalid(
            _l("This requirement is priced in %(currency)s. Choose a rate card in it.", currency=requirement.currency),
            "currency",
        )
    return price_over_newest(price, requirement, card)


def price_over_newest(price: BidPrice, requirement: Requirement, card: RateCard) -> PriceSummary:
    """Work out what a card costs over the newest frozen base scenario, and keep it in the envelope."""
    frozen = needs.frozen_scenario_of(requirement)
    summary = summarise(card, total_cost(card, needs.scenario_of(requirement)))
    price.rate_card = to_document(card)
    price.currency = card.currency
    price.total_minor = summary.total
    price.figures = summary.to_document()
    price.is_complete = summary.is_complete
    price.scenario_sha256 = frozen.sha256
    return summary


def _put_claims(bid: Bid, requirement: Requirement, claims: Mapping[uuid.UUID, Claim]) -> None:
    known = {one.id for one in needs.knock_outs_of(requirement)} if claims else set()
    kept = queries.knock_outs_of(bid) if claims else {}
    for knock_out_id, claim in claims.items():
        evidence = clean_text(claim.evidence)
        if knock_out_id not in known:
            raise Invalid(_l("This must-have does not belong to the requirement."))
        if len(evidence) > MAX_PROOF:
            raise Invalid(_l("Write at most %(n)s characters.", n=MAX_PROOF), f"proof-{knock_out_id}")
        row = kept.get(knock_out_id) or BidKnockOut(
            bid_id=bid.id,
            knock_out_id=knock_out_id,
            requirement_id=bid.requirement_id,
            buyer_id=bid.buyer_id,
            vendor_id=bid.vendor_id,
        )
        row.is_met, row.evidence = claim.is_met, evidence
        db.session.add(row)


def _put_answer(bid: Bid, row: BidAnswer | None, criterion_id: uuid.UUID, text: str) -> None:
    answer = clean_text(text)
    if len(answer) > MAX_ANSWER:
        raise Invalid(_l("Write at most %(n)s characters.", n=MAX_ANSWER), f"answer-{criterion_id}")
    if row is not None:
        row.answer = answer
    elif answer:
        db.session.add(
            BidAnswer(
                bid_id=bid.id,
                criterion_id=criterion_id,
                requirement_id=bid.requirement_id,
                buyer_id=bid.buyer_id,
                vendor_id=bid.vendor_id,
                answer=answer,
            )
        )
