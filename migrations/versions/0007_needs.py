"""Requirements with their channels, criteria, scenarios and budgets."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, append_only_v1, definer_v1, force_v1, protect_v1, staff_v1

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
FROZEN = Path(__file__).parent.parent / "sql" / "needs_v1.sql"

MEMBER = "(SELECT portal_scope()) = 'member'"
MINE = f"{MEMBER} AND buyer_id = (SELECT portal_company())"
# Both sub-selects stand for themselves, so each is worked out once per statement and not once per row.
VENDOR = f"{MEMBER} AND (SELECT c.kind FROM companies c WHERE c.id = (SELECT portal_company())) = 'vendor'"

CHANNELS = "'phone', 'email', 'chat', 'social'"
SPLITS = "'by_channel', 'by_hours', 'by_language', 'by_contact_type', 'percent', 'overflow'"
STATES = (
    "'draft', 'in_review', 'published', 'closed', 'opened', 'decided', 'awarded',"
    " 'withdrawn', 'cancelled', 'unsuccessful', 'lapsed'"
)


def upgrade() -> None:
    _requirements()
    _channels()
    _criteria()
    _scenarios()
    _budgets()
    _counters()


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=default is None, server_default=default)


def _needed(name: str, type_: type[sa.types.TypeEngine[object]] | object = sa.Text) -> sa.Column[object]:
    return sa.Column(name, type_, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=default is None, server_default=default)


def _requirements() -> None:
    op.create_table(
        "requirements",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("buyer_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_requirements_buyer_id"), nullable=False),
        *(_needed(name) for name in ("number", "title")),
        _text("summary", ""),
        _needed("mode"),
        _needed("goals", JSONB),
        _text("industry", ""),
        _needed("service_types", JSONB),
        *(_needed(name) for name in ("country", "currency")),
        sa.Column("start_on", sa.Date),
        sa.Column("end_on", sa.Date),
        _number("term_months"),
        _needed("timezone"),
        _needed("hours", JSONB),
        sa.Column("is_24x7", sa.Boolean, nullable=False, server_default="false"),
        _needed("languages", JSONB),
        _text("split_rule"),
        *(_text(name, "") for name in ("split_note", "retained", "wind_down")),
        sa.Column("data_deletion_on", sa.Date),
        sa.Column("deadline_at", INSTANT),
        _text("deadline_local"),
        _text("deadline_zone"),
        _number("validity_days", "60"),
        _number("min_bids", "1"),
        _needed("steps_done", JSONB),
        sa.Column("saved_at", INSTANT),
        _needed("state"),
        *(sa.Column(f"{step}_at", INSTANT) for step in ("published", "closed", "opened", "decided", "awarded")),
        sa.Column("ended_at", INSTANT),
        _text("end_reason", ""),
        _number("version", "1"),
        sa.CheckConstraint(f"state IN ({STATES})", name="ck_requirements_state_known"),
        sa.CheckConstraint("mode IN ('full', 'partial', 'temporary')", name="ck_requirements_mode_known"),
        sa.CheckConstraint(f"split_rule IN ({SPLITS})", name="ck_requirements_split_rule_known"),
        sa.UniqueConstraint("id", "buyer_id", name="uq_requirements_id"),
        sa.UniqueConstraint("buyer_id", "number", name="uq_requirements_number"),
        sa.CheckConstraint("end_on >= start_on", name="ck_requirements_ends_after_start"),
        sa.CheckConstraint("term_months BETWEEN 1 AND 120", name="ck_requirements_term_bounded"),
        sa.CheckConstraint(
            "validity_days BETWEEN 1 AND 365 AND min_bids BETWEEN 1 AND 10", name="ck_requirements_numbers_bounded"
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR (deadline_at > published_at AND start_on IS NOT NULL AND term_months IS NOT NULL)",
            name="ck_requirements_complete_when_published",
        ),
        sa.CheckConstraint(
            "published_at IS NOT NULL OR state IN ('draft', 'in_review', 'cancelled')",
            name="ck_requirements_published_first",
        ),
    )
    op.create_index("ix_requirements_buyer_id", "requirements", ["buyer_id", "id"])
    op.create_index(
        "ix_requirements_open", "requirements", ["deadline_at", "id"], postgresql_where=sa.text("state = 'published'")
    )
    protect_v1("requirements", "buyer_id", commands=("SELECT", "INSERT", "UPDATE"))
    allow_v1("requirements", "vendor_select", "SELECT", f"{VENDOR} AND published_at IS NOT NULL")
    staff_v1("requirements", "SELECT", condition="published_at IS NOT NULL")
    # Closing and opening lock and move the row from functions of selection.
    definer_v1("requirements", "SELECT", "UPDATE")
    for statement in FROZEN.read_text().split("-- next\n"):
        op.execute(statement)


def _child(table: str, *columns: sa.schema.SchemaItem, key: bool = True) -> None:
    """A table whose rows belong to a requirement and to the same company as it."""
    first = [sa.Column("id", sa.Uuid, primary_key=True)] if key else []
    op.create_table(
        table,
        *first,
        sa.Column("requirement_id", sa.Uuid, primary_key=not key, nullable=False),
        _needed("buyer_id", sa.Uuid),
        *columns,
        sa.ForeignKeyConstraint(
            ["requirement_id", "buyer_id"],
            ["requirements.id", "requirements.buyer_id"],
            name=f"fk_{table}_requirement",
        ),
    )


def _protect_child(table: str, *commands: str) -> None:
    """The buyer writes while the requirement is unpublished; whoever may see a published one may see this of it.

    Whether it is published is asked of the requirement and not copied: these rows are few and always found by their
    requirement, so the look-up costs one index access, and there is no second copy of a fact to go wrong.
    """
    force_v1(table)
    parent = f"SELECT 1 FROM requirements r WHERE r.id = {table}.requirement_id"
    allow_v1(table, "member_select", "SELECT", MINE)
    for command in commands:
        draft = f"{MINE} AND EXISTS ({parent} AND r.published_at IS NULL)"
        allow_v1(table, f"member_{command.lower()}", command, draft)
    published = f"EXISTS ({parent} AND r.published_at IS NOT NULL)"
    allow_v1(table, "vendor_select", "SELECT", f"{VENDOR} AND {published}")
    staff_v1(table, "SELECT", condition=published)


def _channels() -> None:
    _child(
        "requirement_channels",
        _needed("channel"),
        _number("aht_s"),
        _number("concurrency", "1"),
        _needed("monthly", JSONB),
        _needed("source"),
        sa.Column("measured", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_files.id", name="fk_requirement_channels_file_id")),
        sa.Column("file_findings", JSONB),
        *(_text(name) for name in ("target_metric", "target_value", "target_minimum")),
        _number("target_seconds"),
        sa.CheckConstraint(f"channel IN ({CHANNELS})", name="ck_requirement_channels_channel_known"),
        sa.CheckConstraint("source IN ('typed', 'file')", name="ck_requirement_channels_source_known"),
        sa.UniqueConstraint("requirement_id", "channel", name="uq_requirement_channels_channel"),
        sa.CheckConstraint("aht_s BETWEEN 1 AND 7200", name="ck_requirement_channels_aht_bounded"),
        sa.CheckConstraint("concurrency BETWEEN 1 AND 4", name="ck_requirement_channels_concurrency_bounded"),
    )
    _protect_child("requirement_channels", "INSERT", "UPDATE", "DELETE")


def _criteria() -> None:
    _child(
        "criteria",
        *(_needed(name) for name in ("code", "title")),
        _text("description", ""),
        _needed("weight", sa.BigInteger),
        _needed("kind"),
        _number("minimum"),
        _needed("position", sa.BigInteger),
        sa.CheckConstraint("kind IN ('quality', 'price')", name="ck_criteria_kind_known"),
        sa.UniqueConstraint("requirement_id", "code", name="uq_criteria_code"),
        sa.UniqueConstraint("id", "requirement_id", "buyer_id", name="uq_criteria_id"),
        sa.CheckConstraint("weight BETWEEN 1 AND 100 AND minimum BETWEEN 0 AND 5", name="ck_criteria_numbers_bounded"),
    )
    op.create_index(
        "uq_criteria_one_price", "criteria", ["requirement_id"], unique=True, postgresql_where=sa.text("kind = 'price'")
    )
    _protect_child("criteria", "INSERT", "UPDATE", "DELETE")


def _scenarios() -> None:
    _child(
        "scenarios",
        _needed("name"),
        _needed("document", JSONB),
        _needed("sha256"),
        _needed("frozen_at", INSTANT),
        sa.CheckConstraint("name IN ('base', 'low', 'high')", name="ck_scenarios_name_known"),
        sa.UniqueConstraint("requirement_id", "name", name="uq_scenarios_name"),
    )
    _protect_child("scenarios", "INSERT")
    append_only_v1("scenarios")


def _budgets() -> None:
    _child(
        "requirement_budgets",
        *(_number(name) for name in ("budget_total_minor", "budget_month_minor", "inhouse_month_minor")),
        key=False,
    )
    protect_v1("requirement_budgets", "buyer_id")


def _counters() -> None:
    op.create_table(
        "requirement_counters",
        sa.Column(
            "buyer_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_requirement_counters_buyer_id"), nullable=False
        ),
        _needed("year", sa.BigInteger),
        _needed("last", sa.BigInteger),
        sa.PrimaryKeyConstraint("buyer_id", "year", name="pk_requirement_counters"),
    )
    protect_v1("requirement_counters", "buyer_id", commands=("SELECT", "INSERT", "UPDATE"))
