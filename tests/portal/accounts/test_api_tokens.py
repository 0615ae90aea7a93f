"""API tokens: made in one's own seat, shown once, and worth what the seat is worth at the moment."""

import pytest

from portal.accounts import api_tokens, queries
from portal.accounts.actions import company as staffs
from portal.accounts.actions import team
from portal.accounts.actions.api_tokens import MOST_ACTIVE, create_token, revoke_token
from portal.accounts.permissions import ROLES, VIEWING, Permission, Role
from portal.accounts.states import TokenScope
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kit.ids import token_hash
from tests.factories.accounts import PASSWORD, actor_for, add_member, execute, make_company, make_person, make_staff
from tests.factories.api import make_token
from tests.factories.needs import in_scope

VALUES = {"name": "Reports", "scope": "read", "days": 90, "password": PASSWORD}


def bearer_of(secret):
    with tenancy.scope(tenancy.PUBLIC):
        found = api_tokens.find(secret)
        db.session.rollback()
    return found


def entries(tag):
    return execute("SELECT * FROM audit_entries WHERE tag = :tag", tag=f"accounts:api_token:{tag}")


@pytest.fixture
def company(app):
    return make_company("vendor")


@pytest.fixture
def owner(company):
    return actor_for(make_person(company), company)


class TestCreate:
    @pytest.mark.parametrize("role", [role for role in Role if Permission.API_TOKENS not in ROLES[role]])
    def test_only_owners_and_managers_may(self, company, role):
        actor = actor_for(make_person(company, role), company)
        with pytest.raises(Forbidden):
            in_scope(actor, lambda: create_token(actor, **VALUES))
        assert execute("SELECT 1 FROM api_tokens") == []

    @pytest.mark.parametrize(
        "field, value", [("name", " \u202e "), ("days", 0), ("days", 366), ("password", "not my password")]
    )
    def test_names_the_field_at_fault(self, owner, field, value):
        with pytest.raises(Invalid) as refusal:
            in_scope(owner, lambda: create_token(owner, **VALUES | {field: value}))
        assert refusal.value.field == field
        assert execute("SELECT 1 FROM api_tokens") == []

    def test_a_company_has_room_for_so_many(self, owner, monkeypatch):
        monkeypatch.setattr("portal.accounts.actions.api_tokens.MOST_ACTIVE", 1)
        assert MOST_ACTIVE > 1
        token, _secret = make_token(owner)
        with pytest.raises(Conflict):
            make_token(owner)
        in_scope(owner, lambda: revoke_token(owner, token.id))
        make_token(owner)

    def test_keeps_the_digest_only_and_leaves_an_entry(self, owner):
        token, secret = make_token(owner, "read", name=" Monthly  figures ")
        (row,) = execute("SELECT * FROM api_tokens")
        assert row.token_hash == token_hash(secret) and secret not in str(tuple(row))
        assert (row.name, row.scope, row.ending) == ("Monthly figures", "read", secret[-4:])
        (entry,) = entries("create")
        assert entry.subject_id == token.id and entry.company_id == owner.company_id
        assert secret not in str(tuple(entry)) and row.token_hash not in str(tuple(entry))


class TestRevoke:
    def test_another_companys_token_does_not_exist(self, owner):
        token, secret = make_token(owner)
        other_company = make_company("vendor")
        stranger = actor_for(make_person(other_company), other_company)
        with pytest.raises(NotFound):
            in_scope(stranger, lambda: revoke_token(stranger, token.id))
        assert in_scope(stranger, lambda: list(queries.api_tokens_for(stranger))) == []
        assert bearer_of(secret) is not None

    def test_ends_it_at_once_and_only_once(self, company, owner):
        manager = actor_for(make_person(company, "manager"), company)
        token, secret = make_token(owner)
        in_scope(manager, lambda: revoke_token(manager, token.id))
        assert bearer_of(secret) is None
        with pytest.raises(Conflict):
            in_scope(owner, lambda: revoke_token(owner, token.id))
        (entry,) = entries("revoke")
        assert entry.person_id == manager.person_id


class TestFind:
    def test_is_the_person_as_they_are_now(self, company, owner):
        token, secret = make_token(owner)
        found = bearer_of(secret)
        assert (found.token_id, found.scope) == (token.id, TokenScope.WRITE)
        assert found.actor.person_id == owner.person_id and found.actor.company_id == company.id
        assert found.actor.permissions == owner.permissions
        execute("UPDATE memberships SET role = 'viewer' WHERE person_id = :id", id=owner.person_id)
        assert bearer_of(secret).actor.permissions == VIEWING

    def test_one_for_reading_leaves_nothing_but_looking(self, owner):
        _token, secret = make_token(owner, "read")
        assert bearer_of(secret).actor.permissions == VIEWING

    @pytest.mark.parametrize("secret", ["", "swb_", "swb_made-up", "\u00e9\u00df", "swb_" + "x" * 5000])
    def test_what_was_never_made_opens_nothing(self, owner, secret):
        make_token(owner)
        assert bearer_of(secret) is None

    def test_opens_nothing_after_its_last_day(self, owner):
        _token, secret = make_token(owner, days=1)
        execute("UPDATE api_tokens SET expires_at = portal_now() - interval '1 second'")
        assert bearer_of(secret) is None

    def test_opens_nothing_once_its_person_has_left_also_after_a_return(self, company, owner):
        person = make_person(company, "manager")
        manager = actor_for(person, company)
        _token, secret = make_token(manager)
        (seat,) = execute("SELECT id FROM memberships WHERE person_id = :id", id=person.id)
        in_scope(owner, lambda: team.remove_member(owner, seat.id))
        assert bearer_of(secret) is None
        add_member(company, person, "owner")
        assert bearer_of(secret) is None

    def test_opens_nothing_while_company_or_person_is_suspended(self, company, owner):
        staff = actor_for(make_staff("moderator"))
        _token, secret = make_token(owner)
        in_scope(staff, lambda: staffs.suspend_company(staff, company.id, reason="Looked into."))
        assert bearer_of(secret) is None
        in_scope(staff, lambda: staffs.reinstate_company(staff, company.id, reason="All well."))
        assert bearer_of(secret) is not None
        in_scope(staff, lambda: staffs.suspend_person(staff, owner.person_id, reason="Looked into."))
        assert bearer_of(secret) is None
