"""What buyers keep of the directory: shortlists of companies, saved searches of people."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import allow_v1, definer_v1, force_v1, functions_v1, protect_v1

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
# A colleague's searches are nobody's business: the person counts beside the company.
OWN = (
    "(SELECT portal_scope()) = 'member' AND company_id = (SELECT portal_company())"
    " AND person_id = (SELECT portal_person())"
)


def upgrade() -> None:
    _shortlists()
    _searches()
    functions_v1("kept_v1.sql")


def _row() -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
    )


def _company(table: str, name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid, sa.ForeignKey("companies.id", name=f"fk_{table}_{name}"), nullable=False)


def _version() -> sa.Column:
    return sa.Column("version", sa.BigInteger, nullable=False, server_default="1")


def _shortlists() -> None:
    op.create_table(
        "shortlist_entries",
        *_row(),
        _company("shortlist_entries", "company_id"),
        _company("shortlist_entries", "vendor_id"),
        sa.Column("vendor_name", sa.Text, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _version(),
        sa.UniqueConstraint("company_id", "vendor_id", name="uq_shortlist_entries_company_id"),
    )
    protect_v1("shortlist_entries", "company_id")


def _searches() -> None:
    op.create_table(
        "saved_searches",
        *_row(),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("query", sa.Text, nullable=False),
        sa.Column("by_mail", sa.Boolean, nullable=False),
        sa.Column("is_broad", sa.Boolean, nullable=False),
        sa.Column("watched_from", INSTANT, nullable=False, server_default=NOW),
        sa.Column("looked_at", INSTANT, nullable=False, server_default=NOW),
        _version(),
        sa.UniqueConstraint("company_id", "person_id", "name", name="uq_saved_searches_company_id_name"),
        sa.UniqueConstraint("company_id", "person_id", "query", name="uq_saved_searches_company_id_query"),
        sa.UniqueConstraint("id", "company_id", "person_id", name="uq_saved_searches_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "person_id"],
            ["memberships.company_id", "memberships.person_id"],
            name="fk_saved_searches_company_id",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "searched_vendors",
        sa.Column("search_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("told_at", INSTANT),
        sa.PrimaryKeyConstraint("search_id", "vendor_id", name="pk_searched_vendors"),
        sa.ForeignKeyConstraint(
            ["search_id", "company_id", "person_id"],
            ["saved_searches.id", "saved_searches.company_id", "saved_searches.person_id"],
            name="fk_searched_vendors_search_id",
            ondelete="CASCADE",
        ),
    )
    for table in ("saved_searches", "searched_vendors"):
        force_v1(table)
        for command in ("SELECT", "INSERT", "UPDATE", "DELETE"):
            allow_v1(table, f"own_{command.lower()}", command, OWN)
    definer_v1("saved_searches", "SELECT")
