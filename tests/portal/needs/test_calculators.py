"""``flask calc staffing``, ``staffing-plan`` and ``in-house``: documents in and out, refusals by field."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from portal.kit.calc_command import calc_command
from portal.needs import calculators  # noqa: F401 - registers them

QUEUE: dict[str, Any] = {
    "volume": 100, "aht_s": 180, "interval_s": 1800, "sl": 0.8, "t_s": 20, "occ_max": 0.85, "min_agents": 0,
    "asa_max": None, "shrinkage": 0.3,
}  # fmt: skip
BASELINE: dict[str, Any] = {
    "fte": 9, "salary": 32000, "on_cost_pct": 22, "supervisor_salary": 45000, "supervisor_span": 12,
    "qa_salary": 36000, "qa_span": 25, "attrition_pct": 35, "cost_per_hire": 1500, "training_weeks": 4,
    "training_material": 400, "technology_month": 120, "telecom_minutes": 600000, "telecom_rate": "0.02",
    "seat_year": 3600, "equipment_seat": 1800, "equipment_years": 3, "overhead_pct": 8, "contacts": 120000,
}  # fmt: skip


def answer(name: str, document: object) -> Any:
    found = CliRunner().invoke(calc_command, [name], input=json.dumps(document))
    assert found.exit_code == 0, found.stderr
    return json.loads(found.stdout)


def refusal(name: str, document: object) -> str:
    found = CliRunner().invoke(calc_command, [name], input=json.dumps(document))
    assert found.exit_code == 2 and not found.stdout
    return found.stderr


class TestStaffing:
    def test_the_fewest_agents_and_what_they_achieve(self) -> None:
        expected = {
            "A": 10.0, "n_sl": 14, "n_occ": 12, "n": 14, "pw": 0.174132, "sl": 0.88835, "asa_s": 7.835937,
            "occ": 0.714286, "scheduled": 20.0, "scheduled_ceil": 20,
        }  # fmt: skip
        assert answer("staffing", QUEUE) == expected
        assert answer("staffing", [QUEUE, QUEUE]) == [expected, expected]

    def test_an_interval_without_contacts_has_no_service_level(self) -> None:
        found = answer("staffing", QUEUE | {"volume": 0, "min_agents": 2})
        assert (found["n"], found["sl"], found["asa_s"], found["occ"]) == (2, None, 0, 0)

    def test_given_agents_are_judged_also_when_they_cannot_keep_up(self) -> None:
        found = answer("staffing", QUEUE | {"agents": 10})
        assert (found["pw"], found["sl"], found["asa_s"], found["occ"], found["unstable"]) == (1, 0, None, 1, True)
        assert "at least 11 agents" in found["message"]
        assert answer("staffing", QUEUE | {"agents": 14, "t_s": 0})["sl"] == 0.825868

    def test_chat_is_staffed_by_slots(self) -> None:
        found = answer("staffing", QUEUE | {"volume": 90, "aht_s": 600, "t_s": 30, "concurrency": 2})
        assert (found["n"], found["slots"], found["scheduled_ceil"]) == (18, 36, 26)
        assert answer("staffing", QUEUE | {"concurrency": 2, "agents": 7})["sl"] == 0.88835

    def test_without_a_cap_the_default_applies(self) -> None:
        found = answer("staffing", {"volume": 2238, "aht_s": 210, "interval_s": 1800})
        assert (found["n_occ"], found["n"]) == (297, 297)

    def test_an_interval_shorter_than_a_contact_is_warned_of(self) -> None:
        assert "too good" in answer("staffing", QUEUE | {"aht_s": 2400})["warnings"][0]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"sl": 1}, "sl"), ({"sl": 0}, "sl"), ({"t_s": -1}, "t_s"), ({"aht_s": 0}, "aht_s"),
            ({"aht_s": 7201}, "aht_s"), ({"shrinkage": 1}, "shrinkage"), ({"concurrency": 0}, "concurrency"),
            ({"occ_max": 0.4}, "occ_max"), ({"occ_max": 1.1}, "occ_max"), ({"volume": -1}, "volume"),
            ({"interval_s": 0}, "interval_s"), ({"asa_max": 0}, "asa_max"), ({"volume": 1_000_000_000}, "contacts"),
            ({"min_agents": 1.5}, "min_agents"), ({"chats": 2}, "chats"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_its_field(self, change: dict[str, Any], field: str) -> None:
        assert field in refusal("staffing", QUEUE | change)


PLAN: dict[str, Any] = {
    "first": "2026-03-02", "last": "2026-03-08", "zone": "Europe/London", "country": "GB", "closed": ["2026-03-06"],
    "hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "08:00-20:00"),
    "channels": [
        {"channel": "phone", "aht_s": 240, "monthly": [33000], "sl": 0.8, "t_s": 20, "occ_max": 0.85, "min_agents": 2},
        {"channel": "chat", "aht_s": 600, "monthly": [9000], "concurrency": 2},
        {"channel": "email", "aht_s": 360, "monthly": [8400]},
    ],
    "languages": {"en": 70, "fr": 30},
    "split": {"rule": "percent", "share_pct": 50},
}  # fmt: skip


class TestStaffingPlan:
    def test_a_week_of_three_channels_in_two_languages(self) -> None:
        found = answer("staffing-plan", PLAN)
        assert [(one["channel"], one["language"], one["model"]) for one in found["groups"]] == [
            ("phone", "en", "queue"), ("phone", "fr", "queue"), ("chat", "en", "queue"), ("chat", "fr", "queue"),
            ("email", "en", "deferred"), ("email", "fr", "deferred"),
        ]  # fmt: skip
        (week,) = found["weeks"]
        assert week["days"] == 7 and week["fte"] == pytest.approx(week["paid_hours"] / 40, abs=1e-3)
        # 21 of March's 22 weekdays are open, four of them in this week.
        assert week["contacts"] == pytest.approx((33000 + 9000 + 8400) * 4 / 21, abs=0.01)
        assert all(0.8 <= one["sl"] < 1 for one in week["groups"][:4]) and week["groups"][4]["sl"] is None
        assert len(found["busiest_day"]["groups"][0]) == 24 and found["busiest_day"]["groups"][0][0]["at"] == "08:00"
        assert found["pooling"]["more_fte"] > 0 and found["what_if"][0]["fte"] == pytest.approx(week["fte"], abs=1e-3)
        both = found["split"]
        assert both["retained"]["fte"] == both["vendor"]["fte"] and both["more_fte"] > 0
        assert {"no_abandonment", "deferred", "several_at_once"} <= set(found["limits"])

    def test_around_the_clock_in_one_language(self) -> None:
        one = {"channel": "phone", "aht_s": 60, "monthly": [0]}
        asked = {
            "first": "2026-10-19",
            "last": "2026-10-25",
            "zone": "Europe/London",
            "is_24x7": True,
            "channels": [one],
        }
        found = answer("staffing-plan", asked)
        assert found["weeks"][0]["agent_hours"] == 169 and found["weeks"][0]["groups"][0]["sl"] is None

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"last": "2026-03-01"}, "last"), ({"last": "2036-03-01"}, "last"), ({"first": None}, "first"),
            ({"closed": ["today"]}, "closed"), ({"hours": {"mon": "08:00"}}, "hours.mon"), ({"zone": "Mars"}, "zone"),
            ({"country": "XX"}, "country"), ({"languages": {"en": 70}}, "languages"), ({"shrinkage": 1}, "shrinkage"),
            ({"profile": [1, 2, 3, 4, 5, 6, 7]}, "profiles"), ({"weekdays": [1]}, "weekdays"),
            ({"channels": [{"channel": "phone", "aht_s": 240, "monthly": [1], "sl": 1}]}, "channels[0].sl"),
            ({"channels": [{"channel": "phone", "aht_s": 240, "monthly": [1, 2]}]}, "channels[0].monthly"),
            ({"channels": []}, "channels"), ({"split": {"rule": "by_hours"}}, "hours"),
            ({"split": {"rule": "overflow", "own_agents": {"fax": 1}}}, "split.own_agents"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_its_field(self, change: dict[str, Any], field: str) -> None:
        assert field in refusal("staffing-plan", PLAN | change)


class TestInHouse:
    def test_every_line_and_the_cost_of_a_contact(self) -> None:
        assert answer("in-house", BASELINE) == {
            "agents": "351360.00", "supervisors": "41175.00", "qa": "15811.20", "recruiting": "4725.00",
            "training": "10719.69", "technology": "12960.00", "telecom": "12000.00", "facilities": "32400.00",
            "equipment": "5400.00", "subtotal": "486550.89", "overhead": "38924.07", "total": "525474.96",
            "avoided": "15444.69", "hires": "3.1500", "per_contact": "4.3790",
        }  # fmt: skip

    def test_a_currency_decides_the_decimals(self) -> None:
        found = answer("in-house", {"fte": 1.5, "salary": 333333, "currency": "JPY"})
        assert (found["total"], found["per_contact"]) == ("500000", None)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"fte": -1}, "fte"), ({"salary": None}, "salary"), ({"supervisor_span": 0}, "supervisor_span"),
            ({"equipment_years": 0}, "equipment_years"), ({"overhead_pct": 1001}, "overhead_pct"),
            ({"currency": "ABC"}, "currency"), ({"rent": 1}, "rent"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_is_refused_by_its_field(self, change: dict[str, Any], field: str) -> None:
        assert field in refusal("in-house", BASELINE | change)


@pytest.mark.parametrize("name", ["staffing", "staffing-plan", "in-house"])
def test_each_prints_its_schema(name: str) -> None:
    found = CliRunner().invoke(calc_command, [name, "--schema"])
    assert json.loads(found.stdout)["additionalProperties"] is False
