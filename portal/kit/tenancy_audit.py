"""Reads the database's catalogue and names whatever would let one company see another's rows.

A new table without row level security, without FORCE, without a policy for its owner, with a policy for everybody,
or a function that runs with too many rights: each is a fault, unless the table is on the short list of exceptions.
"""

from sqlalchemy import Connection, text

# Without company data: the library's queue (ids only) and the migration's own note.
EXCEPTIONS = frozenset(
    {
        "alembic_version",
        "procrastinate_jobs",
        "procrastinate_events",
        "procrastinate_periodic_defers",
        "procrastinate_workers",
    }
)
# Read by everybody on purpose: public facts only.
PUBLIC_TABLES = frozenset(
    {"portal_clock", "companies", "directory_entries", "directory_counts", "standings", "exchange_rates"}
)
ROLES = ("portal_app", "portal_owner", "portal_definer")

_TABLES = """
SELECT c.relname AS name, c.relrowsecurity AS enabled, c.relforcerowsecurity AS forced,
       pg_get_userbyid(c.relowner) AS owner, c.relkind::text AS kind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
"""
_POLICIES = """
SELECT c.relname AS name, p.polname AS policy, p.polcmd::text AS command,
       pg_get_expr(p.polqual, p.polrelid) AS condition,
       ARRAY(SELECT CASE WHEN r = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(r) END FROM unnest(p.polroles) r) AS roles
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
"""
_FUNCTIONS = """
SELECT p.oid::regprocedure::text AS name, pg_get_userbyid(p.proowner) AS owner, COALESCE(p.proconfig, '{}') AS config,
       has_function_privilege('public', p.oid, 'EXECUTE') AS open
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE n.nspname = 'public' AND p.prosecdef
"""
_GRANTS = """
SELECT table_name AS name, privilege_type AS privilege FROM information_schema.role_table_grants
 WHERE table_schema = 'public' AND grantee = 'portal_app' AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
"""
_ATTRIBUTES = """
SELECT rolname AS name FROM pg_roles
 WHERE rolname IN ('portal_app', 'portal_owner', 'portal_definer') AND (rolsuper OR rolbypassrls)
"""


def faults(connection: Connection) -> list[str]:
    """One sentence for each fault, sorted; empty when companies are kept apart."""
    found = [*_table_faults(connection), *_policy_faults(connection), *_function_faults(connection)]
    for row in connection.execute(text(_GRANTS)).mappings():
        found.append(f"{row['name']}: portal_app holds {row['privilege']}")
    for row in connection.execute(text(_ATTRIBUTES)).mappings():
        found.append(f"role {row['name']}: may pass row level security")
    return sorted(found)


def _table_faults(connection: Connection) -> list[str]:
    found = []
    policies: dict[str, set[str]] = {}
    for row in connection.execute(text(_POLICIES)).mappings():
        policies.setdefault(row["name"], set()).update(row["roles"])
    for row in connection.execute(text(_TABLES)).mappings():
        name = row["name"]
        if name in EXCEPTIONS:
            continue
        if row["kind"] in ("v", "m", "f"):
            found.append(f"{name}: a view or foreign table runs with its owner's rights; use a function instead")
            continue
        if not row["enabled"] or not row["forced"]:
            found.append(f"{name}: row level security is not enabled and forced; call protect_v1 in its migration")
        if row["owner"] != "portal_owner":
            found.append(f"{name}: belongs to {row['owner']}, not portal_owner")
        if "portal_owner" not in policies.get(name, set()):
            found.append(f"{name}: no policy for portal_owner, so that backfills would change nothing")
    return found


def _policy_faults(connection: Connection) -> list[str]:
    found = []
    for row in connection.execute(text(_POLICIES)).mappings():
        where = f"{row['name']}.{row['policy']}"
        unknown = set(row["roles"]) - set(ROLES)
        if unknown:
            found.append(f"{where}: is for {', '.join(sorted(unknown))}; name the role it is for")
        readable = row["command"] in ("r", "*") and (row["condition"] or "").strip("()") == "true"
        if readable and "portal_app" in row["roles"] and row["name"] not in PUBLIC_TABLES | {"submissions"}:
            found.append(f"{where}: shows every row to everybody")
    return found


def _function_faults(connection: Connection) -> list[str]:
    found = []
    for row in connection.execute(text(_FUNCTIONS)).mappings():
        if row["owner"] != "portal_definer":
            found.append(f"{row['name']}: runs with the rights of {row['owner']}, not of portal_definer")
        if not any(setting.startswith("search_path=") for setting in row["config"]):
            found.append(f"{row['name']}: has no pinned search_path")
        if row["open"]:
            found.append(f"{row['name']}: anybody may call it")
    return found
