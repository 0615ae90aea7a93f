"""Drafting an invoice from open charges, issuing it, and taking an unpaid one back."""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import letterheads
from portal.billing import ledger, notices, policy, signals, terms
from portal.billing.commission import commission_of, tax_of, taxes_by_line
from portal.billing.ledger import Account
from portal.billing.locking import lock
from portal.billing.models import Charge, FeeSchedule, Invoice, InvoiceLine
from portal.billing.reference import creditor_reference
from portal.billing.states import INVOICE_MOVES, ChargeClass, InvoiceState
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Conflict, NotFound
from portal.kit.money import to_major
from portal.kit.states import move
from portal.pricing.values import TaxRate

ORDER = (ChargeClass.ONE_TIME, ChargeClass.OPERATING, ChargeClass.EXTRA, ChargeClass.CREDIT)


def draft_invoice(actor: Actor, schedule: FeeSchedule) -> Invoice | None:
    """Put every open charge of an agreement on one draft; None when there is nothing to bill.

    Credits never take an invoice below zero: what does not fit stays open as a charge of its own for the next one.
    """
    actor.permit(Permission.INVOICE_ISSUE)
    if actor.company_id != schedule.vendor_id:
        raise NotFound
    lock(schedule)
    taken = _fitting(_open_charges(schedule))
    if not taken:
        return None
    agreed = terms.thaw(schedule.terms)
    lines = [_line(charge, amount, n, agreed.commission_bps) for n, (charge, amount) in enumerate(taken, start=1)]
    _tax(lines, agreed.tax_rates)
    net = sum(line.amount_minor for line in lines)
    taxes = [(rate, tax_of(net, rate.bps)) for rate in agreed.tax_rates]
    tax = sum(amount for _, amount in taxes)
    starts = [line.period_start for line in lines if line.period_start and line.fee_class != ChargeClass.CREDIT]
    ends = [line.period_end for line in lines if line.period_end and line.fee_class != ChargeClass.CREDIT]
    invoice = Invoice(
        schedule_id=schedule.id,
        agreement_id=schedule.agreement_id,
        agreement_number=schedule.agreement_number,
        buyer_id=schedule.buyer_id,
        vendor_id=schedule.vendor_id,
        state=InvoiceState.DRAFT,
        currency=schedule.currency,
        timezone=schedule.timezone,
        net_minor=net,
        tax_minor=tax,
        total_minor=net + tax,
        commission_minor=sum(line.commission_minor for line in lines),
        taxes=[{"name": rate.name, "bps": rate.bps, "amount_minor": amount} for rate, amount in taxes],
        payment_days=agreed.payment_days,
        period_start=min(starts, default=None),
        period_end=max(ends, default=None),
    )
    db.session.add(invoice)
    db.session.flush()
    for line, (charge, _) in zip(lines, taken, strict=True):
        line.invoice_id = charge.invoice_id = invoice.id
        db.session.add(line)
    db.session.flush()
    audit.record(actor, "billing:invoice:draft", invoice, after={"total_minor": invoice.total_minor})
    return invoice


def _open_charges(schedule: FeeSchedule) -> Sequence[Charge]:
    query = select(Charge).where(Charge.schedule_id == schedule.id, Charge.invoice_id.is_(None))
    found = db.session.scalars(query.order_by(Charge.id)).all()
    return sorted(found, key=lambda charge: ORDER.index(ChargeClass(charge.fee_class)))


def _fitting(charges: Sequence[Charge]) -> list[tuple[Charge, int]]:
    """Each charge with the amount to print; the last credit that fits only in part leaves its rest as a charge."""
    room = sum(charge.amount_minor for charge in charges if charge.fee_class != ChargeClass.CREDIT)
    taken = []
    for charge in charges:
        if charge.fee_class != ChargeClass.CREDIT:
            taken.append((charge, charge.amount_minor))
        elif room > 0:
            amount = max(charge.amount_minor, -room)
            room += amount
            taken.append((charge, amount))
            if amount != charge.amount_minor:
                db.session.add(_rest(charge, charge.amount_minor - amount))
    return taken


def _rest(credit: Charge, amount_minor: int) -> Charge:
    """What is left of a credit after an invoice took its part."""
    copied = (
        "buyer_id", "vendor_id", "schedule_id", "agreement_id", "fee_class", "line_code", "description", "basis",
        "quantity", "unit", "currency", "period_start", "period_end",
    )  # fmt: skip
    rest = Charge(**{name: getattr(credit, name) for name in copied})
    rest.source_key, rest.carried_from_id = f"rest:{credit.id}", credit.id
    rest.amount_minor = amount_minor
    rest.unit_rate = to_major(amount_minor, credit.currency)
    return rest


def _line(charge: Charge, amount_minor: int, position: int, commission_bps: int) -> InvoiceLine:
    return InvoiceLine(
        buyer_id=charge.buyer_id,
        vendor_id=charge.vendor_id,
        charge_id=charge.id,
        position=position,
        fee_class=charge.fee_class,
        line_code=charge.line_code,
        description=charge.description,
        basis=charge.basis,
        quantity=charge.quantity,
        unit=charge.unit,
        unit_rate=charge.unit_rate if amount_minor == charge.amount_minor else to_major(amount_minor, charge.currency),
        amount_minor=amount_minor,
        commission_bps=commission_bps,
        commission_minor=commission_of(amount_minor, commission_bps),
        period_start=charge.period_start,
        period_end=charge.period_end,
    )


def _tax(lines: Sequence[InvoiceLine], rates: Sequence[TaxRate]) -> None:
    """Put the tax on each line: the rates of the agreement together, and an amount that sums to the invoice's."""
    amounts = [line.amount_minor for line in lines]
    shares = [taxes_by_line(amounts, rate.bps) for rate in rates]
    for place, line in enumerate(lines):
        line.tax_bps = sum(rate.bps for rate in rates)
        line.tax_minor = sum(share[place] for share in shares)


def issue_invoice(actor: Actor, invoice: Invoice) -> None:
    """Give a draft its number, freeze it and send it to the buyer. From here on it is never changed.

    The number follows the vendor's last one of the year without a gap, because it is counted up in this transaction.
    """
    actor.permit(Permission.INVOICE_ISSUE)
    lock(invoice)
    if not policy.can_issue(actor, invoice):
        raise Conflict(_l("Only a draft of your own company can be issued. Reload the page to see how it stands."))
    at = clock.now()
    local = at.astimezone(ZoneInfo(invoice.timezone)).date()
    seller, customer = letterheads(invoice.vendor_id, invoice.buyer_id)
    invoice.number = f"{_prefix(seller.name)}-{local.year}-{_next_number(invoice, local.year):04d}"
    invoice.reference = creditor_reference(invoice.number + invoice.id.hex[-8:])
    invoice.seller, invoice.customer = seller.as_document(), customer.as_document()
    invoice.due_on = local + timedelta(days=invoice.payment_days)
    move(invoice, InvoiceState.OPEN, INVOICE_MOVES, at)
    with db.session.no_autoflush:  # written in one statement: an issued row takes no second one
        invoice.sha256 = content_hash(invoice)
    if invoice.total_minor == 0:
        move(invoice, InvoiceState.PAID, INVOICE_MOVES, at)
    db.session.flush()
    _post_issue(invoice)
    audit.record(
        actor, "billing:invoice:issue", invoice, after={"number": invoice.number, "total_minor": invoice.total_minor}
    )
    signals.invoice_issued.send(invoice, actor=actor)
    notices.invoice_issued(invoice)


def void_invoice(actor: Actor, invoice: Invoice) -> None:
    """Take back an open invoice on which nothing was paid. Its number stays used and its charges are waived."""
    actor.permit(Permission.INVOICE_ISSUE)
    lock(invoice)
    if not policy.can_void(actor, invoice):
        raise Conflict(_l("Only an open invoice on which nothing was paid can be voided."))
    move(invoice, InvoiceState.VOID, INVOICE_MOVES, clock.now())
    db.session.flush()
    _post_issue(invoice, reverse=True)
    audit.record(actor, "billing:invoice:void", invoice, after={"number": invoice.number})
    notices.invoice_voided(invoice)


def content_hash(invoice: Invoice) -> str:
    """SHA-256 of everything an issued invoice says, as canonical JSON: the proof that it reads as it was sent."""
    names = (
        "number", "reference", "agreement_number", "currency", "timezone", "net_minor", "tax_minor", "total_minor",
        "taxes", "payment_days", "period_start", "period_end", "due_on", "seller", "customer", "open_at",
    )  # fmt: skip
    content = {name: getattr(invoice, name) for name in names}
    content["lines"] = [_printed(line) for line in invoice.lines]
    plain = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(plain.encode()).hexdigest()


def _printed(line: InvoiceLine) -> list[object]:
    quantity, rate = (format(number.normalize(), "f") for number in (line.quantity, line.unit_rate))
    words = [line.fee_class, line.line_code, line.description, line.basis]
    return [line.position, *words, quantity, line.unit, rate, line.amount_minor, line.tax_bps, line.tax_minor]


def _prefix(name: str) -> str:
    """Three letters of the vendor's name, for people to tell invoices apart; numbers are unique per vendor anyway."""
    return (re.sub(r"[^A-Z0-9]", "", name.upper()) + "INV")[:3]


def _next_number(invoice: Invoice, year: int) -> int:
    counted = db.session.execute(
        text(
            "INSERT INTO invoice_numbers AS n (company_id, year, last) VALUES (:vendor, :year, 1)"
            " ON CONFLICT (company_id, year) DO UPDATE SET last = n.last + 1 RETURNING last"
        ),
        {"vendor": invoice.vendor_id, "year": year},
    )
    return int(counted.scalar_one())


def _post_issue(invoice: Invoice, *, reverse: bool = False) -> None:
    sign = -1 if reverse else 1
    ledger.post(
        "invoice",
        invoice.id,
        "void" if reverse else "issue",
        buyer_id=invoice.buyer_id,
        vendor_id=invoice.vendor_id,
        currency=invoice.currency,
        amounts={
            (Account.BUYER_RECEIVABLE, invoice.buyer_id): sign * invoice.total_minor,
            (Account.VENDOR_PAYABLE_PENDING, invoice.vendor_id): -sign
            * (invoice.total_minor - invoice.commission_minor),
            (Account.COMMISSION_UNEARNED, None): -sign * invoice.commission_minor,
        },
    )
