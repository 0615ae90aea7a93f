"""Published versions of rate cards, each with the days it is valid; what is in use now becomes version 1."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import append_only_v1, protect_v1

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "rate_card_versions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=sa.text("portal_now()")),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("card_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("valid_from", sa.Date, nullable=False),
        sa.Column("valid_to", sa.Date),
        sa.Column("published_by", sa.Text, nullable=False),
        sa.CheckConstraint("valid_to >= valid_from", name="ck_rate_card_versions_days_in_order"),
        sa.UniqueConstraint("card_id", "number", name="uq_rate_card_versions_number"),
        sa.UniqueConstraint("card_id", "valid_from", name="uq_rate_card_versions_valid_from"),
        sa.ForeignKeyConstraint(
            ["card_id", "company_id"], ["rate_cards.id", "rate_cards.company_id"], name="fk_rate_card_versions_card"
        ),
    )
    op.create_index("ix_rate_card_versions_company_id", "rate_card_versions", ["company_id"])
    op.execute(
        "INSERT INTO rate_card_versions (id, company_id, card_id, number, document, valid_from, published_by)"
        " SELECT gen_random_uuid(), company_id, id, 1, document, (active_at AT TIME ZONE 'UTC')::date, ''"
        "   FROM rate_cards WHERE active_at IS NOT NULL"
    )
    # What was published is never changed: services and bids quote it.
    protect_v1("rate_card_versions", "company_id", commands=("SELECT", "INSERT"))
    append_only_v1("rate_card_versions")
