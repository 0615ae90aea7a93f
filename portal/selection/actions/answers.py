"""The vendor's answer to an award, and what follows from it on the buyer's side in the same transaction.

A vendor's transaction cannot touch the buyer's rows or other vendors' bids. So what the buyer's side does by itself
is done as the buyer's robot, in the buyer's scope, before the one commit.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.states import move
from portal.kit.tenancy import mine
from portal.kit.text import clean_text
from portal.messaging import notify, notify_each
from portal.needs import actions as process
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.needs.states import RequirementState
from portal.selection import notices, queries
from portal.selection.actions.awards import offer
from portal.selection.debriefs import debriefs_of
from portal.selection.models import Award, AwardGround, Bid
from portal.selection.signals import award_accepted
from portal.selection.states import AWARD_MOVES, BID_MOVES, AwardState, BidState

MAX_REASON = 2_000
NEXT_IN_RANK = "Next in rank after an award that was not accepted."
NOBODY_LEFT = "No bidder accepted the award."


def accept_award(actor: Actor, award: Award) -> Award:
    """The vendor takes the work: its bid has won, the others are told, and the agreement can be drafted.

    Raises Conflict when it was answered before or the time is over.
    """
    actor.permit(Permission.AWARD_ANSWER)
    with _as_buyer(award) as robot:
        needs.locked(robot, award.requirement_id)
    found, bid = _pending(award)
    move(found, AwardState.ACCEPTED, AWARD_MOVES, clock.now())
    found.decided_at = clock.now()
    move(bid, BidState.WON, BID_MOVES, clock.now())
    db.session.flush()
    _record(actor, found, "accept", "award_accepted", {})
    with _as_buyer(found) as robot:
        _settle(robot, found.requirement_id, bid.id, actor.company_name)
    return _announce(actor, found)


def decline_award(actor: Actor, award: Award, *, reason: str) -> Award:
    """The vendor does not take the work and says why; the next in rank is offered it at once.

    Raises Conflict when it was answered before or the time is over, Invalid without a reason.
    """
    actor.permit(Permission.AWARD_ANSWER)
    cleaned = clean_text(reason)
    if not cleaned or len(cleaned) > MAX_REASON:
        raise Invalid(_l("Say why, in at most %(n)s characters: the buyer will read it.", n=MAX_REASON), "reason")
    with _as_buyer(award) as robot:
        needs.locked(robot, award.requirement_id)
    found, bid = _pending(award)
    move(found, AwardState.DECLINED, AWARD_MOVES, clock.now())
    found.decided_at, found.decline_reason = clock.now(), cleaned
    move(bid, BidState.DECLINED, BID_MOVES, clock.now())
    db.session.flush()
    _record(actor, found, "decline", "award_declined", {"reason": cleaned})
    award_id = found.id
    with _as_buyer(found) as robot:
        _pass_on(robot, db.session.get_one(Award, award_id), notices.DECLINED.name, actor.company_name)
    return db.session.get_one(Award, award_id)


def lapse_award(robot: Actor, award: Award) -> bool:
    """The buyer's robot takes silence for a no once the time is over; says whether there was anything to do."""
    requirement = needs.locked(robot, award.requirement_id)
    found = _locked(award)
    if found.state != AwardState.PENDING:
        return False
    in_time = clock.instant() < found.answer_due_at
    if in_time and requirement.state == RequirementState.DECIDED:
        return False
    move(found, AwardState.LAPSED, AWARD_MOVES, clock.now())
    found.decided_at = clock.now()
    bid = queries.locked_opened_bid(requirement, found.bid_id)
    move(bid, BidState.DECLINED, BID_MOVES, clock.now())
    db.session.flush()
    _record(robot, found, "lapse", "award_lapsed", {})
    about = {"requirement": requirement.title, "bid_id": str(bid.id)}
    notify(found.vendor_id, notices.LAPSED.name, about)
    if requirement.state == RequirementState.DECIDED:
        _pass_on(robot, found, notices.UNANSWERED.name, queries.vendor_name(found))
    return True


@contextmanager
def _as_buyer(award: Award) -> Iterator[Actor]:
    """Act as the buyer's robot until the block ends. What was loaded before has to be loaded again after it."""
    buyer_id = award.buyer_id
    with tenancy.scope(tenancy.member(buyer_id)):
        yield Actor.robot(buyer_id, "buyer")


def _pending(award: Award) -> tuple[Award, Bid]:
    """The vendor's award and bid, locked, as long as it may be answered. Raises Conflict."""
    found = _locked(award)
    if found.state != AwardState.PENDING:
        raise Conflict(_l("This award was answered already. Reload the page to see how it stands."))
    if clock.instant() >= found.answer_due_at:
        raise Conflict(_l("The time to answer this award is over. Nothing was changed."))
    bid = db.session.scalar(select(Bid).where(Bid.id == found.bid_id, mine(Bid)).with_for_update())
    if bid is None:
        raise NotFound
    return found, bid


def _locked(award: Award) -> Award:
    query = select(Award).where(Award.id == award.id, mine(Award)).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _record(actor: Actor, award: Award, verb: str, kind: str, more: dict[str, str]) -> None:
    audit.record(actor, f"selection:award:{verb}", award, after={"state": award.state, **more}, sealed=True)
    payload = {"award": str(award.id), "bid": str(award.bid_id), "person": actor.person_name, **more}
    evidence.append(
        "requirement", award.requirement_id, kind, payload, buyer_id=award.buyer_id, vendor_id=award.vendor_id
    )


def _settle(robot: Actor, requirement_id: object, winner_id: object, winner_name: str) -> None:
    """On the buyer's side: the requirement is awarded, the reserves have lost and learn how they stood."""
    requirement = needs.locked(robot, requirement_id)  # type: ignore[arg-type]
    bids = queries.opened_bids(requirement)
    comparison = queries.comparison_for(robot, requirement)
    process.award(requirement)
    for bid in bids:
        if bid.state == BidState.RESERVE:
            move(bid, BidState.LOST, BID_MOVES, clock.now())
    db.session.flush()
    debriefs = debriefs_of(comparison, winner_id)  # type: ignore[arg-type]
    db.session.add_all(debriefs)
    db.session.flush()
    notify_each(
        notices.LOST.name,
        {one.vendor_id: {"requirement": requirement.title, "bid_id": str(one.bid_id)} for one in debriefs},
    )
    audit.record(robot, "selection:requirement:award", requirement, after={"state": requirement.state})
    about = {"requirement": requirement.title, "requirement_id": str(requirement.id), "company": winner_name}
    notify(requirement.buyer_id, notices.ACCEPTED.name, about)


def _pass_on(robot: Actor, award: Award, kind: str, vendor_name: str) -> None:
    """On the buyer's side: offer the work to the next reserve in rank, or end when there is none left."""
    requirement = needs.locked(robot, award.requirement_id)
    ranking = db.session.get_one(AwardGround, award.id).ranking
    bids = {str(bid.id): bid for bid in queries.opened_bids(requirement)}
    waiting = [line for line in ranking if bids[line["bid"]].state == BidState.RESERVE]
    about = {"requirement": requirement.title, "requirement_id": str(requirement.id), "company": vendor_name}
    if waiting:
        following = waiting[0]
        award = offer(requirement, bids[following["bid"]], following["rank"], NEXT_IN_RANK, ranking)
        payload = {"bid": following["bid"], "rank": following["rank"], "reason": NEXT_IN_RANK}
        evidence.append("requirement", requirement.id, "award", payload, buyer_id=requirement.buyer_id)
        audit.record(robot, "selection:award:pass_on", award, after={"rank": award.rank}, sealed=True)
        notify(requirement.buyer_id, kind, about)
        return
    process.end(requirement, RequirementState.UNSUCCESSFUL, reason=NOBODY_LEFT)
    audit.record(robot, "selection:requirement:fail", requirement, after={"state": requirement.state})
    notify(requirement.buyer_id, notices.NOBODY_LEFT.name, about)


def _announce(actor: Actor, award: Award) -> Award:
    """Tell the parts above, in the vendor's own scope again."""
    found = db.session.get_one(Award, award.id)
    bid = queries.bid_for(actor, found.bid_id)
    requirement: Requirement = needs.requirement_for(actor, found.requirement_id)
    award_accepted.send(found, actor=actor, bid=bid, requirement=requirement)
    return found
