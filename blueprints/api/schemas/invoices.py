"""Invoices."""

from datetime import date
from uuid import UUID

from pydantic import Field

from blueprints.api.schemas.values import CompanyName, DecimalText, Instant, Money, Page, Paging, Shown
from portal.billing.states import Basis, ChargeClass, InvoiceState


class InvoiceQuery(Paging):
    """Which invoices."""

    state: InvoiceState | None = None


class InvoiceSummary(Shown):
    """An invoice in a list. `number` is null on a draft, which only its vendor sees."""

    id: UUID
    number: str | None
    state: InvoiceState
    agreement_id: UUID
    agreement_number: str
    buyer: CompanyName
    vendor: CompanyName
    period_start: date | None
    period_end: date | None
    net: Money
    tax: Money
    total: Money
    paid: Money
    due: Money = Field(description="What is still to be paid")
    due_on: date | None
    timezone: str = Field(description="The days of the invoice are those of this zone")
    issued_at: Instant | None
    paid_at: Instant | None


class InvoicePage(Page[InvoiceSummary]):
    """A page of invoices."""


class InvoiceLine(Shown):
    """A line as printed. `basis` says where the quantity comes from."""

    position: int
    fee_class: ChargeClass
    code: str
    description: str
    basis: Basis
    quantity: DecimalText
    unit: str
    unit_rate: DecimalText = Field(description="In whole units of the currency, not minor ones")
    amount: Money
    tax: Money
    tax_percent: DecimalText
    period_start: date | None
    period_end: date | None


class Invoice(InvoiceSummary):
    """An invoice in full. `sha256` is the digest by which anybody can check it at /verify."""

    reference: str | None = Field(description="What a bank transfer must name")
    payment_days: int
    sha256: str | None
    lines: list[InvoiceLine]
