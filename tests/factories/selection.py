"""Bids, closings, openings, scores and awards made by the real verbs, each in a transaction of its own."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import clock, jobs
from portal.kit.db import db
from portal.needs import queries as needs
from portal.needs.models import Requirement
from portal.selection import actions, queries
from portal.selection.actions.bids import Claim, asked_of_vendors
from portal.selection.actions.evaluation import Judgement
from portal.selection.models import Award, Bid
from tests.factories.accounts import MadePerson, actor_for, make_company, make_person, sign_in
from tests.factories.memory import remembered
from tests.factories.needs import in_scope, make_published, pass_deadline

BY_HOUR: dict[str, Any] = {
    "currency": "GBP",
    "one_time": [
        {"code": "INT", "category": "integration", "qty": "1", "rate": "8000"},
        {"code": "TRN", "category": "training_initial", "qty": "40", "unit": "person", "rate": "300"},
    ],
    "operating": [
        {"code": "HOUR", "unit": "hour", "rate": "17.35", "billing_basis": "logged_in", "billing_occupancy": "0.8"},
        {"code": "TECH", "unit": "month", "category": "tech_support", "rate": "1200"},
    ],
    "extra": [{"code": "SURGE", "category": "emergency_surge", "qty": "20", "rate": "26", "months": [6, 11]}],
}


@dataclass(frozen=True)
class Cast:
    """A buyer with a published requirement, and vendors who may bid on it."""

    buyer: Actor
    vendors: tuple[Actor, ...]
    requirement: Requirement


def fixed_price(total: str, currency: str = "GBP") -> dict[str, Any]:
    """A card that costs exactly `total` whatever the volumes."""
    return {
        "currency": currency,
        "one_time": [{"code": "ALL", "category": "setup", "qty": "1", "rate": total}],
        "operating": [{"code": "INCL", "unit": "month", "rate": "0"}],
    }


@remembered
def make_cast(vendors: int = 2, **changes: Any) -> Cast:
    """A buyer's owner, owners of so many vendors, and a published requirement."""
    buyer_company = make_company("buyer")
    buyer = actor_for(make_person(buyer_company), buyer_company)
    bidders = []
    for _ in range(vendors):
        company = make_company("vendor")
        bidders.append(actor_for(make_person(company), company))
    return Cast(buyer, tuple(bidders), make_published(buyer, **changes))


def make_draft(vendor: Actor, requirement: Requirement, document: dict[str, Any] | None = None) -> Bid:
    """A complete bid that only waits for being submitted."""

    def write() -> Bid:
        bid = actions.draft_bid(vendor, requirement, document=document or BY_HOUR)
        criteria = asked_of_vendors(needs.criteria_of(requirement))
        assert requirement.deadline_at is not None
        actions.save_answers(
            vendor,
            bid,
            answers={criterion.id: f"Our answer on {criterion.title}." for criterion in criteria},
            reference="Q-1",
            valid_until=requirement.deadline_at.date() + timedelta(days=90),
            version=bid.version,
            must_haves={one.id: Claim(True, "See the certificate.") for one in needs.knock_outs_of(requirement)},
        )
        return bid

    return in_scope(vendor, write)


def submit(vendor: Actor, bid: Bid) -> Bid:
    """Hand a complete bid in."""
    return in_scope(vendor, lambda: actions.submit_bid(vendor, bid, version=bid.version))


def make_submitted(vendor: Actor, requirement: Requirement, document: dict[str, Any] | None = None) -> Bid:
    """A bid that lies sealed in the box."""
    return submit(vendor, make_draft(vendor, requirement, document))


def close(requirement: Requirement) -> None:
    """Let the deadline pass and the minute tick come."""
    pass_deadline(requirement)
    jobs.run_due()


def fresh(actor: Actor, requirement: Requirement) -> Requirement:
    """The requirement as it is now."""
    return in_scope(actor, lambda: needs.requirement_for(actor, requirement.id))


def open_all(buyer: Actor, requirement: Requirement) -> int:
    """Open the bids of a closed requirement."""
    return in_scope(buyer, lambda: actions.open_bids(buyer, requirement))


def score_all(buyer: Actor, requirement: Requirement, bid: Bid, scores: Sequence[int] = (3, 3, 3, 3, 3)) -> None:
    """One evaluator's scores of one bid, in the order of the quality criteria."""

    def write() -> None:
        criteria = asked_of_vendors(needs.criteria_of(requirement))
        values: Mapping[uuid.UUID, Judgement] = {
            criterion.id: Judgement(score, f"Because of {criterion.title}.")
            for criterion, score in zip(criteria, scores, strict=True)
        }
        actions.score_bid(buyer, requirement, bid.id, values)

    in_scope(buyer, write)


def award(buyer: Actor, requirement: Requirement, bid: Bid, reason: str = "Best on quality and price.") -> Award:
    """Offer the work to a bid."""
    now = fresh(buyer, requirement)
    return in_scope(buyer, lambda: actions.award_bid(buyer, now, bid_id=bid.id, reason=reason, version=now.version))


def accept(vendor: Actor, award_: Award) -> Award:
    """The vendor takes the work."""
    return in_scope(vendor, lambda: actions.accept_award(vendor, award_))


def decline(vendor: Actor, award_: Award, reason: str = "Our team is full.") -> Award:
    """The vendor does not take the work."""
    return in_scope(vendor, lambda: actions.decline_award(vendor, award_, reason=reason))


@remembered
def make_evaluated(
    vendors: int = 2, prices: Sequence[str] = ("200000", "250000"), evaluation: dict[str, Any] | None = None
) -> tuple[Cast, list[Bid]]:
    """Opened bids at these prices, all scored 3 throughout: the cheaper one leads."""
    cast = make_cast(vendors, evaluation=evaluation)
    bids = [
        make_submitted(vendor, cast.requirement, fixed_price(price))
        for vendor, price in zip(cast.vendors, prices, strict=True)
    ]
    close(cast.requirement)
    open_all(cast.buyer, cast.requirement)
    for bid in bids:
        score_all(cast.buyer, cast.requirement, bid)
    return cast, bids


def bid_now(vendor: Actor, bid: Bid) -> Bid:
    """A vendor's bid as it is now."""
    return in_scope(vendor, lambda: queries.bid_for(vendor, bid.id))


def award_on(vendor: Actor, bid: Bid) -> Award | None:
    """The award that was offered for a bid."""
    return in_scope(vendor, lambda: db.session.scalar(select(Award).where(Award.bid_id == bid.id)))


def wait(days: int) -> None:
    """Let days pass and the minute tick come."""

    def moment() -> Any:
        return clock.now()

    from portal.kit import tenancy

    with tenancy.scope(tenancy.PUBLIC):
        now = moment()
        db.session.rollback()
    clock.move_to(now + timedelta(days=days))
    jobs.run_due()


def sign_in_as(client: Any, actor: Actor) -> Any:
    """Sign an actor of a cast in on a browser; gives the browser."""
    assert actor.person_id is not None
    person = MadePerson(actor.person_id, actor.person_name, actor.email, actor.locale, actor.timezone)
    sign_in(client, person)
    return client
