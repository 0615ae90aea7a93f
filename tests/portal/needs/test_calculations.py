"""The pure parts: terms and forecasts, the workload estimate, deadlines, and lists that must add up."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.errors import Invalid
from portal.needs import deadlines
from portal.needs.actions.step_criteria import checked_criteria
from portal.needs.actions.step_languages import checked_hours, checked_languages
from portal.needs.forecast import ChannelVolume, forecast, months_between, months_later, term_end, term_months
from portal.needs.numbers import checked_decimal
from portal.needs.summary import summary_of
from portal.needs.workload import workload_fte
from portal.pricing.documents import scenario_from_document, to_document
from portal.pricing.values import VolumeRow

DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


class TestTerms:
    @given(start=DAYS, months=st.integers(1, 120))
    def test_a_term_of_whole_months_ends_where_the_next_would_begin(self, start: date, months: int) -> None:
        end = term_end(start, months)
        assert months_between(start, end) == months
        found = term_months(start, end)
        assert len(found) == months and all(month.share == 1 for month in found)

    @given(start=DAYS, days=st.integers(1, 3000))
    def test_only_the_last_month_is_cut_off(self, start: date, days: int) -> None:
        end = start + timedelta(days=days)
        found = term_months(start, end)
        assert all(month.share == 1 for month in found[:-1]) and 0 < found[-1].share <= 1
        assert [month.begins for month in found] == [months_later(start, k) for k in range(len(found))]

    def test_the_last_of_january_has_no_twin_in_february(self) -> None:
        assert months_later(date(2027, 1, 31), 1) == date(2027, 2, 28)
        assert months_later(date(2027, 11, 30), 3) == date(2028, 2, 29)


volumes = st.decimals(0, 1_000_000, places=2)


@st.composite
def channel_volumes(draw: st.DrawFn) -> ChannelVolume:
    count = draw(st.sampled_from([1, 12]))
    return ChannelVolume(
        channel=draw(st.sampled_from(["phone", "email", "chat", "social"])),
        aht_s=draw(st.integers(1, 7200)),
        concurrency=draw(st.integers(1, 4)),
        monthly=tuple(draw(st.lists(volumes, min_size=count, max_size=count))),
    )


@st.composite
def shares(draw: st.DrawFn) -> dict[str, Decimal]:
    cuts = sorted(draw(st.sets(st.integers(1, 999), max_size=4)))
    parts = [b - a for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)]
    return {f"l{number}": Decimal(part) / 10 for number, part in enumerate(parts)}


class TestForecast:
    @given(one=channel_volumes(), languages=shares(), start=DAYS, months=st.integers(1, 24))
    def test_languages_share_each_month_without_loss(
        self, one: ChannelVolume, languages: dict[str, Decimal], start: date, months: int
    ) -> None:
        scenario = forecast([one], languages, start, term_end(start, months))
        assert len(scenario.months) == months
        for month in scenario.months:
            begins = months_later(start, month.k - 1)
            assert sum(row.contacts for row in month.volumes) == one.in_month(begins.month)
        assert scenario_from_document(to_document(scenario)) == scenario

    @given(one=channel_volumes(), start=DAYS)
    def test_low_and_high_are_fractions_of_the_base(self, one: ChannelVolume, start: date) -> None:
        names = ("low", "base", "high")
        low, base, high = (forecast([one], {"en": Decimal(100)}, start, term_end(start, 3), name=n) for n in names)
        for low_month, month, high_month in zip(low.months, base.months, high.months, strict=True):
            assert low_month.volumes[0].contacts == month.volumes[0].contacts * Decimal("0.8")
            assert high_month.volumes[0].contacts == month.volumes[0].contacts * Decimal("1.2")
            assert low_month.fte is not None and month.fte is not None and high_month.fte is not None
            assert low_month.fte <= month.fte <= high_month.fte

    def test_a_cut_off_month_counts_for_its_days(self) -> None:
        one = ChannelVolume("phone", 240, 1, (Decimal(3000),))
        scenario = forecast([one], {"en": Decimal(100)}, date(2027, 4, 1), date(2027, 5, 10))
        assert [month.volumes[0].contacts for month in scenario.months] == [Decimal("3000.00"), Decimal("967.74")]

    def test_seasons_follow_the_calendar_from_the_start(self) -> None:
        one = ChannelVolume("phone", 240, 1, tuple(Decimal(n * 100) for n in range(1, 13)))
        scenario = forecast([one], {"en": Decimal(100)}, date(2027, 11, 15), date(2028, 2, 14))
        assert [month.volumes[0].contacts for month in scenario.months] == [1100, 1200, 100]


class TestWorkload:
    def test_a_worked_example(self) -> None:
        # 18,000 calls of 240 s are 1,200 h; 0.85 × 121.331 productive hours are 103.131: 11.64 people.
        rows = [VolumeRow("phone", Decimal(18000), Decimal(240))]
        assert workload_fte(rows, {}) == Decimal("11.64")

    def test_chats_held_at_once_are_handled_once(self) -> None:
        rows = [VolumeRow("chat", Decimal(6000), Decimal(600))]
        one, two = workload_fte(rows, {"chat": 1}), workload_fte(rows, {"chat": 2})
        assert abs(one - 2 * two) <= Decimal("0.01")

    @given(st.lists(channel_volumes(), max_size=4, unique_by=lambda one: one.channel))
    def test_the_summary_adds_up(self, channels: list[ChannelVolume]) -> None:
        found = summary_of([*channels, None])
        assert found.yearly == sum(found.months) == sum(one.yearly for one in channels)


class TestDeadlines:
    @pytest.mark.parametrize(
        ("local", "zone", "utc", "kind"),
        [
            ("2026-12-01T17:00", "Europe/London", "2026-12-01T17:00", "plain"),
            ("2026-06-01T17:00", "Europe/London", "2026-06-01T16:00", "plain"),
            ("2026-06-01T17:00", "Asia/Taipei", "2026-06-01T09:00", "plain"),
            ("2026-03-29T01:30", "Europe/London", "2026-03-29T01:30", "gap"),
            ("2026-10-25T01:30", "Europe/London", "2026-10-25T00:30", "overlap"),
            ("2026-03-08T02:15", "America/New_York", "2026-03-08T07:15", "gap"),
            ("2026-11-01T01:15", "America/New_York", "2026-11-01T05:15", "overlap"),
            ("2026-10-04T02:10", "Australia/Lord_Howe", "2026-10-03T15:40", "gap"),
            ("2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45", "overlap"),
        ],
    )
    def test_gaps_move_forward_and_overlaps_take_the_first(self, local: str, zone: str, utc: str, kind: str) -> None:
        found = deadlines.resolve(datetime.fromisoformat(local), zone)
        assert found.at == datetime.fromisoformat(utc).replace(tzinfo=UTC)
        assert found.kind == kind

    def test_a_gap_is_left_by_its_own_length(self) -> None:
        found = deadlines.resolve(datetime(2026, 3, 29, 1, 30), "Europe/London")
        assert found.at.astimezone(ZoneInfo("Europe/London")).replace(tzinfo=None) == datetime(2026, 3, 29, 2, 30)

    def test_an_unknown_zone_is_refused(self) -> None:
        with pytest.raises(Invalid):
            deadlines.resolve(datetime(2026, 1, 1, 12), "Mars/Olympus")

    @given(
        local=st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)),
        zone=st.sampled_from(["Europe/London", "America/New_York", "Asia/Taipei", "Australia/Lord_Howe", "UTC"]),
    )
    def test_an_existing_local_time_comes_back(self, local: datetime, zone: str) -> None:
        found = deadlines.resolve(local, zone)
        back = found.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        assert (back == local) is (found.kind != "gap")


def criteria_of(weights: list[int], price_at: int = 0) -> list[dict[str, object]]:
    return [
        {"title": f"Criterion {n}", "weight": weight, "kind": "price" if n == price_at else "quality"}
        for n, weight in enumerate(weights)
    ]


class TestWeights:
    @given(st.lists(st.integers(5, 85), min_size=2, max_size=12))
    def test_weights_are_taken_exactly_when_they_add_up(self, weights: list[int]) -> None:
        if sum(weights) == 100:
            assert [row["weight"] for row in checked_criteria(criteria_of(weights))] == weights
        else:
            with pytest.raises(Invalid, match="add up"):
                checked_criteria(criteria_of(weights))

    @given(st.sets(st.integers(1, 18), min_size=1, max_size=10), st.integers(0, 11))
    def test_any_split_of_a_hundred_is_taken(self, cuts: set[int], price_at: int) -> None:
        edges = [0, *sorted(cut * 5 for cut in cuts), 100]
        weights = [b - a for a, b in pairwise(edges)]
        if max(weights) > 85:
            return
        rows = checked_criteria(criteria_of(weights, price_at % len(weights)))
        assert sum(row["weight"] for row in rows) == 100
        assert len({row["code"] for row in rows}) == len(rows)

    @pytest.mark.parametrize("kinds", [["quality", "quality"], ["price", "price"]])
    def test_exactly_one_is_the_price(self, kinds: list[str]) -> None:
        rows = [{"title": f"C{n}", "weight": 50, "kind": kind} for n, kind in enumerate(kinds)]
        with pytest.raises(Invalid, match="Exactly one"):
            checked_criteria(rows)

    @pytest.mark.parametrize("weight", [None, 4, 86, 0, -5, "50"])
    def test_a_weight_out_of_bounds_is_refused_at_its_field(self, weight: object) -> None:
        rows = criteria_of([50, 50])
        rows[1]["weight"] = weight
        with pytest.raises(Invalid) as refused:
            checked_criteria(rows)
        assert refused.value.field == "weight_2"


class TestShares:
    @given(st.lists(st.integers(1, 1000), min_size=1, max_size=5))
    def test_shares_are_taken_exactly_when_they_add_up(self, tenths: list[int]) -> None:
        codes = ["en", "de", "fr", "ja", "zh_Hant"]
        rows = [
            {"code": code, "level": "B2", "share": str(Decimal(t) / 10)} for code, t in zip(codes, tenths, strict=False)
        ]
        if sum(tenths) == 1000:
            assert sum(Decimal(one["share"]) for one in checked_languages(rows)) == 100
        else:
            with pytest.raises(Invalid, match="add up"):
                checked_languages(rows)

    def test_a_language_is_not_listed_twice(self) -> None:
        with pytest.raises(Invalid, match="twice"):
            checked_languages([{"code": "en", "share": "50"}, {"code": "en", "share": "50"}])

    @pytest.mark.parametrize("share", ["", "0", "-1", "100.1", "33.33", "NaN", "Infinity", "1e1000", "x"])
    def test_what_is_no_share_is_refused(self, share: str) -> None:
        with pytest.raises(Invalid):
            checked_languages([{"code": "en", "share": share}])


class TestHours:
    def test_spans_are_ordered_and_closed_days_left_out(self) -> None:
        found = checked_hours({"mon": [["13:00", "18:00"], ["08:00", "12:00"]], "sun": [], "sat": [["10:00", "24:00"]]})
        assert found == {"mon": [["08:00", "12:00"], ["13:00", "18:00"]], "sat": [["10:00", "24:00"]]}

    @pytest.mark.parametrize(
        "spans",
        [[["8:00", "12:00"]], [["08:00", "25:00"]], [["12:00", "08:00"]], [["08:00", "12:00"], ["11:00", "13:00"]]],
    )
    def test_what_is_no_span_is_refused_at_its_day(self, spans: list[list[str]]) -> None:
        with pytest.raises(Invalid) as refused:
            checked_hours({"tue": spans})
        assert refused.value.field == "tue"


@given(st.decimals(0, 10**9, places=2))
def test_a_number_is_kept_as_its_plain_text(value: Decimal) -> None:
    text = checked_decimal(value, "x", "no")
    assert Decimal(text) == value and "E" not in text and checked_decimal(text, "x", "no") == text
