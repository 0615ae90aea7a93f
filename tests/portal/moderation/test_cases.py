"""Cases: who may decide, what a decision does, and what is kept of it."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from portal.accounts.actor import Actor
from portal.catalog import queries as catalog
from portal.catalog.actions.service import submit_service, take_back_service
from portal.catalog.states import ServiceState
from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, StaleVersion
from portal.moderation import actions, queries
from portal.moderation.models import Case, Decision
from portal.moderation.states import CaseState, Verdict
from tests.factories.accounts import add_member, execute
from tests.factories.catalog import (
    MadeVendor,
    make_live_service,
    make_moderator,
    make_submitted,
    make_vendor,
    stored_service,
)
from tests.factories.moderation import assigned, case_of, decided

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def moderator(app: object) -> Actor:
    return make_moderator()


def notices(vendor: MadeVendor) -> list[str]:
    return [row.kind for row in execute("SELECT kind FROM notifications WHERE company_id = :id", id=vendor.company.id)]


class TestOpening:
    def test_a_submitted_service_waits_with_its_copy_and_a_due_day(self, vendor: MadeVendor, moderator: Actor) -> None:
        case = case_of(moderator, make_submitted(vendor))
        assert case.state == CaseState.OPEN and case.published is None
        assert case.submitted["title"] == "Retail after-sales" and case.submitted["rate_card"]["document"]
        assert case.due_at > case.opened_at

    def test_the_vendor_reads_neither_cases_nor_decisions(self, vendor: MadeVendor, moderator: Actor) -> None:
        decided(moderator, make_submitted(vendor), Verdict.APPROVE)
        with tenancy.scope(vendor.actor.scope):
            assert db.session.query(Case).all() == []
            assert db.session.query(Decision).all() == []
            db.session.rollback()

    def test_taking_a_service_back_closes_its_case_and_sending_it_again_opens_another(
        self, vendor: MadeVendor, moderator: Actor
    ) -> None:
        service_id = make_submitted(vendor)
        first = case_of(moderator, service_id)
        with tenancy.scope(vendor.actor.scope):
            service = catalog.service_for(vendor.actor, service_id)
            take_back_service(vendor.actor, service, version=service.version)
            submit_service(vendor.actor, service, version=service.version)
            db.session.commit()
        second = case_of(moderator, service_id)
        assert second.id != first.id and second.state == CaseState.OPEN
        assert execute("SELECT state FROM cases WHERE id = :id", id=first.id)[0].state == "closed"

    def test_a_weekend_is_not_counted(self) -> None:
        friday = datetime(2026, 11, 20, 12, tzinfo=UTC)
        assert actions._working_days_after(friday, 2) == friday + timedelta(days=4)


class TestTaking:
    def test_a_member_of_the_company_may_not(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_submitted(vendor)
        case = case_of(moderator, service_id)
        execute(
            "INSERT INTO memberships (id, company_id, person_id, role) VALUES (gen_random_uuid(), :c, :p, 'viewer')",
            c=vendor.company.id,
            p=moderator.person_id,
        )
        with tenancy.scope(moderator.scope), pytest.raises(Forbidden):
            assert not queries.is_impartial(moderator, vendor.company.id)
            actions.assign_case(moderator, case, version=case.version)
        db.session.rollback()

    def test_a_vendor_may_not(self, vendor: MadeVendor, moderator: Actor) -> None:
        case = case_of(moderator, make_submitted(vendor))
        with tenancy.scope(vendor.actor.scope), pytest.raises(Forbidden):
            actions.assign_case(vendor.actor, case, version=case.version)
        db.session.rollback()

    def test_it_is_taken_taken_over_and_put_back(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_submitted(vendor)
        assert assigned(moderator, service_id).assigned_to == moderator.person_id
        other = make_moderator()
        case = assigned(other, service_id)
        assert case.assigned_to == other.person_id
        with tenancy.scope(other.scope):
            actions.release_case(other, case, version=case.version)
            db.session.commit()
        assert case_of(other, service_id).state == CaseState.OPEN

    def test_the_second_of_two_moderators_is_told(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_submitted(vendor)
        case = case_of(moderator, service_id)
        assigned(moderator, service_id)
        other = make_moderator()
        with tenancy.scope(other.scope), pytest.raises(StaleVersion):
            actions.assign_case(other, case, version=case.version)
        db.session.rollback()


class TestDeciding:
    def test_only_who_has_it_in_hand_decides(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_submitted(vendor)
        case = assigned(make_moderator(), service_id)
        with tenancy.scope(moderator.scope), pytest.raises(Conflict):
            actions.decide_case(moderator, case, verdict=Verdict.APPROVE, reasons={}, version=case.version)
        db.session.rollback()
        assert stored_service(service_id, vendor).state == ServiceState.SUBMITTED

    @pytest.mark.parametrize("verdict", [Verdict.SEND_BACK, Verdict.REJECT])
    def test_a_refusal_needs_a_reason(self, vendor: MadeVendor, moderator: Actor, verdict: Verdict) -> None:
        case = assigned(moderator, make_submitted(vendor))
        with tenancy.scope(moderator.scope), pytest.raises(Invalid):
            actions.decide_case(moderator, case, verdict=verdict, reasons={"title": " "}, version=case.version)
        db.session.rollback()

    @pytest.mark.parametrize("verdict", [Verdict.UPHOLD, Verdict.REOPEN, Verdict.CLOSE])
    def test_a_verdict_of_another_kind_is_refused(self, vendor: MadeVendor, moderator: Actor, verdict: Verdict) -> None:
        case = assigned(moderator, make_submitted(vendor))
        with tenancy.scope(moderator.scope), pytest.raises(Invalid):
            actions.decide_case(moderator, case, verdict=verdict, reasons={"title": "x"}, version=case.version)
        db.session.rollback()

    @pytest.mark.parametrize(
        ("verdict", "state", "kind"),
        [
            (Verdict.APPROVE, ServiceState.LIVE, "moderation.service.approved"),
            (Verdict.SEND_BACK, ServiceState.CHANGES_REQUESTED, "moderation.service.sent_back"),
            (Verdict.REJECT, ServiceState.REJECTED, "moderation.service.rejected"),
        ],
    )
    def test_a_decision_moves_the_service_and_tells_the_vendor(
        self, vendor: MadeVendor, moderator: Actor, verdict: Verdict, state: ServiceState, kind: str
    ) -> None:
        service_id = make_submitted(vendor)
        case = decided(moderator, service_id, verdict, summary="Say for whom.")
        service = stored_service(service_id, vendor)
        assert case.state == CaseState.DECIDED and service.state == state
        assert service.reasons == ({} if verdict is Verdict.APPROVE else {"summary": "Say for whom."})
        assert notices(vendor) == [kind]
        tags = [row.tag for row in execute("SELECT tag FROM audit_entries ORDER BY created_at")]
        assert {"moderation:case:open", "moderation:case:assign", "moderation:case:decide"} <= set(tags)

    def test_nothing_is_decided_twice(self, vendor: MadeVendor, moderator: Actor) -> None:
        case = decided(moderator, make_submitted(vendor), Verdict.APPROVE)
        with tenancy.scope(moderator.scope), pytest.raises((Conflict, IllegalMove)):
            actions.decide_case(moderator, case, verdict=Verdict.APPROVE, reasons={}, version=case.version)
        db.session.rollback()

    def test_a_declined_change_leaves_what_is_published(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_live_service(vendor, moderator)
        with tenancy.scope(vendor.actor.scope):
            service = catalog.service_for(vendor.actor, service_id)
            service.title = "Another title"
            db.session.flush()
            submit_service(vendor.actor, service, version=service.version)
            db.session.commit()
        case = decided(moderator, service_id, Verdict.SEND_BACK, title="Why?")
        service = stored_service(service_id, vendor)
        assert case.published is not None and case.published["title"] == "Retail after-sales"
        assert service.state == ServiceState.LIVE and service.change_state == "declined"
        assert service.live is not None and service.live["title"] == "Retail after-sales"

    def test_a_decision_is_never_changed(
        self, vendor: MadeVendor, moderator: Actor, superuser: psycopg.Connection
    ) -> None:
        decided(moderator, make_submitted(vendor), Verdict.APPROVE)
        with pytest.raises(psycopg.errors.RestrictViolation):
            superuser.execute("UPDATE decisions SET verdict = 'reject'")


class TestAppeals:
    def appeal(self, vendor: MadeVendor, service_id: object, words: str = "It is our own text.") -> None:
        with tenancy.scope(vendor.actor.scope):
            service = catalog.service_for(vendor.actor, service_id)  # type: ignore[arg-type]
            actions.appeal_service(vendor.actor, service, words=words)
            db.session.commit()

    def test_another_moderator_reopens_the_service(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_submitted(vendor)
        decided(moderator, service_id, Verdict.REJECT, title="No")
        self.appeal(vendor, service_id)
        case = case_of(moderator, service_id)
        assert case.state == CaseState.APPEALED and case.appeal == "It is our own text."
        with tenancy.scope(moderator.scope), pytest.raises(Forbidden):
            actions.decide_appeal(moderator, case, verdict=Verdict.REOPEN, reason="Mine", version=case.version)
        db.session.rollback()
        other = make_moderator()
        with tenancy.scope(other.scope):
            actions.decide_appeal(other, case, verdict=Verdict.REOPEN, reason="They are right.", version=case.version)
            db.session.commit()
        assert stored_service(service_id, vendor).state == ServiceState.CHANGES_REQUESTED
        assert case_of(other, service_id).state == CaseState.CLOSED

    def test_it_is_possible_once_and_within_fourteen_days(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_submitted(vendor)
        with pytest.raises(Conflict):
            self.appeal(vendor, service_id)
        db.session.rollback()
        decided(moderator, service_id, Verdict.REJECT, title="No")
        with pytest.raises(Invalid):
            self.appeal(vendor, service_id, "  ")
        db.session.rollback()
        clock.move_to(datetime.now(UTC) + timedelta(days=15))
        with pytest.raises(Conflict):
            self.appeal(vendor, service_id)
        db.session.rollback()


class TestConduct:
    def test_a_case_in_hand_opens_the_companys_threads_to_that_moderator_alone(
        self, vendor: MadeVendor, moderator: Actor
    ) -> None:
        buyer = make_vendor().company  # any other company
        execute(
            "INSERT INTO threads (id, subject_kind, subject_id, buyer_id, vendor_id, title)"
            " VALUES (gen_random_uuid(), 'agreement', gen_random_uuid(), :b, :v, 'Between us')",
            b=buyer.id,
            v=vendor.company.id,
        )
        assert self.threads_seen(moderator) == 0
        with tenancy.scope(moderator.scope):
            case = actions.open_conduct_case(moderator, vendor.company.id, reason="Complaints")
            actions.assign_case(moderator, case, version=case.version)
            db.session.commit()
        assert self.threads_seen(moderator) == 1
        assert self.threads_seen(make_moderator()) == 0
        case = case_of(moderator, vendor.company.id)
        with tenancy.scope(moderator.scope):
            actions.close_conduct_case(moderator, case, reason="Nothing in it", version=case.version)
            db.session.commit()
        assert self.threads_seen(moderator) == 0

    def test_checking_a_service_opens_nothing(self, vendor: MadeVendor, moderator: Actor) -> None:
        assigned(moderator, make_submitted(vendor))
        assert self.threads_seen(moderator) == 0

    def threads_seen(self, moderator: Actor) -> int:
        from sqlalchemy import text

        with tenancy.scope(moderator.scope):
            count: int = db.session.execute(text("SELECT count(*) FROM threads")).scalar_one()
            db.session.rollback()
        return count


def test_a_member_cannot_open_a_case_about_somebody_else(vendor: MadeVendor) -> None:
    from sqlalchemy import text

    other = make_vendor()
    add_member(other.company, vendor.person)
    with tenancy.scope(vendor.actor.scope), pytest.raises(DBAPIError):
        db.session.execute(
            text(
                "INSERT INTO cases (id, kind, state, company_id, subject_id, title, submitted, opened_by, opened_at,"
                " due_at) VALUES (gen_random_uuid(), 'service_review', 'open', :c, :c, 't', '{}', 'x', now(), now())"
            ),
            {"c": other.company.id},
        )
    db.session.rollback()
