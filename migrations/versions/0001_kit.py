"""The ground: clock, settings of a transaction, queue, audit, evidence, mail, files, submissions."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from migrations.protection import (
    allow_v1,
    append_only_v1,
    definer_v1,
    force_v1,
    function_v1,
    protect_v1,
    public_v1,
    staff_v1,
)

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

QUEUE_SQL = Path(__file__).parent.parent / "sql" / "procrastinate_3_10_0.sql"
NOW = sa.text("portal_now()")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _settings()
    _queue()
    _audit()
    _evidence()
    _mail()
    _files()
    _submissions()
    op.execute("GRANT SELECT ON alembic_version TO portal_app, portal_backup")


def _settings() -> None:
    op.create_table("portal_clock", sa.Column("ahead", sa.Interval, nullable=False))
    op.execute("CREATE UNIQUE INDEX uq_portal_clock_one_row ON portal_clock ((true))")
    op.execute("INSERT INTO portal_clock VALUES (interval '0')")
    public_v1("portal_clock")
    allow_v1("portal_clock", "definer_select", "SELECT", "true", role="portal_definer")
    op.execute(
        "CREATE FUNCTION portal_now() RETURNS timestamptz LANGUAGE sql VOLATILE AS"
        " $$ SELECT clock_timestamp() + (SELECT ahead FROM public.portal_clock) $$"
    )
    for name, type_, setting in (
        ("portal_scope", "text", "portal.scope"),
        ("portal_company", "uuid", "portal.company"),
        ("portal_person", "uuid", "portal.person"),
        ("portal_link", "text", "portal.link"),
    ):
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS {type_} LANGUAGE sql STABLE PARALLEL SAFE AS"
            f" $$ SELECT NULLIF(current_setting('{setting}', true), '')::{type_} $$"
        )
    for name in ("portal_now", "portal_scope", "portal_company", "portal_person", "portal_link"):
        op.execute(f"GRANT EXECUTE ON FUNCTION {name}() TO portal_app, portal_definer, portal_backup")
    op.execute(
        "CREATE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'rows of % are appended, never changed', TG_TABLE_NAME"
        " USING ERRCODE = 'restrict_violation'; END $$"
    )


def _queue() -> None:
    """The job queue of the pinned library version; its upgrades come as migrations of their own."""
    op.get_bind().connection.driver_connection.execute(QUEUE_SQL.read_text())
    for table in ("jobs", "events", "periodic_defers", "workers"):
        op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON procrastinate_{table} TO portal_app")
        op.execute(f"GRANT SELECT ON procrastinate_{table} TO portal_backup")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_app")
    op.execute("GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO portal_backup")
    op.execute(
        "DO $$ DECLARE f regprocedure; BEGIN"
        " FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname = 'public' AND p.proname LIKE 'procrastinate\\_%' LOOP"
        " EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO portal_app', f); END LOOP; END $$"
    )


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("company_id", sa.Uuid),
        sa.Column("person_id", sa.Uuid),
        sa.Column("person_name", sa.Text, nullable=False),
        sa.Column("tag", sa.Text, nullable=False),
        sa.Column("subject_kind", sa.Text, nullable=False),
        sa.Column("subject_id", sa.Uuid),
        sa.Column("before", JSONB),
        sa.Column("after", JSONB),
        sa.Column("sealed", sa.Boolean, nullable=False),
    )
    op.create_index("ix_audit_entries_company", "audit_entries", ["company_id", "id"])
    op.create_index("ix_audit_entries_subject", "audit_entries", ["subject_id"])
    force_v1("audit_entries")
    allow_v1("audit_entries", "anyone_insert", "INSERT", "true")
    company = "company_id = (SELECT portal_company())"
    allow_v1("audit_entries", "member_select", "SELECT", f"(SELECT portal_scope()) = 'member' AND {company}")
    staff_v1("audit_entries", "SELECT", condition="NOT sealed")
    definer_v1("audit_entries", "INSERT")
    append_only_v1("audit_entries")


def _evidence() -> None:
    op.create_table(
        "evidence_entries",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("chain", sa.Text, nullable=False),
        sa.Column("chain_id", sa.Uuid, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("previous_hash", sa.Text, nullable=False),
        sa.Column("hash", sa.Text, nullable=False),
        sa.Column("buyer_id", sa.Uuid, nullable=False),
        sa.Column("vendor_id", sa.Uuid),
        sa.Column("at", INSTANT, nullable=False),
        sa.UniqueConstraint("chain", "chain_id", "position", name="uq_evidence_entries_link"),
        sa.UniqueConstraint("hash", name="uq_evidence_entries_hash"),
    )
    force_v1("evidence_entries")
    ours = "(SELECT portal_company()) IN (buyer_id, vendor_id)"
    allow_v1("evidence_entries", "member_select", "SELECT", f"(SELECT portal_scope()) = 'member' AND {ours}")
    definer_v1("evidence_entries", "SELECT", "INSERT")
    append_only_v1("evidence_entries")
    # The lock makes concurrent appends to one chain queue; the hash is worked out here, not by the caller.
    function_v1(
        """
        CREATE FUNCTION evidence_append(a_chain text, a_chain_id uuid, a_kind text, a_payload text,
                                        a_buyer_id uuid, a_vendor_id uuid) RETURNS text LANGUAGE plpgsql AS $$
        DECLARE
            head record;
            link text;
            place bigint;
            moment timestamptz;
        BEGIN
            IF (portal_company() IN (a_buyer_id, COALESCE(a_vendor_id, a_buyer_id))) IS NOT TRUE THEN
                RAISE EXCEPTION 'evidence is appended by its parties' USING ERRCODE = 'insufficient_privilege';
            END IF;
            PERFORM pg_advisory_xact_lock(hashtextextended(a_chain || a_chain_id, 0));
            SELECT e.position, e.hash INTO head FROM evidence_entries e
             WHERE e.chain = a_chain AND e.chain_id = a_chain_id ORDER BY e.position DESC LIMIT 1;
            place := COALESCE(head.position, 0) + 1;
            moment := portal_now();
            link := encode(sha256(convert_to(COALESCE(head.hash, repeat('0', 64)) || format(
                '{"at":"%s","buyer_id":"%s","chain":%s,"chain_id":"%s","content":%s,"kind":%s,"position":%s,"vendor_id":%s}',
                to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), a_buyer_id, to_json(a_chain),
                a_chain_id, a_payload, to_json(a_kind), place, COALESCE(to_json(a_vendor_id)::text, 'null')
            ), 'UTF8')), 'hex');
            INSERT INTO evidence_entries (id, chain, chain_id, position, kind, payload, previous_hash, hash,
                                          buyer_id, vendor_id, at)
            VALUES (gen_random_uuid(), a_chain, a_chain_id, place, a_kind, a_payload,
                    COALESCE(head.hash, repeat('0', 64)), link, a_buyer_id, a_vendor_id, moment);
            RETURN link;
        END $$
        """,
        "evidence_append(text, uuid, text, text, uuid, uuid)",
    )


def _mail() -> None:
    op.create_table(
        "mails",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.BigInteger, nullable=False),
        sa.Column("sent_at", INSTANT),
        sa.CheckConstraint("state IN ('waiting', 'sent')", name="ck_mails_state_known"),
    )
    op.create_table(
        "mail_bodies",
        sa.Column("mail_id", sa.Uuid, sa.ForeignKey("mails.id", name="fk_mail_bodies_mail_id"), primary_key=True),
        sa.Column("recipient", sa.Text, nullable=False),
        sa.Column("params", JSONB, nullable=False),
    )
    force_v1("mails")
    # Any scope may cause a mail (an invitation, a reset); only staff see its header, nobody its body.
    allow_v1("mails", "anyone_insert", "INSERT", "state = 'waiting'")
    staff_v1("mails", "SELECT")
    definer_v1("mails", "SELECT", "UPDATE")
    force_v1("mail_bodies")
    allow_v1("mail_bodies", "anyone_insert", "INSERT", "true")
    definer_v1("mail_bodies", "SELECT", "UPDATE")
    function_v1(
        """
        CREATE FUNCTION mail_take(a_mail_id uuid) RETURNS TABLE (kind text, language text, recipient text, params jsonb)
        LANGUAGE plpgsql AS $$
        BEGIN
            UPDATE mails m SET tries = m.tries + 1 WHERE m.id = a_mail_id AND m.state = 'waiting';
            RETURN QUERY SELECT m.kind, m.language, b.recipient, b.params FROM mails m
                JOIN mail_bodies b ON b.mail_id = m.id WHERE m.id = a_mail_id AND m.state = 'waiting';
        END $$
        """,
        "mail_take(uuid)",
    )
    function_v1(
        """
        CREATE FUNCTION mail_sent(a_mail_id uuid) RETURNS void LANGUAGE sql AS $$
            UPDATE mails SET state = 'sent', sent_at = portal_now() WHERE id = a_mail_id $$
        """,
        "mail_sent(uuid)",
    )
    # What was in a sent mail, and above all its link, need not be in a dump.
    function_v1(
        """
        CREATE FUNCTION mail_forget(a_mail_id uuid) RETURNS void LANGUAGE sql AS $$
            UPDATE mail_bodies SET recipient = '', params = '{}' WHERE mail_id = a_mail_id $$
        """,
        "mail_forget(uuid)",
    )
    function_v1(
        """
        CREATE FUNCTION mail_content(a_mail_id uuid)
        RETURNS TABLE (kind text, language text, recipient text, params jsonb) LANGUAGE sql STABLE AS $$
            SELECT m.kind, m.language, b.recipient, b.params FROM mails m JOIN mail_bodies b ON b.mail_id = m.id
             WHERE m.id = a_mail_id AND portal_scope() = 'staff' $$
        """,
        "mail_content(uuid)",
    )


def _files() -> None:
    op.create_table(
        "stored_files",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
        sa.Column("buyer_id", sa.Uuid),
        sa.Column("vendor_id", sa.Uuid),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.CheckConstraint("buyer_id IS NOT NULL OR vendor_id IS NOT NULL", name="ck_stored_files_owned"),
    )
    protect_v1("stored_files", "buyer_id", "vendor_id", commands=("SELECT", "INSERT"))


def _submissions() -> None:
    """What a form sent twice was answered the first time, so that the second sending gets the same answer."""
    op.create_table(
        "submissions",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("body_sha256", sa.Text, nullable=False),
        sa.Column("location", sa.Text),
        sa.Column("created_at", INSTANT, nullable=False, server_default=NOW),
    )
    # The key is a digest over the sender and a random id, so that knowing a row tells nothing about anybody.
    force_v1("submissions")
    for command in ("SELECT", "INSERT", "UPDATE"):
        allow_v1("submissions", f"anyone_{command.lower()}", command, "true")
