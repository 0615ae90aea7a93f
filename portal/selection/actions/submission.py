"""Handing a bid in and taking it back. Lateness is judged while the requirement is held, so never by a stale clock."""

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.states import can_move, move
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.pricing.documents import rate_card_from_document
from portal.pricing.total_cost import total_cost
from portal.selection import queries, receipts
from portal.selection.actions.bids import (
    BIDDING_IS_OVER,
    asked_of_vendors,
    check_may_bid,
    hold_window,
    price_over_newest,
)
from portal.selection.models import Bid, BidPrice
from portal.selection.price_summary import PriceSummary, summarise
from portal.selection.states import BID_MOVES, BidState

CHANGED_MEANWHILE = _l("The requirement has changed since you opened this page. Read what changed, then submit.")


class IncompleteBid(Invalid):
    """A bid that cannot be handed in yet; `gaps` are sentences that say what to do."""

    def __init__(self, gaps: list[str]) -> None:
        self.gaps = gaps
        super().__init__(_l("This bid cannot be submitted yet. %(what)s", what=" ".join(gaps)))


def submit_bid(actor: Actor, bid: Bid, *, version: int, on_version: int | None = None) -> Bid:
    """Hand the bid in under seal and give it its receipt. It may be changed and handed in again until the deadline.

    `on_version` is the version of the requirement its vendor has read; a bid that was priced over an older forecast is
    priced anew over the newest. Raises IncompleteBid, StaleVersion, Forbidden for a suspended company, IllegalMove
    where it was handed in before, Conflict once bids are closed or where the requirement has changed meanwhile.
    """
    actor.permit(Permission.BID_SUBMIT)
    check_may_bid(actor)
    is_open = hold_window(bid.requirement_id)
    found = queries.locked_bid_for(actor, bid.id)
    if not is_open:
        raise Conflict(BIDDING_IS_OVER)
    if can_move(BidState(found.state), BidState.SUBMITTED, BID_MOVES):
        check_version(found, version)
        requirement = needs.current(actor, found.requirement_id)
        if on_version is not None and on_version != requirement.version_number:
            raise Conflict(CHANGED_MEANWHILE)
        gaps = gaps_of(found, queries.price_of(found), requirement)
        if gaps:
            raise IncompleteBid(gaps)
        _bring_up_to_date(found, queries.price_of(found), requirement)
    move(found, BidState.SUBMITTED, BID_MOVES, clock.instant())
    price, claims = queries.price_of(found), queries.knock_outs_of(found)
    found.receipt_sha256 = receipts.digest(receipts.text_of(found, price, queries.answers_of(found), claims.values()))
    db.session.flush()
    audit.record(actor, "selection:bid:submit", found, after={"receipt": found.receipt_sha256}, sealed=True)
    return found


def _bring_up_to_date(bid: Bid, price: BidPrice, requirement: Requirement) -> None:
    bid.requirement_version = requirement.version_number
    if price.scenario_sha256 != needs.frozen_scenario_of(requirement).sha256:
        price_over_newest(price, requirement, rate_card_from_document(price.rate_card))
        db.session.flush()


def priced_now(price: BidPrice, requirement: Requirement) -> PriceSummary:
    """What the bid costs over the newest forecast, by which it would be submitted; nothing is kept."""
    if price.scenario_sha256 == needs.frozen_scenario_of(requirement).sha256:
        return PriceSummary.from_document(price.figures)
    card = rate_card_from_document(price.rate_card)
    return summarise(card, total_cost(card, needs.scenario_of(requirement)))


def gaps_of(bid: Bid, price: BidPrice, requirement: Requirement) -> list[str]:
    """What a bid still lacks, as sentences. Volumes left without a price are no gap: they are shown as unpriced."""
    found = []
    if not price.total_minor:
        found.append(_l("Give at least one price: the total is zero."))
    answered = queries.criteria_answered_by(bid)
    for criterion in asked_of_vendors(list(answered)):
        if not answered[criterion]:
            found.append(_l("Answer “%(title)s”.", title=criterion.title))
    for knock_out, claim in queries.must_haves_of(bid).items():
        if claim is None:
            found.append(_l("Say whether you meet the must-have “%(title)s”.", title=knock_out.title))
        elif claim.is_met and knock_out.evidence and not claim.evidence:
            found.append(_l("Give the proof for the must-have “%(title)s”.", title=knock_out.title))
    least = least_validity(requirement)
    if bid.valid_until is None or bid.valid_until < least:
        found.append(_l("Let your offer stand until %(day)s or longer.", day=least.isoformat()))
    return [str(sentence) for sentence in found]


def least_validity(requirement: Requirement) -> date:
    """The first day until which an offer must stand: the deadline's date plus the days the buyer asked for."""
    assert requirement.deadline_at is not None
    return requirement.deadline_at.date() + timedelta(days=requirement.validity_days)


def withdraw_bid(actor: Actor, bid: Bid, *, version: int) -> Bid:
    """Take a bid back before the deadline, or throw a draft away; it leaves no trace for others.

    Raises Conflict once what was submitted is in the box for good.
    """
    actor.permit(Permission.BID_SUBMIT)
    is_open = hold_window(bid.requirement_id)
    found = queries.locked_bid_for(actor, bid.id)
    was_submitted = found.state == BidState.SUBMITTED
    if was_submitted and not is_open:
        raise Conflict(_l("The deadline is over: a submitted bid can no longer be withdrawn."))
    check_version(found, version)
    move(found, BidState.WITHDRAWN, BID_MOVES, clock.now())
    db.session.flush()
    audit.record(actor, "selection:bid:withdraw", found, sealed=True)
    return found
