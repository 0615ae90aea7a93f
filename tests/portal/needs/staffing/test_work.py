"""Chat, deferred work, and the way from agents to people: worked examples and edges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.needs.staffing.chat import required_chat
from portal.needs.staffing.deferred import answers_in_time, capacity, days_to_clear, densest_hour, required_deferred
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.worktime import WorkTime


class TestChat:
    @pytest.mark.parametrize(("concurrency", "agents"), [(1, 36), (2, 18), (3, 12)])
    def test_slots_are_staffed_by_agents_who_hold_several(self, concurrency: int, agents: int) -> None:
        found = required_chat(90, 600, 1800, Target(0.8, 30, 0.85), concurrency)
        assert (found.agents, found.slots_needed, found.slots.traffic) == (agents, 36, 30)
        assert found.slots.asa_s is not None and found.slots.service_level is not None
        assert (round(found.slots.wait_probability, 4), round(found.slots.service_level, 4)) == (0.2119, 0.8430)
        assert round(found.slots.asa_s, 4) == 21.1887

    def test_a_part_of_an_agent_is_a_whole_one_and_all_their_slots_serve(self) -> None:
        found = required_chat(90, 600, 1800, Target(0.8, 30, 0.85), 4)
        assert (found.agents, found.slots.agents) == (9, 36)
        found = required_chat(91, 600, 1800, Target(0.85, 30, 0.85), 4)
        assert found.slots_needed == 37 and (found.agents, found.slots.agents) == (10, 40)

    def test_an_empty_hour_keeps_the_minimum_of_agents(self) -> None:
        found = required_chat(0, 600, 1800, Target(min_agents=2), 3)
        assert found.agents == 2 and found.slots.service_level is None

    def test_less_than_one_conversation_is_refused(self) -> None:
        with pytest.raises(CalculationError, match="concurrency"):
            required_chat(90, 600, 1800, Target(), 0)


class TestDeferred:
    def test_a_day_of_mail_with_a_backlog(self) -> None:
        found = required_deferred(420, 360, 10, backlog=60)
        work = WorkTime(shrinkage=0.30)
        assert (found.work_hours, round(found.agents, 4), found.whole_agents) == (48, 5.3333, 6)
        assert round(work.scheduled(found.agents), 4) == 7.6190
        assert round(work.weekly_fte(found.agents * 10 * 5), 4) == 9.5238

    def test_six_people_clear_a_backlog_in_five_days(self) -> None:
        assert capacity(6, 360, 10) == 540
        assert days_to_clear(600, capacity(6, 360, 10), 420) == 5

    @pytest.mark.parametrize("inflow", [540, 541])
    def test_a_backlog_that_is_not_kept_up_with_is_never_cleared(self, inflow: float) -> None:
        assert days_to_clear(600, 540, inflow) is None

    def test_no_backlog_is_cleared_at_once(self) -> None:
        assert days_to_clear(0, 540, 600) == 0

    def test_a_response_time_holds_while_the_hours_suffice(self) -> None:
        # In 4 hours 6 people handle 216; 168 of the day's 420 arrive meanwhile.
        assert answers_in_time(6, 360, 4, 168, backlog=48)
        assert not answers_in_time(6, 360, 4, 168, backlog=49)

    def test_a_busy_morning_needs_more_people_than_the_whole_day(self) -> None:
        curve = [(1.0, 200.0), (1.0, 100.0), *[(1.0, 20.0)] * 8]
        assert densest_hour(curve, 10) == 46 and densest_hour(curve, 2) == 150 and densest_hour(curve, 0.5) == 200
        day = required_deferred(460, 360, 10, per_hour=densest_hour(curve, 2))
        assert round(day.agents, 4) == 16.6667 and answers_in_time(day.agents, 360, 2, 300)

    def test_a_flat_day_needs_what_its_work_needs_whatever_the_promise(self) -> None:
        plain = required_deferred(420, 360, 10)
        assert required_deferred(420, 360, 10, per_hour=densest_hour([(0.5, 21.0)] * 20, 1)) == plain

    def test_an_empty_day_keeps_the_minimum(self) -> None:
        assert required_deferred(0, 360, 10, min_agents=2).agents == 2
        assert required_deferred(0, 0, 10).agents == 0

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("contacts", {"contacts": -1}),
            ("aht_s", {"aht_s": 0}),
            ("open_hours", {"open_hours": 0}),
            ("occupancy", {"occupancy": 1.1}),
        ],
    )
    def test_impossible_days_are_refused(self, field: str, changes: dict[str, float]) -> None:
        with pytest.raises(CalculationError) as refused:
            required_deferred(**({"contacts": 420, "aht_s": 360, "open_hours": 10} | changes))
        assert refused.value.path == field

    @given(
        st.lists(st.tuples(st.sampled_from([0.5, 1.0]), st.integers(0, 300).map(float)), min_size=1, max_size=20),
        st.integers(1, 12),
        st.integers(0, 12),
    )
    def test_a_shorter_response_time_never_needs_fewer_people(
        self, curve: list[tuple[float, float]], response: int, longer: int
    ) -> None:
        assert densest_hour(curve, response) >= densest_hour(curve, response + longer) - 1e-9
        assert densest_hour(curve, response) >= sum(n for _, n in curve) / sum(h for h, _ in curve) - 1e-9


class TestWorkTime:
    def test_a_seat_around_the_clock(self) -> None:
        assert WorkTime(shrinkage=0).weekly_fte(168) == pytest.approx(4.2)
        assert WorkTime(shrinkage=0.30).weekly_fte(168) == pytest.approx(6.0)

    def test_shrinkage_divides(self) -> None:
        assert round(WorkTime(shrinkage=0.30).paid_hours(755), 4) == 1078.5714
        assert round(WorkTime(shrinkage=0.30).weekly_fte(755), 4) == 26.9643

    def test_rosters_that_do_not_fit_cost_their_share(self) -> None:
        assert WorkTime(shrinkage=0.30, inefficiency=1.1).paid_hours(70) == pytest.approx(110)

    def test_full_time_hours_follow_the_week(self) -> None:
        work = WorkTime(week_hours=40)
        assert (work.day_hours, round(work.month_hours, 2)) == (8, 173.33)
        assert work.daily_fte(5.6) == pytest.approx(1) and work.monthly_fte(121.333333) == pytest.approx(1)
