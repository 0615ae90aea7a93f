"""Awarding, the vendor's answer, the next in rank, and that eight people awarding at once make one award."""

import json
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.accounts.permissions import Permission
from portal.kit import evidence, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, StaleVersion
from portal.kit.evidence import EvidenceEntry
from portal.needs.actions import withdraw_requirement
from portal.selection import actions, queries
from portal.selection.signals import award_accepted
from portal.selection.states import AWARD_MOVES, AwardState, BidState
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_person
from tests.factories.needs import in_scope
from tests.factories.selection import (
    accept,
    award,
    award_on,
    bid_now,
    close,
    decline,
    fixed_price,
    fresh,
    make_cast,
    make_evaluated,
    make_submitted,
    open_all,
    score_all,
    wait,
)
from tests.statements import counted

pytestmark = pytest.mark.usefixtures("app")


def told(kind):
    return {row.company_id for row in execute("SELECT company_id FROM notifications WHERE kind = :kind", kind=kind)}


class TestAward:
    def test_a_member_cannot_award(self):
        cast, bids = make_evaluated()
        company = execute("SELECT * FROM companies WHERE id = :id", id=cast.buyer.company_id)[0]
        person = make_person()
        add_member(company, person, "member")
        member = actor_for(person, company)
        assert not member.can(Permission.BID_AWARD)
        with pytest.raises(Forbidden):
            award(member, cast.requirement, bids[0])

    def test_another_buyer_does_not_find_it(self):
        cast, bids = make_evaluated()
        company = make_company("buyer")
        stranger = actor_for(make_person(company), company)
        with pytest.raises(NotFound):
            in_scope(
                stranger,
                lambda: actions.award_bid(stranger, cast.requirement, bid_id=bids[0].id, reason="x", version=1),
            )

    @pytest.mark.parametrize("state", ["published", "closed", "decided", "awarded", "unsuccessful", "cancelled"])
    def test_in_every_other_state_it_is_refused(self, state):
        cast, bids = make_evaluated()
        execute("UPDATE requirements SET state = :state WHERE id = :id", state=state, id=cast.requirement.id)
        with pytest.raises(Conflict):
            award(cast.buyer, cast.requirement, bids[0])
        assert execute("SELECT count(*) FROM awards")[0][0] == 0

    def test_it_needs_a_reason_a_ranking_and_a_ranked_bid(self):
        cast, bids = make_evaluated()
        _, foreign = make_evaluated()
        with pytest.raises(Invalid, match="reason"):
            award(cast.buyer, cast.requirement, bids[0], "  ")
        with pytest.raises(Invalid, match="one of the bids"):
            award(cast.buyer, cast.requirement, foreign[0])
        in_scope(
            cast.buyer, lambda: actions.disqualify_bid(cast.buyer, cast.requirement, bids[0].id, reason="No licence.")
        )
        with pytest.raises(Invalid, match="out of the ranking"):
            award(cast.buyer, cast.requirement, bids[0])
        execute("DELETE FROM scores WHERE requirement_id = :id", id=cast.requirement.id)
        with pytest.raises(Invalid, match="Score every bid"):
            award(cast.buyer, cast.requirement, bids[1])

    def test_one_that_begins_on_an_older_state_is_refused(self):
        cast, bids = make_evaluated()
        with pytest.raises(StaleVersion):
            in_scope(
                cast.buyer,
                lambda: actions.award_bid(
                    cast.buyer, cast.requirement, bid_id=bids[0].id, reason="x", version=cast.requirement.version
                ),
            )

    def test_the_chosen_is_offered_the_work_and_the_others_wait(self):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[1], "Better references, though dearer.")
        assert (made.state, made.rank) == (AwardState.PENDING, 2)
        assert bid_now(cast.vendors[1], bids[1]).state == BidState.AWARD_PENDING
        assert bid_now(cast.vendors[0], bids[0]).state == BidState.RESERVE
        assert fresh(cast.buyer, cast.requirement).state == "decided"
        assert told("selection.award.offered") == {cast.vendors[1].company_id}
        assert told("selection.award.lost") == set()
        kept = [json.loads(row.payload) for row in execute("SELECT payload FROM evidence_entries WHERE kind = 'award'")]
        assert kept[0]["rank"] == 2 and [line["rank"] for line in kept[0]["ranking"]] == [1, 2]

    def test_the_reason_stays_with_the_buyer(self):
        cast, bids = make_evaluated()
        award(cast.buyer, cast.requirement, bids[0], "CANARY reason")
        with tenancy.scope(cast.vendors[0].scope):
            assert db.session.execute(text("SELECT count(*) FROM award_grounds")).scalar_one() == 0
            assert db.session.execute(text("SELECT count(*) FROM awards")).scalar_one() == 1
            db.session.rollback()

    def test_eight_at_once_on_two_bids_make_one_award(self, app):
        cast, bids = make_evaluated()
        now = fresh(cast.buyer, cast.requirement)
        outcomes = []
        start = threading.Barrier(8)

        def press(bid):
            with app.app_context():
                start.wait(10)
                try:
                    in_scope(
                        cast.buyer,
                        lambda: actions.award_bid(cast.buyer, now, bid_id=bid.id, reason="Now.", version=now.version),
                    )
                    outcomes.append("made")
                except PortalError as refusal:
                    outcomes.append(refusal.status)

        threads = [threading.Thread(target=press, args=(bids[n % 2],)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(map(str, outcomes)) == ["409"] * 7 + ["made"]
        assert execute("SELECT count(*) FROM awards")[0][0] == 1
        assert execute("SELECT count(*) FROM notifications WHERE kind = 'selection.award.offered'")[0][0] == 1
        assert execute("SELECT count(*) FROM evidence_entries WHERE kind = 'award'")[0][0] == 1

    def test_the_index_alone_refuses_a_second_live_award(self):
        cast, bids = make_evaluated()
        award(cast.buyer, cast.requirement, bids[0])
        with tenancy.scope(cast.buyer.scope), pytest.raises(DBAPIError, match="uq_awards_one_live_per_requirement"):
            db.session.execute(
                text(
                    "INSERT INTO awards (id, requirement_id, buyer_id, vendor_id, bid_id, state, rank, answer_due_at)"
                    " SELECT gen_random_uuid(), requirement_id, buyer_id, vendor_id, id, 'pending', 2, now()"
                    " FROM bids WHERE id = :bid"
                ),
                {"bid": bids[1].id},
            )
        db.session.rollback()


class TestAccept:
    def test_only_the_chosen_vendor_may(self):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[0])
        for actor in (cast.vendors[1], cast.buyer):
            with pytest.raises((NotFound, Forbidden)):
                accept(actor, made)
        assert award_on(cast.vendors[0], bids[0]).state == AwardState.PENDING

    @pytest.mark.parametrize("state", [s for s in AwardState if s not in AWARD_MOVES])
    def test_an_answered_award_is_not_answered_again(self, state):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[0])
        execute("UPDATE awards SET state = :state", state=state)
        for answer in (accept, decline):
            with pytest.raises(Conflict):
                answer(cast.vendors[0], made)

    def test_it_wins_is_announced_and_the_others_are_told_how_they_stood(self):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[0])
        heard = []

        def hear(sender, **more):
            heard.append((sender.id, more["bid"].id, more["requirement"].state, more["actor"].company_id))

        with award_accepted.connected_to(hear):
            accept(cast.vendors[0], made)
        assert heard == [(made.id, bids[0].id, "awarded", cast.vendors[0].company_id)]
        assert bid_now(cast.vendors[0], bids[0]).state == BidState.WON
        assert fresh(cast.buyer, cast.requirement).state == "awarded"
        assert told("selection.award.accepted") == {cast.buyer.company_id}
        assert told("selection.award.lost") == {cast.vendors[1].company_id}
        lost = bid_now(cast.vendors[1], bids[1])
        debrief = in_scope(cast.vendors[1], lambda: queries.debrief_of(lost))
        assert lost.state == BidState.LOST and (debrief.rank, debrief.bidders) == (2, 2)
        price = next(line for line in debrief.criteria if line["title"] == "Cost")
        assert (price["points"], price["winner_points"]) == ("24.0000", "30.0000")
        assert debrief.criteria[0]["comments"] == ["Because of Industry experience and reputation."]

    def test_a_loser_reads_nothing_of_the_others(self):
        cast, bids = make_evaluated()
        accept(cast.vendors[0], award(cast.buyer, cast.requirement, bids[0]))
        with tenancy.scope(cast.vendors[1].scope):
            for table in ("bids", "bid_prices", "debriefs"):
                assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 1
            assert db.session.execute(text("SELECT count(*) FROM awards")).scalar_one() == 0
            db.session.rollback()

    def test_each_further_loser_costs_one_statement(self):
        counts = []
        for bidders in (2, 4):
            cast, bids = make_evaluated(bidders, [str(200_000 + place) for place in range(bidders)])
            offered = award(cast.buyer, cast.requirement, bids[0])
            with counted(db.engine) as seen:
                accept(cast.vendors[0], offered)
            counts.append(len(seen))
        assert counts[1] - counts[0] <= 2  # the move of each one's bid; notices and debriefs go in one go

    def test_the_chain_of_evidence_holds(self):
        cast, bids = make_evaluated()
        accept(cast.vendors[0], award(cast.buyer, cast.requirement, bids[0]))
        with tenancy.scope(cast.buyer.scope):
            entries = db.session.query(EvidenceEntry).all()
            kinds = [entry.kind for entry in sorted(entries, key=lambda entry: entry.position)]
            assert kinds == ["published", "closing", "opening", "award", "award_accepted"]
            assert evidence.broken_links(entries) == []
            db.session.rollback()


class TestDecline:
    def test_it_needs_a_reason(self):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[0])
        with pytest.raises(Invalid):
            decline(cast.vendors[0], made, " ")

    def test_the_next_in_rank_is_offered_the_work(self):
        cast = make_cast(3)
        bids = [
            make_submitted(vendor, cast.requirement, fixed_price(price))
            for vendor, price in zip(cast.vendors, ("200000", "300000", "250000"), strict=True)
        ]
        close(cast.requirement)
        open_all(cast.buyer, cast.requirement)
        for bid in bids:
            score_all(cast.buyer, cast.requirement, bid)
        made = award(cast.buyer, cast.requirement, bids[0])
        declined = decline(cast.vendors[0], made)
        assert (declined.state, declined.decline_reason) == (AwardState.DECLINED, "Our team is full.")
        assert bid_now(cast.vendors[0], bids[0]).state == BidState.DECLINED
        following = award_on(cast.vendors[2], bids[2])
        assert (following.state, following.rank) == (AwardState.PENDING, 2)
        assert bid_now(cast.vendors[1], bids[1]).state == BidState.RESERVE
        assert fresh(cast.buyer, cast.requirement).state == "decided"
        assert told("selection.award.declined") == {cast.buyer.company_id}
        accept(cast.vendors[2], following)
        assert fresh(cast.buyer, cast.requirement).state == "awarded"
        assert bid_now(cast.vendors[1], bids[1]).state == BidState.LOST

    def test_with_nobody_left_the_requirement_ends(self):
        cast, bids = make_evaluated(1, ("100000",))
        decline(cast.vendors[0], award(cast.buyer, cast.requirement, bids[0]))
        assert fresh(cast.buyer, cast.requirement).state == "unsuccessful"
        assert told("selection.award.nobody_left") == {cast.buyer.company_id}

    def test_silence_for_five_days_counts_as_no(self):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[0])
        wait(4)
        assert award_on(cast.vendors[0], bids[0]).state == AwardState.PENDING
        wait(1)
        wait(0)
        assert award_on(cast.vendors[0], bids[0]).state == AwardState.LAPSED
        assert award_on(cast.vendors[1], bids[1]).state == AwardState.PENDING
        assert told("selection.award.unanswered") == {cast.buyer.company_id}
        assert told("selection.award.lapsed") == {cast.vendors[0].company_id}
        with pytest.raises(Conflict):
            accept(cast.vendors[0], made)

    def test_a_requirement_that_is_stopped_takes_its_award_along(self):
        cast, bids = make_evaluated()
        made = award(cast.buyer, cast.requirement, bids[0])
        now = fresh(cast.buyer, cast.requirement)
        in_scope(
            cast.buyer, lambda: withdraw_requirement(cast.buyer, now, reason="Budget was cut.", version=now.version)
        )
        assert award_on(cast.vendors[0], bids[0]).state == AwardState.LAPSED
        with pytest.raises(Conflict):
            accept(cast.vendors[0], made)
