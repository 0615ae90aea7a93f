"""Agreements, the versions of their text, change orders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.columns import PARTIES, of_agreement_v1
from migrations.protection import definer_v1, force_v1, functions_v1, protect_v1

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _agreements()
    _versions()
    _change_orders()
    op.create_table(
        "agreement_numbers",
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("year", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("buyer_id", "year", name="pk_agreement_numbers"),
    )
    force_v1("agreement_numbers")
    definer_v1("agreement_numbers", "SELECT", "INSERT", "UPDATE")
    functions_v1("agreements_v1.sql")


def _row(*columns: sa.Column) -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        *columns,
    )


def _agreements() -> None:
    op.create_table(
        "agreements",
        *_row(
            sa.Column("number", sa.Text, nullable=False),
            sa.Column("requirement_id", sa.Uuid, nullable=False),
            sa.Column("award_id", sa.Uuid, nullable=False),
            sa.Column("bid_id", sa.Uuid, nullable=False),
            sa.Column("title", sa.Text, nullable=False),
            sa.Column("mode", sa.Text, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("starts_on", sa.Date, nullable=False),
            sa.Column("ends_on", sa.Date, nullable=False),
            sa.Column("timezone", sa.Text, nullable=False),
            sa.Column("currency", sa.Text, nullable=False),
            sa.Column("terms", JSONB, nullable=False),
            *(sa.Column(f"{name}_at", INSTANT) for name in ("active", "go_live", "expired", "terminated", "refused")),
        ),
        sa.CheckConstraint(
            "state IN ('drafting', 'active', 'on_hold', 'expired', 'terminated', 'refused')",
            name="ck_agreements_state_known",
        ),
        sa.UniqueConstraint("buyer_id", "number", name="uq_agreements_number"),
        # An award becomes one agreement, however often its acceptance is sent.
        sa.UniqueConstraint("award_id", name="uq_agreements_award"),
        sa.UniqueConstraint("id", *PARTIES, name="uq_agreements_parties"),
        sa.ForeignKeyConstraint(
            ["bid_id", *PARTIES],
            ["bids.id", "bids.buyer_id", "bids.vendor_id"],
            name="fk_agreements_bid_id_buyer_id_vendor_id",
        ),
    )
    op.create_index("ix_agreements_vendor", "agreements", ["vendor_id", "id"])
    protect_v1("agreements", *PARTIES, commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("agreements", "SELECT")


def _versions() -> None:
    op.create_table(
        "agreement_versions",
        *_row(
            *of_agreement_v1("agreement_versions"),
            sa.Column("number", sa.BigInteger, nullable=False),
            sa.Column("state", sa.Text, nullable=False),
            sa.Column("language", sa.Text, nullable=False),
            sa.Column("special_terms", sa.Text, nullable=False),
            sa.Column("reason", sa.Text, nullable=False),
            sa.Column("document_id", sa.Uuid),
            *(sa.Column(f"{name}_at", INSTANT) for name in ("offered", "signed", "superseded", "refused")),
        ),
        sa.CheckConstraint(
            "state IN ('drafting', 'offered', 'partly_signed', 'signed', 'superseded', 'refused', 'lapsed')",
            name="ck_agreement_versions_state_known",
        ),
        sa.UniqueConstraint("agreement_id", "number", name="uq_agreement_versions_number"),
        sa.ForeignKeyConstraint(
            ["document_id", *PARTIES],
            ["documents.id", "documents.buyer_id", "documents.vendor_id"],
            name="fk_agreement_versions_document",
        ),
    )
    protect_v1("agreement_versions", *PARTIES, commands=("SELECT", "INSERT", "UPDATE"))


def _change_orders() -> None:
    op.create_table(
        "change_orders",
        *_row(
            *of_agreement_v1("change_orders"),
            sa.Column("number", sa.BigInteger, nullable=False),
            *(
                sa.Column(name, sa.Text, nullable=False)
                for name in ("state", "title", "reason", "line_code", "quantity", "unit", "unit_rate")
            ),
            sa.Column("amount_minor", sa.BigInteger, nullable=False),
            sa.Column("proposed_side", sa.Text, nullable=False),
            sa.Column("proposed_by", sa.Text, nullable=False),
            sa.Column("buyer_accepted_at", INSTANT),
            sa.Column("buyer_accepted_by", sa.Text),
            sa.Column("vendor_accepted_at", INSTANT),
            sa.Column("vendor_accepted_by", sa.Text),
            sa.Column("effective_at", INSTANT),
            sa.Column("rejected_at", INSTANT),
            sa.Column("rejection", sa.Text, nullable=False),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'partly_signed', 'effective', 'rejected', 'lapsed')",
            name="ck_change_orders_state_known",
        ),
        sa.CheckConstraint("amount_minor > 0", name="ck_change_orders_amount_positive"),
        sa.CheckConstraint(
            "state <> 'effective' OR (buyer_accepted_at IS NOT NULL AND vendor_accepted_at IS NOT NULL)",
            name="ck_change_orders_both_accepted",
        ),
        sa.UniqueConstraint("agreement_id", "number", name="uq_change_orders_number"),
    )
    protect_v1("change_orders", *PARTIES, commands=("SELECT", "INSERT", "UPDATE"))
