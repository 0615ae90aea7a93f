"""Survey statistics against worked and published values."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError, find_calculator
from portal.kit.rounding import rounded
from portal.measures import calculators  # noqa: F401 - registers the calculator
from portal.measures.satisfaction import (
    Stratum,
    ces,
    csat,
    nps,
    response_rate,
    sample_size,
    weighted_csat,
    wilson,
)


def text(value):
    return str(rounded(value, 4))


def interval(found):
    return [text(found.low), text(found.high)]


class TestCsat:
    def test_share_mean_and_interval(self):
        found = csat([12, 18, 40, 150, 180])
        assert (found.n, text(found.share * 100), text(found.mean)) == (400, "82.5000", "4.1700")
        assert interval(found.interval) == ["0.7847", "0.8591"]

    def test_a_small_sample_has_a_wide_interval(self):
        assert interval(wilson(9, 12)) == ["0.4677", "0.9111"]

    def test_without_answers_there_is_no_value(self):
        assert csat([0] * 5) is None

    @given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
    def test_the_interval_holds_the_share_and_stays_between_0_and_1(self, trials):
        good, n = trials
        found = wilson(good, n)
        assert 0 <= found.low <= found.high <= 1
        tiny = Decimal("1E-20")
        assert found.low - tiny <= Decimal(good) / n <= found.high + tiny


class TestNps:
    def test_score_and_margin(self):
        found = nps(210, 110, 80)
        assert (text(found.score), text(found.margin)) == ("32.5000", "7.7126")

    def test_without_answers_there_is_no_value(self):
        assert nps(0, 0, 0) is None


class TestCes:
    def test_mean_and_share_that_agrees(self):
        found = ces([10, 15, 25, 50, 100, 120, 80])
        assert (text(found.mean), text(found.agree * 100)) == ("5.2375", "75.0000")

    def test_without_answers_there_is_no_value(self):
        assert ces([0] * 7) is None


class TestWeighting:
    PHONE, MAIL, CHAT = Stratum(160, 200, 70), Stratum(180, 200, 20), Stratum(35, 50, 10)

    def test_answers_are_weighted_by_the_population(self):
        assert text(weighted_csat([self.PHONE, self.MAIL, self.CHAT]) * 100) == "81.0000"

    def test_a_stratum_without_answers_cannot_be_weighted(self):
        assert weighted_csat([self.PHONE, Stratum(0, 0, 30)]) is None

    def test_a_stratum_without_population_does_not_matter(self):
        assert weighted_csat([self.PHONE, Stratum(0, 0, 0)]) == Fraction(4, 5)


class TestSamples:
    def test_response_rate(self):
        assert text(response_rate(400, 3200) * 100) == "12.5000"
        assert response_rate(0, 0) is None

    def test_sample_sizes(self):
        assert sample_size(Decimal("0.05")) == 385
        assert sample_size(Decimal("0.05"), 2000) == 323


class TestCommand:
    def run(self, document):
        return find_calculator("survey").run(document)

    def test_csat(self):
        strata = [{"name": "phone", "satisfied": 160, "answers": 200, "population_share": 100}]
        answer = self.run({"kind": "csat", "counts": [12, 18, 40, 150, 180], "invitations": 3200, "strata": strata})
        assert answer == {
            "kind": "csat",
            "n": 400,
            "csat_pct": "82.5000",
            "mean": "4.1700",
            "interval": ["0.7847", "0.8591"],
            "weighted_csat_pct": "80.0000",
            "response_rate_pct": "12.5000",
        }

    def test_nps_and_ces(self):
        assert self.run({"kind": "nps", "promoters": 210, "passives": 110, "detractors": 80})["nps"] == "32.5000"
        assert self.run({"kind": "ces", "counts": [10, 15, 25, 50, 100, 120, 80]})["mean"] == "5.2375"

    @pytest.mark.parametrize(
        ("document", "path"),
        [
            ({"kind": "csat", "counts": [1, 2, 3]}, "counts"),
            ({"kind": "csat", "counts": [1, 2, 3, 4, Decimal("0.5")]}, "counts[4]"),
            ({"kind": "nps", "promoters": -1, "passives": 0, "detractors": 0}, "promoters"),
            ({"kind": "stars"}, "kind"),
            ({"kind": "ces", "counts": [0] * 7, "promoters": 1}, "promoters"),
        ],
    )
    def test_a_refused_document_names_its_field(self, document, path):
        with pytest.raises(CalculationError) as caught:
            self.run(document)
        assert caught.value.path == path
