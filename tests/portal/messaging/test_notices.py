"""Notices: who is told, in which words, who may see them, and the mail about them."""

from email import message_from_bytes, policy

import pytest
from flask_babel import lazy_gettext
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from portal.accounts.permissions import Permission
from portal.kit import jobs, tenancy
from portal.kit.db import db
from portal.kit.language import written_in
from portal.messaging import notify, queries
from portal.messaging.actions import choose_mail, mark_read
from portal.messaging.kinds import Kind, kind_of, phrase, register
from portal.messaging.models import Notification
from tests.factories.accounts import actor_for, add_member, execute, make_company, make_person, make_staff

NUDGE = register(Kind("test.nudge", "%(who)s asks about %(what)s.", path="/agreements/{agreement_id}"))
QUIET = register(Kind("test.quiet", "Nothing to mail.", mail=False))


@pytest.fixture
def sides(app):
    buyer, vendor = make_company("buyer"), make_company("vendor")
    return buyer, make_person(buyer), vendor, make_person(vendor)


def tell(actor, company, kind=NUDGE.name, **options):
    with tenancy.scope(actor.scope):
        notify(company.id, kind, {"who": "Ada", "what": "rates", "agreement_id": "1"}, **options)
        db.session.commit()


def mails(app):
    folder = app.config["PORTAL"].data_dir / "mail"
    found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml")]
    for path in folder.glob("*.eml"):
        path.unlink()
    return found


class TestNotify:
    def test_the_public_cannot_tell_a_company_anything(self, sides):
        with tenancy.scope(tenancy.PUBLIC), pytest.raises(ProgrammingError, match="only members and staff"):
            notify(sides[0].id, NUDGE.name, {})
        db.session.rollback()

    def test_a_kind_that_nobody_registered_is_refused(self, sides):
        buyer, person, vendor, _ = sides
        with tenancy.scope(actor_for(person, buyer).scope), pytest.raises(KeyError):
            notify(vendor.id, "nobody.knows.this", {})
        db.session.rollback()

    def test_words_of_the_portal_come_in_the_readers_language_not_in_the_writers(self, app):
        with written_in("zh_Hans"):
            params = {"who": "Ada", "what": phrase(lazy_gettext("Knowledge transfer"))}
        assert kind_of(NUDGE.name).words(params) == "Ada asks about Knowledge transfer."
        with written_in("zh_Hant"):
            assert "Knowledge transfer" not in kind_of(NUDGE.name).words(params)

    def test_every_member_of_the_other_company_is_told_once(self, sides):
        buyer, person, vendor, _ = sides
        make_person(vendor, "viewer")
        tell(actor_for(person, buyer), vendor)
        rows = execute("SELECT person_id, kind, params FROM notifications")
        assert len(rows) == 2
        assert {row.kind for row in rows} == {"test.nudge"}
        assert rows[0].params == {"who": "Ada", "what": "rates", "agreement_id": "1"}

    def test_only_roles_with_the_permission_are_told(self, sides):
        buyer, person, vendor, owner = sides
        make_person(vendor, "viewer")
        finance = make_person(vendor, "finance")
        tell(actor_for(person, buyer), vendor, permission=Permission.INVOICE_ISSUE)
        told = {row.person_id for row in execute("SELECT person_id FROM notifications")}
        assert told == {owner.id, finance.id}

    def test_nobody_is_told_of_their_own_act(self, sides):
        buyer, person, _, _ = sides
        colleague = make_person(buyer)
        tell(actor_for(person, buyer), buyer)
        assert [row.person_id for row in execute("SELECT person_id FROM notifications")] == [colleague.id]

    def test_staff_can_tell_a_company(self, sides):
        tell(actor_for(make_staff()), sides[2])
        assert len(execute("SELECT 1 FROM notifications")) == 1

    def test_what_was_rolled_back_was_never_told(self, sides):
        buyer, person, vendor, _ = sides
        with tenancy.scope(actor_for(person, buyer).scope):
            notify(vendor.id, NUDGE.name, {})
            db.session.rollback()
        assert execute("SELECT 1 FROM notifications") == []
        assert execute("SELECT 1 FROM procrastinate_jobs") == []


class TestWhoSeesANotice:
    @pytest.mark.parametrize("wall_down", [False, True])
    def test_neither_the_sender_nor_a_colleague_nor_another_company_of_the_reader(self, sides, monkeypatch, wall_down):
        buyer, person, vendor, reader = sides
        colleague, elsewhere = make_person(vendor), make_company("vendor")
        add_member(elsewhere, reader)
        tell(actor_for(person, buyer), vendor)
        execute("DELETE FROM notifications WHERE person_id = :id", id=colleague.id)
        if wall_down:
            monkeypatch.setattr(tenancy.Walls, "python", False)
        outsiders = [actor_for(person, buyer), actor_for(colleague, vendor), actor_for(reader, elsewhere)]
        for outsider in outsiders:
            with tenancy.scope(outsider.scope):
                assert db.session.scalars(select(Notification)).all() == []
                assert queries.unread_count(outsider) == 0
            db.session.rollback()
        with tenancy.scope(actor_for(make_staff()).scope):
            assert db.session.scalars(select(Notification)).all() == []
        db.session.rollback()

    def test_its_reader_sees_and_reads_it(self, sides):
        buyer, person, vendor, reader = sides
        tell(actor_for(person, buyer), vendor)
        actor = actor_for(reader, vendor)
        with tenancy.scope(actor.scope):
            (notice,) = queries.notifications_for(actor)
            assert notice.words == "Ada asks about rates."
            assert notice.path == "/agreements/1"
            assert queries.unread_count(actor) == 1
            mark_read(actor, [notice.id])
            assert queries.unread_count(actor) == 0

    def test_a_member_cannot_mark_anothers_notice_as_read(self, sides):
        buyer, person, vendor, _ = sides
        tell(actor_for(person, buyer), vendor)
        with tenancy.scope(actor_for(person, buyer).scope):
            touched = db.session.execute(text("UPDATE notifications SET read_at = portal_now()"))
            assert touched.rowcount == 0


class TestWords:
    def test_a_value_an_old_notice_lacks_is_a_dash(self):
        assert NUDGE.words({"who": "Ada"}) == "Ada asks about –."

    def test_a_name_is_registered_once(self):
        with pytest.raises(ValueError, match="registered twice"):
            register(Kind("test.nudge", "Again."))

    def test_messaging_registers_its_own_kind(self):
        assert kind_of("messaging.message.posted").address({"thread_id": "7"}) == "/messages/7"


class TestMail:
    def test_each_reader_gets_one_mail_however_often_the_job_runs(self, app, sides):
        from portal.messaging.jobs import mail_notices

        buyer, person, vendor, reader = sides
        tell(actor_for(person, buyer), vendor)
        (row,) = execute("SELECT batch FROM notifications")
        jobs.run_waiting(app)
        mail_notices(batch=str(row.batch), company_id=str(vendor.id))
        jobs.run_waiting(app)
        (message,) = mails(app)
        assert message["To"] == reader.email
        assert "Ada asks about rates." in message.get_content()
        assert "http://localhost/agreements/1" in message.get_content()

    def test_who_chose_none_gets_none(self, app, sides):
        buyer, person, vendor, reader = sides
        actor = actor_for(reader, vendor)
        with tenancy.scope(actor.scope):
            assert queries.wants_mail(actor)
            choose_mail(actor, by_mail=False)
            assert not queries.wants_mail(actor)
            db.session.commit()
        tell(actor_for(person, buyer), vendor)
        jobs.run_waiting(app)
        assert mails(app) == []
        assert len(execute("SELECT 1 FROM notifications")) == 1

    def test_a_quiet_kind_is_never_mailed(self, app, sides):
        tell(actor_for(sides[1], sides[0]), sides[2], QUIET.name)
        assert execute("SELECT 1 FROM procrastinate_jobs") == []

    def test_another_company_cannot_take_a_batch(self, app, sides):
        from portal.messaging.jobs import mail_notices

        buyer, person, vendor, _ = sides
        tell(actor_for(person, buyer), vendor)
        (row,) = execute("SELECT batch FROM notifications")
        mail_notices(batch=str(row.batch), company_id=str(buyer.id))
        assert execute("SELECT mailed_at FROM notifications")[0].mailed_at is None
        assert execute("SELECT 1 FROM mails") == []
