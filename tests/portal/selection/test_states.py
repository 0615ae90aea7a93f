"""The table of moves and the database's guard are one rule: every pair of states, tried by both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import IllegalMove
from portal.kit.states import can_move, move
from portal.selection.models import Bid
from portal.selection.states import BID_MOVES, RANKED, BidState
from tests.factories.accounts import execute
from tests.factories.selection import make_cast, make_submitted

S = BidState
# Opening is the only move of neither side: a function of the database makes it.
BY_VENDOR = {
    (S.DRAFT, S.SUBMITTED),
    (S.DRAFT, S.WITHDRAWN),
    (S.SUBMITTED, S.STALE),
    (S.SUBMITTED, S.WITHDRAWN),
    (S.STALE, S.SUBMITTED),
    (S.STALE, S.WITHDRAWN),
    (S.AWARD_PENDING, S.WON),
    (S.AWARD_PENDING, S.DECLINED),
}
BY_BUYER = {
    (S.QUALIFIED, S.DISQUALIFIED),
    (S.QUALIFIED, S.AWARD_PENDING),
    (S.QUALIFIED, S.RESERVE),
    (S.AWARD_PENDING, S.DECLINED),
    (S.RESERVE, S.AWARD_PENDING),
    (S.RESERVE, S.LOST),
}
BY_OPENING = {(S.SUBMITTED, S.QUALIFIED)}


def test_every_move_belongs_to_somebody():
    assert {(old, new) for old, found in BID_MOVES.items() for new in found} == BY_VENDOR | BY_BUYER | BY_OPENING


@given(st.lists(st.sampled_from(list(BidState)), max_size=12))
def test_whatever_is_tried_a_bid_only_walks_along_the_table(wanted):
    bid = Bid(state=BidState.DRAFT)
    for state in wanted:
        before = BidState(bid.state)
        try:
            move(bid, state, BID_MOVES, None)
        except IllegalMove:
            assert bid.state == before and not can_move(before, state, BID_MOVES)
        else:
            assert can_move(before, state, BID_MOVES)


@pytest.mark.usefixtures("app")
def test_the_database_lets_each_side_make_its_own_moves_and_no_others():
    cast = make_cast(1)
    bid = make_submitted(cast.vendors[0], cast.requirement)
    made = {"vendor": set(), "buyer": set()}
    sides = {"vendor": cast.vendors[0].scope, "buyer": cast.buyer.scope}
    for old in BidState:
        opened = old in RANKED | {S.DISQUALIFIED}
        execute(
            "UPDATE bids SET state = :state, opened_at = CASE WHEN :opened THEN portal_now() END WHERE id = :id",
            state=old,
            opened=opened,
            id=bid.id,
        )
        for side, scope in sides.items():
            for new in set(BidState) - {old}:
                if _can_write(scope, bid, new):
                    made[side].add((old, new))
    assert made == {"vendor": BY_VENDOR, "buyer": BY_BUYER}


def _can_write(scope, bid, state):
    with tenancy.scope(scope):
        try:
            done = db.session.execute(text("UPDATE bids SET state = :s WHERE id = :id"), {"s": state, "id": bid.id})
            return done.rowcount == 1
        except DBAPIError:
            return False
        finally:
            db.session.rollback()
