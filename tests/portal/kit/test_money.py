"""Amounts: exponents, rounding, splitting, typing and printing."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Invalid
from portal.kit.money import (
    allocate,
    exponent,
    format_amount,
    parse_amount,
    parse_decimal,
    round_half_up,
    to_major,
    to_minor,
)

LOCALES = ["en", "zh_Hant", "zh_Hans", "de", "fr"]


class TestExponent:
    @pytest.mark.parametrize(
        ("currency", "decimals"),
        [("USD", 2), ("TWD", 2), ("CNY", 2), ("HUF", 2), ("JPY", 0), ("ISK", 0), ("KWD", 3), ("IQD", 3), ("MMK", 2)],
    )
    def test_it_is_the_one_of_iso_4217(self, currency, decimals):
        assert exponent(currency) == decimals

    @pytest.mark.parametrize("code", ["EURO", "usd", "", "ZZZ"])
    def test_other_codes_are_refused(self, code):
        with pytest.raises(Invalid):
            exponent(code)


class TestRounding:
    @pytest.mark.parametrize(
        ("amount", "decimals", "minor"),
        [
            (Decimal("453.125"), 2, 45313),
            (Decimal("-453.125"), 2, -45313),
            (Fraction(1, 3), 2, 33),
            (Fraction(2, 3), 0, 1),
            (5, 2, 500),
        ],
    )
    def test_halves_go_away_from_zero(self, amount, decimals, minor):
        assert round_half_up(amount, decimals) == minor

    def test_a_float_is_refused(self):
        with pytest.raises(TypeError):
            round_half_up(0.1, 2)

    @given(st.integers(-(10**30), 10**30), st.sampled_from(["USD", "JPY", "KWD"]))
    def test_major_and_back_is_the_same(self, minor, currency):
        assert to_minor(to_major(minor, currency), currency) == minor


class TestAllocate:
    def test_the_largest_remainder_gets_the_last_unit(self):
        assert allocate(100, [1, 1, 1]) == [34, 33, 33]
        assert allocate(101, [Decimal("0.5"), Decimal("0.3"), Decimal("0.2")]) == [51, 30, 20]

    @pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
    def test_weights_that_share_nothing_are_refused(self, weights):
        with pytest.raises(ValueError, match="weights"):
            allocate(10, weights)

    @given(
        st.integers(-(10**15), 10**15),
        st.lists(st.integers(0, 1000), min_size=1, max_size=9).filter(any),
    )
    def test_the_parts_sum_to_the_whole_and_are_fair(self, total, weights):
        parts = allocate(total, weights)
        assert sum(parts) == total
        assert all(
            abs(part - Fraction(total * weight, sum(weights))) < 1 for part, weight in zip(parts, weights, strict=True)
        )


class TestParse:
    @pytest.mark.parametrize(
        ("text", "locale", "minor"),
        [
            ("1234.5", "en", 123450),
            (" 1,234.50 ", "en", 123450),
            ("1,234,567", "zh_Hant", 123456700),
            ("1.234,50", "de", 123450),
            ("1 234,50", "fr", 123450),
            ("1\u202f234,50", "fr", 123450),
            ("0", "en", 0),
        ],
    )
    def test_amounts_are_read_as_people_write_them(self, text, locale, minor):
        assert parse_amount(text, "USD", locale=locale) == minor

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "NaN",
            "nan",
            "inf",
            "1e5",
            "1E5",
            "-1",
            "+1",
            "١٢",
            "１２",
            "五",
            "1,23",
            "12,34.5",
            "1.2.3",
            "1.",
            ".5",
            "$5",
            "1_000",
            "0x10",
            "1 000",
            "1,,000",
            "1.234",
            "9" * 16,
            "12,345.6,7",
        ],
    )
    def test_everything_else_is_refused_at_its_field(self, text):
        with pytest.raises(Invalid) as caught:
            parse_amount(text, "USD", locale="en", field="budget")
        assert caught.value.field == "budget"

    def test_yen_have_no_decimals(self):
        with pytest.raises(Invalid):
            parse_amount("10.5", "JPY", locale="en")

    def test_an_amount_fits_its_column(self):
        with pytest.raises(Invalid):
            parse_amount("999999999999999", "CLF", locale="en")

    def test_rates_may_have_more_decimals(self):
        assert parse_decimal("0.4275", locale="en") == Decimal("0.4275")

    @given(st.integers(0, 10**14), st.sampled_from(["USD", "JPY", "KWD"]), st.sampled_from(LOCALES))
    def test_what_is_printed_without_its_sign_is_read_back(self, minor, currency, locale):
        printed = format_amount(minor, currency, locale=locale, code=True).replace(currency, "").strip()
        assert parse_amount(printed, currency, locale=locale) == minor


class TestFormat:
    def test_all_decimals_of_the_currency_are_printed(self):
        assert format_amount(7525699, "GBP", locale="en") == "£75,256.99"
        assert format_amount(7525699, "GBP", locale="en", code=True) == "GBP\u00a075,256.99"
        assert format_amount(1000, "JPY", locale="en") == "¥1,000"
        assert format_amount(1000, "IQD", locale="en", code=True) == "IQD\u00a01.000"
        assert format_amount(-150, "USD", locale="de", code=True) == "-1,50\u00a0USD"
