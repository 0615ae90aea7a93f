"""Mail: stored with its change, delivered by a job to a real SMTP server or a folder, once."""

import socket
from dataclasses import replace
from email import message_from_bytes, policy

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from portal.kit import jobs, mail, tenancy
from portal.kit.db import db
from portal.kit.operations import mail_content
from tests.factories.accounts import actor_for, execute, make_company, make_person, make_staff
from tests.factories.mails import sent_mails


class Mailbox:
    """An SMTP server's handler that keeps what it is given, or refuses it while `answer` says so."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.answer.startswith("250"):
            self.envelopes.append(envelope)
        return self.answer

    def messages(self):
        return [message_from_bytes(envelope.content, policy=policy.default) for envelope in self.envelopes]


@pytest.fixture
def mailbox(app, monkeypatch):
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:  # the server knows no "any free port" of its own
        port = probe.getsockname()[1]
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    settings = replace(
        app.config["PORTAL"], smtp_url=f"smtp://127.0.0.1:{port}", mail_from="Switchboard <no-reply@portal.test>"
    )
    monkeypatch.setitem(app.config, "PORTAL", settings)
    yield box
    server.stop()


def write(to="ada@example.test", language="en", kind="reset_password", **params):
    with tenancy.scope(tenancy.PUBLIC):
        mail.send(kind, to=to, language=language, params={"name": "Ada", "path": "/reset/abc", **params})
        db.session.commit()
    return execute("SELECT id FROM mails ORDER BY id DESC LIMIT 1")[0].id


def state_of(mail_id):
    (row,) = execute("SELECT state, tries, sent_at FROM mails WHERE id = :id", id=mail_id)
    return row.state, row.tries, row.sent_at is not None


class TestBySmtp:
    def test_arrives_with_subject_sender_and_an_id_of_our_own(self, app, mailbox):
        mail_id = write()
        jobs.run_waiting(app)
        (message,) = mailbox.messages()
        assert message["Subject"] == "Set a new password"
        assert message["From"] == "Switchboard <no-reply@portal.test>"
        assert message["To"] == "ada@example.test"
        assert message["Message-ID"] == f"<{mail_id}@portal.test>"
        assert "http://localhost/reset/abc" in message.get_content()
        assert state_of(mail_id) == ("sent", 1, True)

    @pytest.mark.parametrize(
        "title", ["“In implementation: peak season”: The list is missing. 🙃", "“Sale, phone and e-mail”", "旺季客服"]
    )
    def test_a_long_subject_arrives_with_every_blank(self, app, mailbox, title):
        sentence = f"Kestrelway Contact asks for changes to “Knowledge transfer” in {title}"
        write(kind="notification", sentence=sentence)
        jobs.run_waiting(app)
        assert mailbox.messages()[0]["Subject"] == sentence

    def test_no_part_that_is_missing_leaves_a_gap(self, app, mailbox):
        write()
        jobs.run_waiting(app)
        assert "\n\n\n" not in mailbox.messages()[0].get_content().replace("\r\n", "\n")

    def test_a_second_run_of_the_job_sends_nothing(self, app, mailbox):
        mail_id = write()
        jobs.run_waiting(app)
        mail.deliver(mail_id=str(mail_id))
        assert len(mailbox.envelopes) == 1

    def test_what_a_server_refuses_waits_and_is_sent_once_later(self, app, mailbox):
        mail_id = write()
        mailbox.answer = "451 Try again later"
        jobs.run_waiting(app)
        assert state_of(mail_id) == ("waiting", 1, False)
        (job,) = execute("SELECT status::text AS status, attempts FROM procrastinate_jobs")
        assert (job.status, job.attempts) == ("todo", 1)
        mailbox.answer = "250 OK"
        mail.deliver(mail_id=str(mail_id))
        mail.deliver(mail_id=str(mail_id))
        assert len(mailbox.envelopes) == 1
        assert state_of(mail_id) == ("sent", 2, True)

    def test_the_second_copy_after_a_crash_has_the_same_message_id(self, app, mailbox):
        mail_id = write()
        jobs.run_waiting(app)
        execute("UPDATE mails SET state = 'waiting'")  # as if the worker had died before the note
        mail.deliver(mail_id=str(mail_id))
        first, second = (message["Message-ID"] for message in mailbox.messages())
        assert first == second

    def test_production_forgets_what_a_sent_mail_said(self, app, mailbox, monkeypatch):
        write()
        monkeypatch.setitem(app.config, "PORTAL", replace(app.config["PORTAL"], env="production"))
        jobs.run_waiting(app)
        assert len(mailbox.envelopes) == 1
        (kept,) = execute("SELECT recipient, params FROM mail_bodies")
        assert (kept.recipient, kept.params) == ("", {})

    def test_no_value_can_add_a_header(self, app, mailbox):
        write(kind="invitation", company="Evil\r\nBcc: all@example.test", inviter="Eve\nX-Other: 1", role="member")
        jobs.run_waiting(app)
        (message,) = mailbox.messages()
        assert message["Bcc"] is None and message["X-Other"] is None
        assert mailbox.envelopes[0].rcpt_tos == ["ada@example.test"]


class TestAsFile:
    def test_without_a_server_it_is_a_file_of_the_data_folder(self, app):
        mail_id = write(to="lin@example.test")
        (message,) = sent_mails(app)
        assert message["To"] == "lin@example.test"
        assert state_of(mail_id) == ("sent", 1, True)

    def test_what_was_rolled_back_is_never_sent(self, app):
        with tenancy.scope(tenancy.PUBLIC):
            mail.send("reset_password", to="ada@example.test", language="en", params={"name": "Ada", "path": "/x"})
            db.session.rollback()
        assert sent_mails(app) == []

    @pytest.mark.parametrize(
        "kind", ["confirm_address", "already_registered", "reset_password", "invitation", "notification"]
    )
    @pytest.mark.parametrize("language", ["en", "zh_Hant", "zh_Hans"])
    def test_every_kind_can_be_written_in_every_language(self, app, kind, language):
        values = {
            "name": "Ada",
            "company": "Kestrel",
            "inviter": "Vera",
            "role": "viewer",
            "sentence": "Something new.",
        }
        rendered = app.extensions["portal.mail_renderer"](kind, language, {**values, "path": "/where/to"})
        assert rendered.subject and "\n" not in rendered.subject
        assert "http://localhost/where/to" in rendered.text
        assert "{{" not in rendered.text and "%(" not in rendered.text


class TestWhoSeesMails:
    def test_headers_are_for_staff_and_bodies_for_nobody(self, app):
        mail_id = write()
        company = make_company("buyer")
        member, staff = actor_for(make_person(company), company), actor_for(make_staff())
        for scope, sees in ((tenancy.PUBLIC, 0), (member.scope, 0), (staff.scope, 1)):
            with tenancy.scope(scope):
                assert len(db.session.scalars(db.select(mail.Mail)).all()) == sees
                assert (mail_content(mail_id) is not None) == bool(sees)
                with pytest.raises(ProgrammingError, match="permission denied"):
                    db.session.execute(text("SELECT * FROM mail_bodies"))
                db.session.rollback()
