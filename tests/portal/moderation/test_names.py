"""A company's new name: the case it opens, and what a moderator decides about it."""

import pytest

from portal.accounts.actions.company import rename_company
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.moderation import actions, queries
from portal.moderation.models import Case
from portal.moderation.states import CaseKind, CaseState, Verdict
from portal.moderation.twins import MarkKind, looking_alike, twins_of
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_person, make_staff
from tests.factories.catalog import MadeVendor, make_live_vendor, make_moderator, make_submitted, make_vendor
from tests.factories.moderation import assigned, case_of

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def moderator(app: object) -> Actor:
    return make_moderator()


def rename(actor: Actor, name: str) -> None:
    with tenancy.scope(actor.scope):
        version = db.session.get_one(Company, actor.company_id).version
        rename_company(actor, name=name, version=version)
        db.session.commit()


def decide(moderator: Actor, vendor: MadeVendor, verdict: Verdict, reason: str = "") -> Case:
    case = assigned(moderator, vendor.company.id)
    with tenancy.scope(moderator.scope):
        actions.decide_name(moderator, case, verdict=verdict, reason=reason, version=case.version)
        db.session.commit()
    return case_of(moderator, vendor.company.id)


def company_row(vendor: MadeVendor) -> tuple[str, str]:
    (row,) = execute("SELECT name, slug FROM companies WHERE id = :id", id=vendor.company.id)
    return row.name, row.slug


class TestOpening:
    def test_a_new_name_waits_with_the_one_before_beside_it(self, moderator: Actor) -> None:
        vendor = make_live_vendor("Kestrelway", moderator)
        rename(vendor.actor, "Ostermere")
        case = case_of(moderator, vendor.company.id)
        assert (case.kind, case.state, case.title) == (CaseKind.NAME, CaseState.OPEN, "Ostermere")
        assert (case.published or {})["name"] == "Kestrelway" and case.submitted["name"] == "Ostermere"
        assert execute("SELECT name FROM directory_entries")[0].name == "Ostermere"  # public meanwhile

    def test_a_buyers_name_is_looked_at_as_well(self, moderator: Actor) -> None:
        company = make_company("buyer", "Fernhall")
        rename(actor_for(make_person(company), company), "Fernhall Garden")
        assert case_of(moderator, company.id).kind == CaseKind.NAME

    def test_another_name_before_the_decision_leaves_one_case_about_what_was_known(self, moderator: Actor) -> None:
        vendor = make_vendor("Kestrelway")
        rename(vendor.actor, "Ostermere")
        rename(vendor.actor, "Brackenfold")
        states = [row.state for row in execute("SELECT state FROM cases ORDER BY opened_at, id")]
        case = case_of(moderator, vendor.company.id)
        assert states == ["closed", "open"]
        assert ((case.published or {})["name"], case.submitted["name"]) == ("Kestrelway", "Brackenfold")

    def test_a_look_alike_is_flagged_whoever_it_poses_as(self, moderator: Actor) -> None:
        known, poser = make_vendor("Kestrelway"), make_vendor("Ostermere")
        make_submitted(known)
        rename(poser.actor, "Kestrel-Way GmbH")
        ids = {known.company.id, poser.company.id, make_vendor().company.id}
        with tenancy.scope(moderator.scope):
            assert looking_alike(moderator, ids) == {known.company.id, poser.company.id}
            assert [(one.name, one.kind) for one in twins_of(moderator, poser.company.id)] == [
                ("Kestrelway", MarkKind.NAME)
            ]
            db.session.rollback()


class TestDeciding:
    def test_a_vendor_may_not_and_a_moderator_not_about_their_own(self, moderator: Actor) -> None:
        vendor = make_vendor("Kestrelway")
        rename(vendor.actor, "Ostermere")
        case = case_of(moderator, vendor.company.id)
        with tenancy.scope(vendor.actor.scope), pytest.raises(Forbidden):
            actions.decide_name(vendor.actor, case, verdict=Verdict.APPROVE, reason="", version=case.version)
        colleague = make_staff("moderator")
        add_member(vendor.company, colleague)
        own = actor_for(colleague)
        with tenancy.scope(own.scope), pytest.raises(Forbidden):
            actions.assign_case(own, case, version=case.version)

    def test_only_who_has_it_in_hand_decides(self, moderator: Actor) -> None:
        vendor = make_vendor("Kestrelway")
        rename(vendor.actor, "Ostermere")
        case = case_of(moderator, vendor.company.id)
        with tenancy.scope(moderator.scope), pytest.raises(Conflict):
            actions.decide_name(moderator, case, verdict=Verdict.APPROVE, reason="", version=case.version)

    def test_taking_it_back_needs_a_reason(self, moderator: Actor) -> None:
        vendor = make_vendor("Kestrelway")
        rename(vendor.actor, "Ostermere")
        with pytest.raises(Invalid) as refusal:
            decide(moderator, vendor, Verdict.REJECT, "  ")
        assert refusal.value.field == "reason" and company_row(vendor)[0] == "Ostermere"

    def test_a_name_that_stands_closes_the_case_and_says_nothing(self, moderator: Actor) -> None:
        vendor = make_vendor("Kestrelway")
        rename(vendor.actor, "Ostermere")
        case = decide(moderator, vendor, Verdict.APPROVE)
        assert case.state == CaseState.CLOSED and company_row(vendor)[0] == "Ostermere"
        assert execute("SELECT 1 FROM notifications") == []
        with tenancy.scope(moderator.scope):
            assert queries.record_of(moderator, vendor.company.id).approved == 0  # of services, it was none
            db.session.rollback()

    def test_a_name_taken_back_gives_name_address_and_marks_back_and_tells_the_company_why(
        self, moderator: Actor
    ) -> None:
        known, poser = make_vendor("Kestrelway"), make_live_vendor("Ostermere", moderator)
        make_submitted(known)
        before = company_row(poser)
        rename(poser.actor, "Kestrelway Ltd")
        case = decide(moderator, poser, Verdict.REJECT, "Kestrelway is another company.")
        assert case.state == CaseState.CLOSED and company_row(poser) == before
        assert execute("SELECT name FROM directory_entries")[0].name == "Ostermere"
        (notice,) = execute("SELECT kind, params FROM notifications WHERE company_id = :id AND kind LIKE '%name%'",
                            id=poser.company.id)  # fmt: skip
        assert notice.kind == "moderation.name.taken_back" and notice.params["name"] == "Ostermere"
        tags = [row.tag for row in execute("SELECT tag FROM audit_entries WHERE company_id = :id", id=poser.company.id)]
        assert "accounts:company:take_back_name" in tags
        with tenancy.scope(moderator.scope):
            assert looking_alike(moderator, {poser.company.id}) == frozenset()
            db.session.rollback()
