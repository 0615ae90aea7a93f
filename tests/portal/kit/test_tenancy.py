"""Companies are kept apart by the database, whatever the program forgets."""

import threading

import psycopg
import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from portal.accounts.models import Company, CompanyDetails
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.tenancy_audit import EXCEPTIONS, PUBLIC_TABLES
from tests.factories.accounts import make_company

SETTINGS = "current_setting('portal.scope', true), current_setting('portal.company', true)"
# Read in every scope on purpose: public facts, and digests that name nobody.
# The questions and answers that the portal brings are for everybody.
OPEN_TABLES = EXCEPTIONS | PUBLIC_TABLES | {"submissions", "help_questions", "help_texts"}


def seen() -> set:
    """The companies whose private details the session sees, with nothing asked for in Python."""
    return set(db.session.scalars(select(CompanyDetails.company_id)))


class TestScope:
    def test_without_one_no_transaction_begins(self, app):
        with pytest.raises(tenancy.NoScope):
            db.session.execute(text("SELECT 1"))

    def test_a_member_sees_the_rows_of_one_company(self, app):
        ours, _theirs = make_company("buyer"), make_company("buyer")
        with tenancy.scope(tenancy.member(ours.id)):
            assert seen() == {ours.id}

    def test_the_public_sees_none(self, app):
        make_company("buyer")
        with tenancy.scope(tenancy.PUBLIC):
            assert seen() == set()

    def test_changing_it_inside_a_transaction_empties_the_session(self, app):
        ours, theirs = make_company("buyer"), make_company("buyer")
        with tenancy.scope(tenancy.member(ours.id)):
            mine = db.session.scalars(select(CompanyDetails)).one()
            with tenancy.scope(tenancy.member(theirs.id)):
                assert mine not in db.session
                assert seen() == {theirs.id}
            assert list(db.session) == []
            assert seen() == {ours.id}

    def test_changing_it_writes_what_was_pending_under_the_old_one(self, app):
        ours, theirs = make_company("buyer"), make_company("buyer")
        with tenancy.scope(tenancy.member(ours.id)):
            db.session.scalars(select(CompanyDetails)).one().vat_id = "GB1"
            with tenancy.scope(tenancy.member(theirs.id)):
                pass
            assert db.session.scalars(select(CompanyDetails.vat_id)).one() == "GB1"

    def test_a_row_of_another_company_cannot_be_changed(self, app):
        ours, theirs = make_company("buyer"), make_company("buyer")
        with tenancy.scope(tenancy.member(ours.id)):
            change = text("UPDATE company_details SET vat_id = 'stolen' WHERE company_id = :id")
            assert db.session.execute(change, {"id": theirs.id}).rowcount == 0

    def test_an_error_inside_leaves_the_outer_scope_in_force(self, app):
        ours = make_company("buyer")
        with tenancy.scope(tenancy.PUBLIC):
            with pytest.raises(ZeroDivisionError), tenancy.scope(tenancy.member(ours.id)):
                raise ZeroDivisionError
            assert tenancy.current_scope() == tenancy.PUBLIC

    def test_nothing_is_left_on_the_connection_after_a_transaction(self, app):
        ours = make_company("buyer")
        with tenancy.scope(tenancy.member(ours.id)):
            assert db.session.execute(text(f"SELECT {SETTINGS}")).one() == ("member", str(ours.id))
            db.session.commit()
        db.session.remove()
        with db.engine.connect() as connection:  # the pool hands out the one that was just given back
            assert set(connection.execute(text(f"SELECT {SETTINGS}")).one()) <= {"", None}

    def test_a_reading_transaction_cannot_write(self, app):
        ours = make_company("buyer")
        reading = tenancy.Limits(read_only=True)
        with pytest.raises(Exception, match="read-only"), tenancy.scope(tenancy.member(ours.id), reading):
            db.session.execute(text("UPDATE company_details SET vat_id = 'x'"))
        db.session.rollback()

    def test_the_python_wall_stands_alone_too(self, app, superuser):
        ours, _theirs = make_company("buyer"), make_company("buyer")
        superuser.execute("ALTER TABLE company_details DISABLE ROW LEVEL SECURITY")
        try:
            with tenancy.scope(tenancy.member(ours.id)):
                found = db.session.scalars(select(CompanyDetails).where(tenancy.mine(CompanyDetails))).all()
                assert [row.company_id for row in found] == [ours.id]
        finally:
            db.session.remove()  # its locks would keep the wall from being put up again
            superuser.execute("ALTER TABLE company_details ENABLE ROW LEVEL SECURITY")


class TestTwoCompaniesAtOnce:
    """Eight threads over three connections: what one leaves behind must not reach the next."""

    ROUNDS = 40

    def foreign_rows(self, app) -> int:
        companies = [make_company("buyer"), make_company("buyer")]
        found: list[int] = []

        def hammer(company) -> None:
            with app.app_context():
                for _ in range(self.ROUNDS):
                    with tenancy.scope(tenancy.member(company.id)):
                        found.append(len(seen() - {company.id}))
                        db.session.rollback()
                    db.session.remove()

        threads = [threading.Thread(target=hammer, args=(companies[n % 2],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 8 * self.ROUNDS
        return sum(found)

    def test_neither_ever_sees_a_row_of_the_other(self, app):
        assert self.foreign_rows(app) == 0

    def test_this_test_would_notice(self, app, monkeypatch):
        """Settings that outlive their transaction, on connections that are not told anew: rows leak at once."""
        lasting = text(str(tenancy._APPLY).replace(", true)", ", false)"))
        apply = tenancy._apply

        def apply_once(session, connection) -> None:
            told = connection.info.setdefault("told", [])
            if told:
                session.info["portal_now"] = told[0]
                return
            monkeypatch.setattr(tenancy, "_APPLY", lasting)
            apply(session, connection)
            told.append(session.info["portal_now"])
            connection.commit = lambda: None

        db.engine.dispose()
        monkeypatch.setattr(tenancy, "_apply", apply_once)
        monkeypatch.setattr(db.session.session_factory.class_, "rollback", lambda self: self.commit())
        try:
            assert self.foreign_rows(app) > 0
        finally:
            db.engine.dispose()


class TestWithoutTheProgram:
    """What the portal's own login may do on a bare connection, without scope or session."""

    @pytest.fixture
    def bare(self, app):
        engine = create_engine(app.config["PORTAL"].database_url, poolclass=NullPool)
        with engine.connect() as connection:
            yield connection
        engine.dispose()

    def tables(self, superuser: psycopg.Connection) -> list[str]:
        rows = superuser.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
        return sorted(name for (name,) in rows)

    def test_it_sees_no_row_of_any_company(self, bare, superuser):
        make_company("buyer")
        may_read = "SELECT has_table_privilege('portal_app', :table, 'SELECT')"
        seen = {}
        for table in set(self.tables(superuser)) - OPEN_TABLES:
            if bare.execute(text(may_read), {"table": table}).scalar_one():
                seen[table] = bare.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
        assert "company_details" in seen
        assert {table: count for table, count in seen.items() if count} == {}

    @pytest.mark.parametrize(
        "statement",
        [
            "CREATE TABLE mine (id int)",
            "CREATE TEMPORARY TABLE company_details (id int)",
            "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "ALTER TABLE companies DISABLE ROW LEVEL SECURITY",
            "DROP TABLE submissions",
            "TRUNCATE companies",
            "TRUNCATE audit_entries",
            "UPDATE audit_entries SET person_name = 'somebody else'",
            "DELETE FROM audit_entries",
            "INSERT INTO evidence_entries (id) VALUES (gen_random_uuid())",
            "UPDATE evidence_entries SET payload = '{}'",
            "DELETE FROM evidence_entries",
            "UPDATE portal_clock SET ahead = '1 day'",
            "SELECT * FROM credentials",
            "SELECT * FROM mail_bodies",
            "SELECT * FROM links",
            "SET ROLE portal_owner",
            "SET ROLE portal_definer",
        ],
    )
    def test_it_may_not(self, bare, statement):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            bare.execute(text(statement))

    def test_it_cannot_pass_row_level_security(self, bare):
        attributes = "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = :role"
        assert bare.execute(text(attributes), {"role": "portal_app"}).one() == (False, False, False, False)

    def test_whoever_asks_for_no_row_level_security_gets_an_error(self, bare):
        with pytest.raises(ProgrammingError, match="row-level security"):
            bare.execute(text("SET row_security = off; SELECT count(*) FROM company_details"))

    def test_not_even_the_owner_changes_the_audit_log(self, app, owner_engine):
        make_company("buyer")
        with owner_engine.connect() as connection, pytest.raises(Exception, match="appended, never changed"):
            connection.execute(text("DELETE FROM audit_entries"))

    def test_public_facts_are_read_by_everybody(self, app):
        made = make_company("vendor", "Halden Contact")
        with tenancy.scope(tenancy.PUBLIC):
            assert db.session.get(Company, made.id).name == "Halden Contact"
