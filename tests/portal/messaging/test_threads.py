"""Threads: two companies, one subject, nobody else."""

import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from portal.accounts.permissions import Permission, Role, permissions_of
from portal.accounts.queries import company
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import Forbidden, Invalid, NotFound
from portal.kit.ids import new_id
from portal.messaging import queries, threads
from portal.messaging.models import Message, Thread
from tests.factories.accounts import actor_for, execute, make_company, make_person, make_staff

SUBJECT = new_id()
SILENT = [role for role in Role if Permission.MESSAGE_SEND not in permissions_of(role, (), "buyer")]


@pytest.fixture
def parties(app):
    buyer, vendor = make_company("buyer", "Orrinfield"), make_company("vendor", "Kestrel")
    return actor_for(make_person(buyer, name="Ines"), buyer), actor_for(make_person(vendor, name="Vera"), vendor)


@pytest.fixture
def thread_id(parties):
    buyer, vendor = parties
    with tenancy.scope(buyer.scope):
        thread = threads.thread_for(buyer, "agreement", SUBJECT, buyer.company_id, vendor.company_id, "Evening calls")
        threads.post(buyer, thread, body="Shall we begin on Monday?")
        found = thread.id
        db.session.commit()
    return found


def strangers():
    company, other = make_company("buyer"), make_company("vendor")
    return [actor_for(make_person(company), company), actor_for(make_person(other), other), actor_for(make_staff())]


class TestThreadFor:
    def test_a_third_company_is_refused(self, parties):
        buyer, vendor = parties
        stranger = strangers()[0]
        with tenancy.scope(stranger.scope), pytest.raises(NotFound):
            threads.thread_for(stranger, "agreement", SUBJECT, buyer.company_id, vendor.company_id)

    def test_there_is_none_about_a_bid(self, parties):
        buyer, vendor = parties
        with tenancy.scope(buyer.scope), pytest.raises(ValueError):
            threads.thread_for(buyer, "bid", SUBJECT, buyer.company_id, vendor.company_id)
        db.session.rollback()

    def test_both_sides_at_once_get_the_same_one(self, app, parties):
        buyer, vendor = parties
        barrier, found = threading.Barrier(2), []

        def begin(actor):
            with app.app_context(), tenancy.scope(actor.scope):
                db.session.connection()
                barrier.wait(5)
                thread = threads.thread_for(actor, "agreement", SUBJECT, buyer.company_id, vendor.company_id)
                found.append(thread.id)
                db.session.commit()

        runs = [threading.Thread(target=begin, args=(actor,)) for actor in parties]
        for run in runs:
            run.start()
        for run in runs:
            run.join(10)
        assert len(set(found)) == 1 and len(found) == 2


class TestWhoReads:
    @pytest.mark.parametrize("wall_down", [False, True])
    def test_no_other_company_and_no_staff(self, thread_id, monkeypatch, wall_down):
        if wall_down:
            monkeypatch.setattr(tenancy.Walls, "python", False)
        for stranger in strangers():
            with tenancy.scope(stranger.scope):
                assert db.session.scalars(select(Thread)).all() == []
                assert db.session.scalars(select(Message)).all() == []
                if not stranger.is_staff:
                    with pytest.raises(NotFound):
                        queries.thread_for(stranger, thread_id)
            db.session.rollback()

    def test_both_parties_read_the_same(self, parties, thread_id):
        for actor in parties:
            with tenancy.scope(actor.scope):
                thread = queries.thread_for(actor, thread_id)
                assert [message.body for message in queries.messages_of(actor, thread)] == ["Shall we begin on Monday?"]
                assert queries.thread_about(actor, "agreement", SUBJECT).id == thread_id
            db.session.rollback()


class TestPost:
    @pytest.mark.parametrize(
        "role", [role for role in Role if Permission.MESSAGE_SEND not in permissions_of(role, (), "buyer")]
    )
    def test_a_role_without_the_right_is_refused(self, parties, thread_id, role):
        buyer = parties[0]

        with tenancy.scope(buyer.scope):
            own = company(buyer.company_id)
            reader = actor_for(make_person(own, role), own)
        db.session.rollback()
        with tenancy.scope(reader.scope):
            thread = queries.thread_for(reader, thread_id)
            with pytest.raises(Forbidden):
                threads.post(reader, thread, body="Hello")
        db.session.rollback()

    @pytest.mark.parametrize("body", ["", " \n\u200b ", "x" * (threads.LONGEST + 1)])
    def test_an_empty_or_overlong_message_is_refused(self, parties, thread_id, body):
        buyer = parties[0]
        with tenancy.scope(buyer.scope):
            thread = queries.thread_for(buyer, thread_id)
            with pytest.raises(Invalid) as refusal:
                threads.post(buyer, thread, body=body)
        assert refusal.value.field == "body"
        db.session.rollback()

    def test_tells_the_other_side_and_leaves_a_trace_without_the_words(self, parties, thread_id):
        vendor = parties[1]
        notices = execute("SELECT company_id, kind, params FROM notifications")
        assert [(row.company_id, row.kind) for row in notices] == [(vendor.company_id, "messaging.message.posted")]
        with tenancy.scope(vendor.scope):
            (notice,) = queries.notifications_for(vendor)
            assert notice.words == "Ines of Orrinfield wrote about “Evening calls”."
            assert notice.path == f"/messages/{thread_id}"
        db.session.rollback()
        (entry,) = execute("SELECT tag, before, after FROM audit_entries")
        assert (entry.tag, entry.before, entry.after) == ("messaging:message:post", None, None)

    def test_nobody_writes_in_the_other_sides_name(self, parties, thread_id):
        buyer, vendor = parties
        with tenancy.scope(vendor.scope), pytest.raises(ProgrammingError, match="row-level security"):
            db.session.execute(
                text(
                    "INSERT INTO messages (id, thread_id, buyer_id, vendor_id, company_id, person_name, body)"
                    " VALUES (gen_random_uuid(), :thread, :buyer, :vendor, :buyer, 'Ines', 'I agree to everything')"
                ),
                {"thread": thread_id, "buyer": buyer.company_id, "vendor": vendor.company_id},
            )
        db.session.rollback()

    def test_nobody_changes_what_was_written(self, parties, thread_id):
        with tenancy.scope(parties[0].scope), pytest.raises(ProgrammingError, match="permission denied"):
            db.session.execute(text("UPDATE messages SET body = 'Something else'"))
        db.session.rollback()
