"""From a written requirement to an agreement both sides have signed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from portal.accounts.actor import Actor
from portal.agreements import queries as agreements
from portal.agreements.actions.draft import FreeText, offer_text, save_text
from portal.agreements.actions.sign import sign_agreement
from portal.demo.cast import PASSWORD
from portal.demo.stage import act, go_to, now
from portal.measures.words import Mode
from portal.needs import queries as needs
from portal.needs.actions.draft import draft_requirement
from portal.needs.actions.publish import publish_requirement
from portal.needs.actions.staffing import plan_staffing
from portal.needs.actions.steps import save_step
from portal.needs.states import Step
from portal.needs.version_queries import last_version_of
from portal.selection import actions as selection
from portal.selection import queries as bids
from portal.selection.actions.bids import Claim, asked_of_vendors
from portal.selection.actions.evaluation import Judgement
from portal.selection.actions.must_haves import Finding
from portal.selection.states import CheckOutcome
from portal.signing import queries as documents
from portal.signing.actions import Signing

VALID_DAYS = 120
PROOF = "Enclosed with our offer; our security officer answers questions within a working day."


AFTER_HOURS = {"vendor_from": "18:00", "vendor_until": "08:00", "vendor_weekends": True}
"""What the vendor takes where a buyer of the demo divides its service by hours."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A vendor's bid: who, at which prices, and how it is scored on each quality criterion."""

    vendor: Actor
    document: dict[str, Any]
    scores: tuple[int, ...] = (4, 3, 4, 4, 3)
    reference: str = "Q-2026-1"


def write(buyer: Actor, answers: Mapping[Step, dict[str, Any]]) -> uuid.UUID:
    """Write a requirement step by step."""

    def does() -> uuid.UUID:
        goals = answers[Step.GOALS]
        requirement = draft_requirement(buyer, title=goals["title"], mode=goals["mode"])
        for step, fields in answers.items():
            save_step(buyer, requirement, step, fields, version=requirement.version)
        if goals["mode"] == Mode.PARTIAL:
            plan_staffing(buyer, requirement, AFTER_HOURS, version=requirement.version)
        return requirement.id

    return act(buyer, does)


def publish(buyer: Actor, answers: Mapping[Step, dict[str, Any]]) -> uuid.UUID:
    """Write a requirement and publish it."""
    requirement_id = write(buyer, answers)

    def does() -> None:
        requirement = needs.requirement_for(buyer, requirement_id)
        publish_requirement(buyer, requirement, version=requirement.version)

    act(buyer, does)
    return requirement_id


def bid(requirement_id: uuid.UUID, offered: Offered, *, submit: bool = True) -> uuid.UUID:
    """A vendor writes a bid and, unless told otherwise, submits it."""
    vendor = offered.vendor

    def does() -> uuid.UUID:
        requirement = needs.requirement_for(vendor, requirement_id)
        made = selection.draft_bid(vendor, requirement, document=offered.document)
        assert requirement.deadline_at is not None
        selection.save_answers(
            vendor,
            made,
            answers={
                criterion.id: ANSWERS[position % len(ANSWERS)]
                for position, criterion in enumerate(asked_of_vendors(needs.criteria_of(requirement)))
            },
            reference=offered.reference,
            valid_until=requirement.deadline_at.date() + timedelta(days=VALID_DAYS),
            version=made.version,
            must_haves={one.id: Claim(True, PROOF) for one in needs.knock_outs_of(requirement)},
        )
        if submit:
            selection.submit_bid(vendor, made, version=made.version)
        return made.id

    return act(vendor, does)


def close_and_open(buyer: Actor, requirement_id: uuid.UUID) -> None:
    """Let the deadline pass and open the bids."""
    deadline = act(buyer, lambda: needs.requirement_for(buyer, requirement_id).deadline_at)
    assert deadline is not None
    go_to(deadline + timedelta(minutes=5))
    act(buyer, lambda: selection.open_bids(buyer, needs.requirement_for(buyer, requirement_id)))


def score(buyer: Actor, requirement_id: uuid.UUID, scored: Mapping[uuid.UUID, Offered]) -> None:
    """One evaluator scores every bid with a comment per criterion, and finds all must-haves met."""

    def does() -> None:
        requirement = needs.requirement_for(buyer, requirement_id)
        criteria = asked_of_vendors(needs.criteria_of(requirement))
        for bid_id, offered in scored.items():
            values = {
                criterion.id: Judgement(mark, COMMENTS[mark])
                for criterion, mark in zip(criteria, offered.scores, strict=True)
            }
            selection.score_bid(buyer, requirement, bid_id, values)
            cleared = {one.id: Finding(CheckOutcome.MET) for one in needs.knock_outs_of(requirement)}
            if cleared:
                selection.check_must_haves(buyer, requirement, bid_id, cleared)

    act(buyer, does)


def award(buyer: Actor, requirement_id: uuid.UUID, bid_id: uuid.UUID, vendor: Actor) -> uuid.UUID:
    """Award the work, let the winner accept, and give the agreement that was drafted."""
    go_to(now() + timedelta(days=3))

    def offer() -> uuid.UUID:
        requirement = needs.requirement_for(buyer, requirement_id)
        reason = "Best total score; the references of the same size convinced us."
        return selection.award_bid(buyer, requirement, bid_id=bid_id, reason=reason, version=requirement.version).id

    act(buyer, offer)
    go_to(now() + timedelta(days=1))

    def accept() -> None:
        found = bids.award_of(bids.bid_for(vendor, bid_id))
        assert found is not None
        selection.accept_award(vendor, found)

    act(vendor, accept)
    return act(buyer, lambda: agreements.agreements_for(buyer)[0].id)


def sign(agreement_id: uuid.UUID, sides: Sequence[Actor], special_terms: str) -> None:
    """Both sides confirm the requirement, the buyer adds special terms and offers the text, and both sign it."""
    buyer = sides[0]
    for actor in sides:
        act(actor, partial(_confirm, actor, agreement_id))

    def offer() -> None:
        agreement = agreements.agreement_for(buyer, agreement_id)
        version = agreements.current_version(agreement)
        version = save_text(buyer, agreement, FreeText(special_terms, buyer.locale), version=version.version)
        offer_text(buyer, agreement, version=version.version)

    act(buyer, offer)
    for actor in sides:
        go_to(now() + timedelta(days=1))
        act(actor, partial(_sign, actor, agreement_id))


def _confirm(actor: Actor, agreement_id: uuid.UUID) -> None:
    agreement = agreements.agreement_for(actor, agreement_id)
    last = last_version_of(needs.requirement_for(actor, agreement.requirement_id))
    award = bids.award_for(actor, agreement.award_id)
    selection.confirm_requirement(actor, award, number=last.number)


def _sign(actor: Actor, agreement_id: uuid.UUID) -> None:
    agreement = agreements.agreement_for(actor, agreement_id)
    document_id = agreements.current_version(agreement).document_id
    assert document_id is not None
    signing = Signing(
        typed_name=actor.person_name,
        title="Managing director",
        authority=True,
        password=PASSWORD,
        shown_sha256=documents.document(document_id).sha256,
        language=actor.locale,
    )
    sign_agreement(actor, agreement, signing)


ANSWERS = (
    "Nine years in this industry; three programmes of the same size run today, and their leads take calls.",
    "Cloud telephony with open interfaces. Reports arrive as files every night and as a dashboard all day.",
    "Eight checked contacts per agent and month, calibration every second week, twelve days of training.",
    "One account lead, one weekly call, one page of minutes. Escalations are answered within two hours.",
    "ISO 27001 for all sites, personal data stays within the agreed region, no remote work without a key.",
)
COMMENTS = {
    2: "Partly meets what we asked; the plan stays general.",
    3: "Meets what we asked.",
    4: "Meets it fully, with evidence.",
    5: "Goes beyond what we asked, and shows it.",
}
