"""Versions of a requirement, its amendment, review before publication, templates, and who has looked at it.

What was published before gets its version 1, made here from the rows as they stand.
"""

import hashlib
import json
import uuid
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, append_only_v1, definer_v1, force_v1, functions_v1, protect_v1, staff_v1

revision = "0033"
down_revision = "0031"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
GUARDS = Path(__file__).parent.parent / "sql" / "needs_guards_v2.sql"

MEMBER = "(SELECT portal_scope()) = 'member'"
MINE = f"{MEMBER} AND buyer_id = (SELECT portal_company())"
OWN = f"{MEMBER} AND vendor_id = (SELECT portal_company())"
VENDOR = f"{MEMBER} AND (SELECT c.kind FROM companies c WHERE c.id = (SELECT portal_company())) = 'vendor'"
REASONS = "'budget', 'no_need', 'in_house', 'scope', 'few_offers', 'procedure', 'other'"
CHANGES = "'volumes', 'scope', 'dates', 'targets', 'criteria', 'clarity', 'error', 'law', 'other'"
PROCESS = (
    "id created_at buyer_id version number state published_at closed_at opened_at decided_at awarded_at ended_at"
    " end_reason end_code steps_done saved_at version_number amends_id amends_version author_id in_review_at"
    " review_asked_by approved_by review_note change_reason change_note"
).split()


def upgrade() -> None:
    _requirements()
    _versions()
    _confirmations()
    _looks()
    _templates()
    op.add_column("company_details", sa.Column("needs_approval", sa.Boolean, nullable=False, server_default="false"))
    _criteria()
    _bids()
    _writing()
    _first_versions()
    functions_v1("needs_v2.sql")
    for statement in GUARDS.read_text().split("-- next\n"):
        op.execute(statement)


def _requirements() -> None:
    columns = (
        sa.Column("version_number", sa.BigInteger, nullable=False, server_default="0"),
        sa.Column("amends_id", sa.Uuid),
        sa.Column("amends_version", sa.BigInteger),
        *(sa.Column(name, sa.Uuid) for name in ("author_id", "review_asked_by", "approved_by")),
        sa.Column("in_review_at", INSTANT),
        *(
            sa.Column(name, sa.Text, nullable=False, server_default="")
            for name in ("review_note", "end_code", "change_reason", "change_note")
        ),
    )
    for column in columns:
        op.add_column("requirements", column)
    op.execute("ALTER TABLE requirements DISABLE TRIGGER stay_as_published")
    op.execute("UPDATE requirements SET version_number = 1 WHERE published_at IS NOT NULL")
    op.execute("ALTER TABLE requirements ENABLE TRIGGER stay_as_published")
    checks = {
        "version_counted": "published_at IS NULL OR version_number >= 1",
        "copies_unpublished": "amends_id IS NULL OR published_at IS NULL",
        "approved_by_another": "approved_by IS NULL OR (approved_by IS DISTINCT FROM author_id"
        " AND approved_by IS DISTINCT FROM review_asked_by)",
        "end_code_known": f"end_code IN ('', {REASONS})",
        "change_reason_known": f"change_reason IN ('', {CHANGES})",
    }
    for name, condition in checks.items():
        op.create_check_constraint(op.f(f"ck_requirements_{name}"), "requirements", condition)
    op.create_foreign_key(
        "fk_requirements_amends", "requirements", "requirements", ["amends_id", "buyer_id"], ["id", "buyer_id"]
    )
    op.create_index(
        "uq_requirements_one_amendment",
        "requirements",
        ["amends_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('draft', 'in_review')"),
    )


def _of_requirement(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name=f"fk_{table}_requirement"
    )


def _row(key: bool = True) -> tuple[sa.Column[Any], ...]:
    first = (sa.Column("id", sa.Uuid, primary_key=True),) if key else ()
    return (
        *first,
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
    )


def _versions() -> None:
    op.create_table(
        "requirement_versions",
        *_row(),
        sa.Column("requirement_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("is_material", sa.Boolean, nullable=False, server_default="false"),
        sa.Column("by_side", sa.Text, nullable=False, server_default="buyer"),
        sa.CheckConstraint(
            "kind IN ('published', 'amended', 'extended', 'refined')", name="ck_requirement_versions_kind_known"
        ),
        sa.CheckConstraint(f"reason IN ('', {CHANGES})", name="ck_requirement_versions_reason_known"),
        sa.CheckConstraint("by_side IN ('buyer', 'vendor')", name="ck_requirement_versions_by_side_known"),
        sa.CheckConstraint("number >= 1", name="ck_requirement_versions_number_counted"),
        # What both sides refine is between the two; everything before is for every vendor.
        sa.CheckConstraint("(kind = 'refined') = (vendor_id IS NOT NULL)", name="ck_requirement_versions_private"),
        sa.UniqueConstraint("requirement_id", "number", "buyer_id", name="uq_requirement_versions_number"),
        sa.ForeignKeyConstraint(["vendor_id"], ["companies.id"], name="fk_requirement_versions_vendor_id"),
        _of_requirement("requirement_versions"),
    )
    force_v1("requirement_versions")
    allow_v1("requirement_versions", "buyer_select", "SELECT", MINE)
    parent = "SELECT 1 FROM requirements r WHERE r.id = requirement_versions.requirement_id"
    allow_v1(
        "requirement_versions",
        "vendor_select",
        "SELECT",
        f"{VENDOR} AND (vendor_id = (SELECT portal_company())"
        f" OR (vendor_id IS NULL AND EXISTS ({parent} AND r.published_at IS NOT NULL)))",
    )
    staff_v1("requirement_versions", "SELECT", condition="vendor_id IS NULL")
    # The buyer stores the version its requirement has come to; two parties store what they refine after the award.
    current = f"EXISTS ({parent} AND r.version_number = requirement_versions.number)"
    allow_v1("requirement_versions", "buyer_insert", "INSERT", f"{MINE} AND vendor_id IS NULL AND {current}")
    for side, condition in (("buyer", MINE), ("vendor", OWN)):
        allow_v1(
            "requirement_versions",
            f"{side}_refine",
            "INSERT",
            f"{condition} AND by_side = '{side}' AND {_accepted('requirement_versions')}",
        )
    append_only_v1("requirement_versions")


def _accepted(table: str) -> str:
    """That the two parties of a row are those of an accepted award."""
    return (
        f"EXISTS (SELECT 1 FROM awards a WHERE a.requirement_id = {table}.requirement_id"
        f" AND a.vendor_id = {table}.vendor_id AND a.state = 'accepted')"
    )


def _confirmations() -> None:
    op.create_table(
        "requirement_confirmations",
        *_row(),
        sa.Column("requirement_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.CheckConstraint("side IN ('buyer', 'vendor')", name="ck_requirement_confirmations_side_known"),
        sa.UniqueConstraint("requirement_id", "number", "side", name="uq_requirement_confirmations_once"),
        sa.ForeignKeyConstraint(["vendor_id"], ["companies.id"], name="fk_requirement_confirmations_vendor_id"),
        sa.ForeignKeyConstraint(
            ["requirement_id", "number", "buyer_id"],
            ["requirement_versions.requirement_id", "requirement_versions.number", "requirement_versions.buyer_id"],
            name="fk_requirement_confirmations_version",
        ),
    )
    table = "requirement_confirmations"
    protect_v1(table, "buyer_id", "vendor_id", commands=("SELECT",))
    # Everybody confirms for their own side, in their own name, and only the last version.
    last = (
        "NOT EXISTS (SELECT 1 FROM requirement_versions v"
        f" WHERE v.requirement_id = {table}.requirement_id AND v.number > {table}.number)"
    )
    for side, condition in (("buyer", MINE), ("vendor", OWN)):
        signed = f"side = '{side}' AND person_id = (SELECT portal_person())"
        allow_v1(table, f"{side}_insert", "INSERT", f"{condition} AND {signed} AND {last} AND {_accepted(table)}")
    append_only_v1(table)


def _looks() -> None:
    op.create_table(
        "requirement_looks",
        sa.Column("requirement_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("first_at", INSTANT, nullable=False, server_default=NOW),
        sa.PrimaryKeyConstraint("requirement_id", "vendor_id", name="pk_requirement_looks"),
        sa.ForeignKeyConstraint(["vendor_id"], ["companies.id"], name="fk_requirement_looks_vendor_id"),
        _of_requirement("requirement_looks"),
    )
    # The buyer must not learn who is interested: the rows are the vendor's alone.
    protect_v1("requirement_looks", "vendor_id", commands=("SELECT", "INSERT"))
    definer_v1("requirement_looks", "SELECT")


def _templates() -> None:
    op.create_table(
        "requirement_templates",
        *_row(),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("mode", sa.Text, nullable=False),
        sa.Column("document", JSONB, nullable=False),
        sa.UniqueConstraint("buyer_id", "name", name="uq_requirement_templates_name"),
        sa.ForeignKeyConstraint(["buyer_id"], ["companies.id"], name="fk_requirement_templates_buyer_id"),
    )
    protect_v1("requirement_templates", "buyer_id")


def _criteria() -> None:
    """A criterion that an amendment drops stays in the table, because answers point at it."""
    op.add_column("criteria", sa.Column("dropped_at", INSTANT))
    op.drop_index("uq_criteria_one_price", "criteria")
    op.create_index(
        "uq_criteria_one_price",
        "criteria",
        ["requirement_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'price' AND dropped_at IS NULL"),
    )


def _bids() -> None:
    op.add_column("bids", sa.Column("requirement_version", sa.BigInteger))
    op.execute("UPDATE bids SET requirement_version = 1 WHERE submitted_at IS NOT NULL")
    op.execute("GRANT UPDATE (requirement_version) ON bids TO portal_app")


def _writing() -> None:
    """Rows of a requirement are written in a draft, or between counting its version up and storing that version."""
    parts = {
        "requirement_channels": ("INSERT", "UPDATE", "DELETE"),
        "criteria": ("INSERT", "UPDATE", "DELETE"),
        "requirement_staffing": ("INSERT", "UPDATE"),
        "scenarios": ("INSERT",),
    }
    for table, commands in parts.items():
        unpublished = "r.state IN ('draft', 'in_review')" if table == "scenarios" else "r.state = 'draft'"
        written = (
            f"{MINE} AND EXISTS (SELECT 1 FROM requirements r WHERE r.id = {table}.requirement_id AND ({unpublished}"
            " OR (r.state = 'published' AND NOT EXISTS (SELECT 1 FROM requirement_versions v"
            " WHERE v.requirement_id = r.id AND v.number = r.version_number))))"
        )
        for command in commands:
            op.execute(f"DROP POLICY member_{command.lower()} ON {table}")
            allow_v1(table, f"member_{command.lower()}", command, written)


def _first_versions() -> None:
    connection = op.get_bind()
    connection.execute(sa.text("SET LOCAL TIME ZONE 'UTC'"))  # in which documents write instants
    insert = sa.text(
        "INSERT INTO requirement_versions (id, created_at, buyer_id, requirement_id, number, kind, document, sha256)"
        " VALUES (:id, :at, :buyer, :requirement, 1, 'published', CAST(:document AS jsonb), :sha256)"
    )
    published = (
        "SELECT id, buyer_id, published_at, to_jsonb(r) AS row FROM requirements r WHERE published_at IS NOT NULL"
    )
    for requirement in connection.execute(sa.text(published)).all():
        document = {
            "requirement": {name: value for name, value in requirement.row.items() if name not in PROCESS},
            "channels": _rows(connection, "requirement_channels", requirement.id, "channel", "file_id"),
            "criteria": _rows(connection, "criteria", requirement.id, "position", "dropped_at"),
            "scenarios": [
                {"name": one["name"], "version": one["version"], "sha256": one["sha256"]}
                for one in _rows(connection, "scenarios", requirement.id, "name")
            ],
        }
        text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        values = {
            "id": uuid.uuid4(),
            "at": requirement.published_at,
            "buyer": requirement.buyer_id,
            "requirement": requirement.id,
            "document": text,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
        }
        connection.execute(insert, values)


def _rows(connection: sa.Connection, table: str, requirement_id: uuid.UUID, order: str, *without: str) -> list[Any]:
    query = sa.text(f"SELECT to_jsonb(t) AS row FROM {table} t WHERE requirement_id = :id ORDER BY {order}")
    keys = {"id", "requirement_id", "buyer_id", *without}
    return [
        {name: value for name, value in found.row.items() if name not in keys}
        for found in connection.execute(query, {"id": requirement_id})
    ]
