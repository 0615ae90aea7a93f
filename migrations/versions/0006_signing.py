"""Documents as exact bytes, and the signatures of both parties on them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, append_only_v1, definer_v1, force_v1, functions_v1, protect_v1

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("version_no", sa.BigInteger, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("manifest", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.UniqueConstraint("kind", "subject_id", "version_no", name="uq_documents_version"),
        sa.UniqueConstraint("sha256", name="uq_documents_sha256"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_documents_parties"),
        sa.ForeignKeyConstraint(["buyer_id"], ["companies.id"], name="fk_documents_buyer_id"),
        sa.ForeignKeyConstraint(["vendor_id"], ["companies.id"], name="fk_documents_vendor_id"),
    )
    protect_v1("documents", "buyer_id", "vendor_id", commands=("SELECT", "INSERT"))
    definer_v1("documents", "SELECT")
    append_only_v1("documents")

    op.create_table(
        "signatures",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("document_id", sa.Uuid, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        sa.Column("side", sa.Text, nullable=False),
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("typed_name", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("signed_at", INSTANT, nullable=False),
        sa.CheckConstraint("side IN ('buyer', 'vendor')", name="ck_signatures_side_known"),
        sa.UniqueConstraint("document_id", "side", name="uq_signatures_one_per_side"),
        sa.ForeignKeyConstraint(
            ["document_id", "buyer_id", "vendor_id"],
            ["documents.id", "documents.buyer_id", "documents.vendor_id"],
            name="fk_signatures_document",
        ),
    )
    force_v1("signatures")
    member = "(SELECT portal_scope()) = 'member'"
    company = "(SELECT portal_company())"
    allow_v1("signatures", "member_select", "SELECT", f"{member} AND {company} IN (buyer_id, vendor_id)")
    # Who signs is the person of the transaction, for the side their company is on.
    own_side = f"{company} = CASE side WHEN 'buyer' THEN buyer_id ELSE vendor_id END"
    allow_v1(
        "signatures",
        "member_insert",
        "INSERT",
        f"{member} AND {own_side} AND person_id = (SELECT portal_person())",
    )
    definer_v1("signatures", "SELECT")
    append_only_v1("signatures")
    functions_v1("signing_v1.sql")
