"""Exchange rates: imported from a dated file, shown with day and source."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import Forbidden
from portal.kit.tables import TableError
from portal.pricing.exchange import conversion, import_rates, newest_rates
from tests.factories.accounts import actor_for, make_staff

HEAD = "date,base,currency,rate,source\n"
FILE = (
    HEAD
    + "2026-06-01,EUR,USD,1.10,Central bank\n2026-06-01,EUR,GBP,0.85,Central bank\n"
    + "2026-06-02,EUR,USD,1.12,Central bank\n"
)


@pytest.fixture
def treasurer(app: Flask) -> Actor:
    return actor_for(make_staff("finance"))


class TestImportRates:
    def test_a_moderator_may_not(self, app: Flask) -> None:
        moderator = actor_for(make_staff("moderator"))
        with tenancy.scope(moderator.scope), pytest.raises(Forbidden):
            import_rates(moderator, FILE.encode())
        db.session.rollback()

    @pytest.mark.parametrize(
        ("content", "row", "column"),
        [
            ("", 1, ""),
            ("date,currency,rate\n2026-06-01,USD,1", 1, ""),
            (HEAD, None, ""),
            (FILE + "2026-06-31,EUR,USD,1,B", 5, "date"),
            (FILE + "2026-06-03,EUR,ZZZ,1,B", 5, "currency"),
            (FILE + "2026-06-03,eur,USD,1,B", 5, "base"),
            (FILE + "2026-06-03,EUR,EUR,1,B", 5, "currency"),
            (FILE + "2026-06-03,EUR,USD,zero,B", 5, "rate"),
            (FILE + "2026-06-03,EUR,USD,0,B", 5, "rate"),
            (FILE + "2026-06-03,EUR,USD,-1,B", 5, "rate"),
            (FILE + "2026-06-03,EUR,USD,NaN,B", 5, "rate"),
            (FILE + "2026-06-03,EUR,USD,1e9,B", 5, "rate"),
            (FILE + "2026-06-03,EUR,USD,1,", 5, "source"),
            (FILE + "2026-06-03,EUR,USD,1,B,more", 5, ""),
            (FILE + "2026-06-01,EUR,USD,1.2,B", 5, "currency"),
        ],
    )
    def test_a_file_that_cannot_be_read_is_refused_whole_naming_line_and_column(
        self, treasurer: Actor, content: str, row: int | None, column: str
    ) -> None:
        with tenancy.scope(treasurer.scope), pytest.raises(TableError) as caught:
            import_rates(treasurer, content.encode())
        assert (caught.value.row, caught.value.column) == (row, column)
        with tenancy.scope(treasurer.scope):
            assert newest_rates(treasurer) == []
        db.session.rollback()

    def test_rates_convert_through_the_base_on_the_newest_day(self, treasurer: Actor) -> None:
        with tenancy.scope(treasurer.scope):
            assert import_rates(treasurer, FILE.encode()) == 3
            import_rates(treasurer, FILE.encode())
            shown = [(one.currency, one.rate, one.day, one.source) for one in newest_rates(treasurer)]
            assert shown == [
                ("GBP", "0.85", date(2026, 6, 1), "Central bank"),
                ("USD", "1.12", date(2026, 6, 2), "Central bank"),
            ]
            entry = db.session.scalars(select(AuditEntry).limit(1)).one()
            assert entry.after["rows"] == 3 and entry.after["last_day"] == "2026-06-02"
            db.session.commit()
        with tenancy.scope(tenancy.PUBLIC):
            found = conversion("EUR", "USD", date(2026, 6, 30))
            assert found is not None
            assert (found.rate, found.day, found.source) == (Decimal("1.12"), date(2026, 6, 2), "Central bank")
            through = conversion("GBP", "USD", date(2026, 6, 1))
            assert through is not None and through.rate.quantize(Decimal("0.000001")) == Decimal("1.294118")
            assert found.minor(1050, "EUR", "USD") == 1176
            assert found.minor(1050, "EUR", "JPY") == 12
            assert conversion("USD", "USD", date(2020, 1, 1)) is not None
            assert conversion("EUR", "USD", date(2026, 5, 31)) is None
            assert conversion("EUR", "JPY", date(2026, 6, 30)) is None
            db.session.rollback()

    def test_the_command_names_the_row_at_fault(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "rates.csv"
        file.write_text(HEAD + "2026-06-01,EUR,USD,x,Bank\n")
        answer = app.test_cli_runner().invoke(args=["rates", "import", str(file)])
        assert answer.exit_code == 1 and "Line 2" in answer.output
        file.write_text(FILE)
        answer = app.test_cli_runner().invoke(args=["rates", "import", str(file)])
        assert answer.exit_code == 0
