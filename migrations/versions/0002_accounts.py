"""Companies, people, memberships, invitations, sessions, one-purpose links, throttling."""

import sqlalchemy as sa
from alembic import op

from migrations.protection import allow_v1, definer_v1, force_v1, functions_v1, protect_v1, public_v1, staff_v1

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
MY_COMPANY = "(SELECT portal_company())"
MEMBER = "(SELECT portal_scope()) = 'member'"


def upgrade() -> None:
    _companies()
    _people()
    _memberships()
    _doors()
    functions_v1("accounts_v1.sql")


def _companies() -> None:
    op.create_table(
        "companies",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("country", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("open_at", INSTANT),
        sa.Column("suspended_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.CheckConstraint("kind IN ('buyer', 'vendor')", name="ck_companies_kind_known"),
        sa.CheckConstraint("state IN ('applied', 'open', 'suspended', 'closed')", name="ck_companies_state_known"),
        sa.UniqueConstraint("slug", name="uq_companies_slug"),
        sa.UniqueConstraint("id", "kind", name="uq_companies_id"),
    )
    # Names and countries of companies are public facts; everything else about them is in company_details.
    public_v1("companies")
    allow_v1("companies", "member_update", "UPDATE", f"{MEMBER} AND id = {MY_COMPANY}")
    staff_v1("companies", "UPDATE")
    definer_v1("companies", "SELECT", "INSERT", "UPDATE")

    op.create_table(
        "company_details",
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_company_details_company_id"), primary_key=True
        ),
        sa.Column("legal_name", sa.Text, nullable=False),
        sa.Column("vat_id", sa.Text, nullable=False, server_default=""),
        sa.Column("registration_no", sa.Text, nullable=False, server_default=""),
        sa.Column("address", sa.Text, nullable=False, server_default=""),
        sa.Column("billing_email", sa.Text, nullable=False, server_default=""),
        sa.Column("iban", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
    )
    protect_v1("company_details", "company_id", commands=("SELECT", "UPDATE"))
    staff_v1("company_details", "SELECT")
    definer_v1("company_details", "SELECT", "INSERT")


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("locale", sa.Text, nullable=False),
        sa.Column("timezone", sa.Text, nullable=False),
        sa.Column("confirmed_at", INSTANT),
        sa.Column("suspended_at", INSTANT),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.UniqueConstraint("email_key", name="uq_people_email_key"),
        sa.CheckConstraint("locale IN ('en', 'zh_Hant', 'zh_Hans')", name="ck_people_locale_known"),
    )
    op.create_table(
        "credentials",
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_credentials_person_id"), primary_key=True),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
    )
    force_v1("credentials")
    definer_v1("credentials", "SELECT", "INSERT", "UPDATE")
    force_v1("people")


def _memberships() -> None:
    op.create_table(
        "memberships",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_memberships_company_id"), nullable=False
        ),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_memberships_person_id"), nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.CheckConstraint(
            "role IN ('owner', 'manager', 'member', 'finance', 'viewer')", name="ck_memberships_role_known"
        ),
        sa.UniqueConstraint("company_id", "person_id", name="uq_memberships_company_id"),
    )
    op.create_index("ix_memberships_person_id", "memberships", ["person_id"])
    protect_v1("memberships", "company_id")
    allow_v1("memberships", "own_select", "SELECT", "person_id = (SELECT portal_person())")
    staff_v1("memberships", "SELECT")
    definer_v1("memberships", "SELECT", "INSERT")

    op.create_table(
        "staff_memberships",
        sa.Column(
            "person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_staff_memberships_person_id"), nullable=False
        ),
        sa.Column("role", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "role", name="pk_staff_memberships"),
        sa.CheckConstraint("role IN ('moderator', 'finance', 'support')", name="ck_staff_memberships_role_known"),
    )
    force_v1("staff_memberships")
    staff_v1("staff_memberships", "SELECT")
    definer_v1("staff_memberships", "SELECT")

    colleague = f"EXISTS (SELECT 1 FROM memberships m WHERE m.person_id = people.id AND m.company_id = {MY_COMPANY})"
    allow_v1("people", "member_select", "SELECT", f"{MEMBER} AND {colleague}")
    own = "id = (SELECT portal_person())"
    allow_v1("people", "own_select", "SELECT", own)
    allow_v1("people", "own_update", "UPDATE", own)
    staff_v1("people", "SELECT", "UPDATE")
    definer_v1("people", "SELECT", "INSERT", "UPDATE")


def _doors() -> None:
    """Invitations, sessions and links hold digests of tokens, never tokens."""
    op.create_table(
        "invitations",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_invitations_company_id"), nullable=False
        ),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("email_key", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("accepted_at", INSTANT),
        sa.Column("revoked_at", INSTANT),
        sa.UniqueConstraint("token_hash", name="uq_invitations_token_hash"),
    )
    protect_v1("invitations", "company_id", commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("invitations", "SELECT", "UPDATE")

    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_sessions_person_id"), nullable=False),
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_sessions_company_id")),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.Column("browser", sa.Text, nullable=False),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    force_v1("sessions")
    allow_v1("sessions", "own_select", "SELECT", "person_id = (SELECT portal_person())")
    definer_v1("sessions", "SELECT", "INSERT", "UPDATE")

    op.create_table(
        "links",
        sa.Column("token_hash", sa.Text, primary_key=True),
        sa.Column("purpose", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_links_person_id"), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.Column("used_at", INSTANT),
        sa.CheckConstraint("purpose IN ('confirm', 'reset')", name="ck_links_purpose_known"),
    )
    force_v1("links")
    definer_v1("links", "SELECT", "INSERT", "UPDATE")

    op.create_table(
        "attempts",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("at", INSTANT, nullable=False, server_default=NOW),
    )
    op.create_index("ix_attempts_key", "attempts", ["key", "at"])
    force_v1("attempts")
    definer_v1("attempts", "SELECT", "INSERT", "DELETE")
