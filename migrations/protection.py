"""Row level security in the words of the portal, for migrations.

A migration is history, so these helpers never change what they do: a different rule is a new helper with the next
number. Every helper names the role its policy is for; nothing is ever granted to PUBLIC.
"""

from pathlib import Path

from alembic import op

APP, OWNER, DEFINER, BACKUP = "portal_app", "portal_owner", "portal_definer", "portal_backup"
SQL = Path(__file__).parent / "sql"
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def _mine(columns: tuple[str, ...]) -> str:
    company = "(SELECT portal_company())"
    return "((SELECT portal_scope()) = 'member' AND (" + " OR ".join(f"{c} = {company}" for c in columns) + "))"


def force_v1(table: str) -> None:
    """Switch row level security on, also for the table's owner, and let the owner's own work through by policy."""
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY owner_all ON {table} TO {OWNER} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT SELECT ON {table} TO {BACKUP}")


def protect_v1(
    table: str, *tenant_columns: str, write: str | None = None, commands: tuple[str, ...] = COMMANDS
) -> None:
    """Protect a table of company data: members see and write the rows whose tenant column is their company.

    With `write` only the company in that column writes; with fewer `commands` only those are granted at all
    (rows that are only ever appended: SELECT and INSERT).
    """
    force_v1(table)
    for command in commands:
        columns = tenant_columns if command == "SELECT" or write is None else (write,)
        allow_v1(table, f"member_{command.lower()}", command, _mine(columns))


def allow_v1(table: str, name: str, command: str, condition: str, *, role: str = APP, check: str | None = None) -> None:
    """One more policy and the grant it needs. `check` is what a written row must fulfil, else `condition`."""
    using = "" if command == "INSERT" else f" USING ({condition})"
    written = f" WITH CHECK ({check or condition})" if command in ("INSERT", "UPDATE") else ""
    op.execute(f"CREATE POLICY {name} ON {table} FOR {command} TO {role}{using}{written}")
    op.execute(f"GRANT {command} ON {table} TO {role}")


def public_v1(table: str) -> None:
    """A table of public facts: read in every scope. Who writes it is said by further policies."""
    force_v1(table)
    allow_v1(table, "anyone_select", "SELECT", "true")


def staff_v1(table: str, *commands: str, condition: str = "true") -> None:
    """Let the staff scope do `commands` to the rows that fulfil `condition`."""
    for command in commands:
        allow_v1(table, f"staff_{command.lower()}", command, f"(SELECT portal_scope()) = 'staff' AND ({condition})")


def definer_v1(table: str, *commands: str, condition: str = "true") -> None:
    """What the definer functions may do to a table; they themselves are narrow."""
    for command in commands:
        allow_v1(table, f"definer_{command.lower()}", command, condition, role=DEFINER)


def function_v1(sql: str, signature: str) -> None:
    """Create a SECURITY DEFINER function with pinned search_path, owned by portal_definer, callable by the portal.

    `sql` is the whole CREATE FUNCTION statement without security, owner and search_path clauses;
    `signature` its name with argument types.
    """
    op.execute(sql)
    op.execute(f"ALTER FUNCTION {signature} SECURITY DEFINER SET search_path = public, pg_temp")
    op.execute(f"REVOKE ALL ON FUNCTION {signature} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO {APP}")
    op.execute(f"ALTER FUNCTION {signature} OWNER TO {DEFINER}")


def functions_v1(file: str) -> None:
    """Create every function of a file under migrations/sql, each announced by a line `-- function <signature>`."""
    for part in (SQL / file).read_text().split("-- function ")[1:]:
        signature, _, sql = part.partition("\n")
        function_v1(sql, signature)


def drop_function_v1(signature: str) -> None:
    """Drop a function of portal_definer's, to make another in its place; portal_owner must act for that role."""
    op.execute(f"SET LOCAL ROLE {DEFINER}")
    op.execute(f"DROP FUNCTION {signature}")
    op.execute("RESET ROLE")


def append_only_v1(table: str) -> None:
    """Rows of proof: nobody updates or deletes them, not even the owner without dropping this trigger first."""
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change()"
    )
