"""How figures, money and times are written, in the three languages."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given
from hypothesis import strategies as st

from blueprints.shared import formatting
from blueprints.shared.formatting import MINUS, MISSING, NO_BREAK
from portal.kit.language import written_in

SUMMER = datetime(2026, 6, 2, 16, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def app():
    """An application that only knows languages and the zone of London."""
    app = Flask(__name__)
    Babel(app, timezone_selector=lambda: "Europe/London")
    return app


class TestMoney:
    @pytest.mark.parametrize(
        ("minor", "currency", "options", "written"),
        [
            (7_525_699, "GBP", {}, "£75,256.99"),
            (7_525_699, "GBP", {"code": True}, f"GBP{NO_BREAK}75,256.99"),
            (7_525_650, "GBP", {"whole": True}, "£75,257"),
            (-61_884, "GBP", {}, f"{MINUS}£618.84"),
            (1_234, "JPY", {}, "JP¥1,234"),
            (0, "EUR", {}, "€0.00"),
            (None, "EUR", {}, MISSING),
        ],
    )
    def test_names_its_currency(self, minor, currency, options, written):
        assert formatting.money(minor, currency, **options) == written

    def test_in_a_column_is_without_it(self):
        assert formatting.amount(257_800_800, "GBP", whole=True) == "2,578,008"
        assert formatting.signed_amount(-56_599_200, "GBP", whole=True) == f"{MINUS}565,992"

    @given(st.integers(min_value=-(10**15), max_value=10**15))
    def test_loses_no_minor_unit(self, minor):
        written = formatting.amount(minor, "GBP").replace(",", "").replace(MINUS, "-")
        assert Decimal(written) * 100 == minor


class TestNumber:
    def test_zero_is_zero_and_missing_is_a_dash(self):
        assert formatting.number(0) == "0"
        assert formatting.number(None) == MISSING

    def test_rounds_half_up(self):
        assert formatting.number(Decimal("2.675"), 2) == "2.68"
        assert formatting.number(Decimal("0.5"), 0) == "1"

    @pytest.mark.parametrize(("value", "written"), [(2.6, "+2.6"), (-1.9, f"{MINUS}1.9"), (0, "0.0"), (-0.01, "0.0")])
    def test_differences_carry_their_sign(self, value, written):
        assert formatting.signed(value, 1) == written

    def test_percent_takes_a_ratio_or_a_figure_of_hundred(self):
        assert formatting.percent(Decimal("0.784"), 2) == f"78.40{NO_BREAK}%"
        assert formatting.percent(Decimal("78.4"), 1, of_hundred=True) == f"78.4{NO_BREAK}%"


class TestTimes:
    def test_a_time_is_shown_in_the_zone_of_the_page_and_names_it(self, app):
        with app.test_request_context():
            assert formatting.datetime_zoned(SUMMER) == f"2 June 2026, 17:05{NO_BREAK}BST"

    def test_an_ambiguous_zone_name_becomes_an_offset(self):
        assert formatting.time(SUMMER, "Asia/Taipei") == f"00:05{NO_BREAK}UTC+8"
        assert formatting.time(SUMMER, "Asia/Kolkata") == f"21:35{NO_BREAK}UTC+5:30"

    def test_a_day_is_that_of_the_zone(self):
        assert formatting.date(SUMMER, zone="Asia/Taipei") == "3 June 2026"

    def test_a_time_without_zone_is_refused(self):
        with pytest.raises(ValueError, match="without a zone"):
            formatting.datetime_zoned(SUMMER.replace(tzinfo=None))

    def test_missing_is_a_dash(self):
        assert {formatting.date(None), formatting.datetime_zoned(None), formatting.month(None)} == {MISSING}

    def test_in_chinese_they_are_chinese(self, app):
        with app.test_request_context(), written_in("zh_Hant"):
            assert formatting.datetime_zoned(SUMMER, "Europe/London") == f"2026年6月2日 17:05{NO_BREAK}BST"
            assert formatting.month(date(2026, 10, 1)) == "2026年10月"

    def test_the_footer_names_place_and_offset(self):
        assert formatting.zone_line("Europe/London", SUMMER) == "Europe/London, BST (UTC+1)"
        assert formatting.zone_line("Asia/Taipei", SUMMER) == "Asia/Taipei (UTC+8)"
        assert formatting.zone_line("UTC", SUMMER) == "UTC"

    @pytest.mark.parametrize(("days", "words"), [(21, "in 21 days"), (1, "in 1 day"), (0, "today"), (-3, "3 days ago")])
    def test_distance_in_days(self, app, days, words):
        with app.test_request_context():
            assert formatting.days_away(date(2026, 6, 2) + timedelta(days), date(2026, 6, 2)) == words

    def test_a_length_of_time_has_at_most_two_units(self):
        assert formatting.duration(252) == f"4{NO_BREAK}min 12{NO_BREAK}s"
        assert formatting.duration(timedelta(days=2, hours=3, minutes=4)) == f"2 days 3{NO_BREAK}h"


class TestSeveralWords:
    def test_names_keep_their_capitals_and_other_words_begin_small(self):
        assert formatting.listed(["Polish", "English"]) == "Polish, English"
        assert formatting.listed(["Phone", "E-mail", "Live chat"], common=True) == "Phone, e-mail, live chat"

    def test_chinese_has_a_comma_of_its_own(self, app):
        with app.test_request_context(), written_in("zh_Hant"):
            assert formatting.listed(["電話", "電子郵件"], common=True) == "電話、電子郵件"


class TestSizes:
    @pytest.mark.parametrize(("size", "written"), [(10, "1"), (82_123, "82"), (None, MISSING)])
    def test_files(self, size, written):
        assert formatting.filesize(size) == (written if size is None else f"{written}{NO_BREAK}KB")
