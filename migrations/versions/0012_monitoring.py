"""Reported months, surveys and their answers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.columns import PARTIES, of_agreement_v1
from migrations.protection import append_only_v1, definer_v1, functions_v1, protect_v1

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _periods()
    _surveys()
    functions_v1("monitoring_v1.sql")


def _row(*columns: sa.Column) -> tuple[sa.Column, ...]:
    return (
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid, nullable=False),
        *columns,
    )


def _created() -> sa.Column:
    return sa.Column("created_at", INSTANT, nullable=False, server_default=NOW)


def _periods() -> None:
    op.create_table(
        "kpi_periods",
        *_row(_created(), sa.Column("version", sa.BigInteger, nullable=False, server_default="1")),
        *of_agreement_v1("kpi_periods"),
        sa.Column("month", sa.Date, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("objection", sa.Text, nullable=False),
        sa.Column("reported_by", sa.Text),
        sa.Column("reported_at", INSTANT),
        sa.Column("objected_at", INSTANT),
        sa.Column("agreed_by", sa.Text),
        sa.Column("agreed_at", INSTANT),
        sa.CheckConstraint("state IN ('open', 'reported', 'objected', 'agreed')", name="ck_kpi_periods_state_known"),
        sa.CheckConstraint("extract(day FROM month) = 1", name="ck_kpi_periods_month_is_a_first_day"),
        sa.UniqueConstraint("agreement_id", "month", name="uq_kpi_periods_month"),
        sa.UniqueConstraint("id", *PARTIES, name="uq_kpi_periods_parties"),
    )
    protect_v1("kpi_periods", *PARTIES, commands=("SELECT", "INSERT", "UPDATE"))
    op.create_table(
        "kpi_figures",
        *_row(_created(), sa.Column("version", sa.BigInteger, nullable=False, server_default="1")),
        sa.Column("period_id", sa.Uuid, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.UniqueConstraint("period_id", "channel", name="uq_kpi_figures_channel"),
        sa.ForeignKeyConstraint(
            ["period_id", *PARTIES],
            ["kpi_periods.id", "kpi_periods.buyer_id", "kpi_periods.vendor_id"],
            name="fk_kpi_figures_period",
        ),
    )
    # Only the vendor enters figures; the buyer reads them and agrees or objects.
    protect_v1("kpi_figures", *PARTIES, write="vendor_id")


def _surveys() -> None:
    op.create_table(
        "surveys",
        *_row(_created()),
        *of_agreement_v1("surveys"),
        sa.Column("brand", sa.Text, nullable=False),
        sa.Column("token", sa.Text, nullable=False),
        sa.Column("token_hash", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_at", INSTANT),
        sa.CheckConstraint("state IN ('active', 'ended')", name="ck_surveys_state_known"),
        sa.UniqueConstraint("agreement_id", name="uq_surveys_agreement"),
        sa.UniqueConstraint("token_hash", name="uq_surveys_token_hash"),
        sa.UniqueConstraint("id", *PARTIES, name="uq_surveys_parties"),
    )
    protect_v1("surveys", *PARTIES, commands=("SELECT", "INSERT", "UPDATE"))
    definer_v1("surveys", "SELECT")
    op.create_table(
        "survey_responses",
        *_row(sa.Column("survey_id", sa.Uuid, nullable=False)),
        sa.Column("score", sa.BigInteger, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 5", name="ck_survey_responses_score_on_scale"),
        sa.ForeignKeyConstraint(
            ["survey_id", *PARTIES],
            ["surveys.id", "surveys.buyer_id", "surveys.vendor_id"],
            name="fk_survey_responses_survey",
        ),
    )
    op.create_index("ix_survey_responses_survey", "survey_responses", ["survey_id", "answered_at"])
    # Answers come in by survey_answer only: neither side can add, change or remove one.
    protect_v1("survey_responses", *PARTIES, commands=("SELECT",))
    definer_v1("survey_responses", "INSERT")
    append_only_v1("survey_responses")
