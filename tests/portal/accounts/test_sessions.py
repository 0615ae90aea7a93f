"""Sessions: opened by a password, slowed down for guessers, ended where they should end."""

import pytest

from portal.accounts import sessions, throttle
from portal.accounts.actions import sign_up
from portal.accounts.actions.company import reinstate_person, suspend_person
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Forbidden, Invalid, NotFound, TooMany
from portal.kit.ids import token_hash
from tests.factories.accounts import (
    PASSWORD,
    actor_for,
    add_member,
    execute,
    make_company,
    make_person,
    make_staff,
)


def open_session(person):
    with tenancy.scope(tenancy.PUBLIC):
        token = sessions.open_for(person.id, browser="Test")
        db.session.commit()
    return token


def holder_of(token):
    with tenancy.scope(tenancy.PUBLIC):
        found = sessions.find(token)
        db.session.rollback()
    return found


def try_password(email, password, address="198.51.100.7"):
    with tenancy.scope(tenancy.PUBLIC):
        try:
            token = sessions.sign_in(email, password, address=address, browser="Test")
            db.session.commit()
            return token
        except BaseException:
            db.session.rollback()
            raise


@pytest.fixture
def person(app):
    return make_person(make_company("buyer"), email="ada@example.test")


class TestSignIn:
    def test_a_wrong_password_and_an_unknown_address_read_the_same(self, person):
        sentences = set()
        for email in (person.email, "nobody@example.test"):
            with pytest.raises(Invalid) as refusal:
                try_password(email, "wrong")
            sentences.add((str(refusal.value), refusal.value.field))
        assert len(sentences) == 1

    def test_an_unconfirmed_or_suspended_account_opens_only_the_sentence(self, app):
        new = make_person(confirmed=False)
        with pytest.raises(Invalid, match="Confirm your e-mail address"):
            try_password(new.email, PASSWORD)
        execute("UPDATE people SET confirmed_at = portal_now(), suspended_at = portal_now()")
        with pytest.raises(Invalid, match="suspended"):
            try_password(new.email, PASSWORD)

    def test_after_ten_wrong_tries_the_right_password_waits_too(self, person):
        for _ in range(throttle.TRIES_PER_ACCOUNT):
            with pytest.raises(Invalid):
                try_password(person.email, "wrong")
        with pytest.raises(TooMany):
            try_password(person.email.upper(), PASSWORD)
        execute("UPDATE attempts SET at = at - interval '15 minutes 1 second'")
        assert try_password(person.email, PASSWORD)

    def test_one_network_address_cannot_try_many_accounts(self, person):
        throttle.count(*["sign-in-from:198.51.100.7"] * (throttle.TRIES_PER_ADDRESS - 1))
        with pytest.raises(Invalid):
            try_password("first@example.test", "wrong")
        with pytest.raises(TooMany):
            try_password("second@example.test", "wrong")
        assert try_password(person.email, PASSWORD, address="198.51.100.8")

    def test_success_forgets_the_accounts_tries(self, person):
        for _ in range(throttle.TRIES_PER_ACCOUNT - 1):
            with pytest.raises(Invalid):
                try_password(person.email, "wrong")
        try_password(person.email, PASSWORD)
        assert execute("SELECT 1 FROM attempts WHERE key LIKE 'sign-in:%'") == []

    def test_each_sign_in_has_a_token_of_its_own_and_the_database_keeps_digests(self, person):
        first, second = try_password(person.email, PASSWORD), try_password(person.email, PASSWORD)
        assert first != second
        kept = {row.token_hash for row in execute("SELECT token_hash FROM sessions")}
        assert not kept & {first, second} and len(kept) == 2


class TestEnd:
    def test_an_ended_an_expired_and_a_suspended_ones_session_belong_to_nobody(self, person):
        ended, expired, left = (open_session(person) for _ in range(3))
        with tenancy.scope(tenancy.PUBLIC):
            sessions.end(ended)
            db.session.commit()
        execute("UPDATE sessions SET expires_at = portal_now() WHERE token_hash = :hash", hash=token_hash(expired))
        assert holder_of(ended) is None and holder_of(expired) is None
        assert holder_of(left) is not None
        execute("UPDATE people SET suspended_at = portal_now()")
        assert holder_of(left) is None

    def test_a_changed_password_ends_every_other_session(self, person):
        here, there = open_session(person), open_session(person)
        actor = holder_of(here)
        with tenancy.scope(actor.scope):
            sign_up.change_password(actor, current=PASSWORD, new="another long sentence 9", session_token=here)
            db.session.commit()
        assert holder_of(here) is not None and holder_of(there) is None
        with pytest.raises(Invalid):
            try_password(person.email, PASSWORD)
        assert try_password(person.email, "another long sentence 9")

    def test_the_old_password_is_asked_for(self, person):
        here = open_session(person)
        actor = holder_of(here)
        with tenancy.scope(actor.scope), pytest.raises(Invalid) as refusal:
            sign_up.change_password(actor, current="wrong", new="another long sentence 9", session_token=here)
        assert refusal.value.field == "current"

    def test_nobody_ends_anothers_session(self, person):
        theirs = open_session(person)
        other_company = make_company("buyer")
        other = make_person(other_company)
        mine = open_session(other)
        (row,) = execute("SELECT token_hash FROM sessions WHERE person_id = :id", id=person.id)
        actor = actor_for(other, other_company)
        with tenancy.scope(actor.scope), pytest.raises(NotFound):
            sessions.end_own(actor, mine, row.token_hash)
        db.session.rollback()
        assert holder_of(theirs) is not None

    def test_ones_other_sessions_end_together(self, person):
        here, there = open_session(person), open_session(person)
        actor = holder_of(here)
        with tenancy.scope(actor.scope):
            assert [one.is_this for one in sessions.own_sessions(actor, here)].count(True) == 1
            sessions.end_own(actor, here)
            db.session.commit()
        assert holder_of(here) is not None and holder_of(there) is None


class TestSwitch:
    def test_only_to_a_company_of_ones_own(self, person):
        token, foreign, second = open_session(person), make_company("vendor"), make_company("vendor")
        add_member(second, person, "viewer")
        actor = holder_of(token)
        with tenancy.scope(actor.scope):
            assert not sessions.switch(token, foreign.id)
            assert sessions.switch(token, second.id)
            db.session.commit()
        assert (holder_of(token).company_id, holder_of(token).role) == (second.id, "viewer")

    def test_a_session_loses_the_company_with_the_seat(self, person):
        token = open_session(person)
        execute("DELETE FROM memberships")
        assert holder_of(token).company_id is None
        assert holder_of(token).permissions == frozenset()


class TestSuspendPerson:
    def test_only_staff_for_people(self, person):
        finance = actor_for(make_staff("finance"))
        with tenancy.scope(finance.scope), pytest.raises(Forbidden):
            suspend_person(finance, person.id, reason="Because")

    def test_ends_their_sessions_until_reinstated(self, person):
        token, staff = open_session(person), actor_for(make_staff("support"))
        with tenancy.scope(staff.scope):
            suspend_person(staff, person.id, reason="Shared a password")
            db.session.commit()
        assert holder_of(token) is None
        with pytest.raises(Invalid, match="suspended"):
            try_password(person.email, PASSWORD)
        with tenancy.scope(staff.scope):
            reinstate_person(staff, person.id, reason="Settled")
            db.session.commit()
        assert try_password(person.email, PASSWORD)
        assert holder_of(token) is None


class TestLifetime:
    def test_fourteen_days_and_for_staff_twelve_hours(self, person):
        open_session(person)
        open_session(make_staff())
        hours = {
            int(row.hours)
            for row in execute("SELECT extract(epoch FROM expires_at - created_at) / 3600 + 0.5 AS hours FROM sessions")
        }
        assert hours == {14 * 24, 12}
