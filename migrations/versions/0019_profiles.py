"""Vendor profiles in depth: certificates, references, free seats by date, closures."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, definer_v1, force_v1, functions_v1, protect_v1, staff_v1

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
MINE = "(SELECT portal_scope()) = 'member' AND company_id = (SELECT portal_company())"


def upgrade() -> None:
    _profile()
    _private()
    _certificates()
    _references()
    _calendar()
    op.add_column("directory_entries", sa.Column("next_change_at", INSTANT))
    op.create_index(
        "ix_directory_entries_next_change_at",
        "directory_entries",
        ["next_change_at"],
        postgresql_where=sa.text("next_change_at IS NOT NULL"),
    )
    functions_v1("profiles_v1.sql")


def _profile() -> None:
    for name in ("legal_name", "trading_name", "ownership", "turnover", "credit_rating"):
        op.add_column("vendor_profiles", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column("vendor_profiles", sa.Column("hours_timezone", sa.Text, nullable=False, server_default="UTC"))
    op.add_column("vendor_profiles", sa.Column("is_always_open", sa.Boolean, nullable=False, server_default="false"))
    for name in ("employees", "ramp_per_month", "minimum_agents", "minimum_months", "lead_days"):
        op.add_column("vendor_profiles", sa.Column(name, sa.BigInteger))
    for name in ("hours", "channel_volumes", "experience", "service_types", "modes", "agent_models", "technology"):
        op.add_column("vendor_profiles", sa.Column(name, JSONB, nullable=False, server_default="[]"))
    for name in ("systems", "quality", "security"):
        op.add_column("vendor_profiles", sa.Column(name, JSONB, nullable=False, server_default="{}"))


def _company(table: str, **options: bool) -> sa.Column:
    return sa.Column(
        "company_id", sa.Uuid, sa.ForeignKey("companies.id", name=f"fk_{table}_company_id"), nullable=False, **options
    )


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _row(table: str) -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        _company(table),
    )


def _version() -> sa.Column:
    return sa.Column("version", sa.BigInteger, nullable=False, server_default="1")


def _private() -> None:
    op.create_table(
        "vendor_private",
        _company("vendor_private", primary_key=True),
        sa.Column("contacts", JSONB, nullable=False, server_default="[]"),
        _text("dpo_name"),
        _text("dpo_email"),
        _version(),
    )
    protect_v1("vendor_private", "company_id", commands=("SELECT", "INSERT", "UPDATE"))
    staff_v1("vendor_private", "SELECT")


def _certificates() -> None:
    op.create_table(
        "certificates",
        *_row("certificates"),
        sa.Column("code", sa.Text, nullable=False),
        *(_text(name) for name in ("name", "scope", "issuer")),
        sa.Column("valid_to", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        _text("refusal"),
        sa.Column("uploaded_at", INSTANT),
        sa.Column("verified_at", INSTANT),
        _version(),
        sa.CheckConstraint("state IN ('self_declared', 'uploaded', 'verified')", name="ck_certificates_state_known"),
        sa.UniqueConstraint("id", "company_id", name="uq_certificates_id_company_id"),
    )
    for columns in (("company_id",), ("valid_to",), ("state", "uploaded_at")):
        op.create_index(f"ix_certificates_{columns[0]}", "certificates", list(columns))
    # A vendor writes its certificates, but the word "verified" is staff's alone.
    force_v1("certificates")
    for command in ("SELECT", "DELETE"):
        allow_v1("certificates", f"member_{command.lower()}", command, MINE)
    for command in ("INSERT", "UPDATE"):
        allow_v1("certificates", f"member_{command.lower()}", command, MINE, check=f"{MINE} AND state <> 'verified'")
    # Uploading a document shows the certificate to staff; what was only said is nobody's business.
    staff_v1("certificates", "SELECT", "UPDATE", condition="uploaded_at IS NOT NULL")
    definer_v1("certificates", "SELECT")
    op.create_table(
        "certificate_papers",
        sa.Column("certificate_id", sa.Uuid, primary_key=True),
        sa.Column("company_id", sa.Uuid, nullable=False),
        _text("number"),
        sa.Column("file_id", sa.Uuid, sa.ForeignKey("stored_files.id", name="fk_certificate_papers_file_id")),
        _of_certificate("certificate_papers"),
    )
    protect_v1("certificate_papers", "company_id", commands=("SELECT", "INSERT", "UPDATE"))
    staff_v1("certificate_papers", "SELECT", condition="file_id IS NOT NULL")
    staff_v1(
        "stored_files",
        "SELECT",
        condition="EXISTS (SELECT FROM certificate_papers p WHERE p.file_id = stored_files.id)",
    )
    op.create_table(
        "certificate_reminders",
        sa.Column("certificate_id", sa.Uuid, primary_key=True),
        sa.Column("valid_to", sa.Date, primary_key=True),
        sa.Column("days", sa.BigInteger, primary_key=True),
        sa.Column("company_id", sa.Uuid, nullable=False),
        _of_certificate("certificate_reminders"),
    )
    protect_v1("certificate_reminders", "company_id", commands=("SELECT", "INSERT"))
    definer_v1("certificate_reminders", "SELECT")


def _of_certificate(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["certificate_id", "company_id"],
        ["certificates.id", "certificates.company_id"],
        name=f"fk_{table}_certificate_id",
        ondelete="CASCADE",
    )


def _references() -> None:
    op.create_table(
        "vendor_references",
        *_row("vendor_references"),
        sa.Column("customer", sa.Text, nullable=False),
        sa.Column("is_anonymous", sa.Boolean, nullable=False),
        _text("industry"),
        sa.Column("started", sa.Text, nullable=False),
        *(_text(name) for name in ("ended", "scope", "results")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("shows_comment", sa.Boolean, nullable=False),
        *(sa.Column(f"{state}_at", INSTANT) for state in ("asked", "confirmed", "declined")),
        _version(),
        sa.CheckConstraint(
            "state IN ('self_declared', 'asked', 'confirmed', 'declined')", name="ck_vendor_references_state_known"
        ),
        sa.UniqueConstraint("id", "company_id", name="uq_vendor_references_id_company_id"),
    )
    op.create_index("ix_vendor_references_company_id", "vendor_references", ["company_id"])
    op.create_table(
        "reference_requests",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("reference_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("contact_name", "contact_email", "token_hash")),
        sa.Column("said", JSONB, nullable=False),
        *(sa.Column(name, INSTANT, nullable=False) for name in ("asked_at", "expires_at")),
        sa.Column("answered_at", INSTANT),
        sa.Column("verdict", sa.Text),
        _text("comment"),
        sa.CheckConstraint("verdict IN ('confirmed', 'declined')", name="ck_reference_requests_verdict_known"),
        sa.CheckConstraint(
            "(verdict IS NULL) = (answered_at IS NULL)", name="ck_reference_requests_answered_with_verdict"
        ),
        sa.UniqueConstraint("token_hash", name="uq_reference_requests_token_hash"),
        sa.ForeignKeyConstraint(
            ["reference_id", "company_id"],
            ["vendor_references.id", "vendor_references.company_id"],
            name="fk_reference_requests_reference_id",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_reference_requests_reference_id", "reference_requests", ["reference_id", "id"])
    op.create_index("ix_reference_requests_company_id", "reference_requests", ["company_id", "asked_at"])
    # The answer is the contact's: the vendor asks and reads, and can neither write nor change one.
    force_v1("reference_requests")
    allow_v1("reference_requests", "member_select", "SELECT", MINE)
    allow_v1("reference_requests", "member_insert", "INSERT", f"{MINE} AND verdict IS NULL AND comment = ''")
    definer_v1("reference_requests", "SELECT", "UPDATE")
    answered = (
        "EXISTS (SELECT FROM reference_requests q WHERE q.reference_id = vendor_references.id"
        " AND q.verdict = vendor_references.state)"
    )
    force_v1("vendor_references")
    for command in ("SELECT", "DELETE"):
        allow_v1("vendor_references", f"member_{command.lower()}", command, MINE)
    allow_v1("vendor_references", "member_insert", "INSERT", f"{MINE} AND state = 'self_declared'")
    allow_v1(
        "vendor_references",
        "member_update",
        "UPDATE",
        MINE,
        check=f"{MINE} AND (state IN ('self_declared', 'asked') OR {answered})",
    )
    definer_v1("vendor_references", "SELECT", "UPDATE")


def _calendar() -> None:
    op.create_table(
        "vendor_availability",
        *_row("vendor_availability"),
        sa.Column("from_on", sa.Date, nullable=False),
        sa.Column("seats", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("company_id", "from_on", name="uq_vendor_availability_company_id"),
    )
    op.create_table(
        "vendor_closures",
        *_row("vendor_closures"),
        sa.Column("first_on", sa.Date, nullable=False),
        sa.Column("last_on", sa.Date, nullable=False),
        _text("reason"),
        sa.CheckConstraint("first_on <= last_on", name="ck_vendor_closures_days_in_order"),
    )
    op.create_index("ix_vendor_closures_company_id", "vendor_closures", ["company_id", "first_on"])
    for table in ("vendor_availability", "vendor_closures"):
        protect_v1(table, "company_id", commands=("SELECT", "INSERT", "DELETE"))
        definer_v1(table, "SELECT")
