"""What a buyer assumes for staffing, and scenarios with versions, of a temporary service too."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, force_v1

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None

MINE = "(SELECT portal_scope()) = 'member' AND buyer_id = (SELECT portal_company())"
DRAFT = (
    f"{MINE} AND EXISTS (SELECT 1 FROM requirements r"
    " WHERE r.id = requirement_staffing.requirement_id AND r.published_at IS NULL)"
)


def upgrade() -> None:
    op.create_table(
        "requirement_staffing",
        sa.Column("requirement_id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("inputs", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["requirement_id", "buyer_id"],
            ["requirements.id", "requirements.buyer_id"],
            name="fk_requirement_staffing_requirement",
        ),
    )
    force_v1("requirement_staffing")
    allow_v1("requirement_staffing", "member_select", "SELECT", MINE)
    # What the frozen scenarios rest on stays with them.
    for command in ("INSERT", "UPDATE"):
        allow_v1("requirement_staffing", f"member_{command.lower()}", command, DRAFT)

    op.add_column("scenarios", sa.Column("version", sa.BigInteger, nullable=False, server_default="1"))
    names = op.f("ck_scenarios_ck_scenarios_name_known")  # as the naming rule made it
    op.drop_constraint(names, "scenarios", type_="check")
    op.create_check_constraint(names, "scenarios", "name IN ('base', 'low', 'high', 'temporary')")
    op.create_check_constraint(op.f("ck_scenarios_version_counted"), "scenarios", "version >= 1")
    op.drop_constraint("uq_scenarios_name", "scenarios", type_="unique")
    op.create_unique_constraint("uq_scenarios_name", "scenarios", ["requirement_id", "name", "version"])
