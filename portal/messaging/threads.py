"""Threads between the two companies of a subject: begun once, then written to by both sides."""

import uuid

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Invalid, NotFound
from portal.kit.ids import new_id
from portal.kit.tenancy import mine
from portal.kit.text import clean_line, clean_text
from portal.messaging.actions import notify
from portal.messaging.models import Message, Thread, ThreadSubject
from portal.messaging.notices import POSTED

LONGEST = 5_000


def thread_for(
    actor: Actor, subject_kind: str, subject_id: uuid.UUID, buyer_id: uuid.UUID, vendor_id: uuid.UUID, title: str = ""
) -> Thread:
    """The thread about a subject of these two companies, begun now if there is none.

    Whoever owns the subject calls this with the subject's own parties. Raises NotFound for who is neither of them.
    """
    if actor.company_id not in (buyer_id, vendor_id):
        raise NotFound
    # Two people who open it at once get the same one.
    db.session.execute(
        insert(Thread)
        .values(
            id=new_id(),
            subject_kind=ThreadSubject(subject_kind),
            subject_id=subject_id,
            buyer_id=buyer_id,
            vendor_id=vendor_id,
            title=clean_line(title),
        )
        .on_conflict_do_nothing(constraint="uq_threads_subject_kind")
    )
    query = select(Thread).where(mine(Thread), Thread.subject_kind == ThreadSubject(subject_kind))
    thread = db.session.scalar(query.where(Thread.subject_id == subject_id))
    if thread is None:
        raise NotFound
    return thread


def post(actor: Actor, thread: Thread, *, body: str) -> Message:
    """Write to a thread and tell the other side. Raises Invalid at `body` for an empty or overlong message."""
    actor.permit(Permission.MESSAGE_SEND)
    assert actor.company_id is not None
    words = clean_text(body)
    if not words:
        raise Invalid(_l("Write something first."), "body")
    if len(words) > LONGEST:
        raise Invalid(
            _l("Use at most %(n)s characters; send a longer text as a file of the agreement.", n=LONGEST), "body"
        )
    message = Message(
        thread_id=thread.id,
        buyer_id=thread.buyer_id,
        vendor_id=thread.vendor_id,
        company_id=actor.company_id,
        person_id=actor.person_id,
        person_name=actor.person_name,
        body=words,
    )
    db.session.add(message)
    thread.last_at = clock.now()
    db.session.flush()
    audit.record(actor, "messaging:message:post", message)
    notify(
        thread.partner_of(actor.company_id),
        POSTED.name,
        {
            "thread_id": str(thread.id),
            "title": thread.title,
            "company": actor.company_name,
            "person": actor.person_name,
        },
        permission=Permission.AGREEMENT_VIEW,
    )
    return message
