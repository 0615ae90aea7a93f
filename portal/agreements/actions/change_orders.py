"""Change orders: an extra fee, priced by the agreed rate card or by hand, charged only once both have accepted."""

from dataclasses import dataclass
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
from portal.pricing.documents import rate_card_from_document
from portal.pricing.fee_kinds import Fee

CUSTOM = Fee.CUSTOM_REQUEST.value
MAX_QUANTITY = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Change:
    """What is proposed. `unit_rate` counts only for a custom request; agreed lines keep their agreed rate."""

    title: str
    reason: str
    line_code: str
    quantity: Decimal
    unit_rate: Decimal | None = None


def propose_change(actor: Actor, agreement: Agreement, change: Change) -> ChangeOrder:
    """Propose an extra fee to the other side. Raises Invalid at the field that does not fit."""
    actor.permit(Permission.CHANGE_PROPOSE)
    agreement = queries.locked(agreement)
    if not agreement.is_in_force:
        raise Conflict(_l("Fees can be added only while the agreement is in force."))
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
    )
    if order.amount_minor <= 0:
        raise Invalid(_l("The amount must be above zero."), "quantity")
    db.session.add(order)
    db.session.flush()
    audit.record(actor, "agreements:change_order:propose", order, after={"amount_minor": order.amount_minor})
    _tell(actor, agreement, order, notices.CHANGE_PROPOSED)
    return order


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
    """Accept for the actor's side; when both sides have accepted, the fee is charged."""
    actor.permit(Permission.CHANGE_ACCEPT)
    order = queries.locked_change(agreement, order)
    side = agreement.side_of(actor.company_id)
    if order.accepted_by(side):
        raise Conflict(_l("Your company has accepted this already."))
    now = clock.now()
    setattr(order, f"{side}_accepted_at", now)
    setattr(order, f"{side}_accepted_by", actor.person_name)
    both = order.accepted_by("buyer") and order.accepted_by("vendor")
    move(order, ChangeOrderState.EFFECTIVE if both else ChangeOrderState.PARTLY_SIGNED, CHANGE_ORDER_MOVES, now)
    db.session.flush()
    evidence.append(
        "agreement",
        agreement.id,
        "change_order",
        {"order": str(order.id), "side": side, "amount_minor": order.amount_minor, "at": now.isoformat()},
        buyer_id=agreement.buyer_id,
        vendor_id=agreement.vendor_id,
    )
    audit.record(actor, "agreements:change_order:accept", order, after={"side": side, "state": order.state})
    if both:
        _charge(actor, agreement, order)
        _tell(actor, agreement, order, notices.CHANGE_EFFECTIVE)
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
    move(order, ChangeOrderState.REJECTED, CHANGE_ORDER_MOVES, clock.now())
    order.rejection = clean_text(reason)
    db.session.flush()
    audit.record(actor, "agreements:change_order:reject", order, after={"reason": order.rejection})
    _tell(actor, agreement, order, notices.CHANGE_REJECTED)
    return order


def _tell(actor: Actor, agreement: Agreement, order: ChangeOrder, kind: str) -> None:
    tell_other_party(actor, agreement, kind, change=order.title, reason=order.rejection)
