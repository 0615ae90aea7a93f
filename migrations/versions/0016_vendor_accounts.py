"""Accounts of vendors at the card provider, and where the money of a card payment goes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import definer_v1, functions_v1, protect_v1

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
STANDINGS = "standing IN ('connecting', 'incomplete', 'checking', 'ready', 'restricted', 'lost')"


def upgrade() -> None:
    op.create_table(
        "vendor_accounts",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.text("portal_now()")),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column(
            "vendor_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_vendor_accounts_vendor_id"), nullable=False
        ),
        sa.Column("provider", sa.Text, nullable=False),
        sa.Column("idem_key", sa.Text, nullable=False),
        sa.Column("request", JSONB, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.Column("ref", sa.Text),
        sa.Column("standing", sa.Text, nullable=False),
        sa.Column("capabilities", JSONB, nullable=False),
        sa.Column("requirements_due", JSONB, nullable=False),
        sa.Column("restriction", sa.Text, nullable=False, server_default=""),
        sa.Column("checked_at", INSTANT),
        sa.Column("link_wanted_at", INSTANT),
        sa.Column("link_url", sa.Text),
        sa.Column("link_given_at", INSTANT),
        sa.Column("link_expires_at", INSTANT),
        sa.Column("failure", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint(STANDINGS, name="ck_vendor_accounts_standing_known"),
        sa.CheckConstraint("standing = 'connecting' OR ref IS NOT NULL", name="ck_vendor_accounts_stands_with_ref"),
        sa.UniqueConstraint("vendor_id", "provider", name="uq_vendor_accounts_vendor"),
        sa.UniqueConstraint("provider", "ref", name="uq_vendor_accounts_ref"),
        sa.UniqueConstraint("idem_key", name="uq_vendor_accounts_idem_key"),
    )
    protect_v1("vendor_accounts", "vendor_id", commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("vendor_accounts", "SELECT")
    op.add_column("payments", sa.Column("destination", sa.Text))
    op.add_column("payments", sa.Column("transfer_ref", sa.Text))
    op.add_column("payments", sa.Column("transferred_minor", sa.BigInteger, nullable=False, server_default="0"))
    op.execute("DROP FUNCTION payments_to_look_at(interval)")  # made anew: it also waits for the transfer
    functions_v1("vendor_accounts_v1.sql")
