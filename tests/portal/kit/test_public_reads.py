"""Reading as the public: always as nobody, never writing, and again where the database has begun anew."""

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError, OperationalError

from portal.kit import public_reads, tenancy
from portal.kit.db import db
from tests.factories.accounts import make_company, make_person

pytestmark = pytest.mark.usefixtures("app")


def setting(name: str) -> str:
    return public_reads.rows("SELECT current_setting(:name) AS value", {"name": name})[0].value


class TestRows:
    def test_columns_are_attributes_and_values_are_bound(self) -> None:
        [row] = public_reads.rows("SELECT CAST(:one AS int) + 1 AS two, :text AS text", {"one": 1, "text": "'; --"})
        assert (row.two, row.text) == (2, "'; --")

    def test_it_is_the_public_that_reads_whoever_is_speaking(self) -> None:
        company = make_company("buyer", "Fennwick Trading")
        make_person(company)
        with tenancy.scope(tenancy.member(company.id)):
            assert setting("portal.scope") == "public"
            assert public_reads.rows("SELECT count(*) AS n FROM memberships")[0].n == 0
            db.session.rollback()

    def test_nothing_can_be_written(self) -> None:
        with pytest.raises((DBAPIError, psycopg.Error), match="read-only"):
            public_reads.rows("UPDATE directory_counts SET count = 0")

    def test_a_statement_may_take_five_seconds(self) -> None:
        assert setting("statement_timeout") == "5s"

    def test_a_connection_that_the_database_ended_is_replaced(self, superuser: psycopg.Connection) -> None:
        [row] = public_reads.rows("SELECT pg_backend_pid() AS pid")
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [row.pid])
        assert public_reads.rows("SELECT pg_backend_pid() AS pid")[0].pid != row.pid

    def test_a_database_that_refuses_is_the_error_of_any_other_reading(self) -> None:
        with pytest.raises(OperationalError):
            public_reads.rows("SET LOCAL statement_timeout = 1; SELECT pg_sleep(1)")
