"""Signing up, confirming and resetting: links that work once, and answers that tell strangers nothing."""

from datetime import timedelta

import pytest

from portal.accounts import sessions
from portal.accounts.actions import sign_up
from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.kit.errors import Invalid, TooMany
from tests.factories.accounts import PASSWORD, execute, make_company, make_person
from tests.factories.mails import link_in, sent_mails

ADA = sign_up.NewPerson("Ada Byron", "ada@example.test", PASSWORD, "en", "Europe/London")
FIRM = sign_up.NewCompany("vendor", "Byron Contact", "GB", "Europe/London", "GBP")


def as_public(act, *arguments):
    with tenancy.scope(tenancy.PUBLIC):
        try:
            result = act(*arguments)
            db.session.commit()
            return result
        except BaseException:
            db.session.rollback()
            raise


def token_of(app):
    (message,) = sent_mails(app)
    return link_in(message).rpartition("/")[2]


class TestSignUp:
    @pytest.mark.parametrize("password", ["short", "passwordpassword", "ada byron 1815", "x" * 201])
    def test_a_weak_password_is_refused_at_its_field(self, app, password):
        weak = sign_up.NewPerson("Ada Byron", "ada@example.test", password, "en", "UTC")
        with pytest.raises(Invalid) as refusal:
            as_public(sign_up.sign_up, weak, FIRM)
        assert refusal.value.field == "password"
        assert execute("SELECT 1 FROM people") == []

    def test_makes_a_company_that_waits_for_the_address(self, app):
        as_public(sign_up.sign_up, ADA, FIRM)
        (company,) = execute("SELECT state, slug, kind FROM companies")
        assert (company.state, company.slug, company.kind) == ("applied", "byron-contact", "vendor")
        assert [row.role for row in execute("SELECT role FROM memberships")] == ["owner"]
        with pytest.raises(Invalid, match="Confirm"):
            as_public(lambda: sessions.sign_in(ADA.email, PASSWORD, address="", browser=""))

    def test_a_second_company_of_the_same_name_gets_an_address_of_its_own(self, app):
        as_public(sign_up.sign_up, ADA, FIRM)
        other = sign_up.NewPerson("Eve", "eve@example.test", PASSWORD, "en", "UTC")
        as_public(sign_up.sign_up, other, FIRM)
        slugs = {row.slug for row in execute("SELECT slug FROM companies")}
        assert slugs == {"byron-contact", "byron-contact-2"}

    def test_a_known_address_gets_a_mail_and_nothing_else(self, app):
        make_person(make_company("buyer"), email="ADA@example.test")
        as_public(sign_up.sign_up, ADA, FIRM)
        assert len(execute("SELECT 1 FROM people")) == 1
        assert execute("SELECT 1 FROM companies WHERE kind = 'vendor'") == []
        (message,) = sent_mails(app)
        assert "already has an account" in message.get_content()

    def test_no_mail_repeats_what_a_stranger_typed(self, app):
        lure = sign_up.NewPerson("Win at http://evil.test", "ada@example.test", PASSWORD, "en", "UTC")
        as_public(sign_up.sign_up, lure, FIRM)
        as_public(sign_up.sign_up, lure, FIRM)
        assert all("evil.test" not in str(message) for message in sent_mails(app))

    def test_nobody_fills_a_strangers_mailbox(self, app):
        for _ in range(sign_up.LETTERS_PER_ADDRESS):
            as_public(sign_up.ask_reset, "ada@example.test")
        with pytest.raises(TooMany):
            as_public(sign_up.sign_up, ADA, FIRM)


class TestConfirm:
    def test_opens_the_company_once(self, app):
        as_public(sign_up.sign_up, ADA, FIRM)
        token = token_of(app)
        as_public(sign_up.confirm_address, token)
        assert execute("SELECT state FROM companies")[0].state == "open"
        assert as_public(lambda: sessions.sign_in(ADA.email, PASSWORD, address="", browser=""))
        with pytest.raises(Invalid, match="expired or was used"):
            as_public(sign_up.confirm_address, token)

    def test_works_for_three_days(self, app):
        as_public(sign_up.sign_up, ADA, FIRM)
        token = token_of(app)
        with tenancy.scope(tenancy.PUBLIC):
            late = clock.now() + sign_up.CONFIRM_WITHIN + timedelta(seconds=1)
            db.session.rollback()
        try:
            clock.move_to(late)
            with pytest.raises(Invalid):
                as_public(sign_up.confirm_address, token)
        finally:
            clock.reset()

    def test_a_confirmation_link_resets_no_password(self, app):
        as_public(sign_up.sign_up, ADA, FIRM)
        token = token_of(app)
        assert not as_public(sign_up.reset_is_open, token)
        with pytest.raises(Invalid):
            as_public(sign_up.reset_password, token, "another long sentence 9")


class TestReset:
    def test_an_unknown_or_suspended_address_gets_no_mail(self, app):
        make_person(email="eve@example.test")
        execute("UPDATE people SET suspended_at = portal_now()")
        as_public(sign_up.ask_reset, "eve@example.test")
        as_public(sign_up.ask_reset, "nobody@example.test")
        assert sent_mails(app) == []

    def test_an_unconfirmed_one_gets_its_confirmation_again(self, app):
        make_person(email="eve@example.test", confirmed=False)
        as_public(sign_up.ask_reset, "eve@example.test")
        (message,) = sent_mails(app)
        assert link_in(message).startswith("/confirm/")

    def test_works_once_and_ends_every_session(self, app):
        eve = make_person(email="eve@example.test")
        session = as_public(lambda: sessions.open_for(eve.id, browser=""))
        as_public(sign_up.ask_reset, "EVE@example.test")
        token = token_of(app)
        as_public(sign_up.reset_password, token, "another long sentence 9")
        assert as_public(sessions.find, session) is None
        assert as_public(lambda: sessions.sign_in(eve.email, "another long sentence 9", address="", browser=""))
        with pytest.raises(Invalid):
            as_public(sign_up.reset_password, token, "a third long sentence 3")

    def test_a_newer_link_replaces_an_older_one(self, app):
        make_person(email="eve@example.test")
        as_public(sign_up.ask_reset, "eve@example.test")
        older = token_of(app)
        as_public(sign_up.ask_reset, "eve@example.test")
        newer = token_of(app)
        assert not as_public(sign_up.reset_is_open, older)
        assert as_public(sign_up.reset_is_open, newer)
