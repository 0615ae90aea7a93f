"""Reads of bids and evaluations. A vendor sees its own bids; a buyer sees bids once they were opened; staff never.

Row level security says the same; where a buyer reads, the opening is asked for here as well.
"""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select, true

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import Walls, current_scope, mine
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection.comparison import Comparison, Entry, compare
from portal.selection.models import (
    Award,
    AwardGround,
    Bid,
    BidAnswer,
    BidPrice,
    Debrief,
    Disqualification,
    EvaluationSheet,
    Score,
)
from portal.selection.price_summary import PriceSummary
from portal.selection.states import BidState

SHOWN_STATES = (
    RequirementState.CLOSED,
    RequirementState.OPENED,
    RequirementState.DECIDED,
    RequirementState.AWARDED,
    RequirementState.UNSUCCESSFUL,
)


class VendorBid(NamedTuple):
    """A line of a vendor's own list."""

    bid: Bid
    requirement: Requirement
    buyer_name: str
    award: Award | None


class Evaluation(NamedTuple):
    """A line of a buyer's list. `bids` is None before the opening: there is no such number yet."""

    requirement: Requirement
    bids: int | None


class OpenedBid(NamedTuple):
    """One opened bid with all that came in it."""

    bid: Bid
    sheet: EvaluationSheet
    vendor_name: str
    price: BidPrice
    answers: dict[uuid.UUID, str]


# --- the vendor -------------------------------------------------------------------------------------------------


def bid_for(actor: Actor, bid_id: uuid.UUID) -> Bid:
    """A bid of the actor's own company. Raises NotFound."""
    actor.permit(Permission.BID_VIEW)
    found = db.session.scalar(select(Bid).where(Bid.id == bid_id, _own()))
    if found is None:
        raise NotFound
    return found


def locked_bid_for(actor: Actor, bid_id: uuid.UUID) -> Bid:
    """The same, locked for a change and read afresh. Raises NotFound."""
    actor.permit(Permission.BID_VIEW)
    query = select(Bid).where(Bid.id == bid_id, _own()).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def live_bid_on(actor: Actor, requirement: Requirement) -> Bid | None:
    """The bid the actor's company has on a requirement, unless it was withdrawn."""
    actor.permit(Permission.BID_VIEW)
    query = select(Bid).where(Bid.requirement_id == requirement.id, Bid.state != BidState.WITHDRAWN, _own())
    return db.session.scalar(query)


def bids_of(actor: Actor, *, after: uuid.UUID | None = None, most: int = 200) -> Sequence[VendorBid]:
    """All bids of the actor's company, newest first; `after` is the last one of the page before."""
    actor.permit(Permission.BID_VIEW)
    query = (
        select(Bid, Requirement, Company.name, Award)
        .join(Requirement, Requirement.id == Bid.requirement_id)
        .join(Company, Company.id == Bid.buyer_id)
        .outerjoin(Award, Award.bid_id == Bid.id)
        .where(_own())
        .order_by(Bid.id.desc())
        .limit(most)
    )
    if after is not None:
        query = query.where(Bid.id < after)
    return [VendorBid(*row) for row in db.session.execute(query)]


def award_for(actor: Actor, award_id: uuid.UUID) -> Award:
    """An award the actor's company is a party of. Raises NotFound."""
    actor.permit(Permission.AGREEMENT_VIEW)
    found = db.session.scalar(select(Award).where(Award.id == award_id, mine(Award)))
    if found is None:
        raise NotFound
    return found


def price_of(bid: Bid) -> BidPrice:
    """The price envelope of a bid one may see. Raises NotFound."""
    found = db.session.scalar(select(BidPrice).where(BidPrice.bid_id == bid.id, mine(BidPrice)))
    if found is None:
        raise NotFound
    return found


def answers_of(bid: Bid) -> Sequence[BidAnswer]:
    """The answers of a bid one may see."""
    return db.session.scalars(select(BidAnswer).where(BidAnswer.bid_id == bid.id, mine(BidAnswer))).all()


def award_of(bid: Bid) -> Award | None:
    """The award that was offered for a bid, if any."""
    return db.session.scalar(select(Award).where(Award.bid_id == bid.id, mine(Award)))


def debrief_of(bid: Bid) -> Debrief | None:
    """What the vendor of a bid that was not chosen is told."""
    return db.session.scalar(select(Debrief).where(Debrief.bid_id == bid.id, mine(Debrief)))


def disqualification_of(bid: Bid) -> Disqualification | None:
    """Why a bid is out of the ranking."""
    return db.session.scalar(select(Disqualification).where(Disqualification.bid_id == bid.id, mine(Disqualification)))


def _own() -> ColumnElement[bool]:
    """The vendor's side only: what a buyer may see of a bid has queries of its own."""
    return Bid.vendor_id == current_scope().company_id if Walls.python else true()


# --- the buyer --------------------------------------------------------------------------------------------------


def evaluations_for(actor: Actor) -> Sequence[Evaluation]:
    """The buyer's requirements whose bidding is over, newest first. Nothing about bids before they were opened."""
    actor.permit(Permission.BID_VIEW)
    sheets = (
        select(EvaluationSheet.requirement_id, func.count().label("bids"))
        .where(mine(EvaluationSheet))
        .group_by(EvaluationSheet.requirement_id)
        .subquery()
    )
    query = (
        select(Requirement, sheets.c.bids)
        .outerjoin(sheets, sheets.c.requirement_id == Requirement.id)
        .where(mine(Requirement), Requirement.state.in_(SHOWN_STATES))
        .order_by(Requirement.closed_at.desc())
        .limit(200)
    )
    return [Evaluation(*row) for row in db.session.execute(query)]


def evaluation_for(actor: Actor, requirement_id: uuid.UUID) -> Requirement:
    """A requirement of the actor's company whose bidding is over. Raises NotFound."""
    actor.permit(Permission.BID_VIEW)
    found = db.session.scalar(
        select(Requirement).where(
            Requirement.id == requirement_id, mine(Requirement), Requirement.state.in_(SHOWN_STATES)
        )
    )
    if found is None:
        raise NotFound
    return found


def opened_bid_for(actor: Actor, requirement: Requirement, bid_id: uuid.UUID) -> OpenedBid:
    """One opened bid of a requirement. Raises NotFound, also for a bid of another requirement."""
    actor.permit(Permission.BID_VIEW)
    row = db.session.execute(
        select(Bid, EvaluationSheet, Company.name, BidPrice)
        .join(EvaluationSheet, EvaluationSheet.bid_id == Bid.id)
        .join(Company, Company.id == Bid.vendor_id)
        .join(BidPrice, BidPrice.bid_id == Bid.id)
        .where(Bid.id == bid_id, Bid.requirement_id == requirement.id, mine(Bid), _opened())
    ).one_or_none()
    if row is None:
        raise NotFound
    return OpenedBid(*row, {one.criterion_id: one.answer for one in answers_of(row[0])})


def locked_opened_bid(requirement: Requirement, bid_id: uuid.UUID) -> Bid:
    """An opened bid of this very requirement, locked for a change and read afresh. Raises NotFound."""
    query = select(Bid).where(Bid.id == bid_id, Bid.requirement_id == requirement.id, mine(Bid), _opened())
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def opened_bids(requirement: Requirement) -> Sequence[Bid]:
    """All opened bids of a requirement, locked in one order so that two changes never wait for each other."""
    query = select(Bid).where(Bid.requirement_id == requirement.id, mine(Bid), _opened()).order_by(Bid.id)
    return db.session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def own_scores(actor: Actor, sheet: EvaluationSheet) -> dict[uuid.UUID, Score]:
    """What the actor has already given a bid, by criterion."""
    query = select(Score).where(Score.sheet_id == sheet.id, Score.person_id == actor.person_id, mine(Score))
    return {score.criterion_id: score for score in db.session.scalars(query)}


def comparison_for(actor: Actor, requirement: Requirement) -> Comparison:
    """All opened bids of a requirement side by side, priced and ranked, in four statements for any number of bids."""
    actor.permit(Permission.BID_VIEW)
    entries = [
        Entry(
            bid=bid,
            sheet=sheet,
            vendor_name=name,
            country=country,
            price=PriceSummary.from_document(price.figures),
            disqualified_because=reason,
        )
        for bid, sheet, name, country, price, reason in db.session.execute(
            select(Bid, EvaluationSheet, Company.name, Company.country, BidPrice, Disqualification.reason)
            .join(EvaluationSheet, EvaluationSheet.bid_id == Bid.id)
            .join(Company, Company.id == Bid.vendor_id)
            .join(BidPrice, BidPrice.bid_id == Bid.id)
            .outerjoin(Disqualification, Disqualification.bid_id == Bid.id)
            .where(Bid.requirement_id == requirement.id, mine(Bid), _opened())
            .order_by(EvaluationSheet.alias)
        )
    ]
    scores = db.session.scalars(select(Score).where(Score.requirement_id == requirement.id, mine(Score))).all()
    return compare(needs.criteria_of(requirement), entries, scores)


def awards_on(requirement: Requirement) -> Sequence[tuple[Award, AwardGround, str]]:
    """The awards made on a requirement with their grounds and vendors' names, in order: each after one declined."""
    query = (
        select(Award, AwardGround, Company.name)
        .join(AwardGround, AwardGround.award_id == Award.id)
        .join(Company, Company.id == Award.vendor_id)
        .where(Award.requirement_id == requirement.id, mine(Award))
        .order_by(Award.id)
    )
    return [(award, ground, name) for award, ground, name in db.session.execute(query)]


def _opened() -> ColumnElement[bool]:
    return Bid.opened_at.is_not(None)


def vendor_name(award: Award) -> str:
    """The name of the vendor an award was offered to."""
    return db.session.scalar(select(Company.name).where(Company.id == award.vendor_id)) or ""
