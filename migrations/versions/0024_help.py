"""Questions and answers that staff edit, with the texts that the portal is shipped with."""

import tomllib
import uuid
from pathlib import Path

import sqlalchemy as sa
from alembic import op

from migrations.protection import allow_v1, force_v1, staff_v1

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TEXTS = Path(__file__).parents[1] / "texts" / "help_v1.toml"
NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
LANGUAGES = ("en", "zh_Hant", "zh_Hans")
APART = 10  # between the places of two questions, so that one can be put between them


def upgrade() -> None:
    op.create_table(
        "help_questions",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("slug", sa.Text, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("edited_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("published_at", INSTANT),
        sa.Column("version", sa.BigInteger, nullable=False, server_default="1"),
        sa.UniqueConstraint("slug", name="uq_help_questions_slug"),
        sa.CheckConstraint("topic IN ('outsourcing', 'portal')", name="ck_help_questions_topic_known"),
        sa.CheckConstraint("state IN ('draft', 'published')", name="ck_help_questions_state_known"),
    )
    op.create_index("ix_help_questions_topic", "help_questions", ["topic", "position", "id"])
    force_v1("help_questions")
    allow_v1("help_questions", "anyone_select", "SELECT", "state = 'published'")
    staff_v1("help_questions", "SELECT", "INSERT", "UPDATE")

    op.create_table(
        "help_texts",
        sa.Column(
            "question_id",
            sa.Uuid,
            sa.ForeignKey("help_questions.id", name="fk_help_texts_question_id"),
            nullable=False,
        ),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("question_id", "language", name="pk_help_texts"),
        sa.CheckConstraint("language IN ('en', 'zh_Hant', 'zh_Hans')", name="ck_help_texts_language_known"),
    )
    force_v1("help_texts")
    # Whoever may read a question may read its texts: the look below is under the policies of that table.
    allow_v1(
        "help_texts",
        "anyone_select",
        "SELECT",
        "EXISTS (SELECT FROM help_questions q WHERE q.id = question_id AND q.state = 'published')",
    )
    staff_v1("help_texts", "SELECT", "INSERT", "UPDATE", "DELETE")
    _ship()


def _ship() -> None:
    """Write the first texts; from then on they are the staff's."""
    questions, texts = [], []
    for number, one in enumerate(tomllib.loads(TEXTS.read_text())["question"], start=1):
        question_id = uuid.uuid5(uuid.NAMESPACE_URL, f"switchboard:help:{one['slug']}")
        questions.append(
            {
                "id": question_id,
                "slug": one["slug"],
                "topic": one["topic"],
                "position": number * APART,
                "state": "published",
            }
        )
        for language in LANGUAGES:
            text = {"question": one[language]["question"], "answer": one[language]["answer"].strip()}
            texts.append({"question_id": question_id, "language": language, **text})
    columns = [sa.column(name) for name in ("id", "slug", "topic", "position", "state")]
    op.bulk_insert(sa.table("help_questions", *columns), questions)
    op.execute("UPDATE help_questions SET published_at = edited_at")
    columns = [sa.column(name) for name in ("question_id", "language", "question", "answer")]
    op.bulk_insert(sa.table("help_texts", *columns), texts)
