"""Notices of persons, whether they want them by mail, and threads of two companies."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, definer_v1, force_v1, functions_v1, protect_v1

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
MEMBER = "(SELECT portal_scope()) = 'member'"


def upgrade() -> None:
    _notifications()
    _preferences()
    _threads()
    functions_v1("messaging_v1.sql")


def _notifications() -> None:
    op.create_table(
        "notifications",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column(
            "company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_notifications_company_id"), nullable=False
        ),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_notifications_person_id"), nullable=False),
        sa.Column("batch", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("params", JSONB, nullable=False),
        sa.Column("read_at", INSTANT),
        sa.Column("mailed_at", INSTANT),
    )
    op.create_index("ix_notifications_person_id", "notifications", ["person_id", "company_id", "id"])
    op.create_index(
        "ix_notifications_unread",
        "notifications",
        ["person_id", "company_id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_index("ix_notifications_batch", "notifications", ["batch"])
    force_v1("notifications")
    # A notice is one person's in one company: colleagues do not see it, nor the same person in another company.
    own = f"{MEMBER} AND company_id = (SELECT portal_company()) AND person_id = (SELECT portal_person())"
    for command in ("SELECT", "UPDATE"):
        allow_v1("notifications", f"own_{command.lower()}", command, own)
    definer_v1("notifications", "SELECT", "INSERT", "UPDATE")


def _preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column(
            "person_id",
            sa.Uuid,
            sa.ForeignKey("people.id", name="fk_notification_preferences_person_id"),
            primary_key=True,
        ),
        sa.Column("by_mail", sa.Boolean, nullable=False),
    )
    force_v1("notification_preferences")
    for command in ("SELECT", "INSERT", "UPDATE"):
        allow_v1("notification_preferences", f"own_{command.lower()}", command, "person_id = (SELECT portal_person())")
    definer_v1("notification_preferences", "SELECT")


def _threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("buyer_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_threads_buyer_id"), nullable=False),
        sa.Column("vendor_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_threads_vendor_id"), nullable=False),
        sa.Column("title", sa.Text, nullable=False, server_default=""),
        sa.Column("last_at", INSTANT),
        sa.CheckConstraint("subject_kind IN ('agreement')", name="ck_threads_subject_kind_known"),
        sa.UniqueConstraint("subject_kind", "subject_id", name="uq_threads_subject_kind"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_threads_id"),
    )
    op.create_index("ix_threads_buyer_id", "threads", ["buyer_id"])
    op.create_index("ix_threads_vendor_id", "threads", ["vendor_id"])
    protect_v1("threads", "buyer_id", "vendor_id", commands=("SELECT", "INSERT", "UPDATE"))

    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("thread_id", sa.Uuid, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.Column("company_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_messages_company_id"), nullable=False),
        sa.Column("person_id", sa.Uuid, sa.ForeignKey("people.id", name="fk_messages_person_id")),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(
            ["thread_id", "buyer_id", "vendor_id"],
            ["threads.id", "threads.buyer_id", "threads.vendor_id"],
            name="fk_messages_thread_id",
        ),
    )
    op.create_index("ix_messages_thread_id", "messages", ["thread_id", "id"])
    # Both sides read; each writes only in its own name, and nobody changes what was written.
    protect_v1("messages", "buyer_id", "vendor_id", commands=("SELECT",))
    ours = "(SELECT portal_company()) IN (buyer_id, vendor_id)"
    allow_v1("messages", "member_insert", "INSERT", f"{MEMBER} AND company_id = (SELECT portal_company()) AND {ours}")
