"""What it costs to begin, from its drivers."""

import json
from dataclasses import fields, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError, find_calculator, write_json
from portal.measures.words import Mode
from portal.pricing.begin_prices import LEAST_CARDS, Published, default_prices, prices_from
from portal.pricing.calculators import one_time_of_document
from portal.pricing.documents import rate_card_from_document
from portal.pricing.one_time import MOST, Counted, Drivers, Price, Source, Sum, Work, begin_cost
from portal.pricing.values import OneTimeCategory

counts = [name for name in (field.name for field in fields(Drivers)) if name != "mode"]
drivers = st.builds(
    Drivers,
    agents=st.integers(1, MOST["agents"]),
    mode=st.sampled_from(Mode),
    integrations=st.integers(0, MOST["integrations"]),
    languages=st.integers(1, MOST["languages"]),
    channels=st.integers(1, MOST["channels"]),
    sites=st.integers(1, MOST["sites"]),
    training_hours=st.none() | st.integers(0, MOST["training_hours"]),
    articles=st.integers(0, MOST["articles"]),
)
prices = st.sampled_from(
    [default_prices(), default_prices("JPY", Decimal("151.37")), default_prices("TWD", Decimal("32.2851"))]
)


def line_of(cost, work):
    return next(line for line in cost.lines if line.work is work)


class TestBeginCost:
    def test_training_is_agents_times_hours_times_the_price_of_an_hour(self):
        line = line_of(begin_cost(Drivers(agents=30, training_hours=80), default_prices()), Work.TRAINING)
        assert [(one.counted, one.value.likely) for one in line.factors] == [(Counted.AGENTS, 30), (Counted.HOURS, 80)]
        assert (line.low_minor, line.likely_minor, line.high_minor) == (1_680_000, 2_400_000, 3_480_000)
        assert line.source is Source.TYPED
        assert line.category is OneTimeCategory.TRAINING_INITIAL

    def test_without_typed_hours_the_plan_of_the_mode_says_how_long_training_takes(self):
        hours = {
            mode: line_of(begin_cost(Drivers(agents=1, mode=mode), default_prices()), Work.TRAINING).factors[1].value
            for mode in Mode
        }
        assert hours[Mode.FULL] == (80, 100, 120)
        assert hours[Mode.TEMPORARY] == (24, 32, 40)

    def test_what_costs_nothing_has_no_line(self):
        works = {line.work for line in begin_cost(Drivers(agents=5), default_prices()).lines}
        assert works == {Work.CONTRACT, Work.PROJECT, Work.RECRUITMENT, Work.TRAINING, Work.RAMP}

    def test_only_a_temporary_service_is_wound_down_at_a_known_date(self):
        wound_down = {
            mode: any(line.work is Work.WIND_DOWN for line in begin_cost(Drivers(5, mode), default_prices()).lines)
            for mode in Mode
        }
        assert wound_down == {Mode.FULL: False, Mode.PARTIAL: False, Mode.TEMPORARY: True}

    @given(drivers, prices)
    def test_low_is_never_above_likely_nor_likely_above_high_and_sums_are_those_of_the_parts(self, asked, known):
        cost = begin_cost(asked, known)
        for line in cost.lines:
            amounts = (line.low_minor, line.likely_minor, line.high_minor)
            assert all(type(amount) is int for amount in amounts)
            assert 0 <= line.low_minor <= line.likely_minor <= line.high_minor
        sums = cost.by_category().values()
        assert cost.total == Sum(*(sum(one[at] for one in sums) for at in range(3)))
        assert cost.total.likely_minor == sum(line.likely_minor for line in cost.lines)

    @given(drivers, prices, st.sampled_from(counts), st.integers(1, 40))
    def test_more_of_anything_never_costs_less(self, asked, known, name, more):
        value = getattr(asked, name)
        if value is None:
            return
        less, greater = begin_cost(asked, known).total, begin_cost(replace(asked, **{name: value + more}), known).total
        assert all(one <= other for one, other in zip(less, greater, strict=True))


def card(currency="USD", **one_time):
    lines = [{"code": name.upper(), **line} for name, line in one_time.items()]
    return rate_card_from_document({"currency": currency, "one_time": lines}, "")


def training(rate, unit="agent"):
    return {"category": "training_initial", "unit": unit, "qty": 1, "rate": rate}


class TestPricesFromPublishedCards:
    def test_fewer_than_five_cards_change_nothing(self):
        few = [Published(card(train=training(9, "hour")))] * (LEAST_CARDS - 1)
        assert prices_from(few, {}, default_prices()) == default_prices()

    def test_quartiles_and_median_take_the_place_of_a_default_and_say_of_how_many_cards(self):
        found = prices_from(
            [Published(card(t=training(rate, "hour"))) for rate in (8, 20, 6, 10, 9)], {}, default_prices()
        )
        assert found.ranges[Price.TRAINING_HOUR] == (8, 9, 10)
        assert found.cards == {Price.TRAINING_HOUR: 5}
        assert found.ranges[Price.CONTRACT] == default_prices().ranges[Price.CONTRACT]

    def test_a_fee_per_agent_counts_only_with_the_hours_its_vendor_states(self):
        stated = [Published(card(t=training(800)), Decimal(80))] * LEAST_CARDS
        assert prices_from(stated, {}, default_prices()).ranges[Price.TRAINING_HOUR] == (10, 10, 10)
        assert prices_from([Published(card(t=training(800)))] * 9, {}, default_prices()) == default_prices()

    def test_cards_in_other_currencies_are_converted_and_left_out_where_no_rate_is_known(self):
        abroad = [Published(card("TWD", t=training(320, "hour")))] * LEAST_CARDS
        found = prices_from(abroad, {"TWD": Decimal("0.03")}, default_prices())
        assert found.ranges[Price.TRAINING_HOUR].likely == Decimal("9.6")
        assert prices_from(abroad, {}, default_prices()) == default_prices()

    def test_a_published_price_of_a_system_replaces_the_days(self):
        lines = {"i": {"category": "integration", "unit": "system", "qty": 2, "rate": 3000}}
        known = prices_from([Published(card(**lines))] * LEAST_CARDS, {}, default_prices())
        line = line_of(begin_cost(Drivers(5, integrations=3), known), Work.SYSTEMS)
        assert line.likely_minor == 900_000
        assert (len(line.factors), line.cards) == (1, LEAST_CARDS)


class TestFromTheShell:
    def test_gives_amounts_as_text_with_the_reason_of_each_line(self):
        found = json.loads(write_json(one_time_of_document({"agents": 30, "training_hours": 80})))
        trained = next(line for line in found["lines"] if line["for"] == "training")
        assert trained["because"] == "30 agents × 80 hours × 10 (7 to 14.5)"
        assert (trained["low"], trained["likely"], trained["high"]) == ("16800.00", "24000.00", "34800.00")
        assert found["total"]["likely"] == str(sum(Decimal(one["likely"]) for one in found["lines"]))

    @pytest.mark.parametrize(
        ("document", "path"),
        [
            ({}, "agents"),
            ({"agents": 0}, "agents"),
            ({"agents": Decimal("2.5")}, "agents"),
            ({"agents": 2, "languages": 0}, "languages"),
            ({"agents": 2, "mode": "half"}, "mode"),
            ({"agents": 2, "seats": 2}, "seats"),
            ({"agents": 2, "currency": "EUR"}, "per_dollar"),
            ({"agents": 2, "currency": "QQQ"}, "currency"),
            ({"agents": 2, "per_dollar": 1}, "per_dollar"),
            ({"agents": 2, "prices": {"day": {"low": 3, "likely": 2, "high": 4}}}, "prices.day.likely"),
        ],
    )
    def test_refuses_at_the_field(self, document, path):
        with pytest.raises(CalculationError) as refused:
            one_time_of_document(document)
        assert refused.value.path == path

    def test_takes_prices_of_ones_own_in_any_currency(self):
        own = {"day": {"low": 4000, "likely": 5000, "high": 6000}}
        found = one_time_of_document({"agents": 1, "currency": "TWD", "per_dollar": 32, "prices": own})
        project = next(line for line in found["lines"] if line["for"] == "project")
        assert project["likely"] == Decimal("65000.00")
        assert find_calculator("one-time") is not None
