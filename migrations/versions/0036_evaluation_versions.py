"""Must-haves and the rules of the ranking change with a next version of their requirement, as criteria do."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import allow_v1

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

MINE = "(SELECT portal_scope()) = 'member' AND buyer_id = (SELECT portal_company())"


def upgrade() -> None:
    # One that an amendment drops stays in the table, because answers point at it.
    op.add_column("knock_outs", sa.Column("dropped_at", sa.DateTime(timezone=True)))
    for table in ("knock_outs", "evaluation_rules"):
        # In a draft, or between counting the requirement's version up and storing that version.
        written = (
            f"{MINE} AND EXISTS (SELECT 1 FROM requirements r WHERE r.id = {table}.requirement_id"
            " AND (r.state = 'draft' OR (r.state = 'published' AND NOT EXISTS (SELECT 1 FROM requirement_versions v"
            " WHERE v.requirement_id = r.id AND v.number = r.version_number))))"
        )
        for command in ("INSERT", "UPDATE", "DELETE"):
            op.execute(f"DROP POLICY member_{command.lower()} ON {table}")
            allow_v1(table, f"member_{command.lower()}", command, written)
