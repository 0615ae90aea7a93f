"""Review windows and reviews: hidden from the other side by the database until both are published."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, definer_v1, force_v1, functions_v1, protect_v1

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
PARTIES = ("buyer_id", "vendor_id")
STAMPS = ("hidden", "revealed", "answered", "contested", "upheld", "removed", "amended", "expired")
MEMBER = "(SELECT portal_scope()) = 'member'"
COMPANY = "(SELECT portal_company())"
PUBLISHED = "state IN ('revealed', 'answered', 'contested', 'upheld', 'amended')"
AUTHOR = f"((author_side = 'buyer' AND buyer_id = {COMPANY}) OR (author_side = 'vendor' AND vendor_id = {COMPANY}))"
SUBJECT = f"((author_side = 'vendor' AND buyer_id = {COMPANY}) OR (author_side = 'buyer' AND vendor_id = {COMPANY}))"


def upgrade() -> None:
    _windows()
    _reviews()
    functions_v1("reviews_v1.sql")


def _windows() -> None:
    op.create_table(
        "review_windows",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        *(sa.Column(name, sa.Uuid, nullable=False) for name in ("agreement_id", *PARTIES)),
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("opens_at", INSTANT, nullable=False),
        sa.Column("closes_at", INSTANT, nullable=False),
        sa.Column("opened_at", INSTANT),
        sa.Column("closed_at", INSTANT),
        sa.CheckConstraint("reason IN ('after_go_live', 'yearly', 'at_end')", name="ck_review_windows_reason_known"),
        sa.UniqueConstraint("agreement_id", "number", name="uq_review_windows_number"),
        sa.UniqueConstraint("id", "agreement_id", *PARTIES, name="uq_review_windows_parties"),
        sa.ForeignKeyConstraint(
            ["agreement_id", *PARTIES],
            ["agreements.id", "agreements.buyer_id", "agreements.vendor_id"],
            name="fk_review_windows_agreement",
        ),
    )
    # For the minute tick, which asks for what is not settled yet.
    op.create_index(
        "ix_review_windows_open", "review_windows", ["opens_at"], postgresql_where=sa.text("closed_at IS NULL")
    )
    protect_v1("review_windows", *PARTIES, commands=("SELECT", "INSERT"))
    # Only a window that has not opened may be moved; opening and closing are the functions' alone.
    ours = f"{MEMBER} AND opened_at IS NULL AND closed_at IS NULL AND {COMPANY} IN (buyer_id, vendor_id)"
    allow_v1("review_windows", "member_update", "UPDATE", ours)
    definer_v1("review_windows", "SELECT", "UPDATE")


def _reviews() -> None:
    op.create_table(
        "reviews",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        *(sa.Column(name, sa.Uuid, nullable=False) for name in ("window_id", "agreement_id", *PARTIES)),
        sa.Column("author_side", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("scores", JSONB, nullable=False),
        sa.Column("weighted", sa.Text),
        sa.Column("recommends", sa.Boolean),
        sa.Column("text", sa.Text, nullable=False, server_default=""),
        sa.Column("is_anonymous", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("written_by", sa.Text, nullable=False, server_default=""),
        sa.Column("answer", sa.Text, nullable=False, server_default=""),
        *(sa.Column(f"{name}_at", INSTANT) for name in STAMPS),
        sa.CheckConstraint(
            "state IN ('invited', 'hidden', 'revealed', 'answered', 'contested', 'upheld', 'removed', 'amended',"
            " 'expired')",
            name="ck_reviews_state_known",
        ),
        sa.CheckConstraint("author_side IN ('buyer', 'vendor')", name="ck_reviews_side_known"),
        sa.CheckConstraint(
            "state IN ('invited', 'expired') OR (weighted IS NOT NULL AND length(text) >= 50)",
            name="ck_reviews_written",
        ),
        sa.UniqueConstraint("window_id", "author_side", name="uq_reviews_window_side"),
        sa.ForeignKeyConstraint(
            ["window_id", "agreement_id", *PARTIES],
            ["review_windows.id", *(f"review_windows.{name}" for name in ("agreement_id", *PARTIES))],
            name="fk_reviews_window",
        ),
    )
    op.create_index("ix_reviews_agreement", "reviews", ["agreement_id"])
    op.create_index("ix_reviews_vendor", "reviews", ["vendor_id"])
    op.create_index("ix_reviews_buyer", "reviews", ["buyer_id"])
    force_v1("reviews")
    allow_v1("reviews", "author_select", "SELECT", f"{MEMBER} AND {AUTHOR}")
    allow_v1("reviews", "published_select", "SELECT", f"{MEMBER} AND {SUBJECT} AND {PUBLISHED}")
    writable = f"{MEMBER} AND {AUTHOR} AND state IN ('invited', 'hidden')"
    allow_v1("reviews", "author_update", "UPDATE", writable, check=f"{MEMBER} AND {AUTHOR} AND state = 'hidden'")
    answerable = f"{MEMBER} AND {SUBJECT} AND state = 'revealed'"
    allow_v1("reviews", "subject_update", "UPDATE", answerable, check=f"{MEMBER} AND {SUBJECT} AND state = 'answered'")
    definer_v1("reviews", "SELECT", "INSERT", "UPDATE")
    # A policy decides over rows; that an answer leaves the review itself alone needs a trigger.
    op.execute(
        """
        CREATE FUNCTION reviews_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF OLD.state NOT IN ('invited', 'hidden') AND NEW.state <> 'amended'
               AND (NEW.scores, NEW.weighted, NEW.recommends, NEW.text, NEW.is_anonymous)
                   IS DISTINCT FROM (OLD.scores, OLD.weighted, OLD.recommends, OLD.text, OLD.is_anonymous)
               OR OLD.answer <> '' AND NEW.answer <> OLD.answer THEN
                RAISE EXCEPTION 'a published review and its answer stay as they are'
                    USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER keep_published BEFORE UPDATE ON reviews FOR EACH ROW EXECUTE FUNCTION reviews_keep_published()"
    )
