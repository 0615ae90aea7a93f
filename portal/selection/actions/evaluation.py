"""Judging opened bids: scores by people, and taking a bid out of the ranking with a reason its vendor reads."""

import uuid
from collections.abc import Mapping
from typing import NamedTuple

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.needs import queries as needs
from portal.needs.criteria import BEST_SCORE
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection import notices, queries
from portal.selection.actions.bids import asked_of_vendors
from portal.selection.models import Bid, Disqualification, Score
from portal.selection.states import BID_MOVES, BidState

MAX_TEXT = 2_000


class Judgement(NamedTuple):
    """A score of 0 to 5 and why; the vendor reads the words after the award."""

    score: int
    comment: str


def score_bid(actor: Actor, requirement: Requirement, bid_id: uuid.UUID, values: Mapping[uuid.UUID, Judgement]) -> None:
    """Give or change the actor's own scores of one bid, by criterion. Price cannot be scored: it is computed.

    Raises Conflict once scoring has ended or an award was made on the scores, NotFound for a bid of another
    requirement, Invalid at `score-<criterion>` or `comment-<criterion>`.
    """
    actor.permit(Permission.BID_SCORE)
    found = needs.locked(actor, requirement.id)
    if found.state != RequirementState.OPENED:
        raise Conflict(_l("Scores can only be given between the opening of the bids and the award."))
    if queries.quality_closing_of(found) is not None:
        raise Conflict(_l("Scoring has ended: prices or names are open, and scores stay as they are."))
    sheet = queries.opened_bid_for(actor, found, bid_id).sheet
    own = queries.own_scores(actor, sheet)
    known = {criterion.id for criterion in asked_of_vendors(needs.criteria_of(found))}
    for criterion_id, judgement in values.items():
        if criterion_id not in known:
            raise Invalid(_l("This criterion is not scored by people."))
        _check(criterion_id, judgement)
        row = own.get(criterion_id) or Score(
            sheet_id=sheet.id,
            criterion_id=criterion_id,
            requirement_id=found.id,
            buyer_id=found.buyer_id,
            person_id=actor.person_id,
        )
        row.score, row.comment = judgement.score, clean_text(judgement.comment)
        db.session.add(row)
    db.session.flush()
    audit.record(actor, "selection:bid:score", sheet, after={"criteria": len(values)}, sealed=True)


def _check(criterion_id: uuid.UUID, judgement: Judgement) -> None:
    if not 0 <= judgement.score <= BEST_SCORE:
        raise Invalid(_l("Choose a score from 0 to 5."), f"score-{criterion_id}")
    comment = clean_text(judgement.comment)
    if not comment:
        raise Invalid(_l("Say why: every score needs a comment."), f"comment-{criterion_id}")
    if len(comment) > MAX_TEXT:
        raise Invalid(_l("Write at most %(n)s characters.", n=MAX_TEXT), f"comment-{criterion_id}")


def disqualify_bid(actor: Actor, requirement: Requirement, bid_id: uuid.UUID, *, reason: str) -> Bid:
    """Take a bid out of the ranking; it sets no lowest price any more. Its vendor is told the reason at once.

    Raises Conflict after the award, NotFound for a bid of another requirement, Invalid without a reason.
    """
    actor.permit(Permission.BID_AWARD)
    found = needs.locked(actor, requirement.id)
    if found.state != RequirementState.OPENED:
        raise Conflict(_l("A bid can only be taken out before the award."))
    bid = queries.locked_opened_bid(found, bid_id)
    cleaned = clean_text(reason)
    if not cleaned or len(cleaned) > MAX_TEXT:
        raise Invalid(
            _l("Give the reason, in at most %(n)s characters: the vendor will read it.", n=MAX_TEXT), "reason"
        )
    move(bid, BidState.DISQUALIFIED, BID_MOVES, clock.now())
    db.session.add(
        Disqualification(
            bid_id=bid.id,
            requirement_id=bid.requirement_id,
            buyer_id=bid.buyer_id,
            vendor_id=bid.vendor_id,
            reason=cleaned,
        )
    )
    db.session.flush()
    audit.record(actor, "selection:bid:disqualify", bid, after={"reason": cleaned}, sealed=True)
    notify(bid.vendor_id, notices.DISQUALIFIED.name, {"requirement": found.title, "bid_id": str(bid.id)})
    return bid
