"""The team of a company: invitations, roles, and the owner it always keeps."""

import threading

import pytest
from sqlalchemy import select

from portal.accounts import queries
from portal.accounts.actions import team
from portal.accounts.actor import Actor
from portal.accounts.models import Membership
from portal.accounts.permissions import Role
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_person
from tests.factories.mails import link_in, sent_mails

BELOW_OWNER = [role for role in Role if role != Role.OWNER]


@pytest.fixture
def company(app):
    return make_company("buyer", "Orrinfield")


@pytest.fixture
def owner(company):
    return actor_for(make_person(company), company)


def membership_of(actor: Actor) -> Membership:
    found = db.session.scalar(select(Membership).where(Membership.person_id == actor.person_id))
    assert found is not None
    return found


def roles_in(company) -> list[str]:
    rows = execute("SELECT role FROM memberships WHERE company_id = :id ORDER BY role", id=company.id)
    return [row.role for row in rows]


class TestInvite:
    @pytest.mark.parametrize("role", BELOW_OWNER)
    def test_only_who_manages_the_team_invites(self, company, role):
        actor = actor_for(make_person(company, role), company)
        with tenancy.scope(actor.scope), pytest.raises(Forbidden):
            team.invite(actor, email="new@example.test", role="member", language="en")

    def test_a_member_is_not_invited_again_however_the_address_is_spelt(self, company, owner):
        make_person(company, "viewer", email="ada@example.test")
        with tenancy.scope(owner.scope), pytest.raises(Invalid) as refusal:
            team.invite(owner, email=" ADA@Example.Test ", role="member", language="en")
        assert refusal.value.field == "email"

    def test_a_newer_invitation_replaces_an_older_one(self, owner):
        with tenancy.scope(owner.scope):
            team.invite(owner, email="ada@example.test", role="viewer", language="en")
            team.invite(owner, email="ada@example.test", role="member", language="en")
            (waiting,) = queries.invitations_for(owner)
            assert waiting.role == "member"
            db.session.commit()
        tags = [row.tag for row in execute("SELECT tag FROM audit_entries")]
        assert tags.count("accounts:invitation:send") == 2

    def test_the_mail_speaks_the_chosen_words_and_the_database_keeps_no_token(self, app, owner):
        with tenancy.scope(owner.scope):
            team.invite(owner, email="ada@example.test", role="finance", language="en")
            db.session.commit()
        (message,) = sent_mails(app)
        assert message["To"] == "ada@example.test"
        assert "Orrinfield" in message["Subject"]
        assert "Finance" in message.get_content()
        token = link_in(message).rpartition("/")[2]
        assert execute("SELECT 1 FROM invitations WHERE token_hash = :token", token=token) == []


class TestAccept:
    @pytest.fixture
    def link(self, app, owner):
        with tenancy.scope(owner.scope):
            team.invite(owner, email="ada@example.test", role="member", language="en")
            db.session.commit()
        return link_in(sent_mails(app)[0]).rpartition("/")[2]

    def accept(self, token, person):
        with tenancy.scope(tenancy.Scope("public", person_id=person.id)):
            company_id = team.accept_invitation(token, person.id, person.name)
            db.session.commit()
            return company_id

    def test_another_address_is_refused(self, link):
        with pytest.raises(Invalid):
            self.accept(link, make_person(email="eve@example.test"))
        db.session.rollback()

    def test_an_expired_one_is_refused(self, link):
        execute("UPDATE invitations SET expires_at = portal_now() - interval '1 second'")
        with pytest.raises(Invalid):
            self.accept(link, make_person(email="ada@example.test"))
        db.session.rollback()

    def test_one_taken_back_is_refused(self, owner, link):
        with tenancy.scope(owner.scope):
            (waiting,) = queries.invitations_for(owner)
            team.revoke_invitation(owner, waiting.id)
            db.session.commit()
        with pytest.raises(Invalid):
            self.accept(link, make_person(email="ada@example.test"))
        db.session.rollback()

    def test_it_works_once_also_for_another_spelling_of_the_address(self, company, link):
        ada = make_person(email="Ada@Example.test")
        assert self.accept(link, ada) == company.id
        assert roles_in(company) == ["member", "owner"]
        with pytest.raises(Invalid):
            self.accept(link, ada)
        db.session.rollback()

    def test_what_was_accepted_cannot_be_taken_back(self, owner, link):
        self.accept(link, make_person(email="ada@example.test"))
        (row,) = execute("SELECT id FROM invitations")
        with tenancy.scope(owner.scope), pytest.raises(Conflict):
            team.revoke_invitation(owner, row.id)

    def test_another_company_finds_no_invitation_to_take_back(self, link):
        stranger_company = make_company("buyer")
        stranger = actor_for(make_person(stranger_company), stranger_company)
        (row,) = execute("SELECT id FROM invitations")
        with tenancy.scope(stranger.scope), pytest.raises(NotFound):
            team.revoke_invitation(stranger, row.id)


class TestChangeRole:
    @pytest.mark.parametrize("wall_down", [False, True])
    def test_an_owner_elsewhere_finds_nobody(self, company, monkeypatch, wall_down):
        membership_id = add_member(company, make_person(), "member")
        elsewhere = make_company("buyer")
        stranger = actor_for(make_person(elsewhere), elsewhere)
        if wall_down:
            monkeypatch.setattr(tenancy.Walls, "python", False)
        with tenancy.scope(stranger.scope), pytest.raises(NotFound):
            team.change_role(stranger, membership_id, role="viewer", version=1)

    def test_a_manager_is_refused(self, company):
        manager = actor_for(make_person(company, "manager"), company)
        with tenancy.scope(manager.scope), pytest.raises(Forbidden):
            team.change_role(manager, membership_of(manager).id, role="owner", version=1)

    def test_the_second_of_two_editors_is_told_both_words(self, company, owner):
        membership_id = add_member(company, make_person(), "member")
        with tenancy.scope(owner.scope):
            team.change_role(owner, membership_id, role="viewer", version=1)
            with pytest.raises(StaleVersion) as refusal:
                team.change_role(owner, membership_id, role="finance", version=1)
        assert (refusal.value.mine, refusal.value.theirs) == ("Finance", "Viewer")

    def test_the_last_owner_stays(self, company, owner):
        with tenancy.scope(owner.scope), pytest.raises(Conflict, match="needs an owner"):
            team.change_role(owner, membership_of(owner).id, role="member", version=1)
        db.session.rollback()
        assert roles_in(company) == ["owner"]

    def test_two_owners_who_demote_each_other_at_once_leave_one(self, app, company, owner):
        other = actor_for(make_person(company), company)
        with tenancy.scope(owner.scope):
            ids = {actor.person_id: membership_of(actor).id for actor in (owner, other)}
        db.session.rollback()
        barrier, refusals = threading.Barrier(2), []

        def demote(actor: Actor, victim: Actor) -> None:
            with app.app_context(), tenancy.scope(actor.scope):
                db.session.connection()
                barrier.wait(5)
                try:
                    team.change_role(actor, ids[victim.person_id], role="member", version=1)
                    db.session.commit()
                except Conflict as refusal:
                    db.session.rollback()
                    refusals.append(refusal)

        runs = [threading.Thread(target=demote, args=pair) for pair in ((owner, other), (other, owner))]
        for run in runs:
            run.start()
        for run in runs:
            run.join(10)
        assert len(refusals) == 1
        assert roles_in(company) == ["member", "owner"]


class TestLeaving:
    def test_the_last_owner_cannot_leave_or_be_removed(self, company, owner):
        for act in (lambda: team.leave(owner), lambda: team.remove_member(owner, membership_of(owner).id)):
            with tenancy.scope(owner.scope), pytest.raises(Conflict):
                act()
            db.session.rollback()
        assert roles_in(company) == ["owner"]

    def test_a_viewer_may_leave(self, company, owner):
        viewer = actor_for(make_person(company, "viewer"), company)
        with tenancy.scope(viewer.scope):
            team.leave(viewer)
            db.session.commit()
        assert roles_in(company) == ["owner"]
        assert execute("SELECT tag FROM audit_entries")[0].tag == "accounts:membership:leave"

    def test_an_owner_may_remove_another(self, company, owner):
        other = actor_for(make_person(company), company)
        with tenancy.scope(owner.scope):
            team.remove_member(owner, membership_of(other).id)
            db.session.commit()
        assert roles_in(company) == ["owner"]
