"""Letterheads only of companies one does business with, audit entries only in one's own name; what is old ends.

Forms that were sent are forgotten after a while, and change orders that nobody answered lapse.
"""

from alembic import op

from migrations.protection import allow_v1, definer_v1, drop_function_v1, functions_v1

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    drop_function_v1("letterhead(uuid)")
    functions_v1("accounts_v2.sql")
    _audit()
    op.create_index("ix_submissions_created_at", "submissions", ["created_at"])
    definer_v1("submissions", "SELECT", "DELETE")
    functions_v1("kit_v2.sql")
    _change_orders()


def _audit() -> None:
    """Whoever acts signs with their own person, and robots with none; a company's log is written by that company.

    Staff note what they do to a company in its log. Who has not signed in, or belongs to no company yet, leaves
    entries in no company's log, and never without saying who.
    """
    op.execute("DROP POLICY anyone_insert ON audit_entries")
    scope, person = "(SELECT portal_scope())", "(SELECT portal_person())"
    signed = f"person_id IS NOT DISTINCT FROM {person}"
    ours = f"{scope} = 'member' AND company_id = (SELECT portal_company()) AND {signed}"
    allow_v1("audit_entries", "member_insert", "INSERT", ours)
    allow_v1("audit_entries", "staff_insert", "INSERT", f"{scope} = 'staff' AND {signed}")
    allow_v1(
        "audit_entries",
        "public_insert",
        "INSERT",
        f"{scope} = 'public' AND company_id IS NULL AND person_id = {person}",
    )


def _change_orders() -> None:
    op.execute("ALTER TABLE change_orders ADD COLUMN lapsed_at timestamptz")
    # What waits already gets its whole time from now on.
    op.execute(
        "ALTER TABLE change_orders ADD COLUMN answer_due_at timestamptz NOT NULL"
        " DEFAULT (portal_now() + interval '30 days')"
    )
    definer_v1("change_orders", "SELECT")
    functions_v1("agreements_v2.sql")
