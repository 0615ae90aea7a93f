"""Low, base and high volume, and a card restated in another currency."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.pricing.documents import rate_card_from_document
from portal.pricing.restate import restated
from portal.pricing.scenarios import three_costs
from portal.pricing.total_cost import total_cost
from portal.pricing.values import Scenario, ScenarioMonth, VolumeRow

CARD = rate_card_from_document(
    {
        "currency": "GBP",
        "one_time": [{"code": "SETUP", "qty": 1, "rate": 1000}],
        "operating": [
            {"code": "CALL", "unit": "contact", "tiers": [{"to": 500, "rate": 2}, {"to": None, "rate": 1}]},
            {"code": "FTE", "unit": "fte_month", "rate": 100},
            {"code": "NIGHT", "unit": "percent", "pct": 10, "applies_to": ["CALL"]},
        ],
        "extra": [{"code": "SURGE", "qty": 1, "rate": 50, "months": [2]}],
        "min_commitment": {"amount": 900},
    }
)


def scenario(contacts=600, fte=10, discount=None):
    row = VolumeRow("phone", Decimal(contacts), Decimal(300))
    return Scenario(tuple(ScenarioMonth(k, (row,), fte=Decimal(fte)) for k in range(1, 13)), discount_pct=discount)


class TestThreeCosts:
    def test_a_fifth_less_and_more_contacts_and_agents(self):
        found = three_costs(CARD, scenario(discount=Decimal(8)))
        assert [cost.contacts for cost in found] == [5760, 7200, 8640]
        # 480 × 2 × 1.1 + 8 × 100 = 1,856; (1,000 + 100) × 1.1 + 1,000 = 2,210; 1,220 × 1.1 + 1,200 = 2,542 (12 times)
        assert [cost.operating_minor for cost in found] == [2_227_200, 2_652_000, 3_050_400]
        assert all(cost.npv_minor < cost.total_minor for cost in found)

    def test_without_a_discount_the_present_value_is_the_total(self):
        base = three_costs(CARD, scenario(discount=Decimal(0))).base
        assert base.npv_minor == base.total_minor


class TestRestated:
    @given(st.decimals("0.01", 300, places=4), st.integers(0, 2000))
    def test_the_total_is_the_converted_one_but_for_the_rounding_of_lines(self, rate, contacts):
        own = total_cost(CARD, scenario(contacts)).total_minor
        other = total_cost(restated(CARD, "EUR", rate), scenario(contacts))
        lines = sum(len(month.lines) for month in other.all_months)
        assert other.currency == "EUR"
        assert abs(other.total_minor - own * rate) <= lines * (1 + rate)
