"""Publishing: what is refused, and what is fixed for good."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from portal.accounts.actor import Actor
from portal.kit import audit, clock, evidence, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from portal.needs import signals
from portal.needs.actions import close, draft_requirement, publish_requirement, save_step, withdraw_requirement
from portal.needs.actions.publish import Incomplete
from portal.needs.models import Criterion, FrozenScenario, Requirement, RequirementChannel
from portal.needs.queries import channels_of, requirement_for, scenario_of
from portal.needs.states import Step
from tests.factories.accounts import actor_for, make_company, make_person
from tests.factories.needs import answers, in_scope, make_published, make_requirement, publish


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


def colleague(actor: Actor, role: str) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company, role), company)


class TestPublish:
    def test_another_buyer_does_not_find_the_requirement(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        with pytest.raises(NotFound):
            publish(colleague(buyer, "owner"), draft)

    def test_a_member_without_the_permission_is_refused(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        viewer = Actor(**{**{f: getattr(buyer, f) for f in buyer.__dataclass_fields__}, "permissions": frozenset()})
        with pytest.raises(Forbidden):
            publish(viewer, draft)

    def test_a_stale_version_is_refused(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        with pytest.raises(StaleVersion):
            in_scope(buyer, lambda: publish_requirement(buyer, draft, version=draft.version - 1))

    def test_a_bare_draft_is_refused_with_everything_it_lacks(self, buyer: Actor) -> None:
        draft = in_scope(buyer, lambda: draft_requirement(buyer, title="Peak season", mode="temporary"))
        with pytest.raises(Incomplete) as refused:
            publish(buyer, draft)
        steps = {gap.step for gap in refused.value.gaps}
        assert steps == {Step.GOALS, Step.CHANNELS, Step.LANGUAGES, Step.DEADLINE}

    @pytest.mark.parametrize("mode", ["full", "partial", "temporary"])
    def test_a_complete_one_is_published_and_frozen(self, buyer: Actor, mode: str) -> None:
        heard = []
        with signals.published.connected_to(lambda sender, actor: heard.append(sender.id)):
            found = make_published(buyer, mode)
        assert heard == [found.id]
        assert found.state == "published" and found.published_at is not None
        with tenancy.scope(buyer.scope):
            assert requirement_for(buyer, found.id).accepts_bids
            base, low, high = (scenario_of(found, name) for name in ("base", "low", "high"))
            assert len(base.months) == (3 if mode == "temporary" else 12)
            first = {(row.channel, row.lang): row.contacts for row in base.months[0].volumes}
            if mode == "partial":  # the vendor has eight of twelve opening hours
                assert first[("phone", "en")] == Decimal(9600) and base.part == "vendor"
            else:
                assert first[("phone", "en")] == Decimal(14400) and base.part == "all"
                assert first[("email", "de")] == Decimal(1200)
            assert low.months[0].volumes[0].contacts == first[("phone", "en")] * Decimal("0.8")
            assert high.months[0].volumes[0].contacts == first[("phone", "en")] * Decimal("1.2")
            fte = [one.months[0].fte for one in (low, base, high)]
            assert fte == sorted(fte) and all(fte)
            tags = set(db.session.scalars(select(audit.AuditEntry.tag)))
            entries = db.session.scalars(select(evidence.EvidenceEntry)).all()
        assert "needs:requirement:publish" in tags
        assert [entry.kind for entry in entries] == ["published"] and evidence.broken_links(entries) == []

    def test_it_is_not_published_twice(self, buyer: Actor) -> None:
        found = make_published(buyer)
        with pytest.raises(Conflict):
            publish(buyer, found)

    def test_the_deadline_is_judged_when_publishing(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        clock.move_to(draft.deadline_at - timedelta(days=5))
        with pytest.raises(Incomplete):
            publish(buyer, draft)
        clock.reset()

    def test_saving_afterwards_is_refused(self, buyer: Actor) -> None:
        found = make_published(buyer)
        with pytest.raises(Conflict):
            data = answers(now=found.created_at)[Step.GOALS]
            in_scope(buyer, lambda: save_step(buyer, found, Step.GOALS, data, version=found.version))


class TestFrozenByTheDatabase:
    def test_texts_cannot_be_changed(self, buyer: Actor) -> None:
        found = make_published(buyer)
        with tenancy.scope(buyer.scope), pytest.raises(DBAPIError, match="not changed"):
            db.session.execute(update(Requirement).where(Requirement.id == found.id).values(title="Other"))
        db.session.rollback()

    @pytest.mark.parametrize("model", [RequirementChannel, Criterion])
    def test_children_cannot_be_changed_or_deleted(self, buyer: Actor, model: type) -> None:
        found = make_published(buyer)
        with tenancy.scope(buyer.scope):
            table = model.__tablename__
            assert db.session.execute(text(f"UPDATE {table} SET buyer_id = buyer_id")).rowcount == 0
            assert db.session.execute(text(f"DELETE FROM {table}")).rowcount == 0
            assert channels_of(found)
            db.session.rollback()

    def test_scenarios_are_never_changed(self, buyer: Actor) -> None:
        make_published(buyer)
        with tenancy.scope(buyer.scope), pytest.raises(DBAPIError):
            db.session.execute(update(FrozenScenario).values(sha256="0"))
        db.session.rollback()


class TestWithdraw:
    def test_a_reason_is_needed(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        with pytest.raises(Invalid):
            in_scope(buyer, lambda: withdraw_requirement(buyer, draft, reason=" ", version=draft.version))

    @pytest.mark.parametrize(
        ("published", "closed", "state"),
        [(False, False, "cancelled"), (True, False, "withdrawn"), (True, True, "cancelled")],
    )
    def test_it_ends_where_it_stands(self, buyer: Actor, published: bool, closed: bool, state: str) -> None:
        found = make_published(buyer) if published else make_requirement(buyer)

        def act() -> Requirement:
            mine = requirement_for(buyer, found.id)
            if closed:
                close(mine)
            return withdraw_requirement(buyer, mine, reason="Plans changed.", version=mine.version)

        ended = in_scope(buyer, act)
        assert (ended.state, ended.end_reason) == (state, "Plans changed.")
        assert ended.ended_at is not None
        with pytest.raises(IllegalMove):
            in_scope(buyer, lambda: withdraw_requirement(buyer, ended, reason="Again.", version=ended.version))
