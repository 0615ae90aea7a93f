"""Rate cards of vendors, and exchange rates with their source."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import protect_v1, public_v1, staff_v1

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rate_cards",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.text("portal_now()")),
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_rate_cards_company_id"), nullable=False
        ),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("active_at", INSTANT),
        sa.Column("archived_at", INSTANT),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.CheckConstraint("state IN ('draft', 'active', 'archived')", name="ck_rate_cards_state_known"),
        sa.CheckConstraint("length(currency) = 3", name="ck_rate_cards_currency_code"),
        sa.UniqueConstraint("company_id", "name", name="uq_rate_cards_company_id"),
        sa.UniqueConstraint("id", "company_id", name="uq_rate_cards_id"),
    )
    protect_v1("rate_cards", "company_id", commands=("SELECT", "INSERT", "UPDATE"))

    op.create_table(
        "exchange_rates",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("base", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("rate", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("imported_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("day", "base", "currency", name="pk_exchange_rates"),
    )
    public_v1("exchange_rates")
    staff_v1("exchange_rates", "INSERT", "UPDATE")
