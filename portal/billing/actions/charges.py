"""Raising charges and credits: what fell due, waiting for the next invoice."""

import uuid
from datetime import date
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.billing import policy
from portal.billing.locking import lock
from portal.billing.models import Charge, FeeSchedule
from portal.billing.states import Basis, ChargeClass
from portal.billing.terms import refuse_unpriced
from portal.kit import audit
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.money import round_half_up, shift, to_major

RATE_DECIMALS = 6


def raise_charge(
    actor: Actor,
    schedule: FeeSchedule,
    *,
    fee_class: str,
    source_key: str,
    line_code: str,
    description: str,
    quantity: Decimal,
    unit: str,
    amount_minor: int,
    unit_rate: Decimal | None = None,
    milestone_id: uuid.UUID | None = None,
    change_order_id: uuid.UUID | None = None,
    period: tuple[date, date] | None = None,
    basis: Basis = Basis.AGREED,
) -> Charge:
    """Record a fee that fell due. `amount_minor` is net of tax, in the schedule's currency; `unit_rate` in major units
    is for reading and is the average rate when left out.

    `source_key` names the cause within the agreement (`milestone:<id>:SETUP`). The same cause again gives the charge
    that is there; with another amount it is a Conflict (409), never a sum. What the agreed rate card does not price is
    a Conflict as well.
    """
    if amount_minor <= 0:
        raise Invalid(_l("A charge needs an amount above zero."), field="amount")
    if not policy.is_party(actor, schedule):
        raise NotFound
    refuse_unpriced(schedule.terms, fee_class, line_code, is_change_ordered=change_order_id is not None)
    return _record(
        actor,
        schedule,
        Charge(
            fee_class=ChargeClass(fee_class).value,
            source_key=source_key,
            line_code=line_code,
            description=description,
            basis=basis.value,
            quantity=quantity,
            unit=unit,
            unit_rate=_average(amount_minor, quantity, schedule.currency) if unit_rate is None else unit_rate,
            amount_minor=amount_minor,
            milestone_id=milestone_id,
            change_order_id=change_order_id,
            period_start=period[0] if period else None,
            period_end=period[1] if period else None,
        ),
    )


def add_credit(
    actor: Actor,
    schedule: FeeSchedule,
    *,
    source_key: str,
    description: str,
    amount_minor: int,
    period: tuple[date, date] | None = None,
) -> Charge:
    """Record money the vendor gives back; `amount_minor` is above zero and comes off the next invoice."""
    if amount_minor <= 0:
        raise Invalid(_l("A credit needs an amount above zero."), field="amount")
    return _record(
        actor,
        schedule,
        Charge(
            fee_class=ChargeClass.CREDIT.value,
            source_key=source_key,
            line_code="CREDIT",
            description=description,
            basis=Basis.AGREED.value,
            quantity=Decimal(1),
            unit="credit",
            unit_rate=to_major(-amount_minor, schedule.currency),
            amount_minor=-amount_minor,
            period_start=period[0] if period else None,
            period_end=period[1] if period else None,
        ),
    )


def _record(actor: Actor, schedule: FeeSchedule, charge: Charge) -> Charge:
    if not policy.is_party(actor, schedule):
        raise NotFound
    lock(schedule)
    known = db.session.scalar(
        select(Charge).where(Charge.schedule_id == schedule.id, Charge.source_key == charge.source_key)
    )
    if known is not None:
        if known.amount_minor != charge.amount_minor:
            raise Conflict(_l("This has been charged before with another amount. Nothing was charged again."))
        return known
    charge.schedule_id, charge.agreement_id = schedule.id, schedule.agreement_id
    charge.buyer_id, charge.vendor_id = schedule.buyer_id, schedule.vendor_id
    charge.currency = schedule.currency
    db.session.add(charge)
    db.session.flush()
    audit.record(
        actor,
        "billing:charge:raise",
        charge,
        after={"source": charge.source_key, "amount_minor": charge.amount_minor, "currency": charge.currency},
    )
    return charge


def _average(amount_minor: int, quantity: Decimal, currency: str) -> Decimal:
    """The average rate in major units, for reading; the amount is what counts."""
    if not quantity:
        return Decimal(0)
    rate = to_major(amount_minor, currency) / quantity
    return shift(round_half_up(rate, RATE_DECIMALS), RATE_DECIMALS)
