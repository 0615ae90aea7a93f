"""At which volume two rate cards cost the same."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.pricing.break_even import LEAST, MOST, break_evens, in_proportion
from portal.pricing.calculators import break_even_of_document
from portal.pricing.total_cost import total_cost
from portal.pricing.values import (
    MinCommitment,
    OneTimeLine,
    OperatingLine,
    RateCard,
    Scenario,
    ScenarioMonth,
    Tier,
    TierMode,
    Unit,
    VolumeRow,
)


def scenario(contacts=1000, months=12, fte=None):
    row = VolumeRow("phone", Decimal(contacts), Decimal(300))
    return Scenario(tuple(ScenarioMonth(k, (row,), fte=fte) for k in range(1, months + 1)))


def per_contact(rate, **more):
    line = OperatingLine("CONTACT", Unit.CONTACT, rate=Decimal(rate))
    return RateCard("GBP", operating=(line,), **more)


class TestBreakEvens:
    def test_cards_in_two_currencies_are_not_compared(self):
        with pytest.raises(ValueError, match="GBP"):
            break_evens(per_contact(1), replace(per_contact(1), currency="EUR"), scenario())

    def test_a_card_that_is_always_cheaper_meets_the_other_nowhere(self):
        assert break_evens(per_contact("1.00"), per_contact("1.10"), scenario()) == ()

    def test_equal_cards_meet_nowhere(self):
        assert break_evens(per_contact(1), per_contact(1), scenario()) == ()

    def test_a_fixed_fee_pays_from_the_volume_where_it_equals_the_difference_per_contact(self):
        fixed = RateCard("GBP", operating=(OperatingLine("MONTH", Unit.MONTH, rate=Decimal(1500)),))
        (found,) = break_evens(per_contact(1), fixed, scenario())
        assert found.factor == Decimal("1.5")
        assert found.contacts_month == 1500
        assert found.below == 0

    def test_one_time_fees_count_over_the_whole_term(self):
        dear_start = per_contact("0.90", one_time=(OneTimeLine("SETUP", Decimal(1), Decimal(1800)),))
        (found,) = break_evens(dear_start, per_contact(1), scenario())
        # 1,800 ÷ (12 months × 0.10 a contact) = 1,500 contacts a month
        assert found.contacts_month == pytest.approx(1500, abs=1)
        assert found.below == 1

    def test_staffing_follows_the_volume_in_proportion(self):
        agents = RateCard("GBP", operating=(OperatingLine("FTE", Unit.FTE_MONTH, rate=Decimal(200)),))
        fixed = RateCard("GBP", operating=(OperatingLine("MONTH", Unit.MONTH, rate=Decimal(1000)),))
        (found,) = break_evens(agents, fixed, scenario(fte=Decimal(10)))
        assert found.factor == Decimal("0.5")

    def test_tiers_and_minimum_commitments_may_turn_the_order_more_than_once(self):
        tiers = (Tier(Decimal(2000), Decimal("1.20")), Tier(None, Decimal("0.80")))
        line = OperatingLine("CONTACT", Unit.CONTACT, tiers=tiers, tier_mode=TierMode.ALL_UNITS)
        cliff = RateCard("GBP", operating=(line,))
        floor = per_contact("1.00", min_commitment=MinCommitment(amount=Decimal(900)))
        found = break_evens(cliff, floor, scenario())
        # Up to 750 contacts the minimum of 900 is dearer than 1.20 each; above 2,000 all contacts cost 0.80.
        assert [(turn.contacts_month, turn.below) for turn in found] == [(750, 0), (2000, 1)]

    @settings(max_examples=30)
    @given(st.decimals("0.5", 2, places=2), st.decimals(0, 3000, places=0), st.decimals("0.5", 2, places=2))
    def test_on_both_sides_of_a_turn_the_named_card_is_the_cheaper_one(self, rate, monthly, other):
        base = scenario()
        one = per_contact(rate, min_commitment=MinCommitment(amount=monthly))
        two = per_contact(other)
        for turn in break_evens(one, two, base):
            for factor, cheaper in (
                (turn.factor - Decimal("0.002"), turn.below),
                (turn.factor + Decimal("0.002"), 1 - turn.below),
            ):
                if not LEAST < factor < MOST:
                    continue
                at = in_proportion(base, factor)
                costs = [total_cost(card, at).total_before_credits_minor for card in (one, two)]
                assert costs[cheaper] <= costs[1 - cheaper]


class TestFromTheShell:
    DOCUMENT: ClassVar[dict[str, Any]] = {
        "first": {"currency": "GBP", "operating": [{"code": "CONTACT", "unit": "contact", "rate": "1"}]},
        "second": {"currency": "GBP", "operating": [{"code": "MONTH", "unit": "month", "rate": "1500"}]},
        "scenario": {"months": [{"k": 1, "volumes": [{"channel": "phone", "contacts": 1000, "aht_s": 300}]}]},
    }

    def test_says_which_card_is_cheaper_below_the_turn(self):
        [turn] = break_even_of_document(self.DOCUMENT)
        assert turn == {"factor": Decimal("1.5"), "contacts_month": Decimal(1500), "cheaper_below": "first"}

    def test_refuses_two_currencies_at_the_second_one(self):
        document = self.DOCUMENT | {"second": self.DOCUMENT["second"] | {"currency": "EUR"}}
        with pytest.raises(CalculationError) as refused:
            break_even_of_document(document)
        assert refused.value.path == "second.currency"
