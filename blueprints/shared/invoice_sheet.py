"""An invoice as pages show it: lines by class, parties, checks, history, the month against its forecast."""

from collections.abc import Sequence
from datetime import date as Date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.shared import formatting
from portal.billing import queries
from portal.billing.checks import Check, checks
from portal.billing.models import BankReceipt, Charge, FeeSchedule, Invoice, InvoiceLine, Payment
from portal.billing.reference import grouped
from portal.billing.states import Basis, ChargeClass, PaymentState, ReceiptState
from portal.billing.tax import shown_tax
from portal.billing.terms import thaw
from portal.pricing.words import FEE_CLASS_NAMES

CLASS_NAMES: dict[str, Any] = {kind.value: name for kind, name in FEE_CLASS_NAMES.items()}
CLASS_NAMES[ChargeClass.CREDIT.value] = _l("Service credits")
BASIS_WORDS = {
    Basis.REPORTED: _l("as reported"),
    Basis.FORECAST: _l("agreed forecast, no report"),
    Basis.AGREED: "",
}
PERCENT = "percent"
UNIT_WORDS = {
    "contact": _l("contact"),
    "minute": _l("minute"),
    "hour": _l("hour"),
    "fte_month": _l("FTE-month"),
    "seat_month": _l("seat-month"),
    "month": _l("month"),
    "outcome": _l("outcome"),
    "unit": _l("unit"),
    "credit": _l("credit"),
}


class Group(NamedTuple):
    """The lines of one class."""

    fee_class: str
    name: Any
    lines: list[InvoiceLine]


class Sheet(NamedTuple):
    """Everything the document shows beside the invoice's own figures."""

    groups: list[Group]
    reference: str
    basis_words: dict[Any, Any]
    unit_of: Any
    rate_of: Any
    tax_name: Any


class Papers(NamedTuple):
    """Everything about an invoice, read once."""

    schedule: FeeSchedule
    lines: Sequence[InvoiceLine]
    charges: Sequence[Charge]
    payments: Sequence[Payment]
    receipts: Sequence[BankReceipt]

    @property
    def live(self) -> Payment | None:
        """The card payment that is under way."""
        return next((payment for payment in self.payments if payment.is_live), None)


def papers_of(invoice: Invoice) -> Papers:
    """Read what the page shows of an invoice."""
    return Papers(
        schedule=queries.schedule_of(invoice.agreement_id),
        lines=queries.lines_of(invoice),
        charges=queries.charges_on(invoice),
        payments=queries.payments_of(invoice),
        receipts=queries.receipts_of(invoice),
    )


def sheet_of(invoice: Invoice, papers: Papers) -> Sheet:
    """The lines by class, in their printed order."""
    groups = [
        Group(kind, CLASS_NAMES[kind], list(lines))
        for kind, lines in groupby(papers.lines, key=lambda line: line.fee_class)
    ]
    return Sheet(groups, grouped(invoice.reference or ""), BASIS_WORDS, unit_of, rate_of, tax_name)


def checks_of(invoice: Invoice, papers: Papers) -> list[Check]:
    """What was checked against the signed terms."""
    schedule = papers.schedule
    return checks(invoice, papers.lines, papers.charges, thaw(schedule.terms), schedule.billed_from)


def history_of(invoice: Invoice, papers: Papers) -> list[dict[str, Any]]:
    """What happened to it, oldest first, and what is due next."""
    at = formatting.datetime_zoned
    happened = [
        (invoice.created_at, _("Drafted")),
        (invoice.open_at, _("Issued by %(seller)s", seller=(invoice.seller or {}).get("name", ""))),
        (invoice.void_at, _("Voided")),
    ]
    happened += [
        (payment.succeeded_at, _("%(amount)s received by card", amount=money_of(invoice, payment.received_minor)))
        for payment in papers.payments
        if payment.state == PaymentState.SUCCEEDED
    ]
    happened += [
        (receipt.booked_at, _("%(amount)s received by bank", amount=money_of(invoice, receipt.amount_minor)))
        for receipt in papers.receipts
        if receipt.state == ReceiptState.BOOKED
    ]
    # The sorting keeps what has one time in this order: the money comes before what it settles.
    happened.append((invoice.paid_at, _("Paid in full")))
    known = sorted(((moment, str(title)) for moment, title in happened if moment is not None), key=itemgetter(0))
    lines = [{"title": title, "note": at(moment), "state": "done"} for moment, title in known]
    if invoice.due_minor and invoice.due_on:
        lines.append({"title": _("Payment due"), "note": formatting.date(invoice.due_on), "state": "next"})
    return lines


def month_of(invoice: Invoice, papers: Papers) -> list[tuple[Any, str]]:
    """The service month's cost against the agreed forecast, both net of tax; empty where the invoice has no month."""
    if invoice.period_start is None:
        return []
    forecast = queries.forecast_fee(papers.schedule, invoice.period_start)
    cost = queries.month_cost(invoice.agreement_id, invoice.period_start)
    if forecast is None or cost is None:
        return []
    difference = cost.operating_minor - forecast
    return [
        (_("Agreed forecast"), formatting.amount(forecast, invoice.currency)),
        (_("Operating fee"), formatting.amount(cost.operating_minor, invoice.currency)),
        (_("Against forecast"), formatting.signed_amount(difference, invoice.currency)),
        ("-", ""),
        (_("One-time and extra"), formatting.amount(cost.one_time_minor + cost.extra_minor, invoice.currency)),
        (_("Credits"), formatting.signed_amount(cost.credit_minor, invoice.currency)),
        (_("The month in all"), formatting.amount(cost.total_minor, invoice.currency)),
    ]


def facts_of(invoice: Invoice, today: Date) -> list[str]:
    """The line of facts under the heading."""
    facts = [_("Agreement %(number)s", number=invoice.agreement_number)]
    if invoice.seller and invoice.customer:
        names = {"seller": invoice.seller["name"], "buyer": invoice.customer["name"]}
        facts.insert(0, _("From %(seller)s to %(buyer)s", **names))
    if invoice.due_on and invoice.due_minor:
        due, away = formatting.date(invoice.due_on), formatting.days_away(invoice.due_on, today)
        facts.append(_("Due %(date)s, %(away)s", date=due, away=away))
    return facts


def unit_of(line: InvoiceLine, currency: str) -> str:
    """What the quantity counts; a surcharge in percent is taken of an amount of money."""
    return currency if line.unit == PERCENT else str(UNIT_WORDS.get(line.unit, line.unit))


def rate_of(line: InvoiceLine) -> str:
    """The rate of one unit, a surcharge as ``12.00 %``."""
    return formatting.percent(line.unit_rate, 2) if line.unit == PERCENT else formatting.number(line.unit_rate, 2)


def tax_name(tax: dict[str, Any]) -> str:
    """A tax with its rate: `VAT 20.00 %`; one without a rate (reverse charge) by its name alone."""
    if not tax["bps"]:
        return shown_tax(tax["name"])
    return f"{shown_tax(tax['name'])} {formatting.percent(Decimal(tax['bps']) / 100, 2, of_hundred=True)}"


def money_of(invoice: Invoice, minor: int) -> str:
    """An amount of this invoice, with its currency."""
    return formatting.money(minor, invoice.currency)
