"""Cases of moderators and what they decide; what a case in hand lets staff read of a company."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, append_only_v1, definer_v1, force_v1, functions_v1, staff_v1

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MEMBER = "(SELECT portal_scope()) = 'member' AND company_id = (SELECT portal_company())"


def upgrade() -> None:
    _cases()
    _decisions()
    _staff_through_case()
    functions_v1("moderation_v1.sql")


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_cases_company_id"), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("submitted", JSONB, nullable=False),
        sa.Column("published", JSONB),
        sa.Column("opened_by", sa.Text, nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("assigned_to", sa.Uuid),
        sa.Column("assigned_name", sa.Text, nullable=False, server_default=""),
        sa.Column("assigned_at", INSTANT),
        sa.Column("decided_at", INSTANT),
        sa.Column("appealed_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("appeal", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.CheckConstraint("kind IN ('service_review', 'conduct')", name="ck_cases_kind_known"),
        sa.CheckConstraint(
            "state IN ('open', 'assigned', 'decided', 'appealed', 'closed')", name="ck_cases_state_known"
        ),
        sa.CheckConstraint("state <> 'assigned' OR assigned_to IS NOT NULL", name="ck_cases_assigned_to_somebody"),
    )
    # A subject has one case in hand at a time: two moderators cannot decide the same thing differently.
    op.create_index(
        "uq_cases_in_hand",
        "cases",
        ["kind", "subject_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('open', 'assigned', 'appealed')"),
    )
    op.create_index("ix_cases_state", "cases", ["state", "due_at"])
    op.create_index("ix_cases_company_id", "cases", ["company_id"])
    force_v1("cases")
    staff_v1("cases", "SELECT", "INSERT", "UPDATE")
    # Sending a service in opens its case; what becomes of it is for staff.
    allow_v1("cases", "member_insert", "INSERT", f"{MEMBER} AND state = 'open' AND kind = 'service_review'")
    definer_v1("cases", "SELECT", "UPDATE")


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("case_id", sa.Uuid, sa.ForeignKey("cases.id", name="fk_decisions_case_id"), nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("reasons", JSONB, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.CheckConstraint(
            "verdict IN ('approve', 'send_back', 'reject', 'uphold', 'reopen', 'close')",
            name="ck_decisions_verdict_known",
        ),
    )
    op.create_index("ix_decisions_case_id", "decisions", ["case_id"])
    force_v1("decisions")
    staff_v1("decisions", "SELECT", "INSERT")
    append_only_v1("decisions")


def _staff_through_case() -> None:
    """Staff read what two companies keep between them only while a case about one of them is theirs.

    Checking a service needs none of it, so that kind of case opens nothing.
    """
    for table in ("threads", "messages", "agreements"):
        in_hand = (
            "(SELECT portal_scope()) = 'staff' AND EXISTS (SELECT 1 FROM cases c"
            " WHERE c.assigned_to = (SELECT portal_person()) AND c.state = 'assigned' AND c.kind = 'conduct'"
            f" AND c.company_id IN ({table}.buyer_id, {table}.vendor_id))"
        )
        allow_v1(table, "staff_case_select", "SELECT", in_hand)
