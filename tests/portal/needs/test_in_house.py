"""The cost of a year in house: the worked example to the cent, and what is left out."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.needs.in_house import LINE_NAMES, InHouse, Line, in_house_cost

EXAMPLE: dict[str, Any] = {
    "fte": 9, "salary": 32_000, "on_cost": "0.22", "supervisor_salary": 45_000, "supervisor_span": 12,
    "qa_salary": 36_000, "qa_span": 25, "attrition": "0.35", "cost_per_hire": 1_500, "training_weeks": 4,
    "training_material": 400, "technology_month": 120, "telecom_minutes": 600_000, "telecom_rate": "0.02",
    "seat_year": 3_600, "equipment_seat": 1_800, "equipment_years": 3, "overhead": "0.08", "contacts": 120_000,
}  # fmt: skip


def year(**changes: Any) -> InHouse:
    return InHouse(**{key: Decimal(value) for key, value in (EXAMPLE | changes).items()}, currency="USD")


class TestWorkedExample:
    def test_every_line_to_the_cent(self) -> None:
        found = in_house_cost(year())
        assert found.lines == {
            Line.AGENTS: 351_360_00,
            Line.SUPERVISORS: 41_175_00,
            Line.QA: 15_811_20,
            Line.RECRUITING: 4_725_00,
            Line.TRAINING: 10_719_69,
            Line.TECHNOLOGY: 12_960_00,
            Line.TELECOM: 12_000_00,
            Line.FACILITIES: 32_400_00,
            Line.EQUIPMENT: 5_400_00,
            Line.OVERHEAD: 38_924_07,
        }
        assert (found.subtotal_minor, found.total_minor) == (486_550_89, 525_474_96)
        assert found.per_contact == Decimal("4.3790") and found.hires == Decimal("3.15")

    def test_recruiting_and_training_are_what_outsourcing_avoids(self) -> None:
        assert in_house_cost(year()).avoided_minor == 15_444_69

    def test_lines_have_names_in_their_order(self) -> None:
        assert list(LINE_NAMES) == list(Line) == list(in_house_cost(year()).lines)


class TestEdges:
    def test_what_is_left_out_costs_nothing(self) -> None:
        found = in_house_cost(InHouse(Decimal(2), Decimal(100)))
        assert found.total_minor == 200_00 and found.per_contact is None

    @pytest.mark.parametrize("contacts", [None, Decimal(0)])
    def test_without_contacts_there_is_no_cost_of_one(self, contacts: Decimal | None) -> None:
        assert in_house_cost(InHouse(Decimal(2), Decimal(100), contacts=contacts)).per_contact is None

    @pytest.mark.parametrize("field", ["supervisor_span", "qa_span", "equipment_years"])
    def test_nothing_is_divided_by_nothing(self, field: str) -> None:
        with pytest.raises(CalculationError) as refused:
            year(**{field: 0})
        assert refused.value.path == field

    def test_a_currency_without_decimals_is_rounded_to_its_unit(self) -> None:
        found = in_house_cost(InHouse(Decimal("1.5"), Decimal(333_333), currency="JPY"))
        assert found.total_minor == 500_000

    @given(fte=st.decimals(0, 5000, places=2), more=st.decimals(0, 500, places=2))
    def test_lines_add_up_and_more_people_never_cost_less(self, fte: Decimal, more: Decimal) -> None:
        one, other = in_house_cost(year(fte=fte)), in_house_cost(year(fte=fte + more))
        assert sum(one.lines.values()) == one.total_minor <= other.total_minor
