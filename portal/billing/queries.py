"""Reads of billing, each scoped to who asks."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, DateTime, Row, cast, func, select, text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.billing.ledger import LedgerAccount, Posting
from portal.billing.models import BankReceipt, Charge, FeeSchedule, Invoice, InvoiceLine, Payment, VendorAccount
from portal.billing.month_fees import month_fees
from portal.billing.periods import periods
from portal.billing.providers import STRIPE
from portal.billing.states import AccountStanding, InvoiceState
from portal.billing.terms import thaw
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine

PAGE = 25


class OpenInvoice(NamedTuple):
    """What staff see of an invoice to book money on it."""

    invoice_id: uuid.UUID
    buyer_id: uuid.UUID
    number: str
    currency: str
    due_minor: int
    state: str
    buyer_name: str
    vendor_name: str


class CardPayee(NamedTuple):
    """Where a card payment of an invoice goes: the vendor's account at the provider, and whether it may take it."""

    ref: str
    standing: AccountStanding

    @property
    def is_ready(self) -> bool:
        """Whether buyers may be offered to pay by card."""
        return self.standing is AccountStanding.READY


class Page(NamedTuple):
    """Rows of a list, and the id to ask for the next ones after; None at the end."""

    rows: Sequence[Invoice]
    after: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class MonthCost:
    """What an agreement cost in a month, net of tax, by class; credits are below zero."""

    currency: str
    one_time_minor: int = 0
    operating_minor: int = 0
    extra_minor: int = 0
    credit_minor: int = 0

    @property
    def total_minor(self) -> int:
        return self.one_time_minor + self.operating_minor + self.extra_minor + self.credit_minor


def schedule_of(agreement_id: uuid.UUID) -> FeeSchedule:
    """The fee schedule of an agreement of my company. Raises NotFound."""
    found = db.session.scalar(select(FeeSchedule).where(FeeSchedule.agreement_id == agreement_id, mine(FeeSchedule)))
    if found is None:
        raise NotFound
    return found


def invoice_for(actor: Actor, invoice_id: uuid.UUID) -> Invoice:
    """An invoice of the actor's company; a buyer sees it from the day it was issued. Raises NotFound."""
    actor.permit(Permission.INVOICE_VIEW)
    found = db.session.scalar(select(Invoice).where(Invoice.id == invoice_id, mine(Invoice)))
    if found is None or (found.number is None and actor.company_id != found.vendor_id):
        raise NotFound
    return found


def invoices_for(actor: Actor, *, state: str | None = None, after: uuid.UUID | None = None) -> Page:
    """The invoices of the actor's company, newest first, a page at a time."""
    actor.permit(Permission.INVOICE_VIEW)
    query = select(Invoice).where(mine(Invoice)).order_by(Invoice.id.desc()).limit(PAGE + 1)
    if actor.company_kind == "buyer":
        query = query.where(Invoice.number.is_not(None))
    if state:
        query = query.where(Invoice.state == state)
    if after:
        query = query.where(Invoice.id < after)
    rows = db.session.scalars(query).all()
    return Page(rows[:PAGE], rows[PAGE - 1].id if len(rows) > PAGE else None)


def invoices_of_agreement(actor: Actor, agreement_id: uuid.UUID) -> Sequence[Invoice]:
    """All invoices of one agreement, newest first."""
    actor.permit(Permission.INVOICE_VIEW)
    query = select(Invoice).where(Invoice.agreement_id == agreement_id, mine(Invoice)).order_by(Invoice.id.desc())
    return db.session.scalars(query).all()


def unpaid_totals(actor: Actor) -> Sequence[Row[str, int, int]]:
    """What is due, per currency: (currency, number of invoices, minor units)."""
    actor.permit(Permission.INVOICE_VIEW)
    due = (InvoiceState.OPEN, InvoiceState.PARTLY_PAID)
    query = (
        select(Invoice.currency, func.count(), func.sum(Invoice.total_minor - Invoice.paid_minor))
        .where(mine(Invoice), Invoice.state.in_(due))
        .group_by(Invoice.currency)
        .order_by(Invoice.currency)
    )
    return db.session.execute(query).all()


def due_invoices(actor: Actor) -> Sequence[Invoice]:
    """The five invoices of the actor's company that are to be paid next."""
    actor.permit(Permission.INVOICE_VIEW)
    due = (InvoiceState.OPEN, InvoiceState.PARTLY_PAID)
    query = select(Invoice).where(mine(Invoice), Invoice.state.in_(due)).order_by(Invoice.due_on, Invoice.id)
    return db.session.scalars(query.limit(5)).all()


def charges_on(invoice: Invoice) -> Sequence[Charge]:
    """The charges behind an invoice's lines."""
    return db.session.scalars(select(Charge).where(Charge.invoice_id == invoice.id)).all()


def payments_of(invoice: Invoice) -> Sequence[Payment]:
    """The card payments of an invoice, the latest first."""
    return db.session.scalars(
        select(Payment).where(Payment.invoice_id == invoice.id).order_by(Payment.attempt.desc())
    ).all()


def card_payee(invoice: Invoice) -> CardPayee | None:
    """The account that a card payment of this invoice goes to, as last seen; None where the vendor connected none."""
    row = db.session.execute(
        text("SELECT * FROM card_payee(:invoice, :provider)"), {"invoice": invoice.id, "provider": STRIPE}
    ).one_or_none()
    return CardPayee(row.ref, AccountStanding(row.standing)) if row is not None and row.ref is not None else None


def vendor_account_for(actor: Actor) -> VendorAccount | None:
    """The account for card payments of the actor's company; None before it was first asked for."""
    actor.permit(Permission.INVOICE_VIEW)
    return db.session.scalar(select(VendorAccount).where(mine(VendorAccount), VendorAccount.provider == STRIPE))


def receipts_of(invoice: Invoice) -> Sequence[BankReceipt]:
    """Bank money for an invoice, as its buyer sees it."""
    return db.session.scalars(
        select(BankReceipt).where(BankReceipt.invoice_id == invoice.id).order_by(BankReceipt.id)
    ).all()


def payment_for(actor: Actor, payment_id: uuid.UUID) -> tuple[Payment, Invoice]:
    """A card payment of the actor's company with its invoice. Raises NotFound."""
    actor.permit(Permission.INVOICE_VIEW)
    row = db.session.execute(
        select(Payment, Invoice)
        .join(Invoice, Invoice.id == Payment.invoice_id)
        .where(Payment.id == payment_id, mine(Payment))
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def open_charges(actor: Actor, agreement_id: uuid.UUID) -> Sequence[Charge]:
    """What fell due and is on no invoice yet."""
    actor.permit(Permission.INVOICE_VIEW)
    query = select(Charge).where(Charge.agreement_id == agreement_id, Charge.invoice_id.is_(None), mine(Charge))
    return db.session.scalars(query.order_by(Charge.id)).all()


def month_costs(agreement_id: uuid.UUID) -> dict[date, MonthCost]:
    """What an agreement of my company cost in each calendar month that anything was charged for, by first days.

    Fees count in the month they were for; one-time fees and credits without a period are left out.
    """
    month = func.date_trunc("month", cast(Charge.period_start, DateTime)).label("month")
    query = (
        select(month, Charge.currency, Charge.fee_class, func.sum(Charge.amount_minor).label("minor"))
        .where(
            Charge.agreement_id == agreement_id,
            mine(Charge),
            Charge.carried_from_id.is_(None),
            Charge.period_start.is_not(None),
        )
        .group_by(month, Charge.currency, Charge.fee_class)
        .order_by(month)
    )
    found: dict[date, MonthCost] = {}
    for row in db.session.execute(query):
        known = found.get(row.month.date(), MonthCost(row.currency))
        sums: dict[str, Any] = {f"{row.fee_class}_minor": int(row.minor)}
        found[row.month.date()] = replace(known, **sums)
    return found


def month_cost(agreement_id: uuid.UUID, month: date) -> MonthCost | None:
    """What an agreement of my company cost in a calendar month; None where nothing was charged for it."""
    return month_costs(agreement_id).get(month.replace(day=1))


def forecast_fee(schedule: FeeSchedule, month: date) -> int | None:
    """The operating fee of a month by the agreed forecast, in minor units; None for a month that is not served."""
    if schedule.billed_from is None or schedule.ends_on is None:
        return None
    for period in periods(schedule.billed_from, schedule.ends_on):
        if period.month == month.replace(day=1):
            agreed = thaw(schedule.terms)
            return sum(line.amount_minor for line in month_fees(agreed.rate_card, agreed.forecast, period, None).lines)
    return None


def lines_of(invoice: Invoice) -> Sequence[InvoiceLine]:
    """The lines of an invoice in their printed order."""
    return db.session.scalars(
        select(InvoiceLine).where(InvoiceLine.invoice_id == invoice.id).order_by(InvoiceLine.position)
    ).all()


def balances_for(actor: Actor) -> Sequence[Row[str, str, int]]:
    """The ledger balances of the actor's company: (account, currency, minor units, debit above zero)."""
    actor.permit(Permission.INVOICE_VIEW)
    return _balances(LedgerAccount.owner_id == actor.company_id)


def platform_balances(actor: Actor) -> Sequence[Row[str, str, int]]:
    """The ledger balances of the platform itself, for staff."""
    actor.permit(Permission.STAFF_FINANCE)
    return _balances(LedgerAccount.owner_id.is_(None))


def _balances(condition: ColumnElement[bool]) -> Sequence[Row[str, str, int]]:
    query = (
        select(LedgerAccount.kind, LedgerAccount.currency, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .where(condition)
        .group_by(LedgerAccount.kind, LedgerAccount.currency)
        .order_by(LedgerAccount.kind)
    )
    return db.session.execute(query).all()


def receipts_for_staff(actor: Actor) -> Sequence[BankReceipt]:
    """Bank receipts, those that wait for a second person first, then the newest."""
    actor.permit(Permission.STAFF_FINANCE)
    waiting = (BankReceipt.state == "proposed").desc()
    return db.session.scalars(select(BankReceipt).order_by(waiting, BankReceipt.id.desc()).limit(200)).all()


def receipt_for_staff(actor: Actor, receipt_id: uuid.UUID) -> BankReceipt:
    """One receipt. Raises NotFound."""
    actor.permit(Permission.STAFF_FINANCE)
    found = db.session.get(BankReceipt, receipt_id)
    if found is None:
        raise NotFound
    return found


def inbox_for_staff(actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The latest provider events and what became of them; never their content."""
    actor.permit(Permission.STAFF_FINANCE)
    return db.session.execute(text("SELECT * FROM inbox_for_staff()")).all()
