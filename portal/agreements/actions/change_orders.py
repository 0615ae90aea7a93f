"""Change orders: an extra fee, priced by the agreed rate card or by hand, charged only once both have accepted.

Who proposes one and may accept it accepts it for their side in the same act. Who may only write it hands it to
somebody in their own company who may; the other company sees it from then on.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements import notices, queries
from portal.agreements.models import Agreement, ChangeOrder
from portal.agreements.states import CHANGE_ORDER_MOVES, ChangeOrderState
from portal.agreements.telling import tell_other_party
from portal.billing.actions import raise_charge
from portal.billing.queries import schedule_of
from portal.kit import audit, clock, evidence
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid
from portal.kit.money import to_minor
from portal.kit.states import move
from portal.kit.text import clean_line, clean_text
from portal.messaging import notify
from portal.pricing.documents import rate_card_from_document
from portal.pricing.fee_kinds import Fee

CUSTOM = Fee.CUSTOM_REQUEST.value
MAX_QUANTITY = Decimal(1_000_000)
ANSWER_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Change:
    """What is proposed. `unit_rate` counts only for a custom request; agreed lines keep their agreed rate."""

    title: str
    reason: str
    line_code: str
    quantity: Decimal
    unit_rate: Decimal | None = None


def propose_change(actor: Actor, agreement: Agreement, change: Change) -> ChangeOrder:
    """Propose an extra fee: to the other side, or by somebody without authority to those of their own who have it.

    Raises Invalid at the field that does not fit, Conflict when the agreement is not in force.
    """
    actor.permit(Permission.CHANGE_PROPOSE)
    agreement = queries.locked(agreement)
    _check_in_force(agreement)
    unit, rate = _price(agreement, change)
    _check(change)
    last = db.session.scalar(select(func.max(ChangeOrder.number)).where(ChangeOrder.agreement_id == agreement.id))
    order = ChangeOrder(
        agreement_id=agreement.id,
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
        number=(last or 0) + 1,
        title=clean_line(change.title),
        reason=clean_text(change.reason),
        line_code=change.line_code,
        quantity=format(change.quantity, "f"),
        unit=unit,
        unit_rate=format(rate, "f"),
        amount_minor=to_minor(change.quantity * rate, agreement.currency),
        proposed_side=agreement.side_of(actor.company_id),
        proposed_by=actor.person_name,
        answer_due_at=clock.now() + ANSWER_WITHIN,
    )
    if order.amount_minor <= 0:
        raise Invalid(_l("The amount must be above zero."), "quantity")
    db.session.add(order)
    db.session.flush()
    audit.record(actor, "agreements:change_order:propose", order, after={"amount_minor": order.amount_minor})
    if actor.can(Permission.CHANGE_ACCEPT):
        _sign(actor, agreement, order)
    else:
        about = {"agreement_id": str(agreement.id), "title": agreement.title, "person": actor.person_name}
        about["change"] = order.title
        notify(_own(actor), notices.CHANGE_WRITTEN, about, permission=Permission.CHANGE_ACCEPT)
    return order


def _own(actor: Actor) -> uuid.UUID:
    assert actor.company_id is not None, "only a party writes a change order"
    return actor.company_id


def _check_in_force(agreement: Agreement) -> None:
    if not agreement.is_in_force:
        raise Conflict(_l("Fees can be added only while the agreement is in force."))


def _check(change: Change) -> None:
    if not clean_line(change.title):
        raise Invalid(_l("Say what is to be done."), "title")
    if not clean_text(change.reason):
        raise Invalid(_l("Say why it is needed: the other side will read it."), "reason")
    if not 0 < change.quantity <= MAX_QUANTITY:
        raise Invalid(_l("Enter a quantity above zero."), "quantity")


def _price(agreement: Agreement, change: Change) -> tuple[str, Decimal]:
    card = rate_card_from_document(agreement.terms["rate_card"])
    for line in card.extra:
        if line.code == change.line_code:
            return line.unit, line.rate
    if change.line_code != CUSTOM:
        raise Invalid(_l("Choose a line of the agreed rate card, or a custom request."), "line_code")
    if CUSTOM in card.waived:
        raise Invalid(
            _l("The vendor agreed not to charge for custom requests. Choose a line of the card."), "line_code"
        )
    if change.unit_rate is None or change.unit_rate <= 0:
        raise Invalid(_l("Enter the price per unit of this custom request."), "unit_rate")
    return "unit", change.unit_rate


def accept_change(actor: Actor, agreement: Agreement, order: ChangeOrder) -> ChangeOrder:
    """Accept for the actor's side; when both sides have accepted, the fee is charged.

    Raises Conflict when this side has accepted before, the time is over or the agreement is not in force.
    """
    actor.permit(Permission.CHANGE_ACCEPT)
    order = queries.locked_change(agreement, order)
    _check_in_force(agreement)
    if order.accepted_by(agreement.side_of(actor.company_id)):
        raise Conflict(_l("Your company has accepted this already."))
    if order.is_open and clock.now() >= order.answer_due_at:
        raise Conflict(_l("The time to answer this change order is over. Propose a new one."))
    return _sign(actor, agreement, order)


def _sign(actor: Actor, agreement: Agreement, order: ChangeOrder) -> ChangeOrder:
    """The actor's side stands behind the change; the other side is asked, or told that it counts."""
    side, now = agreement.side_of(actor.company_id), clock.now()
    setattr(order, f"{side}_accepted_at", now)
    setattr(order, f"{side}_accepted_by", actor.person_name)
    both = order.accepted_by("buyer") and order.accepted_by("vendor")
    move(order, ChangeOrderState.EFFECTIVE if both else ChangeOrderState.PARTLY_SIGNED, CHANGE_ORDER_MOVES, now)
    if not both:
        order.answer_due_at = now + ANSWER_WITHIN
    db.session.flush()
    evidence.append(
        "agreement",
        agreement.id,
        "change_order",
        {
            "order": str(order.id),
            "side": side,
            "person": actor.person_name,
            "amount_minor": order.amount_minor,
            "at": now.isoformat(),
        },
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
    )
    audit.record(actor, "agreements:change_order:accept", order, after={"side": side, "state": order.state})
    if both:
        _charge(actor, agreement, order)
    _tell(actor, agreement, order, notices.CHANGE_EFFECTIVE if both else notices.CHANGE_PROPOSED)
    return order


def _charge(actor: Actor, agreement: Agreement, order: ChangeOrder) -> None:
    """Make the fee due; it counts in the month in which both had accepted it."""
    today = clock.now().astimezone(ZoneInfo(agreement.timezone)).date()
    raise_charge(
        actor,
        schedule_of(agreement.id),
        fee_class="extra",
        source_key=f"change-order:{order.id}",
        line_code=order.line_code,
        description=order.title,
        quantity=Decimal(order.quantity),
        unit=order.unit,
        unit_rate=Decimal(order.unit_rate),
        amount_minor=order.amount_minor,
        change_order_id=order.id,
        period=(today, today),
    )


def reject_change(actor: Actor, agreement: Agreement, order: ChangeOrder, *, reason: str) -> ChangeOrder:
    """Reject, or take back, a change order that is not effective yet."""
    actor.permit(Permission.CHANGE_ACCEPT)
    if not clean_text(reason):
        raise Invalid(_l("Give a reason: the other side will read it."), "reason")
    order = queries.locked_change(agreement, order)
    was_shown = order.state == ChangeOrderState.PARTLY_SIGNED
    move(order, ChangeOrderState.REJECTED, CHANGE_ORDER_MOVES, clock.now())
    order.rejection = clean_text(reason)
    db.session.flush()
    audit.record(actor, "agreements:change_order:reject", order, after={"reason": order.rejection})
    if was_shown:
        _tell(actor, agreement, order, notices.CHANGE_REJECTED)
    return order


def lapse_change(robot: Actor, agreement: Agreement, order: ChangeOrder) -> None:
    """End a change order that was not answered in time or whose agreement has ended; tells who was waiting."""
    order = queries.locked_change(agreement, order)
    was_shown = order.state == ChangeOrderState.PARTLY_SIGNED
    move(order, ChangeOrderState.LAPSED, CHANGE_ORDER_MOVES, clock.now())
    db.session.flush()
    audit.record(robot, "agreements:change_order:lapse", order, after={"state": order.state})
    about = {"agreement_id": str(agreement.id), "title": agreement.title, "change": order.title}
    for company_id in (agreement.buyer_id, agreement.vendor_id):
        if was_shown or agreement.side_of(company_id) == order.proposed_side:
            notify(company_id, notices.CHANGE_LAPSED, about)


def _tell(actor: Actor, agreement: Agreement, order: ChangeOrder, kind: str) -> None:
    tell_other_party(actor, agreement, kind, change=order.title, reason=order.rejection)
