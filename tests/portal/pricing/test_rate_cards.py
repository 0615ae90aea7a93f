"""A vendor's rate cards: kept, changed, published and put away by their own vendor only."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, text

from portal.kit import clock, tenancy
from portal.kit.audit import AuditEntry
from portal.kit.calculators import CalculationError
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from portal.pricing.actions import activate_rate_card, archive_rate_card, publish_rate_card, save_rate_card
from portal.pricing.models import RateCardVersion, SavedRateCard
from portal.pricing.queries import (
    rate_card_for,
    rate_cards_for,
    version_for,
    version_in_force,
    versions_in_force,
    versions_of,
)
from portal.pricing.states import RateCardState
from tests.factories.accounts import actor_for, make_company, make_person
from tests.factories.pricing import answered

DOCUMENT = answered({"currency": "TWD", "operating": [{"code": "CALL", "unit": "contact", "rate": "35.5"}]})
EMPTY = {"currency": "TWD", "one_time": [{"code": "SETUP", "qty": "1", "rate": "9000"}]}


@pytest.fixture
def make_vendor(app):
    """Another company with an owner, as its actor."""

    def make(role="owner", kind="vendor"):
        company = make_company(kind)
        return actor_for(make_person(company, role), company)

    return make


@pytest.fixture
def vendor(make_vendor):
    """The vendor, in whose scope the test runs."""
    actor = make_vendor()
    with tenancy.scope(actor.scope):
        yield actor
        db.session.rollback()


def save(actor, saved=None, name="Standard", document=DOCUMENT, version=None):
    return save_rate_card(actor, saved, name=name, document=document, version=version)


class TestSave:
    @pytest.mark.parametrize(("role", "kind"), [("viewer", "vendor"), ("finance", "vendor"), ("owner", "buyer")])
    def test_who_may_not_edit_services_may_not_save(self, make_vendor, role, kind):
        with pytest.raises(Forbidden):
            save(make_vendor(role, kind))

    def test_a_refused_document_names_its_field_and_keeps_nothing(self, vendor):
        with pytest.raises(CalculationError) as caught:
            save(vendor, document={"operating": [{"code": "X", "unit": "contact", "rate": "-1"}]})
        assert caught.value.path == "rate_card.operating[0].rate"
        assert not rate_cards_for(vendor)

    @pytest.mark.parametrize("name", ["", "  ", "x" * 121])
    def test_a_name_is_needed(self, vendor, name):
        with pytest.raises(Invalid) as caught:
            save(vendor, name=name)
        assert caught.value.field == "name"

    def test_a_name_can_be_used_once(self, vendor):
        first = save(vendor)
        with pytest.raises(Invalid):
            save(vendor)
        assert save(vendor, first) is first

    def test_the_second_of_two_editors_is_refused(self, vendor):
        saved = save(vendor)
        began = saved.version
        save(vendor, saved, name="Renamed", version=began)
        with pytest.raises(StaleVersion):
            save(vendor, saved, name="Again", version=began)

    def test_a_saved_card_prices_as_it_was_written_and_is_audited(self, vendor):
        saved = save(vendor)
        db.session.expire(saved)
        assert saved.card.operating[0].rate == Decimal("35.5")
        assert (saved.state, saved.currency) == (RateCardState.DRAFT, "TWD")
        entry = db.session.scalars(select(AuditEntry)).one()
        assert (entry.tag, entry.subject_id, entry.after["name"]) == ("pricing:rate_card:save", saved.id, "Standard")


def today(ahead=0):
    return clock.now().date() + timedelta(days=ahead)


class TestPublish:
    @pytest.mark.parametrize(("role", "kind"), [("viewer", "vendor"), ("owner", "buyer")])
    def test_who_may_not_edit_services_may_not_publish(self, make_vendor, vendor, role, kind):
        with pytest.raises(Forbidden):
            publish_rate_card(make_vendor(role, kind), save(vendor))

    def test_a_card_that_prices_nothing_is_refused(self, vendor):
        saved = save(vendor, document=answered(EMPTY))
        with pytest.raises(Invalid):
            publish_rate_card(vendor, saved)
        assert (saved.state, versions_of(saved)) == (RateCardState.DRAFT, [])

    def test_every_fee_left_open_is_named(self, vendor):
        saved = save(vendor, document=DOCUMENT | {"waived": [fee for fee in DOCUMENT["waived"] if fee != "night"]})
        with pytest.raises(Invalid, match="Nights"):
            publish_rate_card(vendor, saved)

    def test_days_that_are_over_keep_their_prices(self, vendor):
        saved = save(vendor)
        with pytest.raises(Invalid) as caught:
            publish_rate_card(vendor, saved, valid_from=today(-1))
        assert caught.value.field == "valid_from"
        with pytest.raises(Invalid) as caught:
            publish_rate_card(vendor, saved, valid_from=today(2), valid_to=today(1))
        assert caught.value.field == "valid_to"

    def test_two_versions_are_never_in_force_at_once(self, vendor):
        saved = save(vendor)
        publish_rate_card(vendor, saved, valid_from=today(10), valid_to=today(20))
        for start, end, field in [(10, None, "valid_from"), (15, None, "valid_from"), (5, 10, "valid_to")]:
            with pytest.raises(Invalid) as caught:
                publish_rate_card(vendor, saved, valid_from=today(start), valid_to=None if end is None else today(end))
            assert caught.value.field == field
        publish_rate_card(vendor, saved, valid_from=today(0), valid_to=today(9))
        publish_rate_card(vendor, saved, valid_from=today(21))
        assert [version.number for version in versions_of(saved)] == [1, 2, 3]

    def test_the_first_version_puts_the_card_into_use_and_is_audited(self, vendor):
        saved = save(vendor)
        version = publish_rate_card(vendor, saved, version=saved.version)
        assert (saved.state, version.number, version.valid_from) == (RateCardState.ACTIVE, 1, today())
        assert version_in_force(saved) == version == version_for(saved, 1)
        assert versions_in_force(vendor) == {saved.id: version}
        tags = set(db.session.scalars(select(AuditEntry.tag)))
        assert {"pricing:rate_card:publish", "pricing:rate_card:activate"} <= tags

    def test_a_change_of_the_card_changes_no_version_of_it(self, vendor):
        saved = save(vendor)
        publish_rate_card(vendor, saved)
        dearer = DOCUMENT | {"operating": [{"code": "CALL", "unit": "contact", "rate": "40"}]}
        save(vendor, saved, document=dearer)
        assert version_in_force(saved).card.operating[0].rate == Decimal("35.5")
        publish_rate_card(vendor, saved, valid_from=today(1))
        assert version_in_force(saved).card.operating[0].rate == Decimal("35.5")
        assert [one.card.operating[0].rate for one in versions_of(saved)] == [Decimal("35.5"), Decimal(40)]

    def test_a_published_card_keeps_its_currency(self, vendor):
        saved = save(vendor)
        assert save(vendor, saved, document=DOCUMENT | {"currency": "USD"}).currency == "USD"
        publish_rate_card(vendor, saved)
        with pytest.raises(CalculationError) as caught:
            save(vendor, saved)
        assert caught.value.path == "rate_card.currency"
        assert saved.document["currency"] == "USD"

    @pytest.mark.parametrize(
        "statement", ["UPDATE rate_card_versions SET number = 9", "DELETE FROM rate_card_versions"]
    )
    def test_the_database_lets_nobody_change_a_version(self, vendor, statement):
        publish_rate_card(vendor, save(vendor))
        with pytest.raises(Exception, match="permission denied"):
            db.session.execute(text(statement))
        db.session.rollback()

    def test_somebody_elses_change_meanwhile_is_seen(self, vendor):
        saved = save(vendor)
        began = saved.version
        save(vendor, saved, name="Renamed")
        with pytest.raises(StaleVersion):
            publish_rate_card(vendor, saved, version=began)


class TestStates:
    def test_a_card_is_put_away_and_taken_out_as_it_stood(self, vendor):
        saved = save(vendor)
        archive_rate_card(vendor, saved)
        with pytest.raises(Conflict):
            publish_rate_card(vendor, saved)
        activate_rate_card(vendor, saved)
        assert saved.state == RateCardState.DRAFT
        activate_rate_card(vendor, saved)
        assert (saved.state, len(versions_of(saved))) == (RateCardState.ACTIVE, 1)
        archive_rate_card(vendor, saved)
        with pytest.raises(IllegalMove):
            archive_rate_card(vendor, saved)
        activate_rate_card(vendor, saved)
        assert (saved.state, len(versions_of(saved))) == (RateCardState.ACTIVE, 1)
        with pytest.raises(IllegalMove):
            activate_rate_card(vendor, saved)


class TestReading:
    def test_only_active_cards_are_offered(self, vendor):
        active = save(vendor, name="B")
        save(vendor, name="A")
        activate_rate_card(vendor, active)
        assert [one.name for one in rate_cards_for(vendor)] == ["A", "B"]
        assert rate_cards_for(vendor, active_only=True) == [active]

    @pytest.mark.parametrize("wall", [True, False])
    def test_another_vendor_neither_sees_nor_changes_them(self, vendor, make_vendor, monkeypatch, wall):
        saved = save(vendor)
        activate_rate_card(vendor, saved)
        saved_id = saved.id
        db.session.commit()
        monkeypatch.setattr(tenancy.Walls, "python", wall)
        rival = make_vendor()
        with tenancy.scope(rival.scope):
            assert not rate_cards_for(rival)
            assert not versions_in_force(rival)
            with pytest.raises(NotFound):
                rate_card_for(rival, saved_id)
            changed = db.session.execute(text("UPDATE rate_cards SET name = 'Mine'"))
            assert changed.rowcount == 0

    def test_a_vendor_cannot_write_into_another_ones_name(self, vendor, make_vendor):
        rival = make_vendor()
        db.session.add(SavedRateCard(company_id=rival.company_id, name="X", currency="TWD", document=DOCUMENT))
        with pytest.raises(Exception, match="row-level security"):
            db.session.flush()
        db.session.rollback()
        saved = save(vendor)
        forged = RateCardVersion(
            company_id=rival.company_id,
            card_id=saved.id,
            number=1,
            document=DOCUMENT,
            valid_from=today(),
            published_by="",
        )
        db.session.add(forged)
        with pytest.raises(Exception, match="row-level security"):
            db.session.flush()
        db.session.rollback()
