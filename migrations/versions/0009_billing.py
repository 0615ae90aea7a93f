"""Fee schedules, charges, invoices, payments, bank receipts, webhook inbox, and the ledger with its one writer."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import (
    allow_v1,
    append_only_v1,
    definer_v1,
    force_v1,
    functions_v1,
    protect_v1,
    staff_v1,
)

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
TRIGGERS = Path(__file__).parent.parent / "sql" / "billing_triggers_v1.sql"
MEMBER = "(SELECT portal_scope()) = 'member'"
MY_COMPANY = "(SELECT portal_company())"
QUANTITY = sa.Numeric(24, 6)
CLASSES = "fee_class IN ('one_time', 'operating', 'extra', 'credit')"
BASES = "basis IN ('agreed', 'reported', 'forecast')"
LIVE = "state IN ('submitted', 'requires_action', 'processing', 'unknown')"


def upgrade() -> None:
    _schedules()
    _invoices()
    _charges_and_lines()
    _payments()
    _receipts()
    _inbox()
    _ledger()
    functions_v1("billing_v1.sql")
    for part in TRIGGERS.read_text().split("-- then\n"):
        op.execute(part)


def _row(*, version: bool = True) -> list[sa.Column]:
    columns = [
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
    ]
    return [*columns, sa.Column("version", sa.BigInteger, nullable=False, server_default="1")] if version else columns


def _parties() -> list[sa.Column]:
    return [sa.Column("buyer_id", sa.Uuid, nullable=False), sa.Column("vendor_id", sa.Uuid, nullable=False)]


def _belongs_to(table: str, parent: str, column: str) -> sa.ForeignKeyConstraint:
    """A row has the parties of its parent: copied by the database, never taken from a client."""
    return sa.ForeignKeyConstraint(
        [column, "buyer_id", "vendor_id"],
        [f"{parent}.id", f"{parent}.buyer_id", f"{parent}.vendor_id"],
        name=f"fk_{table}_{column.removesuffix('_id')}",
    )


def _text(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=nullable, server_default=default)


def _schedules() -> None:
    op.create_table(
        "fee_schedules",
        *_row(),
        *_parties(),
        sa.Column("agreement_id", sa.Uuid, nullable=False),
        _text("agreement_number"),
        _text("currency"),
        _text("timezone"),
        sa.Column("terms", JSONB, nullable=False),
        _text("state"),
        sa.Column("billed_from", sa.Date),
        sa.Column("billed_through", sa.Date),
        sa.Column("ends_on", sa.Date),
        sa.Column("active_at", INSTANT),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint("state IN ('waiting', 'active', 'ended')", name="ck_fee_schedules_state_known"),
        sa.UniqueConstraint("agreement_id", name="uq_fee_schedules_agreement_id"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_fee_schedules_parties"),
    )
    protect_v1("fee_schedules", "buyer_id", "vendor_id", commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("fee_schedules", "SELECT")


def _invoices() -> None:
    op.create_table(
        "invoices",
        *_row(),
        *_parties(),
        sa.Column("schedule_id", sa.Uuid, nullable=False),
        sa.Column("agreement_id", sa.Uuid, nullable=False),
        _text("agreement_number"),
        _text("number", nullable=True),
        _text("reference", nullable=True),
        _text("state"),
        _text("currency"),
        _text("timezone"),
        sa.Column("net_minor", sa.BigInteger, nullable=False),
        sa.Column("tax_minor", sa.BigInteger, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("commission_minor", sa.BigInteger, nullable=False),
        sa.Column("paid_minor", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("taxes", JSONB, nullable=False),
        sa.Column("payment_days", sa.BigInteger, nullable=False),
        sa.Column("period_start", sa.Date),
        sa.Column("period_end", sa.Date),
        sa.Column("due_on", sa.Date),
        sa.Column("seller", JSONB),
        sa.Column("customer", JSONB),
        _text("sha256", nullable=True),
        *(sa.Column(f"{state}_at", INSTANT) for state in ("open", "paid", "void", "uncollectible")),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'partly_paid', 'paid', 'void', 'uncollectible')",
            name="ck_invoices_state_known",
        ),
        sa.CheckConstraint("net_minor + tax_minor = total_minor", name="ck_invoices_sums"),
        sa.CheckConstraint(
            "total_minor >= 0 AND paid_minor BETWEEN 0 AND total_minor", name="ck_invoices_paid_within_total"
        ),
        sa.CheckConstraint(
            "(state = 'draft') = (number IS NULL) OR state = 'void'", name="ck_invoices_numbered_when_open"
        ),
        sa.UniqueConstraint("vendor_id", "number", name="uq_invoices_number"),
        sa.UniqueConstraint("reference", name="uq_invoices_reference"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_invoices_parties"),
        _belongs_to("invoices", "fee_schedules", "schedule_id"),
    )
    op.create_index("ix_invoices_buyer", "invoices", ["buyer_id", "id"])
    op.create_index("ix_invoices_vendor", "invoices", ["vendor_id", "id"])
    # A draft is the vendor's own paper: the buyer sees it from the day it is issued.
    force_v1("invoices")
    vendors, buyers = (
        f"vendor_id = {MY_COMPANY}",
        f"buyer_id = {MY_COMPANY} AND state <> 'draft' AND number IS NOT NULL",
    )
    allow_v1("invoices", "member_select", "SELECT", f"{MEMBER} AND ({vendors} OR {buyers})")
    allow_v1("invoices", "member_update", "UPDATE", f"{MEMBER} AND ({vendors} OR {buyers})")
    allow_v1("invoices", "vendor_insert", "INSERT", f"{MEMBER} AND {vendors}")
    definer_v1("invoices", "SELECT")

    op.create_table(
        "invoice_numbers",
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_invoice_numbers_company_id")),
        sa.Column("year", sa.BigInteger),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "year", name="pk_invoice_numbers"),
    )
    protect_v1("invoice_numbers", "company_id", commands=("SELECT", "INSERT", "UPDATE"))


def _priced() -> list[sa.Column]:
    """What a charge and the invoice line made of it have in common."""
    return [
        _text("fee_class"),
        _text("line_code"),
        _text("description"),
        _text("basis"),
        sa.Column("quantity", QUANTITY, nullable=False),
        _text("unit"),
        sa.Column("unit_rate", QUANTITY, nullable=False),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.Column("period_start", sa.Date),
        sa.Column("period_end", sa.Date),
    ]


def _charges_and_lines() -> None:
    op.create_table(
        "charges",
        *_row(version=False),
        *_parties(),
        sa.Column("schedule_id", sa.Uuid, nullable=False),
        sa.Column("agreement_id", sa.Uuid, nullable=False),
        _text("source_key"),
        _text("currency"),
        *_priced(),
        sa.Column("milestone_id", sa.Uuid),
        sa.Column("change_order_id", sa.Uuid),
        sa.Column("carried_from_id", sa.Uuid, sa.ForeignKey("charges.id", name="fk_charges_carried_from_id")),
        sa.Column("invoice_id", sa.Uuid),
        sa.CheckConstraint(CLASSES, name="ck_charges_fee_class_known"),
        sa.CheckConstraint(BASES, name="ck_charges_basis_known"),
        sa.CheckConstraint("(fee_class = 'credit') = (amount_minor < 0)", name="ck_charges_credit_below_zero"),
        sa.UniqueConstraint("schedule_id", "source_key", name="uq_charges_source"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_charges_parties"),
        _belongs_to("charges", "fee_schedules", "schedule_id"),
        _belongs_to("charges", "invoices", "invoice_id"),
    )
    op.create_index("ix_charges_open", "charges", ["schedule_id"], postgresql_where=sa.text("invoice_id IS NULL"))
    op.create_index("ix_charges_agreement", "charges", ["agreement_id", "period_start"])
    protect_v1("charges", "buyer_id", "vendor_id", commands=("SELECT", "INSERT"))
    # Only the link to the invoice is ever written later.
    op.execute(
        f"CREATE POLICY member_update ON charges FOR UPDATE TO portal_app USING ({MEMBER} AND vendor_id = {MY_COMPANY})"
    )
    op.execute("GRANT UPDATE (invoice_id) ON charges TO portal_app")
    definer_v1("charges", "SELECT")

    op.create_table(
        "invoice_lines",
        sa.Column("id", sa.Uuid, primary_key=True),
        *_parties(),
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        sa.Column("charge_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        *_priced(),
        sa.Column("tax_bps", sa.BigInteger, nullable=False),
        sa.Column("tax_minor", sa.BigInteger, nullable=False),
        sa.Column("commission_bps", sa.BigInteger, nullable=False),
        sa.Column("commission_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint(CLASSES, name="ck_invoice_lines_fee_class_known"),
        sa.CheckConstraint(BASES, name="ck_invoice_lines_basis_known"),
        sa.UniqueConstraint("charge_id", name="uq_invoice_lines_charge"),
        sa.UniqueConstraint("invoice_id", "position", name="uq_invoice_lines_position"),
        _belongs_to("invoice_lines", "invoices", "invoice_id"),
        _belongs_to("invoice_lines", "charges", "charge_id"),
    )
    # Whoever may see the invoice sees its lines; row level security of `invoices` answers the question inside.
    force_v1("invoice_lines")
    seen = "EXISTS (SELECT 1 FROM invoices i WHERE i.id = invoice_lines.invoice_id)"
    allow_v1("invoice_lines", "member_select", "SELECT", f"{MEMBER} AND {seen}")
    allow_v1("invoice_lines", "vendor_insert", "INSERT", f"{MEMBER} AND vendor_id = {MY_COMPANY}")
    append_only_v1("invoice_lines")


def _payments() -> None:
    op.create_table(
        "payments",
        *_row(),
        *_parties(),
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        _text("provider"),
        sa.Column("attempt", sa.BigInteger, nullable=False),
        _text("state"),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        _text("currency"),
        _text("idem_key"),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("looked_at", INSTANT),
        *(_text(name, nullable=True) for name in ("provider_ref", "charge_ref", "page_url")),
        _text("failure", default=""),
        *(
            sa.Column(f"{name}_minor", sa.BigInteger, nullable=False, server_default="0")
            for name in ("received", "excess", "refunded")
        ),
        sa.Column("fee_minor", sa.BigInteger),
        _text("started_by"),
        *(sa.Column(f"{state}_at", INSTANT) for state in ("succeeded", "failed", "canceled")),
        sa.CheckConstraint(
            "state IN ('submitted', 'requires_action', 'processing', 'unknown', 'succeeded', 'failed', 'canceled')",
            name="ck_payments_state_known",
        ),
        sa.CheckConstraint("amount_minor > 0", name="ck_payments_amount_above_zero"),
        sa.CheckConstraint("refunded_minor BETWEEN 0 AND received_minor", name="ck_payments_refund_within_received"),
        sa.UniqueConstraint("idem_key", name="uq_payments_idem_key"),
        sa.UniqueConstraint("provider", "provider_ref", name="uq_payments_provider_ref"),
        sa.UniqueConstraint("invoice_id", "attempt", name="uq_payments_attempt"),
        _belongs_to("payments", "invoices", "invoice_id"),
    )
    op.create_index("uq_payments_one_live", "payments", ["invoice_id"], unique=True, postgresql_where=sa.text(LIVE))
    protect_v1("payments", "buyer_id", "vendor_id", write="buyer_id", commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("payments", "SELECT")


def _receipts() -> None:
    op.create_table(
        "bank_receipts",
        *_row(),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("invoice_id", sa.Uuid, nullable=False),
        _text("invoice_number"),
        _text("bank_ref"),
        _text("payer"),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        _text("currency"),
        sa.Column("received_on", sa.Date, nullable=False),
        _text("state"),
        sa.Column("four_eyes", sa.Boolean, nullable=False),
        sa.Column("recorded_by", sa.Uuid, nullable=False),
        _text("recorded_by_name"),
        sa.Column("approved_by", sa.Uuid),
        _text("approved_by_name", default=""),
        sa.Column("excess_minor", sa.BigInteger, nullable=False, server_default="0"),
        *(sa.Column(f"{state}_at", INSTANT) for state in ("approved", "booked", "rejected")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'booked', 'rejected')", name="ck_bank_receipts_state_known"
        ),
        sa.CheckConstraint("amount_minor > 0", name="ck_bank_receipts_amount_above_zero"),
        sa.CheckConstraint(
            "approved_by IS NULL OR approved_by <> recorded_by OR NOT four_eyes",
            name="ck_bank_receipts_second_person",
        ),
        sa.UniqueConstraint("bank_ref", name="uq_bank_receipts_bank_ref"),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoices.id"], name="fk_bank_receipts_invoice_id"),
    )
    force_v1("bank_receipts")
    staff_v1("bank_receipts", "SELECT", "INSERT", "UPDATE")
    # The buyer whose money it is sees it, and the job that books it works as that buyer.
    own = f"{MEMBER} AND buyer_id = {MY_COMPANY} AND state IN ('approved', 'booked')"
    allow_v1("bank_receipts", "member_select", "SELECT", own)
    allow_v1("bank_receipts", "member_update", "UPDATE", own)
    definer_v1("bank_receipts", "SELECT")


def _inbox() -> None:
    """What a provider told us, as the bytes it sent. No policy lets the portal read it but through its functions."""
    op.create_table(
        "webhook_inbox",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("received_at", INSTANT, nullable=False, server_default=NOW),
        _text("provider"),
        _text("event_id"),
        _text("kind"),
        sa.Column("raw", sa.LargeBinary, nullable=False),
        _text("state"),
        sa.Column("tries", sa.BigInteger, nullable=False, server_default="0"),
        _text("error", default=""),
        sa.Column("done_at", INSTANT),
        sa.CheckConstraint("state IN ('received', 'done', 'ignored', 'dead')", name="ck_webhook_inbox_state_known"),
        sa.UniqueConstraint("provider", "event_id", name="uq_webhook_inbox_event"),
    )
    force_v1("webhook_inbox")
    definer_v1("webhook_inbox", "SELECT", "INSERT", "UPDATE")
    op.create_table(
        "provider_sweeps",
        sa.Column("provider", sa.Text, primary_key=True),
        sa.Column("swept_at", INSTANT, nullable=False),
    )
    force_v1("provider_sweeps")
    definer_v1("provider_sweeps", "SELECT", "INSERT", "UPDATE")


def _ledger() -> None:
    op.create_table(
        "ledger_accounts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("owner_id", sa.Uuid),
        _text("kind"),
        _text("currency"),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name="ck_ledger_accounts_currency_known"),
    )
    op.execute(
        "CREATE UNIQUE INDEX uq_ledger_accounts_kind ON ledger_accounts"
        " (coalesce(owner_id, '00000000-0000-0000-0000-000000000000'::uuid), kind, currency)"
    )
    op.create_table(
        "journals",
        sa.Column("id", sa.Uuid, primary_key=True),
        _text("source_type"),
        _text("source_id"),
        _text("kind"),
        *_parties(),
        sa.Column("posted_at", INSTANT, nullable=False, server_default=NOW),
        sa.UniqueConstraint("source_type", "source_id", "kind", name="uq_journals_source"),
    )
    op.create_table(
        "postings",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("journal_id", sa.Uuid, sa.ForeignKey("journals.id", name="fk_postings_journal_id"), nullable=False),
        sa.Column(
            "account_id", sa.Uuid, sa.ForeignKey("ledger_accounts.id", name="fk_postings_account_id"), nullable=False
        ),
        sa.Column("owner_id", sa.Uuid),
        _text("currency"),
        sa.Column("amount_minor", sa.BigInteger, nullable=False),
        sa.CheckConstraint("amount_minor <> 0", name="ck_postings_amount_not_zero"),
    )
    op.create_index("ix_postings_journal_id", "postings", ["journal_id"])
    op.create_index("ix_postings_account_id", "postings", ["account_id"])
    op.create_index("ix_postings_owner_id", "postings", ["owner_id"])
    for table in ("ledger_accounts", "postings"):
        protect_v1(table, "owner_id", commands=("SELECT",))
    protect_v1("journals", "buyer_id", "vendor_id", commands=("SELECT",))
    for table in ("ledger_accounts", "journals", "postings"):
        staff_v1(table, "SELECT")
        definer_v1(table, "SELECT", "INSERT")
        append_only_v1(table)
