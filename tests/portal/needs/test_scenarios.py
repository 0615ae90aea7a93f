"""Low, base, high and temporary: staffed month by month, and handed to pricing."""

from datetime import date
from decimal import Decimal

import pytest

from portal.kit.calculators import CalculationError
from portal.measures.words import Channel
from portal.needs.forecast import ChannelVolume, forecast
from portal.needs.scenarios import PlannedScenario, Project, ScenarioKind, planned_scenarios
from portal.needs.staffing.arrivals import Demand, Group
from portal.needs.staffing.coverage import coverage
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.plan import plan
from portal.needs.staffing.worktime import WorkTime
from portal.pricing.documents import rate_card_from_document, scenario_from_document, to_document
from portal.pricing.total_cost import total_cost

FIRST, LAST = date(2026, 9, 1), date(2026, 11, 15)
HOURS = coverage("Europe/London", {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")})
DEMAND = Demand(Group(Channel.PHONE, 240, Target(0.8, 20)), (45000.0,), HOURS)
BASE = forecast([ChannelVolume("phone", 240, 1, (Decimal(45000),))], {"en": Decimal(100)}, FIRST, LAST)
PROJECT = Project(ramp_up_weeks=2, wind_down_weeks=1, surge=Decimal("1.5"), surge_probability=Decimal("0.4"))


def scenarios(project: Project | None = None) -> dict[ScenarioKind, PlannedScenario]:
    return {one.kind: one for one in planned_scenarios([DEMAND], FIRST, LAST, WorkTime(), project)}


class TestKinds:
    def test_low_base_and_high_need_more_people_in_this_order(self) -> None:
        found = scenarios()
        low, base, high = (found[kind].months for kind in (ScenarioKind.LOW, ScenarioKind.BASE, ScenarioKind.HIGH))
        assert all(one.fte < two.fte < three.fte for one, two, three in zip(low, base, high, strict=True))
        assert all(one.seats <= two.seats <= three.seats for one, two, three in zip(low, base, high, strict=True))
        assert [one.k for one in base] == [1, 2, 3] and all(one.ramp == 1 for one in base)

    def test_a_month_is_staffed_as_the_plan_of_it(self) -> None:
        september = plan([DEMAND], FIRST, date(2026, 9, 30)).by_month()[0]
        first = scenarios()[ScenarioKind.BASE].months[0]
        assert (float(first.fte), first.seats) == (pytest.approx(september.fte, abs=0.005), september.seats)

    def test_a_month_cut_off_needs_its_part_of_the_hours(self) -> None:
        _, october, november = scenarios()[ScenarioKind.BASE].months
        assert november.seats >= october.seats and november.fte < Decimal("0.6") * october.fte

    def test_a_temporary_project_expects_its_surge_and_ramps(self) -> None:
        assert ScenarioKind.TEMPORARY not in scenarios()
        found = scenarios(PROJECT)[ScenarioKind.TEMPORARY]
        assert found.factor == Decimal("1.20") and found.months[1].ramp == 1
        # Two weeks of rising: 1/14, 2/14 … 14/14 in place of 14 full days, of 30.
        assert found.months[0].ramp == Decimal("0.7833") and found.months[2].ramp < 1
        high = scenarios()[ScenarioKind.HIGH]
        assert [one.fte for one in found.months] == [one.fte for one in high.months]

    @pytest.mark.parametrize(
        "changes", [{"ramp_up_weeks": -1}, {"surge": Decimal(-1)}, {"surge_probability": Decimal("1.1")}]
    )
    def test_impossible_projects_are_refused(self, changes: dict[str, Decimal]) -> None:
        with pytest.raises(CalculationError):
            Project(**changes)  # type: ignore[arg-type]


class TestPricing:
    def test_a_rate_card_is_priced_over_the_staffing(self) -> None:
        card = rate_card_from_document(
            {
                "currency": "USD",
                "operating": [
                    {"code": "PEOPLE", "unit": "fte_month", "rate": 2000},
                    {"code": "SEATS", "unit": "seat_month", "rate": 100},
                    {"code": "CALLS", "unit": "contact", "rate": "0.5"},
                ],
            }
        )
        planned = scenarios(PROJECT)[ScenarioKind.TEMPORARY]
        scenario = planned.priced_over(BASE)
        assert scenario_from_document(to_document(scenario)) == scenario and scenario.name == "temporary"
        people = sum(2000 * one.fte * one.ramp for one in planned.months)
        seats = sum(100 * one.seats * one.ramp for one in planned.months)
        calls = sum(row.contacts for month in BASE.months for row in month.volumes) * planned.factor / 2
        assert total_cost(card, scenario).total_before_credits_minor / 100 == pytest.approx(
            float(people + seats + calls), abs=0.1
        )

    def test_the_forecast_must_be_of_the_same_term(self) -> None:
        with pytest.raises(ValueError, match="different months"):
            scenarios()[ScenarioKind.LOW].priced_over(
                forecast(
                    [ChannelVolume("phone", 240, 1, (Decimal(1),))], {"en": Decimal(100)}, FIRST, date(2026, 9, 30)
                )
            )
