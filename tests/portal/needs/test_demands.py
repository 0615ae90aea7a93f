"""A requirement as it is stored, as the staffing model takes it."""

from datetime import date
from typing import Any

import pytest

from portal.kit.errors import Invalid
from portal.measures.words import Channel
from portal.needs.demands import USUAL, demands_of, patterns_of_channel, target_of
from portal.needs.models import Requirement, RequirementChannel
from portal.needs.staffing.patterns import Patterns
from portal.needs.staffing.plan import plan


def requirement(**changes: Any) -> Requirement:
    given = {
        "timezone": "Europe/London",
        "is_24x7": False,
        "hours": {day: [["08:00", "20:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
        "languages": [{"code": "en", "level": "C1", "share": "80"}, {"code": "fr", "level": "C1", "share": "20"}],
        "start_on": date(2026, 9, 1),
    }
    return Requirement(**(given | changes))


def channel(**changes: Any) -> RequirementChannel:
    given = {"channel": "phone", "aht_s": 240, "concurrency": 1, "monthly": ["18000"]}
    return RequirementChannel(**(given | changes))


class TestDemands:
    def test_each_language_of_each_channel_is_a_group(self) -> None:
        rows = [channel(), channel(channel="chat", concurrency=3), channel(channel="email", aht_s=None)]
        found = demands_of(requirement(), rows)
        assert [(one.group.channel, one.group.language, one.monthly) for one in found] == [
            ("phone", "en", (14400,)), ("phone", "fr", (3600,)), ("chat", "en", (14400,)), ("chat", "fr", (3600,)),
        ]  # fmt: skip
        assert found[2].group.concurrency == 3
        week = plan(found, date(2026, 9, 7), date(2026, 9, 13)).by_week()[0]
        assert week.figures.contacts == pytest.approx(36000 * 5 / 22)

    def test_a_draft_without_opening_hours_asks_for_nothing_yet(self) -> None:
        assert demands_of(requirement(hours={}), [channel()]) == ()

    def test_around_the_clock_and_closed_days(self) -> None:
        (one,) = demands_of(
            requirement(is_24x7=True, hours={}, languages=[{"code": "en", "share": "100"}]),
            [channel()],
            closed=[date(2026, 12, 25)],
        )
        assert len(one.coverage.slots(date(2026, 12, 24))) == 48 and not one.coverage.slots(date(2026, 12, 25))


class TestTargets:
    @pytest.mark.parametrize(
        ("row", "share", "within_s", "max_asa_s"),
        [
            ({"target_metric": "SL", "target_value": "90", "target_seconds": 10}, 0.9, 10, None),
            ({"target_metric": "ASA", "target_value": "15"}, 0.8, 20, 15),
            ({"target_metric": "CSAT", "target_value": "85"}, 0.8, 20, None),
            (
                {"channel": "email", "target_metric": "FRT", "target_value": "95", "target_seconds": 14400},
                0.95,
                14400,
                None,
            ),
            ({"channel": "chat"}, 0.8, 30, None),
        ],
    )
    def test_what_staffing_can_keep_is_taken(
        self, row: dict[str, Any], share: float, within_s: float, max_asa_s: float | None
    ) -> None:
        found = target_of(channel(**row))
        assert (found.share, found.within_s, found.max_asa_s) == (share, within_s, max_asa_s)

    @pytest.mark.parametrize("value", ["100", "0"])
    def test_a_promise_no_service_keeps_is_refused_at_its_channel(self, value: str) -> None:
        with pytest.raises(Invalid) as refused:
            target_of(channel(target_metric="SL", target_value=value, target_seconds=20))
        assert refused.value.field == "phone_value"

    def test_every_channel_has_a_usual_target(self) -> None:
        assert set(USUAL) == set(Channel)


class TestPatterns:
    def test_a_file_brings_its_weekdays_and_hours(self) -> None:
        day = ["0.0"] * 8 + ["30.0"] + ["10.0"] * 7 + ["0.0"] * 8
        found = patterns_of_channel(channel(file_findings={"profile": [day] * 4 + [["0.0"] * 24] * 3}))
        assert found.weekdays == (100, 100, 100, 100, 0, 0, 0) and found.profiles[0][8] == 30

    @pytest.mark.parametrize("findings", [None, {"profile": [["0"] * 24] * 7}])
    def test_without_a_file_days_are_flat(self, findings: dict[str, Any] | None) -> None:
        assert patterns_of_channel(channel(file_findings=findings)) == Patterns()
