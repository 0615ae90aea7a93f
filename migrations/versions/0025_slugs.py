"""Addresses of vendors and services that survive a new name: every one that was ever given stays its owner's."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

from migrations.protection import APP, DEFINER, definer_v1, drop_function_v1, force_v1, functions_v1

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

CREATE = "company_create(uuid, uuid, text, text, text, text, text, text)"
INNER = ("company_slug_take(uuid, text)", "company_slug_keep()")


def upgrade() -> None:
    op.create_table(
        "company_slugs",
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("portal_now()")),
        sa.PrimaryKeyConstraint("slug", name="pk_company_slugs"),
        # Checked at the end: an address is taken before the company that gets it is written.
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name="fk_company_slugs_company_id", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_company_slugs_company_id", "company_slugs", ["company_id", "taken_at"])
    force_v1("company_slugs")
    definer_v1("company_slugs", "SELECT", "INSERT")
    op.execute("INSERT INTO company_slugs (slug, company_id, taken_at) SELECT slug, id, created_at FROM companies")

    op.add_column("services", sa.Column("old_slugs", ARRAY(sa.Text), nullable=False, server_default="{}"))

    drop_function_v1(CREATE)
    functions_v1("slugs_v1.sql")
    op.execute(f"SET LOCAL ROLE {DEFINER}")
    for signature in INNER:
        op.execute(f"REVOKE EXECUTE ON FUNCTION {signature} FROM {APP}")
    op.execute("GRANT EXECUTE ON FUNCTION company_slug_keep() TO portal_owner")  # to make the trigger with it
    op.execute("RESET ROLE")
    op.execute(
        "CREATE TRIGGER keep_slug AFTER INSERT OR UPDATE OF slug ON companies"
        " FOR EACH ROW EXECUTE FUNCTION company_slug_keep()"
    )
