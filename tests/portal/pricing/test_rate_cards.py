"""A vendor's saved rate cards: kept, changed, activated and put away by their own vendor only."""

from decimal import Decimal

import pytest
from sqlalchemy import select, text

from portal.kit import tenancy
from portal.kit.audit import AuditEntry
from portal.kit.calculators import CalculationError
from portal.kit.db import db
from portal.kit.errors import Forbidden, IllegalMove, Invalid, NotFound, StaleVersion
from portal.pricing.actions import activate_rate_card, archive_rate_card, save_rate_card
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import rate_card_for, rate_cards_for
from portal.pricing.states import RATE_CARD_MOVES, RateCardState
from tests.factories.accounts import actor_for, make_company, make_person

DOCUMENT = {"currency": "TWD", "operating": [{"code": "CALL", "unit": "contact", "rate": "35.5"}]}
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


class TestStates:
    @pytest.mark.parametrize("state", RateCardState)
    @pytest.mark.parametrize(
        ("verb", "to"), [(activate_rate_card, RateCardState.ACTIVE), (archive_rate_card, RateCardState.ARCHIVED)]
    )
    def test_only_the_moves_of_the_table_are_possible(self, vendor, state, verb, to):
        saved = save(vendor)
        saved.state = state
        if to in RATE_CARD_MOVES[state]:
            verb(vendor, saved)
            assert saved.state == to
            assert getattr(saved, f"{to}_at") is not None
        else:
            with pytest.raises(IllegalMove):
                verb(vendor, saved)

    def test_a_card_that_prices_nothing_cannot_be_activated(self, vendor):
        saved = save(vendor, document=EMPTY)
        with pytest.raises(Invalid):
            activate_rate_card(vendor, saved)
        assert saved.state == RateCardState.DRAFT


class TestReading:
    def test_only_active_cards_are_offered(self, vendor):
        active = save(vendor, name="B")
        save(vendor, name="A")
        activate_rate_card(vendor, active)
        assert [one.name for one in rate_cards_for(vendor)] == ["A", "B"]
        assert rate_cards_for(vendor, active_only=True) == [active]

    @pytest.mark.parametrize("wall", [True, False])
    def test_another_vendor_neither_sees_nor_changes_them(self, vendor, make_vendor, monkeypatch, wall):
        saved_id = save(vendor).id
        db.session.commit()
        monkeypatch.setattr(tenancy.Walls, "python", wall)
        rival = make_vendor()
        with tenancy.scope(rival.scope):
            assert not rate_cards_for(rival)
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
