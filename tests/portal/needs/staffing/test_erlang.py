"""Erlang C against worked and published examples, its edges, and what must hold for every queue."""

from math import factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.needs.staffing.chat import required_chat
from portal.needs.staffing.erlang import (
    MAX_TRAFFIC,
    Target,
    agents_for_occupancy,
    agents_for_service_level,
    average_speed_of_answer,
    erlang_b,
    erlang_c,
    message_of,
    required,
    service_level,
    traffic_intensity,
    with_agents,
)
from portal.needs.staffing.worktime import WorkTime

# contacts, AHT, interval, share, within, cap, minimum, longest ASA, shrinkage
# → A, n_sl, n_occ, N, Pw, SL, ASA, occupancy, scheduled, positions
WORKED = {
    # Published by two other implementations of Erlang C.
    "E1": ((100, 180, 1800, 0.8, 20, 0.85, 0, None, 0.3),
           (10.0, 14, 12, 14, 0.174132, 0.88835, 7.835937, 0.714286, 20.0, 20)),
    "E2": ((100, 180, 1800, 0.8, 19.8, 0.7, 0, None, 0.3),
           (10.0, 14, 15, 15, 0.102042, 0.941127, 3.673525, 0.666667, 21.428571, 22)),
    "E3": ((360, 240, 1800, 0.8, 15, 1.0, 0, None, 0.3),
           (48.0, 55, 48, 55, 0.238701, 0.845883, 8.184032, 0.872727, 78.571429, 79)),
    "E4": ((200, 300, 3600, 0.8, 20, 0.85, 0, None, 0.32),
           (16.666667, 21, 20, 21, 0.231821, 0.826344, 16.049115, 0.793651, 30.882353, 31)),
    "E5": ((10, 240, 1800, 0.8, 20, 0.85, 2, None, 0.3),
           (1.333333, 3, 2, 3, 0.180791, 0.842653, 26.033898, 0.444444, 4.285714, 5)),
    "E6": ((2238, 210, 1800, 0.8, 20, 0.88, 0, None, 0.3),
           (261.1, 271, 297, 297, 0.017996, 0.999411, 0.105268, 0.879125, 424.285714, 425)),
    "E7": ((250, 360, 1800, 0.9, 10, 0.85, 0, None, 0.35),
           (50.0, 60, 59, 60, 0.117302, 0.911148, 4.222874, 0.833333, 92.307692, 93)),
    "E8": ((250, 360, 1800, 0.8, 20, 0.9, 0, 15, 0.35),
           (50.0, 57, 56, 57, 0.246471, 0.83294, 12.675647, 0.877193, 87.692308, 88)),
    "E9": ((0, 180, 1800, 0.8, 20, 0.85, 2, None, 0.3),
           (0.0, 0, 0, 2, 0.0, None, 0.0, 0.0, 2.857143, 3)),
    "half of E1": ((50, 180, 1800, 0.8, 20, 1.0, 0, None, 0.0),
                   (5.0, 8, 5, 8, 0.167267, 0.880148, 10.03599, 0.625, 8.0, 8)),
    "60 % of E1": ((60, 180, 1800, 0.8, 20, 1.0, 0, None, 0.0),
                   (6.0, 9, 6, 9, 0.195981, 0.859574, 11.758855, 0.666667, 9.0, 9)),
    "40 % of E1": ((40, 180, 1800, 0.8, 20, 1.0, 0, None, 0.0),
                   (4.0, 7, 4, 7, 0.13511, 0.903189, 8.10661, 0.571429, 7.0, 7)),
    "slots of a chat": ((90, 600, 1800, 0.8, 30, 1.0, 0, None, 0.0),
                        (30.0, 36, 30, 36, 0.211887, 0.84303, 21.188739, 0.833333, 36.0, 36)),
}  # fmt: skip


def six(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


class TestWorkedExamples:
    @pytest.mark.parametrize("name", WORKED)
    def test_every_figure_to_six_digits(self, name: str) -> None:
        (contacts, aht_s, seconds, share, within_s, cap, least, slowest, shrinkage), expected = WORKED[name]
        found = required(contacts, aht_s, seconds, Target(share, within_s, cap, least, slowest))
        work = WorkTime(shrinkage=shrinkage)
        assert (
            six(found.traffic),
            found.n_sl,
            found.n_occ,
            found.agents,
            six(found.wait_probability),
            six(found.service_level),
            six(found.asa_s),
            six(found.occupancy),
            six(work.scheduled(found.agents)),
            work.positions(found.agents),
        ) == expected

    def test_the_functions_of_one_formula_each_agree_with_the_whole(self) -> None:
        assert agents_for_service_level(10, 180, 0.8, 20) == 14
        assert (six(erlang_c(14, 10)), six(service_level(14, 10, 180, 20))) == (0.174132, 0.88835)
        assert six(average_speed_of_answer(14, 10, 180)) == 7.835937

    def test_the_recursion_is_the_textbook_sum(self) -> None:
        for agents, traffic in [(1, 0.5), (14, 10.0), (60, 50.0), (120, 100.0)]:
            last = traffic**agents / factorial(agents)
            below = sum(traffic**k / factorial(k) for k in range(agents))
            waiting = last * agents / (agents - traffic)
            assert erlang_b(agents, traffic) == pytest.approx(last / (below + last), rel=1e-12)
            assert erlang_c(agents, traffic) == pytest.approx(waiting / (below + waiting), rel=1e-12)

    def test_thousands_of_agents_do_not_overflow(self) -> None:
        found = required(40_000, 300, 1800, Target(0.8, 20))
        assert 6667 < found.agents < 7700 and 0 < found.wait_probability < 1

    def test_nobody_waits_at_all_counts_from_the_first_second(self) -> None:
        found = with_agents(14, 100, 180, 1800, 0)
        assert (six(found.wait_probability), six(found.service_level)) == (0.174132, 0.825868)
        assert six(found.asa_s) == 7.835937


class TestEdges:
    @pytest.mark.parametrize("agents", [10, 9, 0])
    def test_agents_at_or_below_the_traffic_never_keep_up(self, agents: int) -> None:
        found = with_agents(agents, 100, 180, 1800, 20)
        assert (found.wait_probability, found.service_level, found.asa_s, found.occupancy) == (1, 0, None, 1)
        assert not found.is_stable
        assert message_of(found) == "the queue grows without limit; at least 11 agents are needed"
        assert average_speed_of_answer(agents, 10, 180) is None and service_level(agents, 10, 180, 20) == 0

    def test_one_more_agent_keeps_up(self) -> None:
        found = with_agents(11, 100, 180, 1800, 20)
        assert found.is_stable and message_of(found) is None and found.asa_s is not None

    def test_without_contacts_there_is_no_service_level(self) -> None:
        for found in (required(0, 180, 1800, Target(min_agents=2)), with_agents(2, 0, 0, 1800, 20)):
            assert (found.agents, found.service_level, found.asa_s, found.occupancy) == (2, None, 0, 0)
            assert found.is_stable

    def test_contacts_longer_than_the_interval_are_computed_as_they_are(self) -> None:
        found = required(3, 7200, 1800, Target(0.8, 20))
        assert found.traffic == 12 and found.agents > 12

    @pytest.mark.parametrize(
        ("field", "changes"),
        [
            ("share", {"share": 1.0}),
            ("share", {"share": 0.0}),
            ("within_s", {"within_s": -1.0}),
            ("max_occupancy", {"max_occupancy": 0.4}),
            ("max_occupancy", {"max_occupancy": 1.01}),
            ("min_agents", {"min_agents": -1}),
            ("max_asa_s", {"max_asa_s": 0.0}),
        ],
    )
    def test_what_no_queue_can_promise_is_refused(self, field: str, changes: dict[str, float]) -> None:
        with pytest.raises(CalculationError) as refused:
            Target(**changes)
        assert refused.value.path == field

    @pytest.mark.parametrize(
        ("field", "contacts", "aht_s", "seconds"),
        [
            ("aht_s", 1, 0, 1800),
            ("aht_s", 1, -5, 1800),
            ("contacts", -1, 180, 1800),
            ("seconds", 1, 180, 0),
            ("contacts", MAX_TRAFFIC + 1, 1800, 1800),
        ],
    )
    def test_impossible_intervals_are_refused(self, field: str, contacts: float, aht_s: float, seconds: float) -> None:
        with pytest.raises(CalculationError) as refused:
            traffic_intensity(contacts, aht_s, seconds)
        assert refused.value.path == field

    @pytest.mark.parametrize(
        "changes", [{"shrinkage": 1.0}, {"shrinkage": -0.1}, {"week_hours": 0}, {"inefficiency": 0.9}]
    )
    def test_impossible_work_is_refused(self, changes: dict[str, float]) -> None:
        with pytest.raises(CalculationError) as refused:
            WorkTime(**changes)
        assert refused.value.path in changes


class TestOccupancyCap:
    def test_a_given_cap_is_used_as_it_is(self) -> None:
        assert agents_for_occupancy(261.1, 0.88) == 297 and agents_for_occupancy(100, 0.9) == 112
        assert agents_for_occupancy(51, 0.85) == 60  # 51 ÷ 0.85 is 60, whatever binary fractions make of it

    @pytest.mark.parametrize(
        ("traffic", "agents"), [(10, 12), (84, 99), (85, 100), (86, 100), (88, 100), (88.1, 101), (261.1, 297)]
    )
    def test_the_default_rises_at_a_hundred_agents_without_a_step_back(self, traffic: float, agents: int) -> None:
        assert agents_for_occupancy(traffic) == agents


contacts = st.integers(0, 4000)
times = st.integers(1, 1800)
targets = st.builds(
    Target,
    share=st.integers(1, 99).map(lambda one: one / 100),
    within_s=st.integers(0, 120),
    max_occupancy=st.sampled_from([None, 0.7, 0.85, 0.88, 1.0]),
    min_agents=st.integers(0, 5),
    max_asa_s=st.sampled_from([None, 5.0, 30.0]),
)


class TestAlways:
    @given(one=contacts, more=st.integers(0, 400), aht_s=times, target=targets)
    def test_more_contacts_never_need_fewer_agents(self, one: int, more: int, aht_s: int, target: Target) -> None:
        assert required(one, aht_s, 1800, target).agents <= required(one + more, aht_s, 1800, target).agents

    @given(one=contacts, aht_s=times, target=targets, share=st.integers(0, 99), slower=st.integers(0, 120))
    def test_a_stricter_target_never_needs_fewer_agents(
        self, one: int, aht_s: int, target: Target, share: int, slower: int
    ) -> None:
        strict = Target(max(target.share, share / 100), max(0, target.within_s - slower), target.max_occupancy,
                        target.min_agents, target.max_asa_s)  # fmt: skip
        assert required(one, aht_s, 1800, target).agents <= required(one, aht_s, 1800, strict).agents

    @given(one=contacts, other=contacts, aht_s=times, target=targets)
    def test_two_groups_never_need_fewer_agents_than_one(
        self, one: int, other: int, aht_s: int, target: Target
    ) -> None:
        apart = required(one, aht_s, 1800, target).agents + required(other, aht_s, 1800, target).agents
        assert apart >= required(one + other, aht_s, 1800, target).agents

    @given(one=contacts, aht_s=times, target=targets)
    def test_the_answer_keeps_the_target_and_one_agent_less_would_not(
        self, one: int, aht_s: int, target: Target
    ) -> None:
        found = required(one, aht_s, 1800, target)
        if not one:
            assert found.agents == target.min_agents
            return
        assert found.is_stable and found.service_level is not None and found.asa_s is not None
        assert found.service_level >= target.share and found.agents >= target.min_agents
        assert target.max_asa_s is None or found.asa_s <= target.max_asa_s
        assert found.n_sl is not None and found.n_occ is not None
        if found.agents > max(found.n_occ, target.min_agents):
            less = with_agents(found.agents - 1, one, aht_s, 1800, target.within_s)
            too_slow = target.max_asa_s is not None and (less.asa_s is None or less.asa_s > target.max_asa_s)
            assert too_slow or less.service_level is None or less.service_level < target.share

    @given(one=contacts, more=st.integers(0, 400), aht_s=times, target=targets, k=st.integers(1, 4))
    def test_chat_agents_bring_the_slots_they_need(
        self, one: int, more: int, aht_s: int, target: Target, k: int
    ) -> None:
        found = required_chat(one, aht_s, 1800, target, k)
        assert found.agents * k == found.slots.agents >= found.slots_needed > (found.agents - 1) * k or not found.agents
        assert found.agents <= required_chat(one + more, aht_s, 1800, target, k).agents
        assert found.agents >= required_chat(one, aht_s, 1800, target, k + 1).agents
