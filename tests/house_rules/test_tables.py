"""Every table keeps companies apart, and the models say what the database holds."""

from flask import Flask
from flask_migrate import check
from sqlalchemy import Engine, text

from portal.kit import tenancy_audit


def test_every_table_keeps_companies_apart(owner_engine: Engine) -> None:
    """Call protect_v1, public_v1 or force_v1 of migrations/protection.py for each new table."""
    with owner_engine.connect() as connection:
        assert tenancy_audit.faults(connection) == []


def test_the_audit_names_a_table_without_protection(owner_engine: Engine) -> None:
    """Proof that the audit bites: a bare table, a policy for everybody, an open function."""
    with owner_engine.connect() as connection:
        connection.execute(text("CREATE TABLE bare (id uuid)"))
        connection.execute(text("CREATE TABLE loose (id uuid)"))
        connection.execute(text("ALTER TABLE loose ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY"))
        connection.execute(text("CREATE POLICY everybody ON loose USING (true)"))
        connection.execute(text("CREATE FUNCTION leak() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'"))
        found = "\n".join(tenancy_audit.faults(connection))
        connection.rollback()
    assert "bare: row level security is not enabled and forced" in found
    assert "loose.everybody: is for PUBLIC" in found
    assert "loose: no policy for portal_owner" in found
    assert "leak(): runs with the rights of portal_owner" in found
    assert "leak(): has no pinned search_path" in found


def test_models_and_migrations_say_the_same(app: Flask) -> None:
    """Write a migration for what changed in the models; `flask db check` exits when they differ."""
    with app.app_context():
        check()
