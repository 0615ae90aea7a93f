"""Profiles and services of vendors, the public directory, standings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from migrations.protection import definer_v1, functions_v1, protect_v1, public_v1, staff_v1

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _profiles()
    _services()
    _directory()
    _standings()
    functions_v1("catalog_v1.sql")


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, JSONB, nullable=False, server_default="[]")


def _text(name: str, default: str = "") -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False, server_default=default)


def _profiles() -> None:
    op.create_table(
        "vendor_profiles",
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_vendor_profiles_company_id"), primary_key=True
        ),
        *(_text(name) for name in ("headline", "description", "website")),
        *(sa.Column(name, sa.BigInteger) for name in ("founded", "agents", "seats_free")),
        *(_list(name) for name in ("sites", "languages", "industries")),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    )
    protect_v1("vendor_profiles", "company_id", commands=("SELECT", "INSERT", "UPDATE"))
    staff_v1("vendor_profiles", "SELECT")
    definer_v1("vendor_profiles", "SELECT")


def _services() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_services_company_id"), nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("slug", "title")),
        *(_text(name) for name in ("summary", "description")),
        *(_list(name) for name in ("modes", "channels", "languages", "industries", "countries")),
        sa.Column("hours", JSONB, nullable=False, server_default="{}"),
        _text("timezone", "UTC"),
        *(sa.Column(name, sa.BigInteger) for name in ("minimum_agents", "minimum_months", "lead_days")),
        sa.Column("rate_card_id", sa.Uuid),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("change_state", sa.Text),
        sa.Column("submitted", JSONB),
        sa.Column("live", JSONB),
        sa.Column("reasons", JSONB, nullable=False, server_default="{}"),
        *(sa.Column(name, INSTANT) for name in ("submitted_at", "live_at", "paused_at", "retired_at")),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'live', 'changes_requested', 'rejected', 'paused', 'suspended',"
            " 'retired')",
            name="ck_services_state_known",
        ),
        sa.CheckConstraint(
            "change_state IN ('pending', 'confirmed', 'declined', 'cancelled')", name="ck_services_change_state_known"
        ),
        sa.CheckConstraint(
            "state NOT IN ('live', 'paused', 'suspended') OR live IS NOT NULL", name="ck_services_live_has_copy"
        ),
        sa.UniqueConstraint("company_id", "slug", name="uq_services_company_id_slug"),
        sa.UniqueConstraint("id", "company_id", name="uq_services_id_company_id"),
        sa.ForeignKeyConstraint(
            ["rate_card_id", "company_id"], ["rate_cards.id", "rate_cards.company_id"], name="fk_services_rate_card_id"
        ),
    )
    op.create_index("ix_services_company_id", "services", ["company_id"])
    protect_v1("services", "company_id", commands=("SELECT", "INSERT", "UPDATE"))
    # Sending a service in shows it to staff; what was never sent in is nobody's business.
    staff_v1("services", "SELECT", "UPDATE", condition="submitted IS NOT NULL")
    definer_v1("services", "SELECT")


def _directory() -> None:
    op.create_table(
        "directory_entries",
        sa.Column(
            "vendor_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_directory_entries_vendor_id"), primary_key=True
        ),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("name_key", sa.Text(collation="C"), nullable=False),
        *(sa.Column(n, sa.Text, nullable=False) for n in ("country", "city", "timezone", "headline", "description")),
        *(
            sa.Column(name, ARRAY(sa.Text), nullable=False)
            for name in ("channels", "languages", "modes", "industries", "facets")
        ),
        sa.Column("services", JSONB, nullable=False),
        sa.Column("profile", JSONB, nullable=False),
        sa.Column("price_from_minor", sa.BigInteger),
        *(sa.Column(name, sa.Text) for name in ("price_unit", "price_basis", "price_currency")),
        *(sa.Column(name, sa.BigInteger) for name in ("lead_days", "seats_free")),
        sa.Column("rating", sa.Text),
        sa.Column("review_count", sa.BigInteger, nullable=False),
        sa.Column("words", TSVECTOR, nullable=False),
        sa.Column("title_words", TSVECTOR, nullable=False),
        sa.Column("quality", sa.BigInteger, nullable=False),
        sa.Column("listed_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.UniqueConstraint("slug", name="uq_directory_entries_slug"),
    )
    # One index for each order of the list, so that a page at any depth costs what the first one costs.
    for name, columns in (
        ("quality", ("quality DESC", "vendor_id DESC")),
        ("name", ("name_key", "vendor_id")),
        ("listed_at", ("listed_at DESC", "vendor_id DESC")),
    ):
        op.create_index(f"ix_directory_entries_{name}", "directory_entries", [sa.text(column) for column in columns])
    for name in ("facets", "words", "title_words"):
        op.create_index(f"ix_directory_entries_{name}", "directory_entries", [name], postgresql_using="gin")
    public_v1("directory_entries")
    definer_v1("directory_entries", "SELECT", "INSERT", "UPDATE", "DELETE")

    op.create_table(
        "directory_counts",
        sa.Column("facet", sa.Text, primary_key=True),
        sa.Column("count", sa.BigInteger, nullable=False),
    )
    public_v1("directory_counts")
    definer_v1("directory_counts", "SELECT", "INSERT", "UPDATE")


def _standings() -> None:
    op.create_table(
        "standings",
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_standings_company_id"), nullable=False),
        sa.Column("figure", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("n", sa.BigInteger, nullable=False),
        sa.Column("as_of", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("company_id", "figure", name="pk_standings"),
    )
    public_v1("standings")
    definer_v1("standings", "SELECT", "INSERT", "UPDATE")
