"""Whole plans: the day and the bank day worked by hand, seasons, weeks and months, and what holds for every plan."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.measures.words import Channel
from portal.needs.staffing.arrivals import Arrivals, Demand, Group, Interval, arrivals
from portal.needs.staffing.coverage import Slot, coverage
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.figures import staff_day
from portal.needs.staffing.limits import LIMITS, Limit, limits_of
from portal.needs.staffing.patterns import Patterns, grown, monthly_volumes, normalised
from portal.needs.staffing.plan import Plan, plan, plan_of
from portal.needs.staffing.sensitivity import Lever, sensitivity
from portal.needs.staffing.worktime import WorkTime

MONDAY = date(2026, 3, 2)
WEEKDAYS = {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
PHONE = Group(Channel.PHONE, 240, Target(0.8, 20, 0.85, 2))
MAIL = Group(Channel.EMAIL, 360, Target(0.8, 86_400, None, 0))

# Half-hours of the call centre of a bank from 07:00 to 21:00 on a Monday in 2003: contacts, agents for 80 % within
# 20 s at 210 s each and at most 88 % occupancy, service level and occupancy.
BANK = [
    (560, 75, 0.9316, 0.8711), (609, 81, 0.9318, 0.8772), (1050, 140, 0.9848, 0.875), (1371, 182, 0.9931, 0.8788),
    (2073, 275, 0.999, 0.8795), (2256, 300, 0.9995, 0.8773), (2238, 297, 0.9994, 0.8791), (2272, 302, 0.9995, 0.8777),
    (2156, 286, 0.9992, 0.8795), (2073, 275, 0.999, 0.8795), (2014, 268, 0.9991, 0.8767), (2005, 266, 0.9988, 0.8794),
    (1857, 247, 0.9985, 0.8771), (1905, 253, 0.9986, 0.8785), (1862, 247, 0.9983, 0.8795), (1869, 248, 0.9983, 0.8792),
    (1765, 234, 0.9976, 0.88), (1733, 230, 0.9976, 0.8791), (1698, 226, 0.9977, 0.8765), (1503, 200, 0.9959, 0.8767),
    (1227, 163, 0.9898, 0.8782), (1031, 137, 0.9817, 0.878), (866, 115, 0.9688, 0.8786), (773, 103, 0.9622, 0.8756),
    (719, 96, 0.9574, 0.8738), (619, 83, 0.9463, 0.8701), (565, 75, 0.9173, 0.8789), (509, 68, 0.9131, 0.8733),
    (79, 13, 0.8738, 0.709),
]  # fmt: skip


def day_of(volumes: Sequence[float], *, opens: int = 8 * 60, minutes: int = 30) -> tuple[Interval, ...]:
    return tuple(Interval(Slot(opens + n * minutes, minutes * 60), float(v)) for n, v in enumerate(volumes))


def week_of(group: Group, intervals: tuple[Interval, ...]) -> Arrivals:
    return Arrivals(group, {MONDAY + timedelta(days=number): intervals for number in range(5)})


class TestWorkedDays:
    def test_a_day_of_twelve_hours(self) -> None:
        volumes = [v for v in (40, 80, 110, 100, 70, 75, 90, 85, 70, 50, 30, 20) for _ in range(2)]
        found = plan_of([week_of(PHONE, day_of(volumes))], MONDAY, MONDAY + timedelta(days=6), WorkTime(0.30))
        assert [one.agents for one in found.days[0].groups[0].intervals][::2] == [
            8, 14, 19, 17, 13, 14, 16, 15, 13, 10, 7, 5
        ]  # fmt: skip
        assert found.days[0].groups[0].figures.agent_hours == 151
        (week,) = found.by_week()
        assert (week.figures.agent_hours, round(week.paid_hours, 4), round(week.fte, 4)) == (755, 1078.5714, 26.9643)
        assert (week.days, week.seats, found.days[6].seats) == (7, 19, 0)

    def test_a_day_of_a_bank(self) -> None:
        group = Group(Channel.PHONE, 210, Target(0.8, 20, 0.88, 2))
        intervals = day_of([row[0] for row in BANK], opens=7 * 60)
        day = staff_day(group, intervals)
        assert [one.agents for one in day.intervals] == [row[1] for row in BANK]
        assert [round(one.service_level or 0, 4) for one in day.intervals] == [row[2] for row in BANK]
        assert [round(one.occupancy, 4) for one in day.intervals] == [row[3] for row in BANK]
        assert (day.figures.contacts, day.figures.agent_hours, day.figures.peak) == (41257, 2742.5, 302)
        (week,) = plan_of([week_of(group, intervals)], MONDAY, MONDAY + timedelta(days=6)).by_week()
        work = WorkTime(0.30)
        assert round(work.paid_hours(2742.5), 4) == 3917.8571 and round(week.fte, 4) == 489.7321

    def test_a_week_of_mail(self) -> None:
        day = day_of([42] * 10, minutes=60)
        found = plan_of([week_of(MAIL, day)], MONDAY, MONDAY + timedelta(days=6), WorkTime(0.30))
        (week,) = found.by_week()
        assert week.groups[0].agent_hours == pytest.approx(5 * 42 / 0.9)
        assert (week.seats, week.groups[0].service_level) == (5, None)

    def test_five_minutes_of_calls_are_no_quiet_half_hour(self) -> None:
        group = Group(Channel.PHONE, 210, Target(0.8, 20, 0.88, 2))
        day = staff_day(group, (Interval(Slot(21 * 60, 300), 79.0),))
        assert day.intervals[0].agents == 63 and day.figures.agent_hours == 63 / 12


class TestAverages:
    def test_a_service_level_is_the_mean_by_contacts(self) -> None:
        day = staff_day(PHONE, day_of([10, 400, 0]))
        one, two, three = day.intervals
        assert three.service_level is None and three.agents == 2
        assert one.service_level is not None and two.service_level is not None and two.asa_s is not None
        assert day.figures.service_level == pytest.approx((10 * one.service_level + 400 * two.service_level) / 410)
        assert day.figures.asa_s == pytest.approx((10 * (one.asa_s or 0) + 400 * two.asa_s) / 410)
        assert day.figures.occupancy == pytest.approx(410 * 240 / (day.figures.agent_hours * 3600))

    def test_a_day_without_contacts_has_no_service_level(self) -> None:
        figures = staff_day(PHONE, day_of([0, 0])).figures
        assert (figures.service_level, figures.asa_s, figures.occupancy, figures.agent_hours) == (None, None, 0, 2)


class TestSeasons:
    INDEX = (0.9, 0.85, 0.95, 1, 1, 1.05, 1, 1, 1, 1.05, 1.3, 1.4)

    def test_indices_are_brought_to_a_mean_of_one(self) -> None:
        assert [round(one, 3) for one in normalised(self.INDEX)] == [
            0.864, 0.816, 0.912, 0.96, 0.96, 1.008, 0.96, 0.96, 0.96, 1.008, 1.248, 1.344
        ]  # fmt: skip
        assert [round(one, 6) for one in monthly_volumes(240_000, self.INDEX)] == [
            17_280, 16_320, 18_240, 19_200, 19_200, 20_160, 19_200, 19_200, 19_200, 20_160, 24_960, 26_880
        ]  # fmt: skip

    def test_growth_counts_from_the_second_year(self) -> None:
        assert grown(0.1, 1) == 1 and grown(0.1, 3) == pytest.approx(1.21)
        assert sum(monthly_volumes(240_000, self.INDEX, growth=0.05, year=2)) == pytest.approx(252_000)
        demand = Demand(PHONE, (1000.0,), coverage("UTC", WEEKDAYS), growth=0.1, starts=date(2026, 3, 1))
        assert [round(demand.in_month(date(*month, 1))) for month in ((2026, 3), (2027, 2), (2027, 3), (2028, 3))] == [
            1000, 1000, 1100, 1210
        ]  # fmt: skip

    def test_a_month_falls_on_its_open_days_by_weekday_and_profile(self) -> None:
        profile = [0.0] * 16 + [3.0] + [1.0] * 31  # 08:00 to 08:30 is three times as busy
        demand = Demand(
            PHONE,
            (2200.0,),
            coverage("UTC", WEEKDAYS, closed=[date(2026, 3, 3)]),
            Patterns.of_one_profile(profile, (2, 1, 1, 1, 1, 0, 0)),
            factors={date(2026, 3, 4): 1.5},
        )
        found = arrivals(demand, date(2026, 3, 1), date(2026, 3, 31))
        by_day = {day: sum(one.contacts for one in intervals) for day, intervals in found.days.items()}
        # Five Mondays of weight 2 and sixteen other open days of weight 1.
        assert date(2026, 3, 3) not in by_day and by_day[MONDAY] == pytest.approx(2 * by_day[date(2026, 3, 5)])
        assert by_day[date(2026, 3, 4)] == pytest.approx(1.5 * by_day[date(2026, 3, 5)])
        assert found.contacts == pytest.approx(2200 + 0.5 * by_day[date(2026, 3, 5)])
        first, second = found.days[MONDAY][:2]
        assert first.contacts == pytest.approx(3 * second.contacts)

    def test_a_profile_that_is_silent_while_open_is_taken_as_flat(self) -> None:
        demand = Demand(PHONE, (100.0,), coverage("UTC", WEEKDAYS), Patterns.of_one_profile([1.0] + [0.0] * 47))
        found = arrivals(demand, MONDAY, MONDAY)
        assert len({one.contacts for one in found.days[MONDAY]}) == 1

    @pytest.mark.parametrize(
        "refused",
        [
            lambda: Patterns(weekdays=(0.0,) * 7),
            lambda: Patterns(weekdays=(1.0,) * 6),
            lambda: Patterns.of_one_profile([1.0] * 47),
            lambda: Patterns.of_one_profile([-1.0] + [1.0] * 47),
            lambda: normalised([0, 0]),
            lambda: monthly_volumes(1, [1.0] * 11),
            lambda: grown(-1, 2),
            lambda: Demand(PHONE, (1.0, 2.0), coverage("UTC", WEEKDAYS)),
            lambda: Demand(PHONE, (-1.0,), coverage("UTC", WEEKDAYS)),
            lambda: Group(Channel.CHAT, 600, concurrency=0),
        ],
    )
    def test_impossible_patterns_are_refused(self, refused: object) -> None:
        with pytest.raises(CalculationError):
            refused()  # type: ignore[operator]


class TestAroundTheClock:
    def test_one_place_always_filled_takes_six_people(self) -> None:
        demand = Demand(replace(PHONE, target=Target(min_agents=1)), (0.0,), coverage("Asia/Taipei", is_24x7=True))
        (week,) = plan([demand], MONDAY, MONDAY + timedelta(days=6), WorkTime(0.30)).by_week()
        assert week.figures.agent_hours == 168 and week.fte == pytest.approx(6)

    def test_days_of_23_and_25_hours_are_paid_as_they_are(self) -> None:
        demand = Demand(replace(PHONE, target=Target(min_agents=1)), (0.0,), coverage("Europe/London", is_24x7=True))
        months = plan([demand], date(2026, 1, 1), date(2026, 12, 31)).by_month()
        hours = [one.figures.agent_hours for one in months]
        assert (hours[2], hours[9], sum(hours)) == (31 * 24 - 1, 31 * 24 + 1, 365 * 24)


class TestPeriods:
    def plan(self) -> Plan:
        chat = Group(Channel.CHAT, 600, Target(0.8, 30, None, 1), concurrency=2)
        hours = coverage("Europe/London", WEEKDAYS)
        demands = [Demand(group, (2000.0,), hours) for group in (PHONE, chat, MAIL)]
        return plan(demands, date(2026, 2, 25), date(2026, 4, 7))

    def test_days_weeks_and_months_add_up(self) -> None:
        found = self.plan()
        for periods in (found.by_day(), found.by_week(), found.by_month(), (found.whole(),)):
            assert sum(one.days for one in periods) == 42
            assert sum(one.paid_hours for one in periods) == pytest.approx(found.whole().paid_hours)
            assert sum(one.figures.contacts for one in periods) == pytest.approx(found.whole().figures.contacts)
            assert max(one.seats for one in periods) == found.peak()
        assert [(one.first.isoformat(), one.days) for one in found.by_week()][:2] == [
            ("2026-02-25", 5),
            ("2026-03-02", 7),
        ]
        assert [one.first.month for one in found.by_month()] == [2, 3, 4]

    def test_seats_are_those_taken_at_once_by_all_groups(self) -> None:
        found = self.plan()
        day = next(day for day in found.days if day.day == date(2026, 3, 4))
        at_nine = [next(one.agents for one in group.intervals if one.slot.minute == 540) for group in day.groups]
        assert day.seats == sum(at_nine) and all(at_nine)

    def test_a_plan_does_not_end_before_it_begins(self) -> None:
        with pytest.raises(ValueError, match="before"):
            plan_of([], MONDAY, MONDAY - timedelta(days=1))


class TestSensitivity:
    def test_each_row_changes_one_thing(self) -> None:
        demand = Demand(PHONE, (9000.0,), coverage("UTC", WEEKDAYS))
        rows = sensitivity([demand], MONDAY, MONDAY + timedelta(days=6))
        assert rows[0].lever is Lever.NOTHING and rows[0].more_fte == 0
        assert rows[0].fte == pytest.approx(plan([demand], MONDAY, MONDAY + timedelta(days=6)).by_week()[0].fte)
        for lever in (Lever.VOLUME, Lever.HANDLE_TIME, Lever.SERVICE_LEVEL):
            needs = [row.fte for row in rows if row.lever is lever]
            assert needs == sorted(needs) and needs[0] < needs[-1]
        assert all(row.more_fte == pytest.approx(row.fte - rows[0].fte) for row in rows)

    def test_no_promise_leaves_what_a_queue_can_keep(self) -> None:
        strict = replace(PHONE, target=Target(0.995, 20))
        rows = sensitivity([Demand(strict, (9000.0,), coverage("UTC", WEEKDAYS))], MONDAY, MONDAY)
        assert len(rows) == 13


class TestLimits:
    def test_the_limits_of_what_was_planned_are_told(self) -> None:
        found = plan([Demand(PHONE, (600.0,), coverage("UTC", WEEKDAYS))], MONDAY, MONDAY).whole()
        assert limits_of([(PHONE, found.groups[0])], 1800) == [
            Limit.RANDOM_ARRIVALS, Limit.NO_ABANDONMENT, Limit.ONE_SKILL, Limit.SMALL_GROUP,
            Limit.OPENING_HOURS, Limit.ROSTER,
        ]  # fmt: skip
        long_chat = Group(Channel.CHAT, 2400, concurrency=2)
        busy = staff_day(long_chat, day_of([400])).figures
        told = limits_of([(long_chat, busy)], 1800, inefficiency=1.08)
        assert {Limit.SHORT_INTERVAL, Limit.SEVERAL_AT_ONCE} <= set(told) and Limit.ROSTER not in told
        assert Limit.SMALL_GROUP not in told

    def test_deferred_work_has_limits_of_its_own(self) -> None:
        told = limits_of([(MAIL, staff_day(MAIL, day_of([5, 5])).figures)], 1800)
        assert Limit.DEFERRED in told and Limit.NO_ABANDONMENT not in told
        assert set(LIMITS) == set(Limit)

    @pytest.mark.parametrize(("within_s", "is_real_time"), [(3600, True), (3601, False)])
    def test_social_media_is_a_queue_when_it_promises_an_answer_within_the_hour(
        self, within_s: float, is_real_time: bool
    ) -> None:
        group = Group(Channel.SOCIAL, 300, Target(0.8, within_s))
        assert group.is_real_time is is_real_time
        assert (staff_day(group, day_of([50] * 4)).figures.service_level is not None) is is_real_time


volumes = st.lists(st.integers(0, 300), min_size=1, max_size=8)
groups = st.sampled_from([PHONE, Group(Channel.CHAT, 500, Target(0.8, 40), concurrency=2), MAIL,
                          Group(Channel.SOCIAL, 300, Target(0.8, 7200))])  # fmt: skip


class TestAlways:
    @given(group=groups, day=volumes, more=st.integers(0, 100))
    def test_a_busier_day_never_needs_fewer_hours(self, group: Group, day: list[int], more: int) -> None:
        one, other = (staff_day(group, day_of([v + plus for v in day])).figures for plus in (0, more))
        assert one.agent_hours <= other.agent_hours + 1e-9 and one.peak <= other.peak

    @given(day=volumes, order=st.randoms(use_true_random=False))
    def test_the_order_of_groups_and_days_changes_nothing(self, day: list[int], order: object) -> None:
        parts = [week_of(group, day_of(day)) for group in (PHONE, MAIL)]
        shuffled = list(parts[1].days.items())
        order.shuffle(shuffled)  # type: ignore[attr-defined]
        other = [Arrivals(MAIL, dict(shuffled)), parts[0]]
        one, two = (plan_of(some, MONDAY, MONDAY + timedelta(days=6)).by_week()[0] for some in (parts, other))
        assert one.groups == two.groups[::-1] and (one.seats, one.figures.peak) == (two.seats, two.figures.peak)
        assert one.paid_hours == pytest.approx(two.paid_hours)
