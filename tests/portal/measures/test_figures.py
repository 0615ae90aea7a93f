"""Key figures computed, summed and judged."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.rounding import rounded
from portal.measures.catalogue import CATALOGUE, measure
from portal.measures.definitions import Direction
from portal.measures.figures import Verdict, aggregate, compute, verdict

DAY = {
    "offered": 1000,
    "answered": 950,
    "ans_in_T": 820,
    "abandoned": 50,
    "abandoned_in_T": 15,
    "short": 15,
    "wait_answered_s": 17100,
    "talk_s": 240 * 950,
    "hold_s": 30 * 950,
    "acw_s": 45 * 950,
    "handled": 950,
    "login_h": 110,
    "aux_h": 5,
    "transferred": 57,
}


class TestCompute:
    @pytest.mark.parametrize(
        ("code", "variant", "figures", "value"),
        [
            ("SL", "A", DAY, "82.0000"),
            ("SL", "B", DAY, "86.3158"),
            ("SL", "C", DAY, "83.2487"),
            ("SL", None, DAY, "83.2487"),
            # three days of a city's public call centre figures, which report these shares
            ("SL", "C", {"ans_in_T": 164, "answered": 204, "abandoned": 13, "abandoned_in_T": 2}, "76.2791"),
            ("SL", "C", {"ans_in_T": 144, "answered": 198, "abandoned": 4, "abandoned_in_T": 4}, "72.7273"),
            ("SL", "C", {"ans_in_T": 159, "answered": 210, "abandoned": 6, "abandoned_in_T": 2}, "74.2991"),
            ("ABN", None, DAY, "5.0000"),
            ("ABN", "adjusted", DAY, "3.5533"),
            ("AHT", None, DAY, "315.0000"),
            ("ASA", None, DAY, "18.0000"),
            ("OCC", None, DAY, "79.1667"),
            ("TRF", None, DAY, "6.0000"),
            ("FCR", None, {"resolved_first": 612, "resolvable": 840}, "72.8571"),
            ("ADH", None, {"adherent_min": 480 - 22, "scheduled_min": 480}, "95.4167"),
            ("SHR", None, {"paid_h": 160, "available_h": 112}, "30.0000"),
            ("ATT", None, {"leavers": 3, "headcount_avg": 24}, "12.5000"),
            ("ATT", "annualised", {"leavers": 3, "headcount_avg": 24, "months": 6}, "25.0000"),
            ("CPC", None, {"invoice_total": Decimal("15557.30"), "handled": 9500}, "1.6376"),
            ("PRD", None, {"handled": 30000, "paid_h": 5200}, "5.7692"),
            ("FCA", None, {"offered": 100, "forecast": 90}, "90.0000"),
            ("CMP", None, {"complaints": 3, "handled": 2000}, "1.5000"),
            ("AVL", None, {"service_min": 1000, "down_min": 5}, "99.5000"),
            ("NPS", None, {"nps_promoters": 210, "nps_detractors": 80, "nps_answers": 400}, "32.5000"),
            ("INC", None, {"incidents": 0}, "0.0000"),
            ("FRT", "median", {"frt_median_h": Decimal("3.25")}, "3.2500"),
        ],
    )
    def test_worked_values_are_exact(self, code, variant, figures, value):
        assert str(rounded(compute(code, figures, variant), 4)) == value

    @pytest.mark.parametrize("code", list(CATALOGUE))
    def test_zeros_are_no_data_and_never_a_perfect_or_a_failed_month(self, code):
        for variant in measure(code).variants:
            zeros = dict.fromkeys(variant.needs, 0)
            value = compute(code, zeros, variant.code)
            assert value is None if variant.denominator else value == 0

    def test_an_item_that_was_not_reported_gives_no_data(self):
        assert compute("SL", {"ans_in_T": 5}) is None

    @pytest.mark.parametrize(("code", "variant"), [("SL", "D"), ("NEW", None)])
    def test_what_the_catalogue_does_not_hold_is_an_error(self, code, variant):
        with pytest.raises(LookupError):
            compute(code, DAY, variant)


class TestAggregate:
    def test_percentages_come_from_sums_and_are_never_averaged(self):
        days = [{"ans_in_T": 10, "offered": 10}, {"ans_in_T": 0, "offered": 90}]
        assert compute("SL", aggregate(days), "A") == 10

    def test_forecast_errors_of_opposite_signs_do_not_cancel_out(self):
        days = [{"offered": 100, "forecast": 80}, {"offered": 100, "forecast": 120}]
        assert compute("FCA", aggregate(days)) == 80

    def test_the_backlog_is_the_last_one(self):
        assert aggregate([{"backlog_end": 9}, {"backlog_end": 4}]) == {"backlog_end": 4}

    def test_an_item_missing_in_one_row_is_missing_in_the_sum(self):
        assert aggregate([{"solved": 3, "reopened": 1}, {"solved": 4}]) == {"solved": 7}

    def test_medians_are_kept_for_one_row_and_never_combined(self):
        assert aggregate([{"frt_median_h": 3}]) == {"frt_median_h": 3}
        assert aggregate([{"frt_median_h": 3}, {"frt_median_h": 5}]) == {}

    def test_nothing_gives_nothing(self):
        assert aggregate([]) == {}

    @given(st.lists(st.fixed_dictionaries({"ans_in_T": st.integers(0, 99), "offered": st.integers(1, 99)}), min_size=2))
    def test_the_order_of_days_does_not_matter(self, days):
        assert compute("SL", aggregate(days), "A") == compute("SL", aggregate(days[::-1]), "A")


class TestVerdict:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("80", Verdict.MET),
            ("79.996", Verdict.MET),
            ("79.99", Verdict.MISSED),
            ("75", Verdict.MISSED),
            ("74.99", Verdict.BELOW_MINIMUM),
            (None, Verdict.NO_DATA),
        ],
    )
    def test_higher_is_better(self, value, expected):
        given_value = None if value is None else Decimal(value)
        assert verdict(given_value, 80, 75, Direction.HIGHER) is expected

    @pytest.mark.parametrize(
        ("value", "expected"), [(5, Verdict.MET), (6, Verdict.MISSED), (8, Verdict.MISSED), (9, Verdict.BELOW_MINIMUM)]
    )
    def test_lower_is_better(self, value, expected):
        assert verdict(value, 5, 8, Direction.LOWER) is expected

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (270, Verdict.MET),
            (330, Verdict.MET),
            (331, Verdict.MISSED),
            (240, Verdict.MISSED),
            (239, Verdict.BELOW_MINIMUM),
            (361, Verdict.BELOW_MINIMUM),
        ],
    )
    def test_a_range_is_left_on_either_side(self, value, expected):
        assert verdict(value, 300, 360, Direction.RANGE) is expected

    def test_a_small_sample_gives_no_verdict(self):
        assert verdict(60, 85, 80, Direction.HIGHER, 12, measure("CSAT").min_sample) is Verdict.NO_DATA
        assert verdict(60, 85, 80, Direction.HIGHER, 30, measure("CSAT").min_sample) is Verdict.BELOW_MINIMUM

    def test_without_a_minimum_no_miss_is_grave(self):
        assert verdict(1, 85, None, Direction.HIGHER) is Verdict.MISSED
