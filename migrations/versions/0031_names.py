"""A company's new name waits for a moderator's look; old addresses of services lead into the vendor's page; sections
of a profile are saved beside each other."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, functions_v1, staff_v1

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MEMBER = "(SELECT portal_scope()) = 'member' AND company_id = (SELECT portal_company())"


def upgrade() -> None:
    kinds = op.f("ck_cases_ck_cases_kind_known")  # as the naming rule made it
    op.drop_constraint(kinds, "cases", type_="check")
    op.create_check_constraint(kinds, "cases", "kind IN ('service_review', 'conduct', 'name')")
    # A new name opens a case as a service that is sent in does.
    op.execute("DROP POLICY member_insert ON cases")
    allow_v1("cases", "member_insert", "INSERT", f"{MEMBER} AND state = 'open' AND kind IN ('service_review', 'name')")
    # A moderator who gives a company its old name back has it read like that one again.
    staff_v1("company_marks", "INSERT", "DELETE", condition="kind = 'name'")
    functions_v1("names_v1.sql")

    op.add_column("vendor_profiles", sa.Column("field_versions", JSONB, nullable=False, server_default="{}"))
