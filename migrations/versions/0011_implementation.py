"""Plans and milestones."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import protect_v1

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
PARTIES = ("buyer_id", "vendor_id")
STATES = "'scheduled', 'submitted', 'changes_requested', 'accepted', 'waived'"


def upgrade() -> None:
    op.create_table(
        "plans",
        *_of_agreement("plans"),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.UniqueConstraint("agreement_id", name="uq_plans_agreement"),
    )
    protect_v1("plans", *PARTIES, commands=("SELECT", "INSERT"))
    op.create_table(
        "milestones",
        *_of_agreement("milestones"),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("code", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("after", JSONB, nullable=False),
        sa.Column("fee_codes", JSONB, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        *(
            sa.Column(name, sa.Text)
            for name in ("submitted_side", "submitted_by", "accepted_by", "waiver_side", "waiver_by")
        ),
        *(sa.Column(f"{name}_at", INSTANT) for name in ("submitted", "accepted", "changes_requested", "waived")),
        sa.CheckConstraint(f"state IN ({STATES})", name="ck_milestones_state_known"),
        sa.CheckConstraint("owner IN ('buyer', 'vendor', 'joint')", name="ck_milestones_owner_known"),
        sa.UniqueConstraint("agreement_id", "code", name="uq_milestones_code"),
    )
    protect_v1("milestones", *PARTIES, commands=("SELECT", "INSERT", "UPDATE"))


def _of_agreement(table: str) -> tuple[sa.Column | sa.ForeignKeyConstraint, ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("agreement_id", sa.Uuid, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id", *PARTIES],
            ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"],
            name=f"fk_{table}_agreement",
        ),
    )
