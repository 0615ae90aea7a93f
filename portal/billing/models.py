"""Tables of billing. Amounts are integers of the minor unit of the currency beside them."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.billing.states import (
    LIVE_PAYMENTS,
    AccountStanding,
    Basis,
    ChargeClass,
    InvoiceState,
    PaymentState,
    ReceiptState,
    ScheduleState,
)
from portal.kit.db import Base, Identified, Stamped, Versioned, state_check

LIVE = ", ".join(f"'{state.value}'" for state in LIVE_PAYMENTS)


class TwoParty:
    """A row that belongs to a buyer and a vendor."""

    __tenant__ = ("buyer_id", "vendor_id")

    buyer_id: Mapped[uuid.UUID]
    vendor_id: Mapped[uuid.UUID]


class FeeSchedule(Identified, Stamped, Versioned, TwoParty, Base):
    """The commercial terms of one agreement, frozen as signed, and how far they have been billed.

    `terms` holds rate card, forecast, payment days, commission and taxes as plain JSON.
    """

    __tablename__ = "fee_schedules"

    agreement_id: Mapped[uuid.UUID]
    agreement_number: Mapped[str]
    currency: Mapped[str]
    timezone: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(default=ScheduleState.WAITING)
    billed_from: Mapped[date | None]
    billed_through: Mapped[date | None]
    ends_on: Mapped[date | None]
    active_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(ScheduleState),
        UniqueConstraint("agreement_id"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_fee_schedules_parties"),
    )


class Charge(Identified, Stamped, TwoParty, Base):
    """One fee that fell due. Never changed; `source_key` says what caused it, so that nothing is charged twice."""

    __tablename__ = "charges"

    schedule_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    fee_class: Mapped[str]
    source_key: Mapped[str]
    line_code: Mapped[str]
    description: Mapped[str]
    basis: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(24, 6))
    unit: Mapped[str]
    unit_rate: Mapped[Decimal] = mapped_column(Numeric(24, 6))
    amount_minor: Mapped[int]
    currency: Mapped[str]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    milestone_id: Mapped[uuid.UUID | None]
    change_order_id: Mapped[uuid.UUID | None]
    carried_from_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("charges.id"))
    invoice_id: Mapped[uuid.UUID | None]

    __table_args__ = (
        state_check(ChargeClass, "fee_class"),
        state_check(Basis, "basis"),
        CheckConstraint("(fee_class = 'credit') = (amount_minor < 0)", name="credit_below_zero"),
        UniqueConstraint("schedule_id", "source_key", name="uq_charges_source"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_charges_parties"),
        ForeignKeyConstraint(
            ["schedule_id", "buyer_id", "vendor_id"],
            ["fee_schedules.id", "fee_schedules.buyer_id", "fee_schedules.vendor_id"],
            name="fk_charges_schedule",
        ),
        ForeignKeyConstraint(
            ["invoice_id", "buyer_id", "vendor_id"],
            ["invoices.id", "invoices.buyer_id", "invoices.vendor_id"],
            name="fk_charges_invoice",
        ),
        Index("ix_charges_open", "schedule_id", postgresql_where=text("invoice_id IS NULL")),
        Index("ix_charges_agreement", "agreement_id", "period_start"),
    )


class Invoice(Identified, Stamped, Versioned, TwoParty, Base):
    """A vendor's invoice to a buyer. From `open` on, only its state and what was paid may change."""

    __tablename__ = "invoices"

    schedule_id: Mapped[uuid.UUID]
    agreement_id: Mapped[uuid.UUID]
    agreement_number: Mapped[str]
    number: Mapped[str | None]
    reference: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=InvoiceState.DRAFT)
    currency: Mapped[str]
    timezone: Mapped[str]
    net_minor: Mapped[int]
    tax_minor: Mapped[int]
    total_minor: Mapped[int]
    commission_minor: Mapped[int]
    paid_minor: Mapped[int] = mapped_column(default=0)
    taxes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    payment_days: Mapped[int]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]
    due_on: Mapped[date | None]
    seller: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    customer: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    sha256: Mapped[str | None]
    open_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    void_at: Mapped[datetime | None]
    uncollectible_at: Mapped[datetime | None]

    lines: Mapped[list["InvoiceLine"]] = relationship(
        order_by="InvoiceLine.position", lazy="select", back_populates="invoice"
    )

    __table_args__ = (
        state_check(InvoiceState),
        CheckConstraint("net_minor + tax_minor = total_minor", name="sums"),
        CheckConstraint("total_minor >= 0 AND paid_minor BETWEEN 0 AND total_minor", name="paid_within_total"),
        CheckConstraint("(state = 'draft') = (number IS NULL) OR state = 'void'", name="numbered_when_open"),
        UniqueConstraint("vendor_id", "number", name="uq_invoices_number"),
        UniqueConstraint("reference", name="uq_invoices_reference"),
        UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_invoices_parties"),
        ForeignKeyConstraint(
            ["schedule_id", "buyer_id", "vendor_id"],
            ["fee_schedules.id", "fee_schedules.buyer_id", "fee_schedules.vendor_id"],
            name="fk_invoices_schedule",
        ),
        Index("ix_invoices_buyer", "buyer_id", "id"),
        Index("ix_invoices_vendor", "vendor_id", "id"),
    )

    @property
    def due_minor(self) -> int:
        """What is still to be paid; nothing on a draft or a void invoice."""
        if InvoiceState(self.state) in (InvoiceState.DRAFT, InvoiceState.VOID):
            return 0
        return self.total_minor - self.paid_minor

    def is_overdue(self, today: date) -> bool:
        """Whether money is missing after the due date."""
        return self.due_minor > 0 and self.due_on is not None and today > self.due_on


class InvoiceLine(Identified, TwoParty, Base):
    """A line as printed. Tax and commission are worked out once, when the line is made, and never derived again."""

    __tablename__ = "invoice_lines"

    invoice_id: Mapped[uuid.UUID]
    charge_id: Mapped[uuid.UUID]
    position: Mapped[int]
    fee_class: Mapped[str]
    line_code: Mapped[str]
    description: Mapped[str]
    basis: Mapped[str]
    quantity: Mapped[Decimal] = mapped_column(Numeric(24, 6))
    unit: Mapped[str]
    unit_rate: Mapped[Decimal] = mapped_column(Numeric(24, 6))
    amount_minor: Mapped[int]
    tax_bps: Mapped[int]
    tax_minor: Mapped[int]
    commission_bps: Mapped[int]
    commission_minor: Mapped[int]
    period_start: Mapped[date | None]
    period_end: Mapped[date | None]

    invoice: Mapped[Invoice] = relationship(back_populates="lines", lazy="raise")

    __table_args__ = (
        state_check(ChargeClass, "fee_class"),
        state_check(Basis, "basis"),
        UniqueConstraint("charge_id", name="uq_invoice_lines_charge"),
        UniqueConstraint("invoice_id", "position", name="uq_invoice_lines_position"),
        ForeignKeyConstraint(
            ["invoice_id", "buyer_id", "vendor_id"],
            ["invoices.id", "invoices.buyer_id", "invoices.vendor_id"],
            name="fk_invoice_lines_invoice",
        ),
        ForeignKeyConstraint(
            ["charge_id", "buyer_id", "vendor_id"],
            ["charges.id", "charges.buyer_id", "charges.vendor_id"],
            name="fk_invoice_lines_charge",
        ),
    )


class InvoiceNumber(Base):
    """The last number a vendor has given in a year: counted up in the transaction that issues, hence without gaps."""

    __tablename__ = "invoice_numbers"
    __tenant__ = ("company_id",)

    company_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class VendorAccount(Identified, Stamped, Versioned, Base):
    """A vendor's account at the card provider, where its share of card payments goes, as it was last seen there.

    The request that makes it is frozen with its key before it is sent. A link leads one person to the provider's page.
    """

    __tablename__ = "vendor_accounts"
    __tenant__ = ("vendor_id",)

    vendor_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("companies.id"))
    provider: Mapped[str]
    idem_key: Mapped[str]
    request: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_at: Mapped[datetime | None]
    ref: Mapped[str | None]
    standing: Mapped[str] = mapped_column(default=AccountStanding.CONNECTING)
    capabilities: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)
    requirements_due: Mapped[list[str]] = mapped_column(JSONB, default=list)
    restriction: Mapped[str] = mapped_column(default="")
    checked_at: Mapped[datetime | None]
    link_wanted_at: Mapped[datetime | None]
    link_url: Mapped[str | None]
    link_given_at: Mapped[datetime | None]
    link_expires_at: Mapped[datetime | None]
    failure: Mapped[str] = mapped_column(default="")

    __table_args__ = (
        state_check(AccountStanding, "standing"),
        CheckConstraint("standing = 'connecting' OR ref IS NOT NULL", name="stands_with_ref"),
        UniqueConstraint("vendor_id", "provider", name="uq_vendor_accounts_vendor"),
        UniqueConstraint("provider", "ref", name="uq_vendor_accounts_ref"),
        UniqueConstraint("idem_key", name="uq_vendor_accounts_idem_key"),
    )

    def link_at(self, moment: datetime) -> str | None:
        """The way to the provider's page, while it is open."""
        is_open = self.link_expires_at is not None and moment < self.link_expires_at
        return self.link_url if is_open else None


class Payment(Identified, Stamped, Versioned, TwoParty, Base):
    """One attempt to collect an invoice by card. The request is frozen with its key before anything is sent.

    `destination` is the vendor's account that gets its share with the charge; none where all stays with the platform.
    """

    __tablename__ = "payments"

    invoice_id: Mapped[uuid.UUID]
    provider: Mapped[str]
    attempt: Mapped[int]
    state: Mapped[str] = mapped_column(default=PaymentState.SUBMITTED)
    amount_minor: Mapped[int]
    currency: Mapped[str]
    idem_key: Mapped[str]
    request: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sent_at: Mapped[datetime | None]
    looked_at: Mapped[datetime | None]
    provider_ref: Mapped[str | None]
    destination: Mapped[str | None]
    charge_ref: Mapped[str | None]
    page_url: Mapped[str | None]
    failure: Mapped[str] = mapped_column(default="")
    received_minor: Mapped[int] = mapped_column(default=0)
    excess_minor: Mapped[int] = mapped_column(default=0)
    refunded_minor: Mapped[int] = mapped_column(default=0)
    fee_minor: Mapped[int | None]
    transfer_ref: Mapped[str | None]
    transferred_minor: Mapped[int] = mapped_column(default=0)
    started_by: Mapped[str]
    succeeded_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    canceled_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(PaymentState),
        CheckConstraint("amount_minor > 0", name="amount_above_zero"),
        CheckConstraint("refunded_minor BETWEEN 0 AND received_minor", name="refund_within_received"),
        UniqueConstraint("idem_key", name="uq_payments_idem_key"),
        UniqueConstraint("provider", "provider_ref", name="uq_payments_provider_ref"),
        UniqueConstraint("invoice_id", "attempt", name="uq_payments_attempt"),
        # Two attempts at once could both succeed: the database allows one live one per invoice.
        Index("uq_payments_one_live", "invoice_id", unique=True, postgresql_where=text(f"state IN ({LIVE})")),
        ForeignKeyConstraint(
            ["invoice_id", "buyer_id", "vendor_id"],
            ["invoices.id", "invoices.buyer_id", "invoices.vendor_id"],
            name="fk_payments_invoice",
        ),
    )

    @property
    def is_live(self) -> bool:
        """Whether this attempt may still bring money, so that no other may be started."""
        return PaymentState(self.state) in LIVE_PAYMENTS


class BankReceipt(Identified, Stamped, Versioned, Base):
    """Money that staff saw on the bank account, for one invoice. `bank_ref` is the bank's own name of the entry."""

    __tablename__ = "bank_receipts"
    __tenant__ = ("buyer_id",)

    buyer_id: Mapped[uuid.UUID]
    invoice_id: Mapped[uuid.UUID]
    invoice_number: Mapped[str]
    bank_ref: Mapped[str]
    payer: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    received_on: Mapped[date]
    state: Mapped[str]
    recorded_by: Mapped[uuid.UUID]
    recorded_by_name: Mapped[str]
    approved_by: Mapped[uuid.UUID | None]
    approved_by_name: Mapped[str] = mapped_column(default="")
    excess_minor: Mapped[int] = mapped_column(default=0)
    approved_at: Mapped[datetime | None]
    booked_at: Mapped[datetime | None]
    rejected_at: Mapped[datetime | None]

    __table_args__ = (
        state_check(ReceiptState),
        CheckConstraint("amount_minor > 0", name="amount_above_zero"),
        CheckConstraint("approved_by IS NULL OR approved_by <> recorded_by OR NOT four_eyes", name="second_person"),
        UniqueConstraint("bank_ref", name="uq_bank_receipts_bank_ref"),
    )

    four_eyes: Mapped[bool] = mapped_column(default=False)
