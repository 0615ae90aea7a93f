"""What an amendment does to bids: their state, and nothing else; and that a bid never counts on an older version."""

import threading
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from portal.kit import jobs, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict
from portal.messaging.models import Notification
from portal.needs.actions import withdraw_requirement
from portal.needs.looks import note_look
from portal.needs.queries import frozen_scenario_of, requirement_for
from portal.needs.states import Step
from portal.selection import actions, queries, receipts
from portal.selection.actions.submission import IncompleteBid, priced_now
from portal.selection.states import BidState
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope
from tests.factories.selection import bid_now, close, make_cast, make_draft, make_submitted, open_all, submit
from tests.factories.versions import amend, begin, explain, extend, publish_copy, rewrite, within

pytestmark = pytest.mark.usefixtures("app")

CHANNELS = [
    {"channel": "phone", "aht_s": 300, "concurrency": 1, "measured": True, "monthly": ["30000"]},
    {"channel": "email", "aht_s": 360, "concurrency": 1, "measured": False, "monthly": ["6000"]},
]
ROWS = {
    "bids": "SELECT to_jsonb(b) - 'state' - 'stale_at' - 'version' AS row FROM bids b ORDER BY id",
    "bid_answers": "SELECT to_jsonb(a) AS row FROM bid_answers a ORDER BY bid_id, criterion_id",
    "bid_prices": "SELECT to_jsonb(p) AS row FROM bid_prices p ORDER BY bid_id",
}


def everything() -> dict[str, list[Any]]:
    return {table: [found.row for found in execute(query)] for table, query in ROWS.items()}


class TestState:
    def test_a_material_change_makes_submitted_bids_stale_and_touches_nothing_else(self) -> None:
        cast = make_cast(2)
        made = [make_submitted(cast.vendors[0], cast.requirement), make_draft(cast.vendors[1], cast.requirement)]
        before = everything()
        amend(cast.buyer, cast.requirement, Step.CHANNELS, channels=CHANNELS)
        assert everything() == before
        states = [bid_now(vendor, bid).state for vendor, bid in zip(cast.vendors, made, strict=True)]
        assert states == ["stale", "draft"]

    @pytest.mark.parametrize("change", [explain, extend])
    def test_words_and_a_later_deadline_leave_them_submitted(self, change: Any) -> None:
        cast = make_cast(1)
        bid = make_submitted(cast.vendors[0], cast.requirement)
        change(cast.buyer, cast.requirement)
        assert bid_now(cast.vendors[0], bid).state == "submitted"

    @pytest.mark.parametrize("state", list(BidState))
    def test_only_submitted_ones_move_whatever_state_they_are_in(self, state: BidState) -> None:
        cast = make_cast(1)
        bid = make_submitted(cast.vendors[0], cast.requirement)
        execute("UPDATE bids SET state = :state WHERE id = :id", state=state.value, id=bid.id)
        amend(cast.buyer, cast.requirement)
        assert bid_now(cast.vendors[0], bid).state == ("stale" if state == "submitted" else state)

    def test_another_buyer_makes_nobodys_bids_stale(self) -> None:
        cast = make_cast(1)
        bid = make_submitted(cast.vendors[0], cast.requirement)
        company = make_company("buyer")
        for actor in (actor_for(make_person(company), company), cast.vendors[0]):
            with tenancy.scope(actor.scope):
                db.session.execute(text("SELECT make_bids_stale(:id)"), {"id": cast.requirement.id})
                db.session.commit()
        assert bid_now(cast.vendors[0], bid).state == "submitted"

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.sampled_from(["amend", "explain", "extend", "submit"]), min_size=1, max_size=3))
    def test_whatever_the_buyer_does_a_bid_says_what_its_vendor_wrote(self, acts: list[str]) -> None:
        with tenancy.scope(tenancy.PUBLIC):
            db.session.rollback()
        cast = make_cast(1, title=f"Course {len(acts)}")
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        for number, act in enumerate(acts):
            before, state = everything(), bid_now(vendor, bid).state
            if act == "submit" and state == "stale":
                submit(vendor, bid_now(vendor, bid))
            elif act == "amend":
                amend(cast.buyer, cast.requirement, Step.MONEY, validity_days=61 + number)
                assert everything() == before and bid_now(vendor, bid).state == "stale"
            elif act == "explain":
                explain(cast.buyer, cast.requirement, summary=f"Round {number}.")
                assert everything() == before and bid_now(vendor, bid).state == state
            elif act == "extend":
                extend(cast.buyer, cast.requirement, days=1)
                assert everything() == before and bid_now(vendor, bid).state == state


class TestConfirm:
    def test_confirmed_again_it_is_priced_over_the_newest_forecast(self) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        old = in_scope(vendor, lambda: queries.price_of(bid).total_minor)
        amend(cast.buyer, cast.requirement, Step.CHANNELS, channels=CHANNELS)

        def shown() -> int:
            return priced_now(queries.price_of(bid), requirement_for(vendor, cast.requirement.id)).total

        announced = in_scope(vendor, shown)
        again = submit(vendor, bid_now(vendor, bid))
        assert (again.state, again.requirement_version) == ("submitted", 2)
        with tenancy.scope(vendor.scope):
            price = queries.price_of(again)
            assert price.total_minor == announced > old
            assert price.scenario_sha256 == frozen_scenario_of(cast.requirement).sha256
            text_ = receipts.text_of(again, price, queries.answers_of(again))
            assert again.receipt_sha256 == receipts.digest(text_)
            db.session.rollback()

    def test_a_stale_bid_does_not_come_to_the_opening(self) -> None:
        cast = make_cast(2)
        kept, left = (make_submitted(vendor, cast.requirement) for vendor in cast.vendors)
        amend(cast.buyer, cast.requirement)
        submit(cast.vendors[0], bid_now(cast.vendors[0], kept))
        close(cast.requirement)
        assert open_all(cast.buyer, cast.requirement) == 1
        assert [bid_now(*one).state for one in zip(cast.vendors, (kept, left), strict=True)] == ["qualified", "stale"]

    def test_what_a_new_criterion_asks_has_to_be_answered_first(self) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_submitted(vendor, cast.requirement)
        criteria = [
            {"code": "quality", "title": "Quality", "weight": 50, "kind": "quality"},
            {"code": "cost", "title": "Cost", "weight": 30, "kind": "price"},
            {"code": "green", "title": "Green energy", "weight": 20, "kind": "quality"},
        ]
        amend(cast.buyer, cast.requirement, Step.CRITERIA, criteria=criteria)
        with pytest.raises(IncompleteBid, match="Green energy"):
            submit(vendor, bid_now(vendor, bid))

    def test_a_page_that_shows_an_older_version_submits_nothing(self) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        amend(cast.buyer, cast.requirement)
        with pytest.raises(Conflict, match="has changed"):
            in_scope(vendor, lambda: actions.submit_bid(vendor, bid, version=bid.version, on_version=1))

    def test_the_database_takes_no_bid_on_an_older_version(self) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        amend(cast.buyer, cast.requirement)
        with pytest.raises(DBAPIError, match="newest version"), tenancy.scope(vendor.scope):
            statement = "UPDATE bids SET state = 'submitted', requirement_version = 1 WHERE id = :id"
            db.session.execute(text(statement), {"id": bid.id})
        db.session.rollback()


class TestRace:
    @pytest.mark.parametrize("round_", range(3))
    def test_amend_against_submit_never_leaves_a_bid_on_an_older_version(self, app: Flask, round_: int) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        bid = make_draft(vendor, cast.requirement)
        copy = rewrite(cast.buyer, begin(cast.buyer, cast.requirement), Step.MONEY, validity_days=80)
        barrier, refused = threading.Barrier(2), []

        def run(act: Any) -> None:
            with app.app_context():
                barrier.wait()
                try:
                    act()
                except Conflict as error:
                    refused.append(str(error))

        def hand_in() -> None:
            in_scope(vendor, lambda: actions.submit_bid(vendor, bid, version=bid.version, on_version=1))

        threads = [
            threading.Thread(target=run, args=(act,)) for act in (lambda: publish_copy(cast.buyer, copy), hand_in)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        state = bid_now(vendor, bid).state
        assert (state, bool(refused)) in {("stale", False), ("draft", True)}


class TestTelling:
    def told(self, actor: Any) -> list[str]:
        rows = execute("SELECT kind FROM notifications WHERE company_id = :id ORDER BY created_at", id=actor.company_id)
        return [row.kind for row in rows]

    def test_whoever_looked_drafted_or_submitted_is_told_the_same_and_nobody_else(self, app: Flask) -> None:
        cast = make_cast(4)
        looked, drafted, submitted, stranger = cast.vendors
        in_scope(looked, lambda: note_look(looked, cast.requirement.id, cast.requirement.buyer_id))
        in_scope(looked, lambda: note_look(looked, cast.requirement.id, cast.requirement.buyer_id))
        make_draft(drafted, cast.requirement)
        make_submitted(submitted, cast.requirement)
        amend(cast.buyer, cast.requirement)
        extend(cast.buyer, cast.requirement)
        within(
            cast.buyer,
            cast.requirement,
            lambda r: withdraw_requirement(cast.buyer, r, reason="No budget.", code="budget", version=r.version),
        )
        jobs.run_waiting(app)
        kinds = ["selection.requirement.changed_materially", "selection.requirement.extended"]
        for vendor in (looked, drafted, submitted):
            assert self.told(vendor) == [*kinds, "selection.requirement.withdrawn"]
        assert self.told(stranger) == []

    def test_the_words_name_what_changed(self, app: Flask) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        make_submitted(vendor, cast.requirement)
        amend(cast.buyer, cast.requirement)
        extend(cast.buyer, cast.requirement)
        jobs.run_waiting(app)
        with app.test_request_context(), tenancy.scope(vendor.scope):
            words = [one.words for one in db.session.query(Notification).order_by(Notification.created_at)]
        assert "Bids stay valid" in words[0] and "confirmed again" in words[0]
        assert "GMT" in words[1] or "BST" in words[1] or "UTC" in words[1]

    def test_the_buyer_never_learns_who_looked(self) -> None:
        cast = make_cast(1)
        vendor = cast.vendors[0]
        in_scope(vendor, lambda: note_look(vendor, cast.requirement.id, cast.requirement.buyer_id))
        with tenancy.scope(cast.buyer.scope):
            assert db.session.execute(text("SELECT count(*) FROM requirement_looks")).scalar_one() == 0
            found = db.session.execute(text("SELECT * FROM vendors_to_tell(:id)"), {"id": cast.requirement.id}).all()
            assert found == []
            db.session.rollback()
