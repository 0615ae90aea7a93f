"""Sealed bids, their closing and opening, evaluation sheets and scores, awards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import allow_v1, append_only_v1, definer_v1, force_v1, functions_v1, protect_v1

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)
MEMBER = "(SELECT portal_scope()) = 'member'"
VENDOR = f"{MEMBER} AND vendor_id = (SELECT portal_company())"
BUYER = f"{MEMBER} AND buyer_id = (SELECT portal_company())"
BID = ["bids.id", "bids.requirement_id", "bids.buyer_id", "bids.vendor_id"]
PARTIES = ["bid_id", "requirement_id", "buyer_id", "vendor_id"]
REQUIREMENT = (["requirement_id", "buyer_id"], ["requirements.id", "requirements.buyer_id"])
CRITERION = (
    ["criterion_id", "requirement_id", "buyer_id"],
    ["criteria.id", "criteria.requirement_id", "criteria.buyer_id"],
)


def upgrade() -> None:
    _bids()
    _envelopes()
    _proofs()
    _evaluation()
    _awards()
    functions_v1("selection_v1.sql")
    # A vendor begins a bid only where bids are being taken; the function also keeps the closing waiting.
    op.execute(
        f"CREATE POLICY vendor_insert ON bids FOR INSERT TO portal_app WITH CHECK"
        f" ({VENDOR} AND state = 'draft' AND opened_at IS NULL AND bid_window_open(requirement_id))"
    )
    op.execute("GRANT INSERT ON bids TO portal_app")
    _guard()


def _id(name: str) -> sa.Column:
    return sa.Column(name, sa.Uuid, nullable=False)


def _at(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, INSTANT, nullable=nullable)


def _created() -> sa.Column:
    return sa.Column("created_at", INSTANT, nullable=False, server_default=NOW)


def _version() -> sa.Column:
    return sa.Column("version", sa.BigInteger, nullable=False, server_default="1")


def _parties() -> list[sa.Column]:
    return [_id("requirement_id"), _id("buyer_id"), _id("vendor_id")]


def _only_columns(table: str, *columns: str) -> None:
    """The portal may change these columns and no others: above all not when something was opened."""
    op.execute(f"REVOKE UPDATE ON {table} FROM portal_app")
    op.execute(f"GRANT UPDATE ({', '.join(columns)}) ON {table} TO portal_app")


def _bids() -> None:
    states = (
        "'draft', 'submitted', 'stale', 'withdrawn', 'qualified', 'disqualified', 'award_pending', 'won', 'declined',"
        " 'reserve', 'lost'"
    )
    op.create_table(
        "bids",
        sa.Column("id", sa.Uuid, primary_key=True),
        _created(),
        _version(),
        *_parties(),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False, server_default=""),
        sa.Column("valid_until", sa.Date),
        sa.Column("receipt_sha256", sa.Text),
        *[_at(f"{step}_at") for step in ("saved", "submitted", "stale", "withdrawn", "opened", "disqualified")],
        *[_at(f"{step}_at") for step in ("won", "declined", "lost")],
        sa.CheckConstraint(f"state IN ({states})", name="ck_bids_state_known"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_bids_parties"),
        sa.UniqueConstraint("id", "requirement_id", "buyer_id", "vendor_id", name="uq_bids_requirement"),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_bids_requirement"),
        sa.ForeignKeyConstraint(["vendor_id"], ["companies.id"], name="fk_bids_vendor_id"),
    )
    op.create_index(
        "uq_bids_one_live_per_vendor",
        "bids",
        ["requirement_id", "vendor_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_index("ix_bids_vendor_id", "bids", ["vendor_id", "id"])
    force_v1("bids")
    _sealed_reading("bids")
    allow_v1("bids", "vendor_update", "UPDATE", VENDOR)
    allow_v1("bids", "buyer_update", "UPDATE", f"{BUYER} AND opened_at IS NOT NULL")
    steps = ("saved", "submitted", "stale", "withdrawn", "disqualified", "won", "declined", "lost")
    _only_columns(
        "bids", "version", "state", "reference", "valid_until", "receipt_sha256", *[f"{step}_at" for step in steps]
    )
    definer_v1("bids", "SELECT", "UPDATE")


def _sealed_reading(table: str) -> None:
    """The vendor always; the buyer once this very row was opened; nobody else, staff included."""
    allow_v1(table, "vendor_select", "SELECT", VENDOR)
    allow_v1(table, "buyer_select", "SELECT", f"{BUYER} AND opened_at IS NOT NULL")


def _envelopes() -> None:
    op.create_table(
        "bid_answers",
        _id("bid_id"),
        _id("criterion_id"),
        *_parties(),
        sa.Column("answer", sa.Text, nullable=False),
        _at("opened_at"),
        sa.PrimaryKeyConstraint("bid_id", "criterion_id", name="pk_bid_answers"),
        sa.ForeignKeyConstraint(PARTIES, BID, name="fk_bid_answers_bid"),
        sa.ForeignKeyConstraint(*CRITERION, name="fk_bid_answers_criterion"),
    )
    op.create_table(
        "bid_prices",
        sa.Column("bid_id", sa.Uuid, primary_key=True),
        *_parties(),
        sa.Column("rate_card", JSONB, nullable=False),
        sa.Column("currency", sa.Text, nullable=False),
        sa.Column("total_minor", sa.BigInteger, nullable=False),
        sa.Column("figures", JSONB, nullable=False),
        sa.Column("is_complete", sa.Boolean, nullable=False),
        sa.Column("scenario_sha256", sa.Text, nullable=False),
        _at("opened_at"),
        sa.CheckConstraint("total_minor >= 0", name="ck_bid_prices_total_not_negative"),
        sa.ForeignKeyConstraint(PARTIES, BID, name="fk_bid_prices_bid"),
    )
    # What was submitted stays as it is until the vendor takes the bid back into work.
    in_work = "EXISTS (SELECT 1 FROM bids b WHERE b.id = bid_id AND b.state IN ('draft', 'stale'))"
    for table in ("bid_answers", "bid_prices"):
        force_v1(table)
        _sealed_reading(table)
        for command in ("INSERT", "UPDATE"):
            allow_v1(table, f"vendor_{command.lower()}", command, f"{VENDOR} AND opened_at IS NULL AND {in_work}")
        definer_v1(table, "SELECT", "UPDATE")
    _only_columns("bid_answers", "answer")
    _only_columns("bid_prices", "rate_card", "currency", "total_minor", "figures", "is_complete", "scenario_sha256")


def _proofs() -> None:
    op.create_table(
        "closings",
        sa.Column("requirement_id", sa.Uuid, primary_key=True),
        _id("buyer_id"),
        _at("deadline_at", nullable=False),
        _at("closed_at", nullable=False),
        sa.Column("is_sufficient", sa.Boolean, nullable=False),
        sa.Column("bids_sha256", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_closings_requirement"),
    )
    op.create_table(
        "openings",
        sa.Column("requirement_id", sa.Uuid, primary_key=True),
        _id("buyer_id"),
        _id("person_id"),
        _at("opened_at", nullable=False),
        sa.Column("quorum", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_openings_requirement"),
    )
    for table in ("closings", "openings"):
        protect_v1(table, "buyer_id", commands=("SELECT",))
        definer_v1(table, "SELECT", "INSERT")
        append_only_v1(table)


def _evaluation() -> None:
    op.create_table(
        "evaluation_sheets",
        sa.Column("id", sa.Uuid, primary_key=True),
        _id("requirement_id"),
        _id("buyer_id"),
        _id("bid_id"),
        sa.Column("alias", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("bid_id", name="uq_evaluation_sheets_bid_id"),
        sa.UniqueConstraint("requirement_id", "alias", name="uq_evaluation_sheets_alias"),
        sa.UniqueConstraint("id", "requirement_id", "buyer_id", name="uq_evaluation_sheets_requirement"),
        sa.ForeignKeyConstraint(*REQUIREMENT, name="fk_evaluation_sheets_requirement"),
    )
    protect_v1("evaluation_sheets", "buyer_id", commands=("SELECT",))
    definer_v1("evaluation_sheets", "SELECT", "INSERT")
    op.create_table(
        "scores",
        sa.Column("id", sa.Uuid, primary_key=True),
        _created(),
        _version(),
        *[_id(name) for name in ("sheet_id", "criterion_id", "requirement_id", "buyer_id", "person_id")],
        sa.Column("score", sa.BigInteger, nullable=False),
        sa.Column("comment", sa.Text, nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 5", name="ck_scores_score_on_scale"),
        sa.UniqueConstraint("sheet_id", "criterion_id", "person_id", name="uq_scores_one_per_person"),
        sa.ForeignKeyConstraint(
            ["sheet_id", "requirement_id", "buyer_id"],
            ["evaluation_sheets.id", "evaluation_sheets.requirement_id", "evaluation_sheets.buyer_id"],
            name="fk_scores_sheet",
        ),
        sa.ForeignKeyConstraint(*CRITERION, name="fk_scores_criterion"),
    )
    op.create_index("ix_scores_requirement_id", "scores", ["requirement_id"])
    force_v1("scores")
    allow_v1("scores", "buyer_select", "SELECT", BUYER)
    # Everybody signs their own judgement only.
    own = f"{BUYER} AND person_id = (SELECT portal_person())"
    allow_v1("scores", "evaluator_insert", "INSERT", own)
    allow_v1("scores", "evaluator_update", "UPDATE", own)
    _only_columns("scores", "version", "score", "comment")


def _awards() -> None:
    op.create_table(
        "disqualifications",
        sa.Column("bid_id", sa.Uuid, primary_key=True),
        _created(),
        *_parties(),
        sa.Column("reason", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(PARTIES, BID, name="fk_disqualifications_bid"),
    )
    op.create_table(
        "awards",
        sa.Column("id", sa.Uuid, primary_key=True),
        _created(),
        _version(),
        *_parties(),
        _id("bid_id"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("rank", sa.BigInteger, nullable=False),
        _at("answer_due_at", nullable=False),
        _at("decided_at"),
        sa.Column("decline_reason", sa.Text, nullable=False, server_default=""),
        sa.CheckConstraint("state IN ('pending', 'accepted', 'declined', 'lapsed')", name="ck_awards_state_known"),
        sa.UniqueConstraint("id", "buyer_id", "vendor_id", name="uq_awards_parties"),
        sa.UniqueConstraint("bid_id", name="uq_awards_bid_id"),
        sa.ForeignKeyConstraint(PARTIES, BID, name="fk_awards_bid"),
    )
    op.create_index(
        "uq_awards_one_live_per_requirement",
        "awards",
        ["requirement_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('pending', 'accepted')"),
    )
    op.create_index("ix_awards_vendor_id", "awards", ["vendor_id"])
    op.create_table(
        "award_grounds",
        sa.Column("award_id", sa.Uuid, primary_key=True),
        _id("buyer_id"),
        _id("vendor_id"),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ranking", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["award_id", "buyer_id", "vendor_id"],
            ["awards.id", "awards.buyer_id", "awards.vendor_id"],
            name="fk_award_grounds_award",
        ),
    )
    op.create_table(
        "debriefs",
        sa.Column("bid_id", sa.Uuid, primary_key=True),
        _created(),
        *_parties(),
        sa.Column("rank", sa.BigInteger),
        sa.Column("bidders", sa.BigInteger, nullable=False),
        sa.Column("total", sa.Text, nullable=False),
        sa.Column("winner_total", sa.Text, nullable=False),
        sa.Column("criteria", JSONB, nullable=False),
        sa.ForeignKeyConstraint(PARTIES, BID, name="fk_debriefs_bid"),
    )
    # The buyer's reasons stay with the buyer; the rest is between the two.
    protect_v1("award_grounds", "buyer_id", commands=("SELECT", "INSERT"))
    # A bid the buyer cannot see is none it could judge: the condition reads bids with the buyer's own eyes.
    seen = "EXISTS (SELECT 1 FROM bids b WHERE b.id = bid_id AND b.opened_at IS NOT NULL)"
    for table in ("disqualifications", "awards", "debriefs"):
        protect_v1(table, "buyer_id", "vendor_id", commands=("SELECT",))
        allow_v1(table, "buyer_insert", "INSERT", f"{BUYER} AND {seen}")
    allow_v1("awards", "vendor_update", "UPDATE", VENDOR, check=f"{VENDOR} AND state IN ('accepted', 'declined')")
    allow_v1("awards", "buyer_update", "UPDATE", BUYER, check=f"{BUYER} AND state = 'lapsed'")
    _only_columns("awards", "version", "state", "decided_at", "decline_reason")
    definer_v1("awards", "SELECT")


def _guard() -> None:
    """Which side may move a bid where, and that the box stays shut after the deadline, whoever asks."""
    op.execute(
        """
        CREATE FUNCTION bids_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
        DECLARE
            step text := OLD.state || ' ' || NEW.state;
            is_rewritten boolean := (NEW.reference, NEW.valid_until, NEW.receipt_sha256, NEW.submitted_at)
                IS DISTINCT FROM (OLD.reference, OLD.valid_until, OLD.receipt_sha256, OLD.submitted_at);
        BEGIN
            IF current_user IN ('portal_definer', 'portal_owner') THEN
                RETURN NEW;
            END IF;
            IF portal_company() = OLD.vendor_id THEN
                IF NEW.state <> OLD.state AND step NOT IN ('draft submitted', 'draft withdrawn', 'submitted stale',
                        'submitted withdrawn', 'stale submitted', 'stale withdrawn', 'award_pending won',
                        'award_pending declined') THEN
                    RAISE EXCEPTION 'a vendor does not move a bid so: %', step USING ERRCODE = 'check_violation';
                END IF;
                IF NEW.state NOT IN ('draft', 'submitted', 'stale', 'withdrawn') AND is_rewritten THEN
                    RAISE EXCEPTION 'an opened bid is not rewritten' USING ERRCODE = 'check_violation';
                END IF;
                IF 'submitted' IN (OLD.state, NEW.state) AND NOT bid_window_open(OLD.requirement_id) THEN
                    RAISE EXCEPTION 'the deadline is over' USING ERRCODE = 'check_violation';
                END IF;
            ELSE
                IF step NOT IN ('qualified disqualified', 'qualified award_pending', 'qualified reserve',
                        'award_pending declined', 'reserve award_pending', 'reserve lost') THEN
                    RAISE EXCEPTION 'a buyer does not move a bid so: %', step USING ERRCODE = 'check_violation';
                END IF;
                IF is_rewritten THEN
                    RAISE EXCEPTION 'a buyer does not write a bid' USING ERRCODE = 'check_violation';
                END IF;
            END IF;
            RETURN NEW;
        END $$
        """
    )
    op.execute("CREATE TRIGGER guard BEFORE UPDATE ON bids FOR EACH ROW EXECUTE FUNCTION bids_guard()")
