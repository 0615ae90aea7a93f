"""Services as actions: what may be written, sent in, published and taken down."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.actions.company import suspend_company
from portal.accounts.actor import Actor
from portal.catalog import directory, queries
from portal.catalog.actions import decide
from portal.catalog.actions import service as actions
from portal.catalog.models import Service
from portal.catalog.states import SERVICE_MOVES, ServiceState
from portal.kit import clock, states, tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from portal.pricing.actions import archive_rate_card, publish_rate_card, save_rate_card
from portal.pricing.queries import rate_card_for
from tests.factories.accounts import actor_for, add_member, execute, make_person
from tests.factories.catalog import (
    HOURLY_CARD,
    MadeVendor,
    make_card,
    make_draft,
    make_live_service,
    make_moderator,
    make_submitted,
    make_vendor,
    service_values,
    stored_service,
)
from tests.factories.pricing import answered


@pytest.fixture
def moderator(app: Any) -> Actor:
    return make_moderator()


def tags() -> list[str]:
    return [row.tag for row in execute("SELECT tag FROM audit_entries ORDER BY created_at, id")]


class TestDraftService:
    def test_a_viewer_may_not(self, vendor: MadeVendor) -> None:
        person = make_person()
        add_member(vendor.company, person, "viewer")
        viewer = actor_for(person, vendor.company)
        with tenancy.scope(viewer.scope), pytest.raises(Forbidden):
            actions.draft_service(viewer, values=service_values())

    def test_another_vendors_card_is_refused(self, vendor: MadeVendor) -> None:
        foreign = make_card(make_vendor())
        with tenancy.scope(vendor.actor.scope), pytest.raises(Invalid) as refused:
            actions.draft_service(vendor.actor, values=service_values(foreign))
        assert refused.value.field == "rate_card_id"
        db.session.rollback()

    def test_two_of_one_title_get_addresses_of_their_own(self, vendor: MadeVendor) -> None:
        with tenancy.scope(vendor.actor.scope):
            slugs = [actions.draft_service(vendor.actor, values=service_values()).slug for _ in range(3)]
            db.session.commit()
        assert slugs == ["retail-after-sales", "retail-after-sales-2", "retail-after-sales-3"]
        assert tags() == ["catalog:service:draft"] * 3

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", " \u202e "),
            ("title", "x" * 121),
            ("channels", ["fax"]),
            ("languages", [{"code": "tlh", "level": "C1"}]),
            ("languages", [{"code": "de", "level": "A0"}]),
            ("countries", ["Poland"]),
            ("hours", {"mon": [["20:00", "08:00"]]}),
            ("hours", {"mon": [["8", "25:00"]]}),
            ("timezone", "Mars/Olympus"),
            ("minimum_agents", -1),
        ],
    )
    def test_what_does_not_fit_is_refused_at_its_field(self, vendor: MadeVendor, field: str, value: Any) -> None:
        with tenancy.scope(vendor.actor.scope), pytest.raises(Invalid) as refused:
            actions.draft_service(vendor.actor, values=service_values(**{field: value}))
        assert refused.value.field == field
        db.session.rollback()


class TestSubmitService:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("summary", ""),
            ("description", ""),
            ("channels", []),
            ("languages", []),
            ("modes", []),
            ("industries", []),
            ("hours", {}),
        ],
    )
    def test_what_is_missing_is_named(self, vendor: MadeVendor, field: str, value: Any) -> None:
        service_id = make_draft(vendor, **{field: value})
        with tenancy.scope(vendor.actor.scope), pytest.raises(Invalid) as refused:
            service = queries.service_for(vendor.actor, service_id)
            actions.submit_service(vendor.actor, service, version=service.version)
        assert refused.value.field == field
        db.session.rollback()

    def test_a_suspended_company_publishes_nothing_new(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_draft(vendor)
        with tenancy.scope(moderator.scope):
            suspend_company(moderator, vendor.company.id, reason="Complaints")
            db.session.commit()
        with tenancy.scope(vendor.actor.scope), pytest.raises(Conflict):
            service = queries.service_for(vendor.actor, service_id)
            actions.submit_service(vendor.actor, service, version=service.version)
        db.session.rollback()

    def test_an_archived_card_is_refused(self, vendor: MadeVendor) -> None:
        service_id = make_draft(vendor)
        with tenancy.scope(vendor.actor.scope), pytest.raises(Invalid) as refused:
            service = queries.service_for(vendor.actor, service_id)
            assert service.rate_card_id is not None
            archive_rate_card(vendor.actor, rate_card_for(vendor.actor, service.rate_card_id))
            actions.submit_service(vendor.actor, service, version=service.version)
        assert refused.value.field == "rate_card_id"
        db.session.rollback()

    def test_a_stale_version_is_refused(self, vendor: MadeVendor) -> None:
        service_id = make_draft(vendor)
        with tenancy.scope(vendor.actor.scope), pytest.raises(StaleVersion):
            actions.submit_service(vendor.actor, queries.service_for(vendor.actor, service_id), version=99)
        db.session.rollback()

    def test_the_copy_holds_the_prices_of_that_moment(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_live_service(vendor, moderator)
        with tenancy.scope(vendor.actor.scope):
            service = queries.service_for(vendor.actor, service_id)
            assert service.rate_card_id is not None
            card = rate_card_for(vendor.actor, service.rate_card_id)
            dearer = HOURLY_CARD | {"operating": [{"code": "AGENT", "unit": "hour", "rate": "99"}]}
            save_rate_card(vendor.actor, card, name=card.name, document=dearer, version=card.version)
            db.session.commit()
        with tenancy.scope(tenancy.PUBLIC):
            assert directory.find(vendor.company.slug).price_from_minor == 1790
            db.session.rollback()

    def test_the_version_in_force_is_what_is_sent_in(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_live_service(vendor, moderator)
        dearer = answered(HOURLY_CARD | {"operating": [{"code": "AGENT", "unit": "hour", "rate": "99"}]})
        with tenancy.scope(vendor.actor.scope):
            service = queries.service_for(vendor.actor, service_id)
            assert service.rate_card_id is not None
            card = rate_card_for(vendor.actor, service.rate_card_id)
            save_rate_card(vendor.actor, card, name=card.name, document=dearer, version=card.version)
            with pytest.raises(Invalid):  # written, but not published: nothing differs yet
                actions.submit_service(vendor.actor, service, version=service.version)
            tomorrow = clock.now() + timedelta(days=1)
            publish_rate_card(vendor.actor, card, valid_from=tomorrow.date())
            with pytest.raises(Invalid):  # nor is it in force
                actions.submit_service(vendor.actor, service, version=service.version)
            db.session.commit()
        clock.move_to(tomorrow)
        with tenancy.scope(vendor.actor.scope):
            service = queries.service_for(vendor.actor, service_id)
            actions.submit_service(vendor.actor, service, version=service.version)
            assert service.submitted is not None
            assert service.submitted["rate_card"]["document"]["operating"][0]["rate"] == "99"
        db.session.rollback()

    def test_nothing_new_is_not_sent_in(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_live_service(vendor, moderator)
        with tenancy.scope(vendor.actor.scope), pytest.raises(Invalid):
            service = queries.service_for(vendor.actor, service_id)
            actions.submit_service(vendor.actor, service, version=service.version)
        db.session.rollback()


class TestDecide:
    def test_a_vendor_cannot_approve_its_own(self, vendor: MadeVendor) -> None:
        service_id = make_submitted(vendor)
        with tenancy.scope(vendor.actor.scope), pytest.raises(Forbidden):
            service = queries.service_for(vendor.actor, service_id)
            decide.approve_service(vendor.actor, service, version=service.version)
        db.session.rollback()

    def test_staff_do_not_see_what_was_never_sent_in(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_draft(vendor)
        with tenancy.scope(moderator.scope), pytest.raises(NotFound):
            queries.service_for_staff(moderator, service_id)
        db.session.rollback()

    def test_one_service_is_suspended_and_let_back(self, vendor: MadeVendor, moderator: Actor) -> None:
        service_id = make_live_service(vendor, moderator)
        for verb, listed in ((decide.suspend_service, 0), (decide.reinstate_service, 1)):
            with tenancy.scope(moderator.scope):
                service = queries.service_for_staff(moderator, service_id)
                verb(moderator, service, reason="Complaints", version=service.version)
                db.session.commit()
                assert directory.search(directory.Wanted()).total == listed
                db.session.rollback()
        assert stored_service(service_id, vendor).reasons == {}


STATES = list(ServiceState)
_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)


class TestMoves:
    @given(st.sampled_from(STATES), st.sampled_from(STATES))
    def test_only_the_tables_moves_are_possible(self, old: ServiceState, new: ServiceState) -> None:
        service = Service(state=old)
        if new in SERVICE_MOVES.get(old, set()):
            states.move(service, new, SERVICE_MOVES, _MOMENT)
            assert service.state == new
        else:
            with pytest.raises(IllegalMove):
                states.move(service, new, SERVICE_MOVES, _MOMENT)
            assert service.state == old

    def test_retired_is_final(self) -> None:
        assert ServiceState.RETIRED not in SERVICE_MOVES
