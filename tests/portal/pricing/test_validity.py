"""When which version of a card is in force: never two at once, gaps named."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.pricing.validity import Period, clashing, effective, gaps, in_force

START = date(2026, 1, 1)


def day(number):
    return START + timedelta(days=number)


def period(start, end=None):
    return Period(day(start), None if end is None else day(end))


@pytest.mark.parametrize(
    ("new", "others", "clash"),
    [
        (period(0), [], None),
        (period(5), [period(0)], None),
        (period(0), [period(5)], None),
        (period(0), [period(0)], period(0)),
        (period(5), [period(0, 4)], None),
        (period(4), [period(0, 4)], period(0, 4)),
        (period(0, 5), [period(5)], period(5)),
        (period(0, 4), [period(5), period(9, 12)], None),
        (period(10, 30), [period(0, 9), period(20, 25)], period(20, 25)),
    ],
)
def test_periods_that_share_a_day_clash_but_an_open_one_gives_way(new, others, clash):
    assert clashing(new, others) == clash


def test_an_open_period_ends_where_the_next_begins_and_does_not_come_back():
    held = [period(0), period(10, 19), period(25)]
    assert effective(held) == [period(0, 9), period(10, 19), period(25)]
    assert gaps(held) == [period(20, 24)]
    assert [in_force(held, day(number)) for number in (-1, 0, 9, 10, 19, 20, 24, 25, 999)] == [
        None, 0, 0, 1, 1, None, None, 2, 2,
    ]  # fmt: skip


spans = st.tuples(st.integers(0, 40), st.none() | st.integers(0, 15)).map(
    lambda span: period(span[0], None if span[1] is None else span[0] + span[1])
)


@given(st.lists(spans, max_size=8))
def test_whatever_is_accepted_leaves_at_most_one_in_force_and_every_other_day_a_gap(wanted):
    held = []
    for one in wanted:
        if clashing(one, held) is None:
            held.append(one)
    ended = effective(held)
    for number in range(60):
        holding = [one for one in ended if one.start <= day(number) and (one.end is None or day(number) <= one.end)]
        assert len(holding) <= 1
        found = in_force(held, day(number))
        assert (found is None) == (not holding)
        if holding:
            assert held[found].start == holding[0].start
        elif held and min(held).start < day(number) < max(held).start:
            assert any(gap.start <= day(number) <= gap.end for gap in gaps(held))
