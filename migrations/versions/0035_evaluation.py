"""How bids are judged: scales, must-haves, the rules of the ranking, and prices that are opened after quality."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import (
    allow_v1,
    append_only_v1,
    definer_v1,
    drop_function_v1,
    force_v1,
    functions_v1,
    protect_v1,
    staff_v1,
)

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
MEMBER = "(SELECT portal_scope()) = 'member'"
MINE = f"{MEMBER} AND buyer_id = (SELECT portal_company())"
THEIRS = f"{MEMBER} AND vendor_id = (SELECT portal_company())"
VENDOR = f"{MEMBER} AND (SELECT c.kind FROM companies c WHERE c.id = (SELECT portal_company())) = 'vendor'"
REQUIREMENT = (["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"])
BID = (
    ["bid_id", "requirement_id", "buyer_id", "vendor_id"],
    ["bids.id", "bids.requirement_id", "bids.buyer_id", "bids.vendor_id"],
)
KNOCK_OUT = (
    ["knock_out_id", "requirement_id", "buyer_id"],
    ["knock_outs.id", "knock_outs.requirement_id", "knock_outs.buyer_id"],
)
FORMULAS = "'relative', 'linear', 'budget', 'per_quality_point', 'rank'"


def upgrade() -> None:
    op.add_column("criteria", sa.Column("anchors", JSONB, nullable=False, server_default="[]"))
    _knock_outs()
    _rules()
    _answers()
    _checks()
    _quality_closings()
    drop_function_v1("open_bids(uuid, uuid)")
    functions_v1("selection_v2.sql")


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=False)


def _needed(name: str, type_: type = sa.Text) -> sa.Column:
    return sa.Column(name, type_, nullable=False)


def _protect_child(table: str) -> None:
    """The buyer writes while the requirement is unpublished; whoever may see a published one may see this of it."""
    force_v1(table)
    parent = f"SELECT 1 FROM requirements r WHERE r.id = {table}.requirement_id"
    allow_v1(table, "member_select", "SELECT", MINE)
    for command in ("INSERT", "UPDATE", "DELETE"):
        allow_v1(
            table, f"member_{command.lower()}", command, f"{MINE} AND EXISTS ({parent} AND r.published_at IS NULL)"
        )
    published = f"EXISTS ({parent} AND r.published_at IS NOT NULL)"
    allow_v1(table, "vendor_select", "SELECT", f"{VENDOR} AND {published}")
    staff_v1(table, "SELECT", condition=published)


def _knock_outs() -> None:
    op.create_table(
        "knock_outs",
        sa.Column("id", sa.Uuid, primary_key=True),
        _id("requirement_id"),
        _id("buyer_id"),
        _needed("title"),
        sa.Column("evidence", sa.Text, nullable=False, server_default=""),
        _needed("position", sa.BigInteger),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_knock_outs_requirement"),
        sa.UniqueConstraint("requirement_id", "title", name="uq_knock_outs_title"),
        sa.UniqueConstraint("id", "requirement_id", "buyer_id", name="uq_knock_outs_id"),
    )
    _protect_child("knock_outs")


def _rules() -> None:
    op.create_table(
        "evaluation_rules",
        sa.Column("requirement_id", sa.Uuid, primary_key=True),
        _id("buyer_id"),
        _needed("formula"),
        sa.Column("budget_minor", sa.BigInteger),
        sa.Column("floor_minor", sa.BigInteger),
        _needed("tie_rule"),
        sa.Column("quality_minimum", sa.BigInteger),
        *(_needed(name, sa.Boolean) for name in ("two_envelopes", "pseudonyms", "consensus")),
        _needed("price_basis"),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_evaluation_rules_requirement"),
        sa.CheckConstraint(f"formula IN ({FORMULAS})", name="ck_evaluation_rules_formula_known"),
        sa.CheckConstraint(
            "tie_rule IN ('quality', 'price', 'time', 'lot')", name="ck_evaluation_rules_tie_rule_known"
        ),
        sa.CheckConstraint(
            "price_basis IN ('before_credits', 'after_credits')", name="ck_evaluation_rules_price_basis_known"
        ),
        sa.CheckConstraint("quality_minimum BETWEEN 1 AND 100", name="ck_evaluation_rules_minimum_bounded"),
        sa.CheckConstraint(
            "formula <> 'budget' OR (budget_minor IS NOT NULL AND budget_minor > COALESCE(floor_minor, 0))",
            name="ck_evaluation_rules_budget_above_floor",
        ),
        sa.CheckConstraint("floor_minor >= 0", name="ck_evaluation_rules_floor_not_negative"),
    )
    _protect_child("evaluation_rules")
    definer_v1("evaluation_rules", "SELECT")


def _answers() -> None:
    """A vendor's answer to a must-have lies in the envelope of its answers: sealed and opened with them."""
    op.create_table(
        "bid_knock_outs",
        _id("bid_id"),
        _id("knock_out_id"),
        *(_id(name) for name in ("requirement_id", "buyer_id", "vendor_id")),
        _needed("is_met", sa.Boolean),
        sa.Column("evidence", sa.Text, nullable=False, server_default=""),
        sa.Column("opened_at", INSTANT),
        sa.PrimaryKeyConstraint("bid_id", "knock_out_id", name="pk_bid_knock_outs"),
        sa.ForeignKeyConstraint(*BID, name="fk_bid_knock_outs_bid"),
        sa.ForeignKeyConstraint(*KNOCK_OUT, name="fk_bid_knock_outs_knock_out"),
    )
    force_v1("bid_knock_outs")
    allow_v1("bid_knock_outs", "vendor_select", "SELECT", THEIRS)
    allow_v1("bid_knock_outs", "buyer_select", "SELECT", f"{MINE} AND opened_at IS NOT NULL")
    in_work = "EXISTS (SELECT 1 FROM bids b WHERE b.id = bid_id AND b.state IN ('draft', 'stale'))"
    for command in ("INSERT", "UPDATE"):
        condition = f"{THEIRS} AND opened_at IS NULL AND {in_work}"
        allow_v1("bid_knock_outs", f"vendor_{command.lower()}", command, condition)
    op.execute("REVOKE UPDATE ON bid_knock_outs FROM portal_app")
    op.execute("GRANT UPDATE (is_met, evidence) ON bid_knock_outs TO portal_app")
    definer_v1("bid_knock_outs", "SELECT", "UPDATE")


def _checks() -> None:
    """What the buyer found when it looked at a must-have's proof: its own affair until the vendor is told."""
    op.create_table(
        "knock_out_checks",
        _id("bid_id"),
        _id("knock_out_id"),
        *(_id(name) for name in ("requirement_id", "buyer_id", "vendor_id", "person_id")),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        _needed("outcome"),
        sa.Column("remark", sa.Text, nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("bid_id", "knock_out_id", name="pk_knock_out_checks"),
        sa.ForeignKeyConstraint(*BID, name="fk_knock_out_checks_bid"),
        sa.ForeignKeyConstraint(*KNOCK_OUT, name="fk_knock_out_checks_knock_out"),
        sa.CheckConstraint("outcome IN ('met', 'unclear', 'failed')", name="ck_knock_out_checks_outcome_known"),
    )
    protect_v1("knock_out_checks", "buyer_id", commands=("SELECT",))
    # Only of bids the buyer can see, and signed by whoever looked.
    seen = "EXISTS (SELECT 1 FROM bids b WHERE b.id = bid_id AND b.opened_at IS NOT NULL)"
    own = f"{MINE} AND person_id = (SELECT portal_person())"
    allow_v1("knock_out_checks", "checker_insert", "INSERT", f"{own} AND {seen}")
    allow_v1("knock_out_checks", "checker_update", "UPDATE", MINE, check=own)
    op.execute("REVOKE UPDATE ON knock_out_checks FROM portal_app")
    op.execute("GRANT UPDATE (outcome, remark, person_id) ON knock_out_checks TO portal_app")


def _quality_closings() -> None:
    """That scoring is over: prices in a second envelope and names behind numbers are open from then on."""
    op.create_table(
        "quality_closings",
        sa.Column("requirement_id", sa.Uuid, primary_key=True),
        _id("buyer_id"),
        _id("person_id"),
        sa.Column("closed_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_quality_closings_requirement"),
    )
    protect_v1("quality_closings", "buyer_id", commands=("SELECT",))
    definer_v1("quality_closings", "SELECT", "INSERT")
    append_only_v1("quality_closings")
