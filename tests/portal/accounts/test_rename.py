"""A company's new name: who gives it, what it moves, and whose an address is for ever."""

import pytest
from sqlalchemy.exc import IntegrityError

from portal.accounts.actions.company import ADDRESSES_A_YEAR, rename_company
from portal.accounts.actions.sign_up import NewCompany, create_company
from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, StaleVersion
from tests.factories.accounts import actor_for, execute, make_company, make_person

pytestmark = pytest.mark.usefixtures("app")


def owner_of(name: str, role: str = "owner", **facts: str) -> Actor:
    """Somebody in a new vendor company."""
    company = make_company("vendor", name, **facts)
    return actor_for(make_person(company, role), company)


def rename(actor: Actor, name: str, version: int = 0) -> Company:
    """Rename and commit."""
    with tenancy.scope(actor.scope):
        held = db.session.get_one(Company, actor.company_id)
        company = rename_company(actor, name=name, version=version or held.version)
        db.session.commit()
        db.session.refresh(company)
        return company


class TestRenameCompany:
    def test_only_owners_may(self) -> None:
        with pytest.raises(Forbidden):
            rename(owner_of("Kestrelway", "manager"), "Linghe Care")

    def test_a_suspended_company_keeps_its_name(self) -> None:
        with pytest.raises(Conflict):
            rename(owner_of("Kestrelway", state="suspended"), "Linghe Care")

    def test_the_second_of_two_owners_is_refused(self) -> None:
        with pytest.raises(StaleVersion):
            rename(owner_of("Kestrelway"), "Linghe Care", version=9)

    @pytest.mark.parametrize("name", ["", "  \u200b ", "Kestrelway"])
    def test_no_name_and_the_same_name_are_refused_at_the_field(self, name: str) -> None:
        with pytest.raises(Invalid) as refusal:
            rename(owner_of("Kestrelway"), name)
        assert refusal.value.field == "name"

    def test_name_and_address_change_and_the_log_says_from_what(self) -> None:
        actor = owner_of("Kestrelway")
        company = rename(actor, "  翎禾  客服 ")
        assert (company.name, company.slug) == ("翎禾 客服", "ling-he-ke-fu")
        entry = execute("SELECT before, after FROM audit_entries WHERE tag = 'accounts:company:rename'")[0]
        assert entry.before["name"] == "Kestrelway"
        assert entry.after == {"name": "翎禾 客服", "slug": "ling-he-ke-fu"}

    def test_a_name_that_reads_the_same_keeps_its_address(self) -> None:
        actor = owner_of("Kestrelway")
        before = execute("SELECT slug FROM companies")[0].slug
        assert rename(actor, "KESTRELWAY!").slug == before

    def test_no_company_stands_where_a_page_of_the_portal_does(self) -> None:
        assert rename(owner_of("Kestrelway"), "Compare").slug == "compare-company"

    def test_nobody_gathers_addresses(self) -> None:
        actor = owner_of("Kestrelway")
        for number in range(ADDRESSES_A_YEAR):
            rename(actor, f"Name {number}")
        with pytest.raises(Invalid, match="within a year"):
            rename(actor, "One more")


class TestAddressesStayTheirOwners:
    def test_another_vendor_of_that_name_gets_the_next_address(self) -> None:
        first, second = owner_of("Kestrelway"), owner_of("Brackenfold")
        assert rename(first, "Linghe Care").slug == "linghe-care"
        rename(first, "Kestrelway Two")
        assert rename(second, "Linghe Care").slug == "linghe-care-2"
        assert rename(first, "Linghe Care").slug == "linghe-care"

    def test_nobody_signs_up_under_an_old_address(self) -> None:
        first = owner_of("Kestrelway")
        rename(first, "Linghe Care")
        rename(first, "Kestrelway Two")
        person = make_person()
        with tenancy.scope(tenancy.PUBLIC):
            create_company(person.id, person.name, NewCompany("vendor", "Linghe Care", "GB", "UTC", "GBP"))
            db.session.commit()
        assert execute("SELECT slug FROM companies WHERE name = 'Linghe Care'")[0].slug == "linghe-care-2"

    def test_the_database_refuses_it_whoever_writes(self) -> None:
        first, second = owner_of("Kestrelway"), owner_of("Brackenfold")
        rename(first, "Linghe Care")
        rename(first, "Kestrelway Two")
        with pytest.raises(IntegrityError), tenancy.scope(second.scope):
            db.session.get_one(Company, second.company_id).slug = "linghe-care"
            db.session.flush()
        db.session.rollback()
