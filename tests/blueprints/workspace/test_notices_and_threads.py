"""Notices and threads through the pages: one's own, leading on, written once."""

import pytest

from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.ids import new_id
from portal.messaging import notify, threads
from portal.messaging.kinds import Kind, is_known, register
from portal.messaging.queries import PAGE
from tests.factories.accounts import (
    MadePerson,
    actor_for,
    add_member,
    execute,
    make_company,
    make_person,
    make_staff,
    sign_in,
)
from tests.factories.agreements import make_drafted

if not is_known("test.page"):
    register(Kind("test.page", "Look at %(what)s.", path="/messages/{thread_id}"))
    register(Kind("test.lure", "Look elsewhere.", path="{anything}"))


@pytest.fixture
def buyer(app):
    return make_company("buyer", "Orrinfield")


@pytest.fixture
def vendor(app):
    return make_company("vendor", "Kestrel")


@pytest.fixture
def writer(vendor):
    return actor_for(make_person(vendor, name="Vera"), vendor)


@pytest.fixture
def thread_id(buyer, vendor, writer):
    with tenancy.scope(writer.scope):
        thread = threads.thread_for(writer, "agreement", new_id(), buyer.id, vendor.id, "Evening calls")
        threads.post(writer, thread, body="<script>alert(1)</script> on Monday?")
        found = thread.id
        db.session.commit()
    return found


def tell(writer, company, kind="test.page", n=1, **params):
    with tenancy.scope(writer.scope):
        for number in range(n):
            notify(company.id, kind, {"what": f"number {number}", **params})
        db.session.commit()


class TestNotices:
    def test_staff_and_people_without_a_company_have_none(self, make_client):
        for person in (make_staff(), make_person()):
            client = make_client()
            sign_in(client, person)
            assert client.get("/notifications").status_code == 404
            assert 'href="/notifications"' not in client.get("/account").text

    def test_an_empty_list_says_what_will_come(self, client, buyer):
        sign_in(client, make_person(buyer))
        assert "Nothing to tell you yet" in client.get("/notifications").text

    def test_a_colleagues_notice_does_not_exist(self, client, buyer, writer):
        make_person(buyer)
        tell(writer, buyer)
        (row,) = execute("SELECT id FROM notifications")
        sign_in(client, make_person(buyer))
        assert client.post(f"/notifications/{row.id}/open").status_code == 404
        assert execute("SELECT read_at FROM notifications")[0].read_at is None

    def test_opening_marks_as_read_and_leads_on(self, client, buyer, writer, thread_id):
        person = make_person(buyer)
        tell(writer, buyer, thread_id=str(thread_id))
        sign_in(client, person)
        assert "Notifications, 1 unread" in client.get("/notifications").text
        assert "Look at number 0." in client.get("/buyer").text
        (row,) = execute("SELECT id FROM notifications WHERE person_id = :id", id=person.id)
        answer = client.post(f"/notifications/{row.id}/open")
        assert answer.headers["Location"] == f"/messages/{thread_id}"
        assert "Notifications, 0 unread" in client.get("/notifications").text

    def test_no_notice_leads_to_another_site(self, client, buyer, writer):
        person = make_person(buyer)
        tell(writer, buyer, "test.lure", anything="https://evil.test/")
        sign_in(client, person)
        (row,) = execute("SELECT id FROM notifications")
        assert client.post(f"/notifications/{row.id}/open").headers["Location"] == "/notifications"

    def test_many_come_in_pages_and_are_read_at_once(self, client, buyer, writer):
        sign_in(client, make_person(buyer))
        tell(writer, buyer, n=PAGE + 1)
        first = client.get("/notifications").text
        assert f"number {PAGE}." in first and "number 0." not in first
        (oldest,) = execute("SELECT id FROM notifications ORDER BY id DESC OFFSET :n LIMIT 1", n=PAGE - 1)
        assert f"/notifications?after={oldest.id}" in first
        assert "number 0." in client.get(f"/notifications?after={oldest.id}").text
        assert client.get("/notifications?after=nonsense").status_code == 200
        assert client.post("/notifications/read").status_code == 302
        assert "0 unread" in client.get("/notifications").text

    def test_a_notice_of_another_company_waits_there(self, client, buyer, writer):
        person, other = make_person(buyer), make_company("vendor", "Second")
        add_member(other, person)
        tell(writer, buyer)
        sign_in(client, person, other)
        assert "Look at" not in client.get("/notifications").text
        client.post("/account/switch", data={"company_id": buyer.id})
        assert "Look at number 0." in client.get("/notifications").text


class TestThreads:
    def test_a_third_company_finds_nothing(self, client, thread_id):
        sign_in(client, make_person(make_company("buyer")))
        assert client.get(f"/messages/{thread_id}").status_code == 404
        assert client.post(f"/messages/{thread_id}", data={"body": "Hello"}).status_code == 404
        assert "No messages yet" in client.get("/messages").text
        assert len(execute("SELECT 1 FROM messages")) == 1

    def test_what_was_typed_is_shown_as_text(self, client, buyer, thread_id):
        sign_in(client, make_person(buyer))
        page = client.get(f"/messages/{thread_id}").text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; on Monday?" in page
        assert "Evening calls" in client.get("/messages").text

    def test_a_viewer_reads_but_does_not_write(self, client, buyer, thread_id):
        sign_in(client, make_person(buyer, "viewer"))
        assert "does not write them" in client.get(f"/messages/{thread_id}").text
        assert client.post(f"/messages/{thread_id}", data={"body": "Hello"}).status_code == 403

    def test_an_empty_message_is_named(self, client, buyer, thread_id):
        sign_in(client, make_person(buyer))
        answer = client.post(f"/messages/{thread_id}", data={"body": " \n "})
        assert answer.status_code == 400 and "Write something first." in answer.text

    def test_pressed_twice_it_is_sent_once(self, client, buyer, vendor, thread_id):
        sign_in(client, make_person(buyer, name="Ines"))
        for _ in range(2):
            answer = client.post(f"/messages/{thread_id}", data={"body": "Yes, Monday.", "submission_id": "once"})
            assert answer.headers["Location"] == f"/messages/{thread_id}"
        bodies = [row.body for row in execute("SELECT body FROM messages ORDER BY id")]
        assert bodies == ["<script>alert(1)</script> on Monday?", "Yes, Monday."]
        (notice,) = execute("SELECT params FROM notifications WHERE company_id = :id", id=vendor.id)
        assert notice.params["person"] == "Ines"

    def test_the_same_form_with_other_words_is_refused(self, client, buyer, thread_id):
        sign_in(client, make_person(buyer))
        client.post(f"/messages/{thread_id}", data={"body": "Yes", "submission_id": "once"})
        assert client.post(f"/messages/{thread_id}", data={"body": "No", "submission_id": "once"}).status_code == 409
        assert len(execute("SELECT 1 FROM messages")) == 2


class TestThreadOfAnAgreement:
    @pytest.fixture
    def deal(self, app):
        return make_drafted()

    def test_a_third_company_finds_no_agreement(self, client, deal):
        sign_in(client, make_person(make_company("buyer")))
        address = f"/agreements/{deal.agreement.id}/messages"
        assert client.get(address).status_code == 404
        assert client.post(address, data={"body": "Hello"}).status_code == 404

    def test_looking_begins_nothing_and_the_first_message_does(self, make_client, deal):
        address = f"/agreements/{deal.agreement.id}/messages"
        browsers = []
        for actor in deal.sides:
            browser = make_client()
            sign_in(browser, MadePerson(actor.person_id, actor.person_name, actor.email, actor.locale, actor.timezone))
            browsers.append(browser)
        buyer, vendor = browsers
        assert "Nothing written yet" in buyer.get(address).text
        assert execute("SELECT 1 FROM threads") == []
        answer = buyer.post(address, data={"body": "Who trains the first week?"})
        (thread,) = execute("SELECT id, subject_id FROM threads")
        assert thread.subject_id == deal.agreement.id
        assert answer.headers["Location"] == f"/messages/{thread.id}"
        assert vendor.get(address).headers["Location"] == f"/messages/{thread.id}"
        assert "Who trains the first week?" in vendor.get(f"/messages/{thread.id}").text
