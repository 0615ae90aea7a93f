"""The pure parts of billing: periods, shares, references, the provider's units, a month's fees."""

import itertools
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.billing.commission import commission_of, released, tax_of, taxes_by_line
from portal.billing.month_fees import month_fees
from portal.billing.periods import Period, end_of_term, finished, periods
from portal.billing.providers.stripe_units import from_stripe, to_stripe
from portal.billing.reference import creditor_reference, grouped, is_valid, normal
from portal.billing.states import Basis
from portal.kit.errors import Invalid
from portal.pricing.documents import month_from_document, rate_card_from_document, scenario_from_document
from tests.factories.billing import CARD, FORECAST

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2032, 12, 31))
AMOUNTS = st.integers(min_value=-(10**12), max_value=10**12)


class TestPeriods:
    @given(first=DAYS, length=st.integers(min_value=0, max_value=1200))
    def test_follow_each_other_without_gap_or_overlap(self, first, length):
        last = first + timedelta(days=length)
        found = list(periods(first, last))
        assert found[0].start == first and found[-1].end == last
        assert [period.k for period in found] == list(range(1, len(found) + 1))
        for one, following in itertools.pairwise(found):
            assert following.start == one.end + timedelta(days=1)
            assert (one.month, following.start.day) == (one.start.replace(day=1), 1)

    @given(first=DAYS, length=st.integers(min_value=0, max_value=800), runs=st.lists(DAYS, min_size=1, max_size=12))
    def test_each_is_finished_once_however_often_and_whenever_billing_runs(self, first, length, runs):
        last = first + timedelta(days=length)
        through, billed = None, []
        for today in [*sorted(runs), last + timedelta(days=40)]:
            for period in finished(first, last, through, today):
                assert period.end < today
                billed.append(period)
                through = period.end
        assert billed == list(periods(first, last))

    def test_a_running_month_is_not_billed_but_one_the_service_ended_in_is(self):
        start = date(2026, 2, 10)
        assert finished(start, None, None, date(2026, 2, 28)) == []
        assert finished(start, None, None, date(2026, 3, 1)) == [Period(1, start, date(2026, 2, 28))]
        assert finished(start, date(2026, 2, 20), None, date(2026, 2, 21)) == [Period(1, start, date(2026, 2, 20))]

    def test_the_share_of_a_part_month_counts_days(self):
        assert Period(1, date(2024, 2, 1), date(2024, 2, 29)).is_whole
        assert Period(1, date(2026, 4, 16), date(2026, 4, 30)).share == Fraction(1, 2)

    @pytest.mark.parametrize(
        ("start", "months", "last"),
        [
            (date(2026, 1, 1), 12, date(2026, 12, 31)),
            (date(2026, 1, 31), 1, date(2026, 2, 27)),
            (date(2024, 2, 29), 12, date(2025, 2, 27)),
            (date(2026, 11, 15), 3, date(2027, 2, 14)),
        ],
    )
    def test_a_term_ends_the_day_before(self, start, months, last):
        assert end_of_term(start, months) == last


class TestShares:
    @given(amount=AMOUNTS, bps=st.integers(min_value=0, max_value=10_000))
    def test_a_credit_takes_back_exactly_what_the_fee_gave(self, amount, bps):
        assert commission_of(-amount, bps) == -commission_of(amount, bps)
        assert abs(commission_of(amount, bps)) <= abs(amount)

    @given(
        total=st.integers(min_value=1, max_value=10**9),
        bps=st.integers(min_value=0, max_value=10_000),
        cuts=st.lists(st.fractions(min_value=0, max_value=1), max_size=9),
    )
    def test_part_payments_release_exactly_the_share(self, total, bps, cuts):
        commission = commission_of(total, bps)
        stops = [0, *sorted(int(total * cut) for cut in cuts), total]
        parts = [released(commission, a, b, total) for a, b in itertools.pairwise(stops)]
        assert sum(parts) == commission
        assert all(0 <= part <= b - a for part, a, b in zip(parts, stops, stops[1:], strict=False))

    def test_half_a_cent_is_rounded_up(self):
        assert (commission_of(10, 500), commission_of(9, 500), tax_of(1, 1900)) == (1, 0, 0)
        assert tax_of(6_271_416, 2000) == 1_254_283

    @given(amounts=st.lists(AMOUNTS, max_size=30), bps=st.integers(min_value=0, max_value=3000))
    def test_the_taxes_of_the_lines_are_the_tax_of_the_invoice(self, amounts, bps):
        taxes = taxes_by_line(amounts, bps)
        assert sum(taxes) == tax_of(sum(amounts), bps)
        assert all(abs(tax - tax_of(amount, bps)) <= 1 for tax, amount in zip(taxes, amounts, strict=True))


class TestReference:
    def test_a_published_example_has_the_right_check_digits(self):
        assert creditor_reference("539007547034") == "RF18539007547034"
        assert is_valid("RF18 5390 0754 7034") and not is_valid("RF19539007547034")

    @given(text=st.text(alphabet="ABCXYZ0123456789", min_size=1, max_size=21))
    def test_is_valid_and_finds_every_mistyped_digit_or_letter(self, text):
        reference = creditor_reference(text)
        assert is_valid(reference) and normal(grouped(reference).lower()) == reference
        for place in range(4, len(reference)):
            one, two = ("7", "8") if reference[place].isdigit() else ("K", "L")
            other = one if reference[place] != one else two
            assert not is_valid(reference[:place] + other + reference[place + 1 :])

    def test_a_mistyped_one_is_refused_at_its_field(self):
        with pytest.raises(Invalid) as refused:
            normal("RF18 5390 0754 7035")
        assert refused.value.field == "reference"


class TestProviderUnits:
    @pytest.mark.parametrize(
        ("minor", "currency", "unit"),
        [
            (1050, "EUR", 1050),
            (500, "JPY", 500),
            (500, "KRW", 500),
            (5, "ISK", 500),
            (7, "UGX", 700),
            (1230, "KWD", 1230),
            (1000, "HUF", 1000),
            (300, "MGA", 3),
            (1050, "TWD", 1050),
        ],
    )
    def test_amounts_go_out_and_come_back(self, minor, currency, unit):
        assert to_stripe(minor, currency) == unit
        assert from_stripe(unit, currency) == minor

    @pytest.mark.parametrize(("minor", "currency"), [(1234, "KWD"), (301, "MGA")])
    def test_what_the_provider_cannot_express_is_refused(self, minor, currency):
        with pytest.raises(Invalid):
            to_stripe(minor, currency)


class TestMonthFees:
    card = rate_card_from_document(CARD)
    forecast = scenario_from_document(FORECAST)

    def test_reported_volumes_win_over_the_forecast(self):
        actual = month_from_document({"k": 1, "volumes": [{"channel": "phone", "contacts": "1200", "aht_s": "280"}]})
        whole = Period(1, date(2026, 3, 1), date(2026, 3, 31))
        told = month_fees(self.card, self.forecast, whole, actual)
        guessed = month_fees(self.card, self.forecast, whole, None)
        assert (told.basis, [line.amount_minor for line in told.lines]) == (Basis.REPORTED, [300_000, 120_000])
        assert (guessed.basis, [line.amount_minor for line in guessed.lines]) == (Basis.FORECAST, [250_000, 120_000])

    def test_in_part_of_a_month_fixed_fees_and_forecast_count_by_days_reports_as_they_are(self):
        half = Period(1, date(2026, 4, 16), date(2026, 4, 30))
        actual = month_from_document({"k": 1, "volumes": [{"channel": "phone", "contacts": "700", "aht_s": "280"}]})
        assert [line.amount_minor for line in month_fees(self.card, self.forecast, half, None).lines] == [
            125_000,
            60_000,
        ]
        told = month_fees(self.card, self.forecast, half, actual)
        assert [line.amount_minor for line in told.lines] == [175_000, 60_000]
        assert told.lines[1].quantity == Decimal("0.5")

    def test_the_minimum_commitment_counts_for_whole_months_only(self):
        card = rate_card_from_document({**CARD, "min_commitment": {"amount": "5000"}})
        whole = month_fees(card, self.forecast, Period(1, date(2026, 3, 1), date(2026, 3, 31)), None)
        part = month_fees(card, self.forecast, Period(1, date(2026, 4, 16), date(2026, 4, 30)), None)
        assert sum(line.amount_minor for line in whole.lines) == 500_000
        assert sum(line.amount_minor for line in part.lines) == 185_000

    def test_after_the_forecast_ends_its_last_month_goes_on(self):
        later = month_fees(self.card, self.forecast, Period(9, date(2026, 9, 1), date(2026, 9, 30)), None)
        assert sum(line.amount_minor for line in later.lines) == 370_000
