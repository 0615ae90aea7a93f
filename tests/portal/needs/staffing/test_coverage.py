"""Open intervals: clock changes, closed days, hours that do not fit the intervals."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.needs.staffing.coverage import Coverage, Slot, coverage, public_holidays

OFFICE = {"mon": [["08:00", "12:00"], ["13:00", "17:30"]]}
MONDAY = date(2026, 3, 2)


def hours_of(found: Coverage, day: date) -> float:
    return sum(slot.seconds for slot in found.slots(day)) / 3600


class TestSlots:
    def test_closed_weekdays_and_closed_days_have_none(self) -> None:
        found = coverage("Europe/London", OFFICE, closed=[date(2026, 3, 9)])
        assert len(found.slots(MONDAY)) == 17 and hours_of(found, MONDAY) == 8.5
        assert found.slots(date(2026, 3, 3)) == () == found.slots(date(2026, 3, 9))

    def test_an_interval_open_in_part_carries_its_open_seconds(self) -> None:
        found = coverage("UTC", {"mon": [["08:15", "09:10"]]})
        assert found.slots(MONDAY) == (Slot(480, 900), Slot(510, 1800), Slot(540, 600))

    @pytest.mark.parametrize(
        ("zone", "day", "slots", "hours"),
        [
            ("Europe/London", date(2026, 3, 29), 46, 23),
            ("Europe/London", date(2026, 10, 25), 50, 25),
            ("Europe/London", date(2026, 10, 26), 48, 24),
            ("Asia/Taipei", date(2026, 10, 25), 48, 24),
            ("Australia/Lord_Howe", date(2026, 4, 5), 49, 24.5),
            ("America/Sao_Paulo", date(2018, 11, 4), 46, 23),  # the clocks went forward at midnight
            ("America/Sao_Paulo", date(2018, 2, 17), 50, 25),
        ],
    )
    def test_days_on_which_the_clocks_change(self, zone: str, day: date, slots: int, hours: float) -> None:
        found = coverage(zone, is_24x7=True)
        assert (len(found.slots(day)), hours_of(found, day)) == (slots, hours)

    def test_the_hour_that_comes_twice_is_open_twice(self) -> None:
        found = coverage("Europe/London", {"sun": [["01:00", "03:00"]]}, interval_s=3600)
        assert found.slots(date(2026, 10, 25)) == (Slot(60, 3600), Slot(60, 3600, True), Slot(120, 3600))
        assert found.slots(date(2026, 3, 29)) == (Slot(120, 3600),)  # from 01:00 the clocks show 02:00

    @given(
        day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
        zone=st.sampled_from(["Europe/London", "America/New_York", "Asia/Taipei", "Australia/Lord_Howe"]),
        length=st.sampled_from([300, 900, 1800, 3600]),
    )
    def test_the_length_of_intervals_does_not_change_the_open_time(self, day: date, zone: str, length: int) -> None:
        week = {name: [["01:20", "12:40"]] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
        assert hours_of(coverage(zone, week, interval_s=length), day) == hours_of(coverage(zone, week), day)


class TestRefusals:
    @pytest.mark.parametrize(
        ("field", "zone", "hours", "interval_s"),
        [
            ("zone", "Mars/Olympus", OFFICE, 1800),
            ("interval_s", "UTC", OFFICE, 700),
            ("hours", "UTC", {}, 1800),
            ("hours", "UTC", {"mon": [["12:00", "08:00"]]}, 1800),
            ("hours", "UTC", {"mon": [["08:00", "12:00"], ["11:00", "13:00"]]}, 1800),
            ("hours", "UTC", {"mon": [["08:00", "25:00"]]}, 1800),
            ("hours", "UTC", {"mon": [["eight", "12:00"]]}, 1800),
        ],
    )
    def test_impossible_hours(self, field: str, zone: str, hours: dict[str, list[list[str]]], interval_s: int) -> None:
        with pytest.raises(CalculationError) as refused:
            coverage(zone, hours, interval_s=interval_s)
        assert refused.value.path == field


class TestHolidays:
    def test_public_holidays_of_a_country(self) -> None:
        found = public_holidays("TW", date(2026, 10, 1), date(2026, 10, 31))
        assert date(2026, 10, 10) in found and all(day.month == 10 for day in found)

    def test_an_unknown_country_is_refused(self) -> None:
        with pytest.raises(CalculationError, match="country"):
            public_holidays("XX", MONDAY, MONDAY)
