"""One month's charges: units, tiers, surcharges, indexation, minimum commitments."""

from decimal import Decimal

import pytest

from portal.pricing.charges import operating_charges
from portal.pricing.credits import miss_probability
from portal.pricing.documents import month_from_document, rate_card_from_document
from portal.pricing.tiers import cliffs


def charges(lines, rows=(), k=1, card=None, **staff):
    document = {"operating": lines} | (card or {})
    volumes = [{"aht_s": 300} | row for row in rows]
    actual = month_from_document({"k": k, "volumes": volumes} | staff)
    return operating_charges(rate_card_from_document(document), k, actual)


def amounts(*args, **kwargs):
    return {line.code: line.amount_minor for line in charges(*args, **kwargs)}


PHONE = {"channel": "phone", "lang": "en", "window": "standard", "contacts": 100}


class TestUnits:
    @pytest.mark.parametrize(
        ("line", "minor"),
        [
            ({"unit": "contact", "rate": 2}, 20000),
            ({"unit": "minute", "rate": 2}, 100000),
            ({"unit": "minute", "rate": 2, "increment_s": 60}, 100000),
            ({"unit": "minute", "rate": 2, "increment_s": 240}, 160000),
            ({"unit": "hour", "rate": 12}, 10000),
            ({"unit": "hour", "rate": 12, "billing_occupancy": "0.8"}, 12500),
            ({"unit": "fte_month", "rate": 100}, 50000),
            ({"unit": "seat_month", "rate": 100}, 40000),
            ({"unit": "month", "rate": 99}, 9900),
            ({"unit": "outcome", "outcome": "saved", "rate": 3}, 2100),
            ({"unit": "contact", "rate": 2, "included_qty": 30}, 14000),
            ({"unit": "contact", "rate": 2, "included_qty": 300}, 0),
        ],
    )
    def test_each_unit_counts_what_it_says(self, line, minor):
        staff = {"fte": 10, "seats": 8, "ramp": "0.5", "outcomes": {"saved": 7}}
        assert amounts([{"code": "X"} | line], [PHONE], **staff) == {"X": minor}

    def test_without_a_number_of_seats_there_is_one_per_fte(self):
        assert amounts([{"code": "X", "unit": "seat_month", "rate": 100}], fte=10) == {"X": 100000}

    def test_only_rows_that_match_every_key_of_the_filter_are_charged(self):
        rows = [PHONE, PHONE | {"lang": "ja", "contacts": 7}, {"channel": "chat", "lang": "ja", "contacts": 5}]
        only = {"channel": "phone", "lang": ["ja", "ko"]}
        assert amounts([{"code": "X", "unit": "contact", "rate": 1, "filter": only}], rows) == {"X": 700}

    def test_half_a_cent_is_rounded_up(self):
        # 2,000 calls of 300 s at 80 % are 208.33… hours; 15 % of 14.50 on them is exactly 453.125
        lines = [
            {"code": "HR", "unit": "hour", "rate": "14.5", "billing_occupancy": "0.8"},
            {"code": "NIGHT", "unit": "percent", "pct": 15, "applies_to": ["HR"], "filter": {"window": "night"}},
        ]
        rows = [PHONE | {"contacts": 8000}, PHONE | {"contacts": 2000, "window": "night"}]
        assert amounts(lines, rows)["NIGHT"] == 45313


class TestTiers:
    TIERS = {"code": "T", "unit": "contact", "tiers": [{"to": 5000, "rate": "1.9"}, {"to": None, "rate": "1.7"}]}

    @pytest.mark.parametrize(
        ("mode", "contacts", "minor"),
        [
            ("graduated", 5000, 950000),
            ("graduated", 5001, 950170),
            ("all_units", 5000, 950000),
            ("all_units", 5001, 850170),
        ],
    )
    def test_graduated_bands_add_up_and_all_units_bands_reprice_everything(self, mode, contacts, minor):
        rows = [PHONE | {"contacts": contacts}]
        assert amounts([self.TIERS | {"tier_mode": mode}], rows) == {"T": minor}

    def test_a_cliff_of_an_all_units_line_is_found(self):
        card = rate_card_from_document({"operating": [self.TIERS | {"tier_mode": "all_units"}]})
        (cliff,) = cliffs(card.operating[0])
        assert (cliff.quantity, cliff.fee_at, cliff.fee_after) == (5000, 9500, Decimal("8501.70"))
        assert not cliffs(rate_card_from_document({"operating": [self.TIERS]}).operating[0])


class TestSurcharges:
    LINES = [
        {"code": "CALL", "unit": "contact", "rate": 10},
        {"code": "JA", "unit": "percent", "pct": 30, "applies_to": ["CALL"], "filter": {"lang": "ja"}},
        {"code": "HOL", "unit": "percent", "pct": 50, "applies_to": ["CALL"], "filter": {"window": "holiday"}},
    ]
    BOTH = [PHONE | {"lang": "ja", "window": "holiday"}]

    def test_stacked_additively_both_percentages_are_paid_on_the_base_price(self):
        assert amounts(self.LINES, self.BOTH) == {"CALL": 100000, "JA": 30000, "HOL": 50000}

    def test_stacked_multiplicatively_they_compound(self):
        stacked = amounts(self.LINES, self.BOTH, card={"surcharge_stacking": "multiplicative"})
        assert sum(stacked.values()) == 195000
        assert stacked["HOL"] / stacked["JA"] == pytest.approx(5 / 3, abs=0.001)

    def test_stacking_does_not_matter_where_only_one_applies(self):
        rows = [PHONE | {"lang": "ja"}]
        assert amounts(self.LINES, rows, card={"surcharge_stacking": "multiplicative"})["JA"] == 30000

    def test_the_average_price_after_free_units_is_surcharged(self):
        lines = [self.LINES[0] | {"included_qty": 50}, self.LINES[1]]
        assert amounts(lines, [PHONE | {"lang": "ja"}])["JA"] == 15000

    def test_a_price_per_fte_is_surcharged_on_the_share_of_work(self):
        lines = [
            {"code": "TEAM", "unit": "fte_month", "rate": 1000},
            {"code": "NIGHT", "unit": "percent", "pct": 20, "applies_to": ["TEAM"], "filter": {"window": "night"}},
        ]
        rows = [PHONE | {"contacts": 300}, PHONE | {"contacts": 100, "window": "night"}]
        assert amounts(lines, rows, fte=8) == {"TEAM": 800000, "NIGHT": 40000}

    def test_a_month_without_volume_has_no_surcharge(self):
        assert amounts(self.LINES) == {"CALL": 0, "JA": 0, "HOL": 0}

    def test_a_percent_line_shows_the_money_it_is_taken_of(self):
        line = charges(self.LINES, self.BOTH)[1]
        assert (line.quantity, line.unit_rate) == (Decimal("1000.000000"), Decimal("0.300000"))


class TestIndexation:
    LINES = [
        {"code": "TEAM", "unit": "month", "rate": 100},
        {"code": "TOOL", "unit": "month", "rate": 100, "indexed": False},
    ]

    @pytest.mark.parametrize(("k", "minor"), [(1, 10000), (12, 10000), (13, 10400), (24, 10400), (25, 10816)])
    def test_indexed_rates_rise_each_year_and_others_stay(self, k, minor):
        assert amounts(self.LINES, k=k, card={"cola_pct": 4}) == {"TEAM": minor, "TOOL": 10000}

    def test_a_cap_limits_the_rise(self):
        cola = {"pct": 9, "cap_pct": 3, "first_month": 7, "every_months": 6, "index_code": "CPI"}
        assert amounts(self.LINES, k=7, card={"cola": cola})["TEAM"] == 10300


class TestMinimumCommitment:
    LINE = [{"code": "CALL", "unit": "contact", "rate": 1}, {"code": "TOOL", "unit": "month", "rate": 500}]

    def minimum(self, k=1, **commitment):
        return amounts(self.LINE, [PHONE], k=k, card={"cola_pct": 10, "min_commitment": commitment})

    def test_the_missing_amount_is_charged(self):
        assert self.minimum(amount=150, scope=["CALL"])["MIN_SHORTFALL"] == 5000

    def test_what_is_reached_is_not_charged(self):
        assert "MIN_SHORTFALL" not in self.minimum(amount=100, scope=["CALL"])

    def test_an_exempt_month_is_free_of_it(self):
        assert "MIN_SHORTFALL" not in self.minimum(amount=150, scope=["CALL"], exempt_months=[1])

    def test_without_a_scope_all_operating_lines_count(self):
        assert self.minimum(amount=650)["MIN_SHORTFALL"] == 5000

    def test_a_committed_quantity_follows_the_indexed_rate_and_an_amount_does_not(self):
        assert self.minimum(k=13, quantity=120, rate=1, scope=["CALL"])["MIN_SHORTFALL"] == 2200
        assert self.minimum(k=13, amount=120, scope=["CALL"])["MIN_SHORTFALL"] == 1000


class TestMissProbability:
    def test_history_is_estimated_with_half_a_miss_added(self):
        assert miss_probability(2, 24) == Decimal("0.1")

    def test_without_history_the_default_is_taken(self):
        assert miss_probability(0, 0) == Decimal("0.10")
