"""Outgoing mail: stored with the change that causes it, rendered and sent by a job.

The header (kind, state, tries) is what staff may see; recipient and parameters lie in a side table that only the
sending job reads, through a definer function. Sent by SMTP where configured, else written as .eml files under the
data folder.
"""

import json
import smtplib
import ssl
import uuid
from collections.abc import Callable
from datetime import datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.kit import clock, jobs, tenancy
from portal.kit.db import Base, Identified, Stamped, db
from portal.kit.text import clean_line

SMTP_TIMEOUT_S = 20


class Rendered(NamedTuple):
    """A mail's words in one language, and where one request stops further ones; '' where nothing does."""

    subject: str
    text: str
    stop_url: str = ""


# (kind, language, params) -> Rendered; the application installs it, because the portal itself holds no templates.
Renderer = Callable[[str, str, dict[str, Any]], Rendered]


class Mail(Identified, Stamped, Base):
    """What may be seen of a mail: its kind, language, state and tries."""

    __tablename__ = "mails"

    kind: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]

    # Reading back a default needs a SELECT policy, which only staff have.
    __mapper_args__ = {"eager_defaults": False}


class MailBody(Base):
    """Who gets a mail and with which values. No policy lets anybody select it; `mail_take` hands it to the job."""

    __tablename__ = "mail_bodies"

    mail_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    recipient: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)


def send(kind: str, *, to: str, language: str, params: dict[str, Any]) -> None:
    """Store a mail of `kind` and enqueue its sending, in the current transaction.

    `params` are plain JSON for the template `emails/<kind>.txt`.
    """
    mail = Mail(kind=kind, language=language)
    db.session.add(mail)
    db.session.flush()
    db.session.execute(
        text("INSERT INTO mail_bodies (mail_id, recipient, params) VALUES (:id, :to, cast(:params AS jsonb))"),
        {"id": mail.id, "to": to, "params": json.dumps(params, ensure_ascii=False)},
    )
    jobs.enqueue(deliver, mail_id=str(mail.id))


@jobs.task("kit.deliver_mail")
def deliver(*, mail_id: str) -> None:
    """Render one mail and hand it over. A mail already sent is left alone; a refused one is tried again.

    The try is counted before and the success noted after, each in a transaction of its own: none stays open while
    another machine takes its time.
    """
    with jobs.transaction(tenancy.PUBLIC):
        taken = db.session.execute(text("SELECT * FROM mail_take(:id)"), {"id": mail_id}).mappings().one_or_none()
        moment = clock.now()
    if taken is None:
        return
    renderer: Renderer = current_app.extensions["portal.mail_renderer"]
    rendered = renderer(taken["kind"], taken["language"], taken["params"])
    hand_over(_message(mail_id, taken["recipient"], rendered, moment))
    with jobs.transaction(tenancy.PUBLIC):
        db.session.execute(text("SELECT mail_sent(:id)"), {"id": mail_id})
        if current_app.config["PORTAL"].is_production:
            db.session.execute(text("SELECT mail_forget(:id)"), {"id": mail_id})


def _message(mail_id: str, recipient: str, rendered: Rendered, at: datetime) -> Message:
    # Not EmailMessage: it loses blanks where it folds a subject with letters beyond ASCII.
    body = Charset("utf-8")
    body.body_encoding = QP
    message: Message[Any, Any] = Message()
    message.set_payload(rendered.text, body)
    message["From"] = formataddr(parseaddr(current_app.config["PORTAL"].mail_from))
    message["To"] = clean_line(recipient)
    message["Subject"] = Header(clean_line(rendered.subject), header_name="Subject")
    message["Date"] = format_datetime(at)
    if rendered.stop_url:
        message["List-Unsubscribe"] = f"<{rendered.stop_url}>"
        if rendered.stop_url.startswith("https:"):  # RFC 8058 knows one click over TLS alone
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    # The same mail keeps its id over all tries, so that a receiver can drop the second copy after a crash.
    message["Message-ID"] = f"<{mail_id}@{_own_domain()}>"
    return message


def _own_domain() -> str:
    return parseaddr(current_app.config["PORTAL"].mail_from)[1].partition("@")[2] or "localhost"


def hand_over(message: Message) -> None:
    """Give a message to the configured SMTP server, or write it as a file where there is none.

    SMTP_URL is `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte; with `smtp` TLS is
    used where the server offers it.
    """
    url = current_app.config["PORTAL"].smtp_url
    if not url:
        folder = current_app.config["PORTAL"].data_dir / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        name = message["Message-ID"].strip("<>").split("@")[0]
        (folder / f"{name}.eml").write_bytes(bytes(message))
        return
    where = urlsplit(url)
    kind = smtplib.SMTP_SSL if where.scheme == "smtps" else smtplib.SMTP
    with kind(where.hostname or "localhost", where.port or 0, timeout=SMTP_TIMEOUT_S) as server:
        server.ehlo()
        if where.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        if where.username:
            server.login(unquote(where.username), unquote(where.password or ""))
        server.send_message(message)
