"""Exchange rates: imported from a dated file, shown with day and source."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from flask import Flask

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Forbidden, Invalid
from portal.pricing.exchange import conversion, import_rates
from tests.factories.accounts import actor_for, make_staff

FILE = "date,currency,rate\n2026-06-01,USD,1.10\n2026-06-01,GBP,0.85\n2026-06-02,USD,1.12\n"


@pytest.fixture
def treasurer(app: Flask) -> Actor:
    return actor_for(make_staff("finance"))


class TestImportRates:
    def test_a_moderator_may_not(self, app: Flask) -> None:
        moderator = actor_for(make_staff("moderator"))
        with tenancy.scope(moderator.scope), pytest.raises(Forbidden):
            import_rates(moderator, FILE, source="Central bank", base="EUR")
        db.session.rollback()

    @pytest.mark.parametrize(
        "content",
        [
            "",
            "currency,rate\nUSD,1",
            "date,currency,rate\n",
            "date,currency,rate\n2026-06-01,USD,zero",
            "date,currency,rate\n2026-06-01,USD,0",
            "date,currency,rate\n2026-06-01,USD,NaN",
            "date,currency,rate\n2026-06-31,USD,1",
            "date,currency,rate\n2026-06-01,ZZZ,1",
            "date,currency,rate\n2026-06-01",
        ],
    )
    def test_what_cannot_be_read_is_refused_whole(self, treasurer: Actor, content: str) -> None:
        with tenancy.scope(treasurer.scope), pytest.raises(Invalid):
            import_rates(treasurer, content, source="Central bank", base="EUR")
        db.session.rollback()

    def test_rates_convert_through_the_base_on_the_newest_day(self, treasurer: Actor) -> None:
        with tenancy.scope(treasurer.scope):
            import_rates(treasurer, FILE, source="Central bank", base="EUR")
            import_rates(treasurer, FILE, source="Central bank", base="EUR")
            db.session.commit()
        with tenancy.scope(tenancy.PUBLIC):
            found = conversion("EUR", "USD", date(2026, 6, 30))
            assert found is not None
            assert (found.rate, found.day, found.source) == (Decimal("1.12"), date(2026, 6, 2), "Central bank")
            through = conversion("GBP", "USD", date(2026, 6, 1))
            assert through is not None and through.rate.quantize(Decimal("0.000001")) == Decimal("1.294118")
            assert conversion("USD", "USD", date(2020, 1, 1)) is not None
            assert conversion("EUR", "USD", date(2026, 5, 31)) is None
            assert conversion("EUR", "JPY", date(2026, 6, 30)) is None
            db.session.rollback()

    def test_the_command_names_the_row_at_fault(self, app: Flask, tmp_path: Path) -> None:
        file = tmp_path / "rates.csv"
        file.write_text("date,currency,rate\n2026-06-01,USD,x\n")
        answer = app.test_cli_runner().invoke(args=["rates", "import", str(file), "--source", "Bank"])
        assert answer.exit_code == 1 and "Row 2" in answer.output
        file.write_text(FILE)
        answer = app.test_cli_runner().invoke(args=["rates", "import", str(file), "--source", "Bank"])
        assert answer.exit_code == 0
