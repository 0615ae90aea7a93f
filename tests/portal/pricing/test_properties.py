"""What holds for every rate card and every scenario."""

import dataclasses
import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.pricing.charges import operating_charges
from portal.pricing.documents import rate_card_from_document, scenario_from_document, to_document
from portal.pricing.total_cost import total_cost
from portal.pricing.values import (
    Cola,
    ExtraLine,
    Filter,
    MinCommitment,
    OneTimeLine,
    OperatingLine,
    Outcome,
    RateCard,
    Scenario,
    ScenarioMonth,
    SlaForecast,
    SlaItem,
    Stacking,
    Tier,
    TierMode,
    Unit,
    VolumeRow,
)


def decimals(most=10_000, places=2):
    return st.decimals(0, most, places=places, allow_nan=False, allow_infinity=False)


channels = st.sampled_from(["phone", "email", "chat"])
windows = st.sampled_from(["standard", "night"])
colas = st.builds(Cola, pct=decimals(9), first_month=st.integers(2, 5), every_months=st.integers(1, 3))
filters = st.builds(
    Filter,
    channel=st.lists(channels, unique=True, max_size=2).map(tuple),
    window=st.lists(windows, unique=True, max_size=1).map(tuple),
)


@st.composite
def prices(draw):
    if draw(st.booleans()):
        return {"rate": draw(decimals(100))}
    ends = sorted(draw(st.sets(st.integers(1, 5000), max_size=3)))
    tiers = tuple(Tier(None if end is None else Decimal(end), draw(decimals(100))) for end in [*ends, None])
    return {"tiers": tiers, "tier_mode": draw(st.sampled_from(TierMode))}


@st.composite
def plain_lines(draw, code, units=tuple(unit for unit in Unit if unit is not Unit.PERCENT)):
    unit = draw(st.sampled_from(units))
    return OperatingLine(
        code=code,
        unit=unit,
        filter=draw(filters),
        included_qty=draw(decimals(50, 0)),
        indexed=draw(st.booleans()),
        outcome="saved" if unit is Unit.OUTCOME else None,
        billing_occupancy=draw(st.sampled_from([Decimal(1), Decimal("0.8")])) if unit is Unit.HOUR else Decimal(1),
        **draw(prices()),
    )


@st.composite
def cards(draw, stacking=st.sampled_from(Stacking)):
    plain = [draw(plain_lines(f"L{number}")) for number in range(draw(st.integers(0, 3)))]
    codes = [line.code for line in plain]
    applies = st.lists(st.sampled_from(codes), unique=True, min_size=1).map(tuple) if codes else st.nothing()
    percents = [
        OperatingLine(
            code=f"P{number}",
            unit=Unit.PERCENT,
            pct=draw(decimals(100)),
            applies_to=draw(applies),
            filter=draw(filters),
        )
        for number in range(draw(st.integers(0, 3)) if codes else 0)
    ]
    item = st.builds(SlaItem, w=decimals(1), p=decimals(1), sev=decimals(1))
    months = st.lists(st.integers(1, 6), unique=True).map(tuple)
    return RateCard(
        currency=draw(st.sampled_from(["USD", "JPY", "KWD", "TWD"])),
        one_time=tuple(
            OneTimeLine(f"O{number}", draw(decimals()), draw(decimals()), month=draw(st.integers(0, 8)))
            for number in range(draw(st.integers(0, 2)))
        ),
        operating=tuple(plain + percents),
        extra=tuple(
            ExtraLine(
                f"X{number}", draw(decimals(9)), draw(decimals()), probability=draw(decimals(1)), months=draw(months)
            )
            for number in range(draw(st.integers(0, 2)))
        ),
        sla=draw(st.none() | st.builds(SlaForecast, at_risk_pct=decimals(20), items=st.lists(item).map(tuple))),
        min_commitment=draw(
            st.none()
            | st.builds(MinCommitment, amount=decimals(), exempt_months=months)
            | st.builds(MinCommitment, quantity=decimals(), rate=decimals(9))
        ),
        cola=draw(
            st.none() | st.builds(Cola, pct=decimals(9), first_month=st.integers(2, 5), every_months=st.integers(1, 3))
        ),
        surcharge_stacking=draw(stacking),
    )


rows = st.builds(VolumeRow, channel=channels, contacts=decimals(9000, 0), aht_s=decimals(900, 0), window=windows)


@st.composite
def scenarios(draw):
    months = tuple(
        ScenarioMonth(
            k=k,
            volumes=tuple(draw(st.lists(rows, max_size=3))),
            fte=draw(decimals(50)),
            ramp=draw(decimals(1)),
            outcomes=(Outcome("saved", draw(decimals(99, 0))),),
        )
        for k in range(1, draw(st.integers(1, 6)) + 1)
    )
    return Scenario(months=months, discount_pct=draw(st.none() | decimals(20)))


def values_in(value):
    yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from values_in(getattr(value, field.name))
    elif isinstance(value, (tuple, list)):
        for item in value:
            yield from values_in(item)


class TestTotalCost:
    @given(cards(), scenarios())
    def test_the_months_sum_to_the_total(self, card, scenario):
        result = total_cost(card, scenario)
        assert sum(month.total_minor for month in result.all_months) == result.total_minor
        assert sum(result.by_code().values()) == sum(result.by_category().values()) == result.total_before_credits_minor

    @given(cards(), scenarios(), st.randoms(use_true_random=False))
    def test_the_order_of_lines_and_rows_changes_nothing(self, card, scenario, random):
        groups = {name: getattr(card, name) for name in ("one_time", "operating", "extra")}
        shuffled = {name: tuple(random.sample(lines, len(lines))) for name, lines in groups.items()}
        months = tuple(
            dataclasses.replace(month, volumes=tuple(random.sample(month.volumes, len(month.volumes))))
            for month in scenario.months
        )
        one = total_cost(card, scenario)
        other = total_cost(dataclasses.replace(card, **shuffled), dataclasses.replace(scenario, months=months))
        assert other.by_code() == one.by_code()
        assert (other.total_minor, other.npv_minor) == (one.total_minor, one.npv_minor)

    @given(cards(), scenarios())
    def test_no_float_is_anywhere_and_no_amount_is_negative(self, card, scenario):
        result = total_cost(card, scenario)
        assert not [value for value in values_in(result) if isinstance(value, float)]
        assert all(isinstance(line.amount_minor, int) and line.amount_minor >= 0 for line in result.lines)

    @given(cards(), scenarios())
    def test_no_month_outside_the_exempt_ones_is_below_the_minimum_amount(self, card, scenario):
        minimum = card.min_commitment
        if minimum is None or minimum.amount is None:
            return
        digits = {"USD": 2, "JPY": 0, "KWD": 3, "TWD": 2}[card.currency]
        for month in total_cost(card, scenario).months:
            floor = int(minimum.amount * 10**digits) if month.k not in minimum.exempt_months else 0
            assert month.operating_minor >= floor


class TestCharges:
    @given(plain_lines("L", units=(Unit.CONTACT, Unit.MINUTE, Unit.HOUR)), rows, decimals(9000, 0))
    def test_graduated_fees_never_fall_when_volume_rises(self, line, row, more):
        card = RateCard(currency="USD", operating=(dataclasses.replace(line, tier_mode=TierMode.GRADUATED),))
        bigger = dataclasses.replace(row, contacts=row.contacts + more)
        less, greater = (operating_charges(card, 1, ScenarioMonth(1, (one,)))[0] for one in (row, bigger))
        assert greater.amount_minor >= less.amount_minor

    @given(cards(stacking=st.just(Stacking.ADDITIVE)), scenarios())
    def test_compounding_never_costs_less_than_adding(self, card, scenario):
        compounded = dataclasses.replace(
            card, surcharge_stacking=Stacking.MULTIPLICATIVE, min_commitment=None, sla=None
        )
        added = dataclasses.replace(card, min_commitment=None, sla=None)
        tolerance = len(card.operating) * len(scenario.months)
        assert total_cost(compounded, scenario).total_minor >= total_cost(added, scenario).total_minor - tolerance


class TestDocuments:
    @given(cards(), scenarios())
    def test_writing_and_reading_gives_the_same_value(self, card, scenario):
        assert rate_card_from_document(json.loads(json.dumps(to_document(card)))) == card
        assert scenario_from_document(json.loads(json.dumps(to_document(scenario)))) == scenario
