"""What a service costs the buyer itself, and its own answers to whether it should outsource at all."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import protect_v1

revision = "0034"
down_revision = "0030"
branch_labels = None
depends_on = None


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name=f"fk_{table}_requirement"
    )


def upgrade() -> None:
    op.create_table(
        "in_house_baselines",
        sa.Column("requirement_id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("typed", JSONB, nullable=False),
        sa.Column("taken", JSONB, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        _belongs("in_house_baselines"),
    )
    protect_v1("in_house_baselines", "buyer_id")

    op.create_table(
        "self_assessments",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("portal_now()")),
        sa.Column(
            "buyer_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_self_assessments_buyer_id"), nullable=False
        ),
        sa.Column("requirement_id", sa.Uuid),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        _belongs("self_assessments"),
        sa.UniqueConstraint("requirement_id", name="uq_self_assessments_requirement_id"),
    )
    op.create_index("ix_self_assessments_buyer_id", "self_assessments", ["buyer_id", "id"])
    protect_v1("self_assessments", "buyer_id")
