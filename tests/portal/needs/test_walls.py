"""Who sees which rows: each wall alone, and with the other taken down."""

from collections.abc import Callable

import pytest
from sqlalchemy import select, text

from portal.accounts.actor import Actor
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.needs.actions import begin_assessment, keep_in_house, save_step, withdraw_requirement
from portal.needs.models import (
    Criterion,
    FrozenScenario,
    Requirement,
    RequirementBudget,
    RequirementChannel,
    RequirementCounter,
)
from portal.needs.private_models import InHouseBaseline, SelfAssessment
from portal.needs.queries import budget_of, open_requirements_for, requirement_for, requirements_for
from portal.needs.states import Step
from tests.factories.accounts import actor_for, make_company, make_person, make_staff
from tests.factories.needs import answers, in_scope, make_published, make_requirement

ALL = (Requirement, RequirementChannel, Criterion, FrozenScenario, RequirementBudget, RequirementCounter)
PRIVATE = (RequirementBudget, RequirementCounter)
OWN_COST = (InHouseBaseline, SelfAssessment)


def member_of(kind: str) -> Actor:
    company = make_company(kind)
    return actor_for(make_person(company), company)


@pytest.fixture
def buyer(app: object) -> Actor:
    return member_of("buyer")


def rows_seen(scope: tenancy.Scope, model: type) -> int:
    with tenancy.scope(scope):
        found = len(db.session.execute(select(model.__table__)).all())
        db.session.rollback()
    return found


class TestDatabaseAlone:
    @pytest.mark.parametrize("model", ALL)
    def test_a_draft_is_the_buyers_alone(self, buyer: Actor, model: type) -> None:
        make_requirement(buyer)
        staff = make_staff("moderator")
        scopes = [member_of("buyer").scope, member_of("vendor").scope, tenancy.staff(staff.id), tenancy.PUBLIC]
        assert [rows_seen(scope, model) for scope in scopes] == [0, 0, 0, 0]
        assert rows_seen(buyer.scope, model) > 0 or model is FrozenScenario

    @pytest.mark.parametrize("model", ALL)
    def test_published_rows_are_for_vendors_and_staff(self, buyer: Actor, model: type) -> None:
        make_published(buyer)
        staff = make_staff("moderator")
        seen = [rows_seen(scope, model) for scope in (member_of("vendor").scope, tenancy.staff(staff.id))]
        assert all(seen) is (model not in PRIVATE)
        assert rows_seen(member_of("buyer").scope, model) == 0
        assert rows_seen(tenancy.PUBLIC, model) == 0

    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    @pytest.mark.parametrize("model", [m for m in ALL if m is not FrozenScenario])
    def test_nobody_else_changes_a_row(self, buyer: Actor, kind: str, model: type) -> None:
        make_published(buyer)
        other = member_of(kind)
        with tenancy.scope(other.scope):
            result = db.session.execute(
                text(f"UPDATE {model.__tablename__} SET buyer_id = :mine"), {"mine": other.company_id}
            )
            assert result.rowcount == 0
            db.session.rollback()

    def test_a_child_cannot_be_hung_on_another_companys_requirement(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        other = member_of("buyer")
        with tenancy.scope(other.scope), pytest.raises(Exception, match="row-level security"):
            db.session.add(
                Criterion(
                    requirement_id=draft.id,
                    buyer_id=other.company_id,
                    code="x",
                    title="x",
                    weight=5,
                    kind="quality",
                    position=9,
                )
            )
            db.session.flush()
        db.session.rollback()


class TestOwnCost:
    """What a service costs the buyer, and whether it should be handed over at all, is nobody else's matter."""

    @pytest.mark.parametrize("model", OWN_COST)
    @pytest.mark.parametrize("make", [make_requirement, make_published])
    def test_rows_are_the_buyers_alone_before_and_after_publication(
        self, buyer: Actor, model: type, make: Callable[[Actor], Requirement]
    ) -> None:
        found = make(buyer)
        in_scope(buyer, lambda: keep_in_house(buyer, found, {"salary": "1", "fte": "1"}, version=0))
        given = {"title": "Ours", "currency": "GBP", "requirement_id": found.id}
        in_scope(buyer, lambda: begin_assessment(buyer, given))
        staff, vendor = make_staff("moderator"), member_of("vendor")
        scopes = [member_of("buyer").scope, vendor.scope, tenancy.staff(staff.id), tenancy.PUBLIC]
        assert [rows_seen(scope, model) for scope in scopes] == [0, 0, 0, 0]
        assert rows_seen(buyer.scope, model) == 1
        with tenancy.scope(vendor.scope):
            changed = text(f"UPDATE {model.__tablename__} SET buyer_id = :mine")
            assert db.session.execute(changed, {"mine": vendor.company_id}).rowcount == 0
            db.session.rollback()


class TestEitherWallDown:
    @pytest.mark.parametrize("kind", ["buyer", "vendor"])
    def test_without_pythons_wall_a_draft_stays_hidden(
        self, buyer: Actor, kind: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = make_requirement(buyer)
        other = member_of(kind)
        monkeypatch.setattr(tenancy.Walls, "python", False)
        with tenancy.scope(other.scope):
            with pytest.raises(NotFound):
                requirement_for(other, draft.id)
            assert list(open_requirements_for(other)) == []
            db.session.rollback()

    def test_without_the_databases_wall_python_keeps_them_apart(
        self, buyer: Actor, database: object, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        draft = make_requirement(buyer)
        rival, vendor = member_of("buyer"), member_of("vendor")
        with database.connect() as connection:  # type: ignore[attr-defined]
            connection.execute("ALTER TABLE requirements DISABLE ROW LEVEL SECURITY")
        try:
            for other in (rival, vendor):
                with tenancy.scope(other.scope):
                    with pytest.raises(NotFound):
                        requirement_for(other, draft.id)
                    db.session.rollback()
            with tenancy.scope(rival.scope):
                assert list(requirements_for(rival)) == []
                db.session.rollback()
        finally:
            db.session.remove()
            with database.connect() as connection:  # type: ignore[attr-defined]
                connection.execute("ALTER TABLE requirements ENABLE ROW LEVEL SECURITY")


class TestVerbsOfOthers:
    def test_saving_and_withdrawing_find_nothing(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        other = member_of("buyer")
        data = answers(now=draft.created_at)[Step.GOALS]
        with pytest.raises(NotFound):
            in_scope(other, lambda: save_step(other, draft, Step.GOALS, data, version=draft.version))
        with pytest.raises(NotFound):
            in_scope(other, lambda: withdraw_requirement(other, draft, reason="Mine.", version=draft.version))

    def test_a_vendor_asks_for_the_budget_in_vain(self, buyer: Actor) -> None:
        found = make_published(buyer)
        vendor = member_of("vendor")
        with tenancy.scope(vendor.scope):
            with pytest.raises(NotFound):
                budget_of(vendor, found)
            db.session.rollback()
