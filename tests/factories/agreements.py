"""Agreements made by the real verbs: awarded, signed by both, gone live, reported."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.accounts.actor import Actor
from portal.agreements import queries
from portal.agreements.actions import change_orders, draft
from portal.agreements.actions.sign import sign_agreement
from portal.agreements.models import Agreement, ChangeOrder
from portal.implementation import actions as implementation
from portal.implementation import queries as plans
from portal.kit import clock
from portal.monitoring import actions as monitoring
from portal.monitoring.items import items_of
from portal.signing import queries as documents
from portal.signing.actions import Signing
from tests.factories import selection
from tests.factories.accounts import PASSWORD
from tests.factories.memory import remembered
from tests.factories.needs import in_scope
from tests.factories.versions import confirm_last


@dataclass(frozen=True)
class Deal:
    """An agreement and who acts for its two sides."""

    agreement: Agreement
    buyer: Actor
    vendor: Actor
    loser: Actor

    @property
    def sides(self) -> tuple[Actor, Actor]:
        """Buyer and vendor."""
        return self.buyer, self.vendor


@remembered
def make_drafted(document: dict[str, Any] | None = None, **changes: Any) -> Deal:
    """The winner has accepted: the agreement is a draft."""
    cast = selection.make_cast(2, **changes)
    winner, loser = cast.vendors
    bid = selection.make_submitted(winner, cast.requirement, document or selection.BY_HOUR)
    other = selection.make_submitted(loser, cast.requirement, selection.fixed_price("9000000"))
    selection.close(cast.requirement)
    selection.open_all(cast.buyer, cast.requirement)
    for one in (bid, other):
        selection.score_all(cast.buyer, cast.requirement, one)
    award = selection.award(cast.buyer, cast.requirement, bid)
    selection.accept(winner, award)
    agreement = in_scope(cast.buyer, lambda: queries.agreements_for(cast.buyer)[0])
    return Deal(agreement, cast.buyer, winner, loser)


def fresh(deal: Deal, actor: Actor | None = None) -> Agreement:
    """The agreement as it is now."""
    who = actor or deal.buyer
    return in_scope(who, lambda: queries.agreement_for(who, deal.agreement.id))


def within(actor: Actor, deal: Deal, act: Callable[[Agreement], Any]) -> Any:
    """Run an act on the agreement in one transaction of the actor."""
    return in_scope(actor, lambda: act(queries.agreement_for(actor, deal.agreement.id)))


def confirm(actor: Actor, deal: Deal) -> None:
    """Stand by the last version of the requirement for one side."""
    confirm_last(actor, deal.agreement.award_id)


def offer(deal: Deal) -> None:
    """Both sides confirm what is asked for, and the draft is frozen for signature."""
    for actor in deal.sides:
        confirm(actor, deal)
    within(
        deal.buyer,
        deal,
        lambda agreement: draft.offer_text(deal.buyer, agreement, version=queries.current_version(agreement).version),
    )


def signing(actor: Actor, sha256: str, **changes: Any) -> Signing:
    """What a signatory fills in."""
    values: dict[str, Any] = {
        "typed_name": actor.person_name,
        "title": "Managing director",
        "authority": True,
        "password": PASSWORD,
        "shown_sha256": sha256,
        "language": "en",
    }
    return Signing(**(values | changes))


def sign(actor: Actor, deal: Deal, **changes: Any) -> None:
    """Sign the current version."""

    def act(agreement: Agreement) -> None:
        document_id = queries.current_version(agreement).document_id
        assert document_id is not None
        sign_agreement(actor, agreement, signing(actor, documents.document(document_id).sha256, **changes))

    within(actor, deal, act)


@remembered
def make_signed(document: dict[str, Any] | None = None, **changes: Any) -> Deal:
    """Both sides have signed: the agreement is in force."""
    deal = make_drafted(document, **changes)
    offer(deal)
    for actor in deal.sides:
        sign(actor, deal)
    return deal


def settle(deal: Deal, *, until: str | None = None) -> None:
    """Submit and accept milestones in their order, up to and including `until`."""
    for code, _owner, _id in plan(deal):
        if code == "wind_down":
            continue
        reach(deal, code)
        if code == until:
            return


def plan(deal: Deal) -> list[tuple[str, str, uuid.UUID]]:
    """The plan's milestones in order: code, owner, id."""
    return in_scope(deal.buyer, lambda: [(m.code, m.owner, m.id) for m in plans.milestones_of(deal.agreement)])


def reach(deal: Deal, code: str) -> None:
    """Submit one milestone by its owner and accept it by the other side."""
    owner, milestone_id = next((owner, id_) for known, owner, id_ in plan(deal) if known == code)
    doer, judge = (deal.buyer, deal.vendor) if owner == "buyer" else (deal.vendor, deal.buyer)

    def submit(agreement: Agreement) -> None:
        found = plans.milestone_for(doer, agreement, milestone_id)
        implementation.submit_milestone(
            doer, agreement, found, shown="All done, see the minutes.", version=found.version
        )

    def accept(agreement: Agreement) -> None:
        implementation.accept_milestone(judge, agreement, plans.milestone_for(judge, agreement, milestone_id))

    within(doer, deal, submit)
    within(judge, deal, accept)


@remembered
def make_live(document: dict[str, Any] | None = None, **changes: Any) -> Deal:
    """The service has gone live."""
    deal = make_signed(document, **changes)
    settle(deal, until="go_live")
    return deal


def month_figures(agreement: Agreement, *, handled: int = 1000, good: str = "0.85") -> dict[str, dict[str, str]]:
    """Figures of every channel in which `good` of everything counts."""
    part = Decimal(good)
    values = {
        "offered": handled,
        "answered": handled,
        "handled": handled,
        "abandoned": 0,
        "abandoned_in_T": 0,
        "talk_s": handled * 240,
        "hold_s": handled * 30,
        "acw_s": handled * 30,
        "wait_answered_s": handled * 18,
        "resolvable": handled,
        "due_frt": handled,
        "due_ttr": handled,
    }
    share = dict.fromkeys(("ans_in_T", "resolved_first", "within_frt", "within_ttr"), handled * part)
    known = {name: format(Decimal(value).normalize(), "f") for name, value in (values | share).items()}
    return {
        target["channel"]: {item: known[item] for item in items_of(target)} for target in agreement.terms["targets"]
    }


def report(deal: Deal, month: date, **figures: Any) -> None:
    """Enter and report a month."""

    def act(agreement: Agreement) -> None:
        period = monitoring.save_month(
            deal.vendor,
            agreement,
            month,
            figures=month_figures(agreement, **figures),
            source="typed",
            remark="",
            version=0,
        )
        monitoring.report_month(deal.vendor, agreement, month, version=period.version)

    within(deal.vendor, deal, act)


def propose(deal: Deal, by: Actor | None = None, **changes: Any) -> ChangeOrder:
    """Let the vendor's owner, or somebody else, propose an extra fee."""
    who = by or deal.vendor
    values: dict[str, Any] = {
        "title": "Staff the launch weekend",
        "reason": "The campaign doubles the calls.",
        "line_code": "SURGE",
        "quantity": Decimal(12),
    }
    change = change_orders.Change(**(values | changes))
    return within(who, deal, lambda agreement: change_orders.propose_change(who, agreement, change))


def accept_change(actor: Actor, deal: Deal, order: ChangeOrder) -> ChangeOrder:
    """Accept an extra fee for one side."""
    return within(
        actor,
        deal,
        lambda agreement: change_orders.accept_change(actor, agreement, queries.change_order(agreement, order.id)),
    )


def today() -> date:
    """The day the portal's clock shows in UTC."""
    return clock.now().date()
