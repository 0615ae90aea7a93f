"""Two sides of a partial outsourcing and languages apart: what is divided, and what the division costs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.calculators import CalculationError
from portal.measures.words import Channel
from portal.needs.staffing.arrivals import Arrivals, Group, Interval, pooled
from portal.needs.staffing.coverage import Slot, coverage
from portal.needs.staffing.erlang import Target, required
from portal.needs.staffing.split import Split, divide, most_contacts, pooling, sides
from portal.needs.states import SplitRule

MONDAY = date(2026, 3, 2)
SUNDAY = MONDAY + timedelta(days=6)
PHONE = Group(Channel.PHONE, 180, Target(0.8, 20, 1.0, 0), language="en")
MAIL = Group(Channel.EMAIL, 360, Target(0.8, 86_400, None, 0), language="en")


def day_of(group: Group, *volumes: float) -> Arrivals:
    return Arrivals(group, {MONDAY: tuple(Interval(Slot(480 + 30 * n, 1800), v) for n, v in enumerate(volumes))})


class TestSides:
    @pytest.mark.parametrize(("share", "own", "vendor"), [(0.5, 8, 8), (0.4, 9, 7), (0.0, 14, 0), (1.0, 0, 14)])
    def test_a_share_of_all_contacts(self, share: float, own: int, vendor: int) -> None:
        found = sides([day_of(PHONE, 100)], Split(SplitRule.PERCENT, share=share), MONDAY, MONDAY)
        assert (found.retained.peak(), found.vendor.peak(), found.pooled.peak()) == (own, vendor, 14)
        assert found.more_agents == own + vendor - 14
        assert (found.more_fte > 0) is (0 < share < 1)

    def test_by_channel_and_by_language_divide_whole_groups(self) -> None:
        french = replace(PHONE, language="fr")
        parts = [day_of(PHONE, 100), day_of(french, 30), day_of(MAIL, 50)]
        found = sides(parts, Split(SplitRule.BY_CHANNEL, frozenset({"email"})), MONDAY, MONDAY)
        assert [one.channel for one in found.retained.groups] == [Channel.PHONE, Channel.PHONE]
        assert [one.channel for one in found.vendor.groups] == [Channel.EMAIL]
        found = sides(parts, Split(SplitRule.BY_LANGUAGE, frozenset({"fr"})), MONDAY, MONDAY)
        assert [one.language for one in found.vendor.groups] == ["fr"]
        assert found.more_agents == 0  # languages were apart before

    def test_by_kind_of_enquiry(self) -> None:
        parts = [day_of(replace(PHONE, segment="returns"), 40), day_of(replace(PHONE, segment="complaints"), 60)]
        found = sides(parts, Split(SplitRule.BY_CONTACT_TYPE, frozenset({"returns"})), MONDAY, MONDAY)
        assert [one.segment for one in found.vendor.groups] == ["returns"]

    def test_by_hours_each_interval_goes_to_who_is_on_duty(self) -> None:
        evening = coverage("UTC", {"mon": [["09:00", "24:00"]]})
        found = sides([day_of(PHONE, 100, 80, 60)], Split(SplitRule.BY_HOURS, hours=evening), MONDAY, MONDAY)
        assert [one.contacts for one in found.retained.days[0].groups[0].intervals] == [100, 80]
        assert [one.contacts for one in found.vendor.days[0].groups[0].intervals] == [60]
        assert found.more_fte == 0

    def test_overflow_gives_the_vendor_what_own_people_cannot_answer_in_time(self) -> None:
        split = Split(SplitRule.OVERFLOW, own_agents={Channel.PHONE: 14})
        own, vendor = divide(day_of(PHONE, 90, 150), split)
        quiet, busy = own.days[MONDAY]
        assert quiet.contacts == 90 and vendor.days[MONDAY][0].contacts == 0
        assert 100 < busy.contacts < 150 and vendor.days[MONDAY][1].contacts == 150 - busy.contacts
        assert required(busy.contacts, 180, 1800, PHONE.target).agents == 14
        assert required(busy.contacts + 0.01, 180, 1800, PHONE.target).agents == 15

    def test_overflow_without_own_people_gives_the_vendor_everything(self) -> None:
        found = sides([day_of(PHONE, 100)], Split(SplitRule.OVERFLOW), MONDAY, MONDAY)
        assert (found.retained.groups, found.vendor.peak()) == ((), 14)

    def test_overflow_of_mail_is_by_hours_of_work(self) -> None:
        assert most_contacts(MAIL, 2, Slot(480, 1800)) == pytest.approx(2 * 0.5 * 0.9 * 10)

    @pytest.mark.parametrize(("field", "changes"), [("share", {"share": 1.1}), ("hours", {"rule": SplitRule.BY_HOURS})])
    def test_impossible_divisions_are_refused(self, field: str, changes: dict[str, object]) -> None:
        with pytest.raises(CalculationError) as refused:
            Split(**({"rule": SplitRule.PERCENT} | changes))  # type: ignore[arg-type]
        assert refused.value.path == field

    @given(
        day=st.lists(st.integers(0, 300), min_size=1, max_size=6),
        split=st.one_of(
            st.builds(Split, st.just(SplitRule.PERCENT), share=st.integers(0, 100).map(lambda one: one / 100)),
            st.builds(
                Split,
                st.just(SplitRule.OVERFLOW),
                own_agents=st.builds(lambda n: {Channel.PHONE: n}, st.integers(0, 30)),
            ),
        ),
        cap=st.sampled_from([None, 0.85, 1.0]),
    )
    def test_nothing_is_lost_and_two_teams_never_need_less(self, day: list[int], split: Split, cap: float) -> None:
        group = replace(PHONE, target=Target(0.8, 20, cap, 1))
        part = day_of(group, *map(float, day))
        kept, given = divide(part, split)
        assert kept.contacts + given.contacts == pytest.approx(part.contacts)
        found = sides([part], split, MONDAY, MONDAY)
        assert found.more_fte >= -1e-9
        hours = [one.whole().figures.agent_hours for one in (found.retained, found.vendor, found.pooled)]
        assert hours[0] + hours[1] >= hours[2]
        if split.rule is SplitRule.OVERFLOW:
            assert found.retained.peak() <= max(split.own_agents.values())


class TestPooling:
    def test_languages_apart_need_more_than_people_who_speak_all(self) -> None:
        parts = [day_of(PHONE, 50), day_of(replace(PHONE, language="fr"), 50), day_of(MAIL, 20)]
        found = pooling(parts, MONDAY, MONDAY)
        assert [(one.channel, one.language) for one in found.pooled.groups] == [
            (Channel.PHONE, ""), (Channel.EMAIL, "en")
        ]  # fmt: skip
        assert found.more_agents == 2 and found.more_fte > 0

    def test_the_handle_time_of_a_pool_is_the_mean_by_contacts(self) -> None:
        found = pooled([day_of(PHONE, 30), day_of(replace(PHONE, aht_s=300, language="fr"), 10)])
        assert found.group.aht_s == 210 and found.contacts == 40

    def test_a_pool_is_open_when_one_of_its_parts_is(self) -> None:
        late = Arrivals(PHONE, {MONDAY: (Interval(Slot(1200, 900), 5.0),), SUNDAY: (Interval(Slot(480, 1800), 1.0),)})
        found = pooled([late, day_of(PHONE, 10), Arrivals(PHONE, {MONDAY: (Interval(Slot(1200, 1800), 5.0),)})])
        assert found.days[MONDAY] == (Interval(Slot(480, 1800), 10.0), Interval(Slot(1200, 1800), 10.0))
        assert list(found.days) == [MONDAY, SUNDAY]
