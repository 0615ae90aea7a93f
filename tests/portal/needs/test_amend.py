"""Changing a published requirement: what is refused, what becomes the next version, and who is in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.accounts.actor import Actor
from portal.kit import audit, clock, evidence, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from portal.needs import actions, deadlines, signals
from portal.needs.actions.publish import Incomplete
from portal.needs.models import Requirement
from portal.needs.queries import channels_of, frozen_scenarios_of, requirements_for, scenario_of
from portal.needs.states import ChangeReason, RequirementState, Step, StopReason
from tests.factories.accounts import actor_for, execute, make_company, make_person
from tests.factories.needs import in_scope, make_published, make_requirement, pass_deadline
from tests.factories.versions import (
    WHY,
    begin,
    colleague_of,
    explain,
    extend,
    local_deadline,
    now_of,
    publish_copy,
    rewrite,
    within,
)

PHONE = {"channel": "phone", "aht_s": 300, "concurrency": 1, "measured": True, "monthly": ["20000"]}
EMAIL = {"channel": "email", "aht_s": 360, "concurrency": 1, "measured": False, "monthly": ["6000"]}


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


class TestBegin:
    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_another_company_cannot(self, buyer: Actor, kind: str) -> None:
        found, company = make_published(buyer), make_company(kind)
        with pytest.raises((NotFound, Forbidden)):
            begin(actor_for(make_person(company), company), found)

    def test_a_draft_is_simply_written(self, buyer: Actor) -> None:
        with pytest.raises(Conflict):
            begin(buyer, make_requirement(buyer))

    @pytest.mark.parametrize("state", [s for s in RequirementState if s not in ("published", "draft", "in_review")])
    def test_nothing_is_changed_once_bids_are_closed(self, buyer: Actor, state: str) -> None:
        found = make_published(buyer)
        execute("UPDATE requirements SET state = :state WHERE id = :id", state=state, id=found.id)
        with pytest.raises(Conflict):
            begin(buyer, now_of(buyer, found))

    def test_nor_after_the_deadline_when_no_job_has_come_yet(self, buyer: Actor) -> None:
        found = make_published(buyer)
        copy = begin(buyer, found)
        rewrite(buyer, copy, Step.GOALS, summary="Late.")
        pass_deadline(found)
        with pytest.raises(Conflict):
            begin(buyer, found)
        with pytest.raises(Conflict):
            publish_copy(buyer, copy)

    def test_the_copy_says_the_same_and_stays_out_of_every_list(self, buyer: Actor) -> None:
        found = make_published(buyer)
        copy = begin(buyer, found)
        assert (copy.state, copy.amends_id, copy.amends_version) == ("draft", found.id, 1)
        assert (copy.title, copy.hours, copy.deadline_at) == (found.title, found.hours, found.deadline_at)
        listed = in_scope(buyer, lambda: [one.id for one in requirements_for(buyer)])
        assert listed == [found.id]

    def test_two_people_write_in_the_same_copy(self, buyer: Actor) -> None:
        found = make_published(buyer)
        assert begin(buyer, found).id == begin(colleague_of(buyer), found).id

    def test_a_copy_is_neither_published_nor_withdrawn_by_itself(self, buyer: Actor) -> None:
        copy = begin(buyer, make_published(buyer))
        for act in (
            lambda r: actions.publish_requirement(buyer, r, version=r.version),
            lambda r: actions.withdraw_requirement(buyer, r, reason="No.", version=r.version),
        ):
            with pytest.raises(Conflict):
                within(buyer, copy, act)
        with pytest.raises(DBAPIError), tenancy.scope(buyer.scope):
            row = db.session.get_one(Requirement, copy.id)
            row.published_at, row.version_number = clock.now(), 1
            db.session.flush()
        db.session.rollback()

    def test_discarded_it_leaves_the_requirement_as_it_was(self, buyer: Actor) -> None:
        found = make_published(buyer)
        copy = rewrite(buyer, begin(buyer, found), Step.GOALS, summary="Never mind.")
        within(buyer, copy, lambda r: actions.discard_amendment(buyer, r, version=r.version))
        assert now_of(buyer, found).summary == found.summary
        assert begin(buyer, found).id != copy.id


class TestPublishAmendment:
    def test_a_member_who_may_not_publish_is_refused(self, buyer: Actor) -> None:
        copy = begin(buyer, make_published(buyer))
        with pytest.raises(Forbidden):
            publish_copy(colleague_of(buyer, "member"), copy)

    def test_a_stale_version_is_refused(self, buyer: Actor) -> None:
        copy = begin(buyer, make_published(buyer))
        with pytest.raises(StaleVersion):
            within(buyer, copy, lambda r: actions.publish_amendment(buyer, r, **WHY, deadline_local=None, version=0))

    @pytest.mark.parametrize(
        ("changes", "field"), [({"reason": "whim"}, "reason"), ({"note": "  "}, "note"), ({"note": "x" * 2001}, "note")]
    )
    def test_a_reason_from_the_list_and_words_are_needed(self, buyer: Actor, changes: dict, field: str) -> None:
        copy = rewrite(buyer, begin(buyer, make_published(buyer)), Step.GOALS, summary="New.")
        with pytest.raises(Invalid) as refused:
            publish_copy(buyer, copy, **changes)
        assert refused.value.field == field

    def test_something_has_to_differ(self, buyer: Actor) -> None:
        with pytest.raises(Invalid, match="Nothing differs"):
            publish_copy(buyer, begin(buyer, make_published(buyer)))

    def test_an_incomplete_copy_is_refused(self, buyer: Actor) -> None:
        copy = rewrite(buyer, begin(buyer, make_published(buyer)), Step.GOALS, summary="")
        with pytest.raises(Incomplete):
            publish_copy(buyer, copy)

    @pytest.mark.parametrize(
        ("step", "changes"), [(Step.GOALS, {"mode": "partial"}), (Step.MONEY, {"currency": "EUR"})]
    )
    def test_form_and_currency_stay(self, buyer: Actor, step: Step, changes: dict) -> None:
        copy = rewrite(buyer, begin(buyer, make_published(buyer)), step, **changes)
        with pytest.raises(Invalid, match="stay as they were published"):
            publish_copy(buyer, copy)

    def test_of_two_versions_at_once_the_second_begins_anew(self, buyer: Actor) -> None:
        found = make_published(buyer)
        copy = rewrite(buyer, begin(buyer, found), Step.GOALS, summary="Mine.")
        execute("UPDATE requirements SET amends_version = 0 WHERE id = :id", id=copy.id)
        with pytest.raises(Conflict, match="begin anew"):
            publish_copy(buyer, copy)

    def test_the_next_version_is_what_everybody_reads_from_now_on(self, buyer: Actor) -> None:
        found, heard = make_published(buyer), []
        copy = rewrite(buyer, begin(buyer, found), Step.CHANNELS, channels=[PHONE, EMAIL])
        with signals.amended.connected_to(
            lambda sender, version, **more: heard.append((sender.id, version.is_material))
        ):
            version = publish_copy(buyer, copy, reason=ChangeReason.VOLUMES, note="More calls than we thought.")
        assert heard == [(found.id, True)]
        assert (version.number, version.kind, version.reason, version.is_material) == (2, "amended", "volumes", True)
        now = now_of(buyer, found)
        assert (now.state, now.version_number, now.published_at) == ("published", 2, found.published_at)
        with tenancy.scope(buyer.scope):
            assert {row.channel: row.aht_s for row in channels_of(now)} == {"phone": 300, "email": 360}
            assert {row.version for row in frozen_scenarios_of(now)} == {2}
            assert scenario_of(now).months[0].volumes
            tags = set(db.session.scalars(select(audit.AuditEntry.tag)))
            links = db.session.scalars(select(evidence.EvidenceEntry).order_by(evidence.EvidenceEntry.position)).all()
        assert {"needs:requirement:begin_amendment", "needs:requirement:amend"} <= tags
        assert [one.kind for one in links] == ["published", "amended"] and evidence.broken_links(links) == []
        assert execute("SELECT count(*) AS n FROM scenarios")[0].n == 6

    def test_a_change_of_words_keeps_the_forecast_and_is_not_material(self, buyer: Actor) -> None:
        found = make_published(buyer)
        assert explain(buyer, found).is_material is False
        assert execute("SELECT count(*) AS n FROM scenarios")[0].n == 3


class TestDeadline:
    def near(self, buyer: Actor, days: int = 2) -> tuple[Requirement, Requirement]:
        found = make_published(buyer)
        copy = begin(buyer, found)
        clock.move_to(found.deadline_at - timedelta(days=days))
        return found, copy

    def test_near_the_deadline_a_material_change_asks_for_more_time(self, buyer: Actor) -> None:
        found, copy = self.near(buyer)
        copy = rewrite(buyer, copy, Step.MONEY, validity_days=90)
        with pytest.raises(Invalid) as refused:
            publish_copy(buyer, copy)
        assert refused.value.field == "deadline_date"
        publish_copy(buyer, copy, deadline_local=local_deadline(found, days=2, minutes=5))
        now = now_of(buyer, found)
        assert now.deadline_at == found.deadline_at + timedelta(days=2, minutes=5)

    def test_a_change_of_words_does_not(self, buyer: Actor) -> None:
        found, copy = self.near(buyer)
        publish_copy(buyer, rewrite(buyer, copy, Step.GOALS, summary="Clearer."))
        assert now_of(buyer, found).deadline_at == found.deadline_at

    @pytest.mark.parametrize("earlier", [{"minutes": -1}, {"days": -1}, {"days": -30}])
    def test_it_never_moves_back(self, buyer: Actor, earlier: dict) -> None:
        found = make_published(buyer)
        copy = rewrite(buyer, begin(buyer, found), Step.MONEY, validity_days=90)
        with pytest.raises(Invalid) as refused:
            publish_copy(buyer, copy, deadline_local=local_deadline(found, **earlier))
        assert refused.value.field == "deadline_date"
        with pytest.raises(Invalid):
            extend(buyer, found, days=earlier.get("days", 0))
        with pytest.raises(DBAPIError, match="only extended"), tenancy.scope(buyer.scope):
            row = db.session.get_one(Requirement, found.id)
            row.deadline_at += timedelta(**earlier)
            row.version_number += 1
            db.session.flush()
        db.session.rollback()

    def test_extended_it_is_a_version_and_a_change_under_way_goes_on(self, buyer: Actor) -> None:
        found = make_published(buyer)
        copy = rewrite(buyer, begin(buyer, found), Step.GOALS, summary="Clearer.")
        version = extend(buyer, found, days=4)
        assert (version.number, version.kind, version.is_material) == (2, "extended", False)
        publish_copy(buyer, copy)
        now = now_of(buyer, found)
        assert (now.version_number, now.summary) == (3, "Clearer.")
        assert now.deadline_at == found.deadline_at + timedelta(days=4)

    def test_after_it_has_passed_nothing_brings_it_back(self, buyer: Actor) -> None:
        found = make_published(buyer)
        pass_deadline(found)
        with pytest.raises(Conflict):
            extend(buyer, found, days=30)

    def test_it_stays_before_the_start(self, buyer: Actor) -> None:
        found = make_published(buyer)
        with pytest.raises(Invalid, match="start must lie after"):
            extend(buyer, found, days=300)

    def test_the_time_proposed_keeps_the_time_of_day(self) -> None:
        from datetime import UTC, datetime

        at = datetime(2026, 10, 23, 16, 0, tzinfo=UTC)  # two days before the clocks go back in London
        local = deadlines.extended_to(at, at + timedelta(days=3), "Europe/London")
        assert local == datetime(2026, 10, 26, 17, 0)


class TestStopping:
    @pytest.mark.parametrize("code", list(StopReason))
    def test_each_reason_of_the_list_is_kept_beside_the_words(self, buyer: Actor, code: StopReason) -> None:
        found = make_published(buyer)
        ended = within(
            buyer,
            found,
            lambda r: actions.withdraw_requirement(buyer, r, reason="Sorry.", code=code, version=r.version),
        )
        assert (ended.state, ended.end_code, ended.end_reason) == ("withdrawn", code, "Sorry.")

    def test_another_reason_is_refused(self, buyer: Actor) -> None:
        found = make_published(buyer)
        with pytest.raises(Invalid) as refused:
            within(
                buyer,
                found,
                lambda r: actions.withdraw_requirement(buyer, r, reason="x", code="mood", version=r.version),
            )
        assert refused.value.field == "code"

    def test_a_change_under_way_ends_with_it(self, buyer: Actor) -> None:
        found = make_published(buyer)
        copy = begin(buyer, found)
        within(buyer, found, lambda r: actions.withdraw_requirement(buyer, r, reason="Over.", version=r.version))
        assert now_of(buyer, copy).state == "cancelled"
