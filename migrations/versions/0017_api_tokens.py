"""Tokens by which programs act for a person's seat in a company, and the answers that repeated requests get again."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import definer_v1, functions_v1, protect_v1

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_unique_constraint("uq_memberships_seat", "memberships", ["id", "company_id", "person_id"])
    _tokens()
    _answers()
    functions_v1("api_tokens_v1.sql")


def _tokens() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_api_tokens_company_id"), nullable=False
        ),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_api_tokens_person_id"), nullable=False),
        sa.Column("membership_id", sa.Uuid),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("ending", sa.Text, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("revoked_at", INSTANT),
        sa.Column("last_used_at", INSTANT),
        sa.CheckConstraint("scope IN ('read', 'write')", name="ck_api_tokens_scope_known"),
        sa.UniqueConstraint("token_hash", name="uq_api_tokens_token_hash"),
        # Whoever leaves takes the seat along: a token without one opens nothing, also after a later return.
        sa.ForeignKeyConstraint(
            ["membership_id", "company_id", "person_id"],
            ["memberships.id", "memberships.company_id", "memberships.person_id"],
            name="fk_api_tokens_seat",
            ondelete="SET NULL (membership_id)",
        ),
    )
    op.create_index("ix_api_tokens_company_id", "api_tokens", ["company_id", "id"])
    op.create_index("ix_api_tokens_membership_id", "api_tokens", ["membership_id"])
    protect_v1("api_tokens", "company_id", commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("api_tokens", "SELECT", "UPDATE")


def _answers() -> None:
    """What a program's request was answered the first time; of the company whose request it was."""
    op.create_table(
        "submission_answers",
        sa.Column(
            "key",
            sa.Text,
            sa.ForeignKey("submissions.key", name="fk_submission_answers_key", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column(
            "company_id",
            sa.Uuid,
            sa.ForeignKey("companies.id", name="fk_submission_answers_company_id"),
            nullable=False,
        ),
        sa.Column("status", sa.BigInteger, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    protect_v1("submission_answers", "company_id", commands=("SELECT", "INSERT"))
