"""Reads of bids and evaluations. A vendor sees its own bids; a buyer sees bids once they were opened; staff never.

Row level security says the same; where a buyer reads, the opening is asked for here as well.
"""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, func, select, true

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import Walls, current_scope, mine
from portal.needs.evaluation import Choices, choices_of
from portal.needs.models import Criterion, EvaluationRules, KnockOut, Requirement
from portal.needs.states import RequirementState
from portal.selection.comparison import Comparison, Entry, MustHave, compare
from portal.selection.models import (
    Award,
    AwardGround,
    Bid,
    BidAnswer,
    BidKnockOut,
    BidPrice,
    Debrief,
    Disqualification,
    EvaluationSheet,
    KnockOutCheck,
    QualityClosing,
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
    """One opened bid with all that came in it; without its price as long as that is sealed."""

    bid: Bid
    sheet: EvaluationSheet
    vendor_name: str
    price: BidPrice | None
    answers: dict[uuid.UUID, str]
    must_haves: tuple[MustHave, ...]


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


def knock_outs_of(bid: Bid) -> dict[uuid.UUID, BidKnockOut]:
    """The answers to must-haves of a bid one may see, by must-have."""
    query = select(BidKnockOut).where(BidKnockOut.bid_id == bid.id, mine(BidKnockOut))
    return {row.knock_out_id: row for row in db.session.scalars(query)}


def must_haves_of(bid: Bid) -> dict[KnockOut, BidKnockOut | None]:
    """What is asked of a bid one may see as must-haves, in the buyer's order, each with its vendor's answer."""
    query = (
        select(KnockOut, BidKnockOut)
        .outerjoin(
            BidKnockOut,
            and_(BidKnockOut.knock_out_id == KnockOut.id, BidKnockOut.bid_id == bid.id, mine(BidKnockOut)),
        )
        .where(KnockOut.requirement_id == bid.requirement_id, KnockOut.dropped_at.is_(None))
        .order_by(KnockOut.position)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def criteria_answered_by(bid: Bid) -> dict[Criterion, str]:
    """The criteria of a bid one may see, in the buyer's order, each with its vendor's answer; '' where none is."""
    query = (
        select(Criterion, BidAnswer.answer)
        .outerjoin(BidAnswer, and_(BidAnswer.criterion_id == Criterion.id, BidAnswer.bid_id == bid.id, mine(BidAnswer)))
        .where(Criterion.requirement_id == bid.requirement_id, Criterion.dropped_at.is_(None))
        .order_by(Criterion.position)
    )
    return {one: answer or "" for one, answer in db.session.execute(query)}


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
        .outerjoin(BidPrice, and_(BidPrice.bid_id == Bid.id, BidPrice.opened_at.is_not(None)))
        .where(Bid.id == bid_id, Bid.requirement_id == requirement.id, mine(Bid), _opened())
    ).one_or_none()
    if row is None:
        raise NotFound
    bid, sheet, name, price = row
    _criteria, choices, is_blind = _rules_of(requirement)
    if is_blind and choices.pseudonyms:
        name = pseudonym(sheet)
    answers = {one.criterion_id: one.answer for one in answers_of(bid)}
    return OpenedBid(bid, sheet, name, price, answers, _must_haves_of(requirement).get(bid.id, ()))


def opened_bid_in(comparison: Comparison, bid_id: uuid.UUID) -> OpenedBid:
    """One bid of a comparison that was read already, with all that came in it. Raises NotFound."""
    column = comparison.column_of(bid_id)
    if column is None:
        raise NotFound
    bid, entry = column.bid, column.entry
    price = db.session.scalar(
        select(BidPrice).where(BidPrice.bid_id == bid.id, mine(BidPrice), BidPrice.opened_at.is_not(None))
    )
    answers = {one.criterion_id: one.answer for one in answers_of(bid)}
    return OpenedBid(bid, entry.sheet, entry.vendor_name, price, answers, entry.must_haves)


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
    """All opened bids of a requirement side by side, priced and ranked, in four statements for any number of bids.

    What the choices of the requirement hold back until scoring has ended, prices or names, is not in it before.
    """
    actor.permit(Permission.BID_VIEW)
    criteria, choices, is_blind = _rules_of(requirement)
    must_haves = _must_haves_of(requirement)
    entries = [
        Entry(
            bid=bid,
            sheet=sheet,
            vendor_name=pseudonym(sheet) if is_blind and choices.pseudonyms else name,
            country="" if is_blind and choices.pseudonyms else country,
            price=PriceSummary.from_document(price.figures) if price else None,
            disqualified_because=reason,
            must_haves=must_haves.get(bid.id, ()),
        )
        for bid, sheet, name, country, price, reason in db.session.execute(
            select(Bid, EvaluationSheet, Company.name, Company.country, BidPrice, Disqualification.reason)
            .join(EvaluationSheet, EvaluationSheet.bid_id == Bid.id)
            .join(Company, Company.id == Bid.vendor_id)
            .outerjoin(BidPrice, and_(BidPrice.bid_id == Bid.id, BidPrice.opened_at.is_not(None)))
            .outerjoin(Disqualification, Disqualification.bid_id == Bid.id)
            .where(Bid.requirement_id == requirement.id, mine(Bid), _opened())
            .order_by(EvaluationSheet.alias)
        )
    ]
    scores = db.session.scalars(select(Score).where(Score.requirement_id == requirement.id, mine(Score))).all()
    return compare(criteria, entries, scores, choices, is_blind=is_blind)


def _rules_of(requirement: Requirement) -> tuple[list[Criterion], Choices, bool]:
    """The criteria in their order, the rules of the ranking, and whether something is still held back."""
    query = (
        select(Criterion, EvaluationRules, QualityClosing.closed_at)
        .outerjoin(EvaluationRules, EvaluationRules.requirement_id == Criterion.requirement_id)
        .outerjoin(QualityClosing, QualityClosing.requirement_id == Criterion.requirement_id)
        .where(Criterion.requirement_id == requirement.id, Criterion.dropped_at.is_(None), mine(Criterion))
        .order_by(Criterion.position)
    )
    rows = db.session.execute(query).all()
    choices = choices_of(rows[0][1] if rows else None)
    return [row[0] for row in rows], choices, choices.is_blind and rows[0][2] is None


def quality_closing_of(requirement: Requirement) -> QualityClosing | None:
    """That the scoring of a requirement with two envelopes or pseudonyms has ended, if it has."""
    query = select(QualityClosing).where(QualityClosing.requirement_id == requirement.id, mine(QualityClosing))
    return db.session.scalar(query)


def pseudonym(sheet: EvaluationSheet) -> str:
    """What a bidder is called while its name is held back: the number it drew at the opening."""
    return str(_l("Bidder %(number)s", number=sheet.alias))


def _must_haves_of(requirement: Requirement) -> dict[uuid.UUID, tuple[MustHave, ...]]:
    """The must-haves of every opened bid, with answers and checks, in the buyer's order."""
    query = (
        select(Bid.id, KnockOut, BidKnockOut, KnockOutCheck)
        .join(KnockOut, KnockOut.requirement_id == Bid.requirement_id)
        .outerjoin(BidKnockOut, and_(BidKnockOut.bid_id == Bid.id, BidKnockOut.knock_out_id == KnockOut.id))
        .outerjoin(KnockOutCheck, and_(KnockOutCheck.bid_id == Bid.id, KnockOutCheck.knock_out_id == KnockOut.id))
        .where(Bid.requirement_id == requirement.id, KnockOut.dropped_at.is_(None), mine(Bid), _opened())
        .order_by(KnockOut.position)
    )
    found: dict[uuid.UUID, tuple[MustHave, ...]] = {}
    for bid_id, knock_out, answer, check in db.session.execute(query):
        found[bid_id] = (*found.get(bid_id, ()), MustHave(knock_out, answer, check))
    return found


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
