"""Keeping assumptions, and freezing scenarios that follow them."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts.actor import Actor
from portal.kit import audit, clock, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from portal.needs.actions import plan_staffing
from portal.needs.actions.publish import Incomplete
from portal.needs.models import FrozenScenario, Requirement, RequirementStaffing
from portal.needs.planning import draft_plan, draft_scenarios
from portal.needs.queries import channels_of, frozen_scenarios_of, requirement_for, scenario_of, staffing_inputs_of
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.states import Step
from tests.factories.accounts import actor_for, make_company, make_person
from tests.factories.needs import in_scope, make_published, make_requirement, publish


@pytest.fixture
def buyer(app: object) -> Actor:
    company = make_company("buyer")
    return actor_for(make_person(company), company)


def member_of(kind: str) -> Actor:
    company = make_company(kind)
    return actor_for(make_person(company), company)


def keep(actor: Actor, requirement: Requirement, version: int | None = None, **answers: Any) -> Requirement:
    at = requirement.version if version is None else version
    found: Requirement = in_scope(actor, lambda: plan_staffing(actor, requirement, answers, version=at))
    return found


class TestPlanStaffing:
    def test_another_buyer_does_not_find_the_requirement(self, buyer: Actor) -> None:
        with pytest.raises(NotFound):
            keep(member_of("buyer"), make_requirement(buyer), shrinkage="10")

    def test_a_member_without_the_permission_is_refused(self, buyer: Actor) -> None:
        viewer = Actor(**{**{f: getattr(buyer, f) for f in buyer.__dataclass_fields__}, "permissions": frozenset()})
        with pytest.raises(Forbidden):
            keep(viewer, make_requirement(buyer), shrinkage="10")

    def test_a_stale_version_is_refused(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)
        with pytest.raises(StaleVersion):
            keep(buyer, draft, draft.version - 1, shrinkage="10")

    def test_a_published_one_keeps_what_its_scenarios_rest_on(self, buyer: Actor) -> None:
        found = publish(buyer, keep(buyer, make_requirement(buyer), shrinkage="40"))
        with pytest.raises(Conflict):
            keep(buyer, found, shrinkage="10")
        with tenancy.scope(buyer.scope):
            assert db.session.execute(update(RequirementStaffing).values(inputs={})).rowcount == 0
            db.session.rollback()

    @pytest.mark.parametrize(
        ("field", "answers"),
        [
            ("shrinkage", {"shrinkage": "91"}),
            ("occupancy", {"occupancy": "49"}),
            ("concurrency", {"concurrency": "5"}),
            ("vendor_until", {"vendor_from": "18:00"}),
            ("vendor_until", {"vendor_from": "18:00", "vendor_until": "18:00"}),
        ],
    )
    def test_what_cannot_be_is_refused_at_its_field(self, buyer: Actor, field: str, answers: dict[str, str]) -> None:
        with pytest.raises(Invalid) as refused:
            keep(buyer, make_requirement(buyer, "partial"), **answers)
        assert refused.value.field == field

    def test_it_is_kept_whole_audited_and_read_again(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, "temporary")
        surge = {"surge": "50", "surge_probability": "40"}
        kept = keep(buyer, draft, shrinkage="35.5", ramp_up_weeks="2", min_agents="", **surge)
        assert kept.version == draft.version + 1
        with tenancy.scope(buyer.scope):
            document = staffing_inputs_of(buyer, kept)
            entry = db.session.scalars(
                select(audit.AuditEntry).where(audit.AuditEntry.tag == "needs:requirement:plan_staffing")
            ).one()
            db.session.expunge_all()
        assert document == {"shrinkage": "35.5", "surge": "50", "surge_probability": "40", "ramp_up_weeks": 2}
        assert (entry.before, entry.after) == ({}, document)
        inputs = StaffingInputs.from_document(document)
        assert inputs.as_document() == document and inputs.work.shrinkage == 0.355
        project = inputs.project(kept)
        assert project is not None and project.expected_factor == Decimal("1.2")

    def test_vendors_never_read_it(self, buyer: Actor) -> None:
        found = publish(buyer, keep(buyer, make_requirement(buyer), shrinkage="40"))
        vendor = member_of("vendor")
        with tenancy.scope(vendor.scope):
            assert db.session.execute(select(RequirementStaffing.__table__)).all() == []
            with pytest.raises(NotFound):
                staffing_inputs_of(vendor, requirement_for(vendor, found.id))
            db.session.rollback()


class TestFreeze:
    def test_people_and_seats_are_the_models(self, buyer: Actor) -> None:
        lean = make_published(buyer)
        padded = publish(buyer, keep(buyer, make_requirement(buyer), shrinkage="65"))
        with tenancy.scope(buyer.scope):
            first = [scenario_of(one).months[0] for one in (lean, padded)]
            db.session.rollback()
        # 1 ÷ (1 − 0.65) is twice 1 ÷ (1 − 0.30): the same hours at work, twice the people to pay.
        assert first[1].fte == pytest.approx(2 * first[0].fte, abs=Decimal("0.02"))
        assert first[0].seats == first[1].seats and first[0].volumes == first[1].volumes

    def test_a_temporary_one_has_its_project_besides(self, buyer: Actor) -> None:
        draft = keep(buyer, make_requirement(buyer, "temporary"), surge="50", surge_probability="40", ramp_up_weeks="4")
        found = publish(buyer, draft)
        with tenancy.scope(buyer.scope):
            rows = frozen_scenarios_of(found)
            base, project = (scenario_of(found, name) for name in ("base", "temporary"))
            names = [row.name for row in rows]
            db.session.rollback()
        assert names == ["low", "base", "high", "temporary"]
        assert project.months[0].volumes[0].contacts == base.months[0].volumes[0].contacts * Decimal("1.2")
        assert project.months[0].ramp < 1 == base.months[0].ramp

    def test_an_earlier_version_stays_and_the_latest_counts(self, buyer: Actor) -> None:
        draft = make_requirement(buyer)

        def earlier() -> None:
            values = {"name": "base", "document": {"months": []}, "sha256": "0", "frozen_at": clock.now()}
            db.session.add(FrozenScenario(requirement_id=draft.id, buyer_id=draft.buyer_id, **values))

        in_scope(buyer, earlier)
        found = publish(buyer, draft)
        with tenancy.scope(buyer.scope):
            assert [(row.name, row.version) for row in frozen_scenarios_of(found)] == [
                ("low", 2),
                ("base", 2),
                ("high", 2),
            ]
            assert scenario_of(found).months
            stored = select(FrozenScenario.sha256).where(FrozenScenario.version == 1)
            assert list(db.session.scalars(stored)) == ["0"]
            db.session.rollback()


class TestCannotBePriced:
    def refused(self, buyer: Actor, draft: Requirement) -> list[tuple[Step, str]]:
        with pytest.raises(Incomplete) as error:
            publish(buyer, draft)
        return [(gap.step, str(gap.sentence)) for gap in error.value.gaps]

    def test_a_target_nobody_can_keep(self, buyer: Actor) -> None:
        always = {"metric": "SL", "value": "100", "minimum": "70", "seconds": 20}
        draft = make_requirement(buyer, targets={"phone": always, "email": {"metric": "CSAT", "value": "80"}})
        assert self.refused(buyer, draft) == [(Step.TARGETS, "Phone: set a target above 0 and below 100 %.")]

    def test_more_work_than_can_be_planned(self, buyer: Actor) -> None:
        phone = {"channel": "phone", "aht_s": 7200, "concurrency": 1, "measured": True, "monthly": ["1000000000"]}
        (gap,) = self.refused(buyer, make_requirement(buyer, channels=[phone]))
        assert gap[0] is Step.CHANNELS and "more work than can be planned" in gap[1]

    def test_a_term_on_closed_days_only(self, buyer: Actor) -> None:
        first = make_requirement(buyer).start_on
        assert first is not None
        saturday = first + timedelta(days=5 - first.weekday() % 7)
        draft = make_requirement(
            buyer,
            "temporary",
            start_on=saturday,
            end_on=saturday + timedelta(days=1),
            data_deletion_on=saturday + timedelta(days=9),
        )
        (gap,) = self.refused(buyer, draft)
        assert gap[0] is Step.GOALS and "closed on every day of its term" in gap[1]

    def test_nothing_is_proposed_while_answers_are_missing(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, hours={})
        with tenancy.scope(buyer.scope):
            assert draft_scenarios(draft, channels_of(draft), StaffingInputs()) == ()
            db.session.rollback()


class TestPartial:
    @pytest.mark.parametrize(
        ("rule", "division", "share"),
        [
            ("percent", {"vendor_share": "60"}, Decimal("0.6")),
            ("by_contact_type", {"vendor_share": "25"}, Decimal("0.25")),
            ("by_hours", {"vendor_from": "14:00", "vendor_until": "20:00"}, Decimal("0.5")),
            ("by_language", {"to_vendor": ["de"]}, Decimal("0.2")),
        ],
    )
    def test_vendors_price_their_part_alone(
        self, buyer: Actor, rule: str, division: dict[str, Any], share: Decimal
    ) -> None:
        draft = make_requirement(buyer, "partial", split_rule=rule, division=division)
        with tenancy.scope(buyer.scope):
            inputs = StaffingInputs.from_document(staffing_inputs_of(buyer, draft))
            plan = draft_plan(draft, channels_of(draft), inputs)
            db.session.rollback()
        base = next(one for one in plan.scenarios if one.name == "base")
        phone = sum(row.contacts for row in base.months[0].volumes if row.channel == "phone")
        assert phone == 18000 * share and base.part == "vendor"
        assert plan.teams is not None
        assert plan.teams.vendor.contacts / plan.teams.one_team.contacts == pytest.approx(float(share), abs=0.001)
        assert plan.teams.retained.contacts + plan.teams.vendor.contacts == pytest.approx(plan.teams.one_team.contacts)

    def test_one_channel_is_all_there_is_to_price(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, "partial", split_rule="by_channel", division={"to_vendor": ["email"]})
        found = publish(buyer, draft)
        with tenancy.scope(buyer.scope):
            rows = [row for month in scenario_of(found).months for row in month.volumes]
            db.session.rollback()
        assert {row.channel for row in rows} == {"email"} and len(rows) == 24

    def test_a_vendor_who_takes_what_is_left_over_gets_more_in_the_high_scenario(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, "partial", split_rule="overflow", division={"own_agents": {"phone": "5"}})
        found = publish(buyer, draft)
        with tenancy.scope(buyer.scope):
            months = [scenario_of(found, name).months[0] for name in ("base", "high")]
            db.session.rollback()
        base, high = (sum(row.contacts for row in month.volumes if row.channel == "phone") for month in months)
        assert high > base * Decimal("1.2") > 0

    def test_without_a_word_on_the_division_nothing_is_published(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, "partial", division=None)
        with pytest.raises(Incomplete, match="what the vendor takes"):
            publish(buyer, draft)

    def test_a_division_that_leaves_nothing_is_refused(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, "partial", split_rule="percent", division={"vendor_share": "0"})
        with pytest.raises(Incomplete, match="leaves nothing to the vendor"):
            publish(buyer, draft)


class TestWhatVendorsRead:
    def test_a_frozen_scenario_holds_quantities_of_prices_and_no_assumption(self, buyer: Actor) -> None:
        draft = make_requirement(buyer, "partial", split_rule="percent", division={"vendor_share": "40"})
        found = publish(buyer, keep(buyer, draft, shrinkage="37.5", occupancy="81.5", vendor_share="40"))
        vendor = member_of("vendor")
        with tenancy.scope(vendor.scope):
            documents = [row.document for row in frozen_scenarios_of(found)]
            assert db.session.query(RequirementStaffing).count() == 0
            db.session.rollback()
        assert {name for one in documents for name in one} == {"months", "name", "part"}
        months = [month for one in documents for month in one["months"]]
        assert {name for month in months for name in month} <= {"k", "volumes", "fte", "seats", "ramp"}
        assert "37.5" not in str(documents) and "81.5" not in str(documents)
