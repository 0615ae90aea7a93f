"""What a service costs the buyer itself, its own answers to whether it should outsource, and seasons typed by hand."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, definer_v1, function_v1, protect_v1

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


MINE = "(SELECT portal_scope()) = 'member' AND buyer_id = (SELECT portal_company())"
DUE = """
CREATE FUNCTION volume_uploads_due() RETURNS TABLE (file_id uuid, buyer_id uuid) LANGUAGE sql STABLE AS $$
    SELECT u.file_id, u.buyer_id FROM volume_uploads u
    WHERE u.uploaded_at < portal_now() - interval '7 days'
      AND NOT EXISTS (SELECT FROM requirement_channels c WHERE c.file_id = u.file_id)
    ORDER BY u.uploaded_at LIMIT 100
$$
"""
KEYS = """
CREATE FUNCTION stored_key_uses(wanted text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT count(*) FROM stored_files f WHERE f.key = wanted
$$
"""


def _belongs(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"], name=f"fk_{table}_requirement"
    )


def upgrade() -> None:
    op.create_table(
        "in_house_baselines",
        sa.Column("requirement_id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("typed", JSONB, nullable=False),
        sa.Column("taken", JSONB, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        _belongs("in_house_baselines"),
    )
    protect_v1("in_house_baselines", "buyer_id")

    _uploads()
    op.add_column("requirement_channels", sa.Column("seasons", JSONB))

    op.create_table(
        "self_assessments",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.text("portal_now()")),
        sa.Column(
            "buyer_id", sa.Uuid, sa.ForeignKey("companies.id", name="fk_self_assessments_buyer_id"), nullable=False
        ),
        sa.Column("requirement_id", sa.Uuid),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("answers", JSONB, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("note", sa.Text, nullable=False, server_default=""),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        _belongs("self_assessments"),
        sa.UniqueConstraint("requirement_id", name="uq_self_assessments_requirement_id"),
    )
    op.create_index("ix_self_assessments_buyer_id", "self_assessments", ["buyer_id", "id"])
    protect_v1("self_assessments", "buyer_id")


def _uploads() -> None:
    """Which files are uploads of contacts, so that those nobody took over can go; so far these were a buyer's only."""
    op.create_table(
        "volume_uploads",
        sa.Column(
            "file_id",
            sa.Uuid,
            sa.ForeignKey("stored_files.id", name="fk_volume_uploads_file_id", ondelete="CASCADE"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_volume_uploads_uploaded_at", "volume_uploads", ["uploaded_at"])
    op.create_index("ix_requirement_channels_file_id", "requirement_channels", ["file_id"])
    op.create_index("ix_stored_files_key", "stored_files", ["key"])
    protect_v1("volume_uploads", "buyer_id", commands=("SELECT", "INSERT"))
    op.execute(
        "INSERT INTO volume_uploads (file_id, buyer_id, uploaded_at)"
        " SELECT id, buyer_id, created_at FROM stored_files WHERE buyer_id IS NOT NULL AND vendor_id IS NULL"
    )
    of_upload = "EXISTS (SELECT FROM volume_uploads u WHERE u.file_id = stored_files.id)"
    allow_v1("stored_files", "uploader_delete", "DELETE", f"{MINE} AND {of_upload}")
    for table in ("volume_uploads", "requirement_channels", "stored_files"):
        definer_v1(table, "SELECT")
    function_v1(DUE, "volume_uploads_due()")
    function_v1(KEYS, "stored_key_uses(text)")
