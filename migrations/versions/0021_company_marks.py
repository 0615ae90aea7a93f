"""By what companies that pose as others are noticed, and vendors whose changes of prices pass by themselves."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import allow_v1, definer_v1, force_v1, functions_v1, protect_v1, staff_v1

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MEMBER = "(SELECT portal_scope()) = 'member' AND company_id = (SELECT portal_company())"


def upgrade() -> None:
    op.create_table(
        "company_marks",
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_company_marks_company_id"), nullable=False
        ),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "kind", name="pk_company_marks"),
        sa.CheckConstraint("kind IN ('name', 'tax', 'site')", name="ck_company_marks_kind_known"),
    )
    op.create_index("ix_company_marks_value", "company_marks", ["kind", "value"])
    protect_v1("company_marks", "company_id")
    staff_v1("company_marks", "SELECT")

    op.create_table(
        "trusted_vendors",
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_trusted_vendors_company_id"), primary_key=True
        ),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
    )
    force_v1("trusted_vendors")
    allow_v1("trusted_vendors", "member_select", "SELECT", MEMBER)
    staff_v1("trusted_vendors", "SELECT", "INSERT", "DELETE")
    definer_v1("trusted_vendors", "SELECT")

    verdicts = op.f("ck_decisions_ck_decisions_verdict_known")  # as the naming rule made it
    op.drop_constraint(verdicts, "decisions", type_="check")
    op.create_check_constraint(
        verdicts,
        "decisions",
        "verdict IN ('approve', 'send_back', 'reject', 'uphold', 'reopen', 'close', 'passed')",
    )
    definer_v1("decisions", "INSERT", condition="verdict = 'passed'")
    functions_v1("moderation_v2.sql")
