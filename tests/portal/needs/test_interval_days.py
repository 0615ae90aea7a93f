"""What an interval file tells about its days, and the patterns learnt from it."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from zoneinfo import ZoneInfo

import pytest

from portal.kit.errors import Invalid
from portal.measures.words import Channel
from portal.needs.interval_days import FileDays, Hole, PartialDay, PartialInterval, days_of
from portal.needs.interval_file import findings_of, read_counts
from portal.needs.interval_patterns import patterns_of
from portal.needs.staffing.arrivals import Demand, Group, arrivals
from portal.needs.staffing.coverage import coverage
from portal.needs.staffing.erlang import Target
from portal.needs.staffing.plan import plan_of
from tests.portal.needs.interval_files import calls_at, interval_file

LONDON = "Europe/London"
GROUP = Group(Channel.PHONE, 210, Target(0.8, 20, None, 2))


def lines_of(content: bytes) -> list[str]:
    return content.decode().splitlines()


def days(lines: list[str] | bytes, interval_s: int = 1800) -> FileDays:
    content = lines if isinstance(lines, bytes) else "\n".join(lines).encode()
    return days_of(read_counts(content, LONDON), interval_s)


MARCH = interval_file(first="2026-03-01", days=31, minutes=5)


class TestDays:
    def test_five_minute_lines_become_half_hours(self) -> None:
        found = days(MARCH)
        monday = found.days[date(2026, 3, 2)]
        assert len(found.days) == 22 and len(monday) == 28 and found.interval_s == 1800
        at = datetime(2026, 3, 2, 7)
        assert monday[0].contacts == sum(calls_at(at + timedelta(minutes=5 * n)) for n in range(6))
        assert (found.holes, found.partial_days, found.partial_intervals, found.missing) == ((), (), (), ())
        assert found.complete == tuple(found.days)

    def test_the_lines_of_a_file_in_any_order_give_the_same_days(self) -> None:
        heading, *rows = lines_of(MARCH)
        Random(7).shuffle(rows)
        one, other = days(MARCH), days([heading, *rows])
        assert one.days == other.days and one.holes == other.holes

    def test_hourly_lines_stay_hours(self) -> None:
        assert days(interval_file(first="2026-03-01", days=31, minutes=60)).interval_s == 3600

    def test_daily_lines_say_nothing_about_hours(self) -> None:
        with pytest.raises(Invalid, match="by the hour or finer"):
            days(["date,calls", *(f"2026-03-{day:02d},5" for day in range(1, 32))])

    def test_a_single_line_at_the_end_of_each_day_is_a_part_of_an_interval(self) -> None:
        lines = lines_of(MARCH)
        lines += [f"0,2026-03-{day:02d} 21:00,79" for day in range(2, 31) if date(2026, 3, day).weekday() < 5]
        found = days(lines)
        assert found.partial_intervals == (PartialInterval(21 * 60, 300, 21),)
        last = found.days[date(2026, 3, 2)][-1]
        assert (last.slot.minute, last.slot.seconds, last.contacts) == (21 * 60, 300, 79)
        # The 31st has no such line and so ends earlier than other Tuesdays.
        assert found.partial_days == (PartialDay(date(2026, 3, 31), 420, 1255, 420, 1260),)

    def test_holes_short_days_and_lost_days_are_named(self) -> None:
        gone = ("2026-03-11", "2026-03-05 10:05", "2026-03-05 10:10", "2026-03-06 20:", "2026-03-09 07:")
        found = days([line for line in lines_of(MARCH) if not any(one in line for one in gone)])
        assert found.missing == (date(2026, 3, 11),)
        assert found.holes == (Hole(datetime(2026, 3, 5, 10, 5, tzinfo=ZoneInfo(LONDON)), 10),)
        assert [(one.day.day, one.first, one.last) for one in found.partial_days] == [(6, 420, 1195), (9, 480, 1255)]
        assert {date(2026, 3, day) for day in (5, 6, 9)}.isdisjoint(found.complete)

    def test_lunch_is_no_hole_and_a_weekday_without_a_whole_day_is_learnt_all_the_same(self) -> None:
        # Nobody answers from 12 to 13; every Tuesday has a gap of its own besides.
        lines = [
            line
            for line in lines_of(MARCH)
            if " 12:" not in line and not any(f"2026-03-{d:02d} {15 + d // 7}:0" in line for d in (3, 10, 17, 24, 31))
        ]
        found = days(lines)
        assert {hole.begins.weekday() for hole in found.holes} == {1}
        counts = read_counts("\n".join(lines).encode(), LONDON)
        assert min(patterns_of(findings_of(counts), found).shape.weekdays[:5]) > 0.8

    def test_every_double_is_counted_in_the_refusal(self) -> None:
        lines = lines_of(MARCH)
        with pytest.raises(Invalid, match=r"Line 3698.*is there twice\."):
            days([*lines, lines[5]])
        with pytest.raises(Invalid, match="so are 2 more times"):
            days([*lines, *lines[5:8]])

    def test_the_hour_that_comes_twice_is_two_intervals(self) -> None:
        lines = ["datetime,calls"]
        lines += [f"2026-10-25T{hour:02d}:{minute}:00Z,6" for hour in range(23) for minute in ("00", "30")]
        found = days(lines).days[date(2026, 10, 25)]
        assert [(one.slot.minute, one.slot.again) for one in found[:5]] == [
            (60, False), (90, False), (60, True), (90, True), (120, False)
        ]  # fmt: skip

    def test_an_hour_the_clocks_left_out_may_stand_there_empty(self) -> None:
        lines = ["datetime,calls", *(f"2026-03-29 {h:02d}:00,{h % 2 * (h != 1)}" for h in range(24))]
        assert len(days(lines).days[date(2026, 3, 29)]) == 23
        with pytest.raises(Invalid, match=r"Line 3, column “datetime”: “2026-03-29 01:00” never was"):
            days([line.replace("01:00,0", "01:00,4") for line in lines])


class TestPatterns:
    def test_weekdays_and_profile_come_back_from_a_file_of_a_known_shape(self) -> None:
        content = interval_file(first="2026-01-01", days=365, minutes=30)
        counts = read_counts(content, LONDON)
        found = patterns_of(findings_of(counts), days_of(counts))
        assert found.days == 261 and found.shape.weekdays[5:] == (0, 0)
        assert sum(found.shape.weekdays) == pytest.approx(5) and list(found.shape.weekdays[:5]) == sorted(
            found.shape.weekdays[:5]
        )
        mean = sum(calls_at(datetime(2026, 3, 4, 7) + timedelta(minutes=30 * n)) for n in range(28))
        assert found.shape.profiles[2][22] == pytest.approx(calls_at(datetime(2026, 3, 4, 11)) / mean)
        assert sum(one for one in found.months if one) / 12 == pytest.approx(1)
        assert found.months[6] is not None and found.months[1] is not None and found.months[6] > found.months[1]

    def test_months_the_file_does_not_cover_have_no_index(self) -> None:
        counts = read_counts(interval_file(first="2026-03-01", days=70, minutes=60), LONDON)
        months = patterns_of(findings_of(counts), days_of(counts)).months
        assert [number for number, one in enumerate(months, start=1) if one is not None] == [3, 4]

    def test_a_file_of_zeros_has_no_pattern(self) -> None:
        lines = ["datetime,calls", *(f"2026-03-{day:02d} {h:02d}:00,0" for day in range(1, 32) for h in range(24))]
        counts = read_counts("\n".join(lines).encode(), LONDON)
        found = patterns_of(findings_of(counts), days_of(counts))
        assert found.shape.weekdays == (1.0,) * 7 and found.months == (None,) * 12

    def test_a_month_planned_from_its_own_patterns_needs_what_it_needed(self) -> None:
        counts = read_counts(MARCH, LONDON)
        findings, history = findings_of(counts), days_of(counts)
        shape = patterns_of(findings, history).shape
        week = {day: [["07:00", "21:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
        demand = Demand(GROUP, (float(findings.monthly[0]),), coverage(LONDON, week), shape)
        first, last = date(2026, 3, 1), date(2026, 3, 31)
        real = plan_of([history.arrivals(GROUP)], first, last).whole()
        planned = plan_of([arrivals(demand, first, last)], first, last).whole()
        assert planned.figures.contacts == pytest.approx(float(findings.total))
        assert planned.fte == pytest.approx(real.fte, rel=0.002)
        assert findings.total == Decimal(sum(int(line.rsplit(",", 1)[1]) for line in lines_of(MARCH)[1:]))
