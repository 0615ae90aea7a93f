"""Reads of notices and threads, scoped to the person or the company that asks."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.messaging.models import Message, Notification, NotificationPreference, Thread, ThreadSubject

PAGE = 25
THREADS_SHOWN = 200


def unread_count(actor: Actor) -> int:
    """How many notices the actor has not read in their current company; 0 for staff and robots."""
    if actor.company_id is None or actor.person_id is None:
        return 0
    query = select(func.count()).select_from(Notification)
    query = query.where(mine(Notification), Notification.person_id == actor.person_id, Notification.read_at.is_(None))
    return db.session.scalar(query) or 0


def notifications_for(actor: Actor, *, before: uuid.UUID | None = None) -> Sequence[Notification]:
    """The actor's notices, newest first: a page of `PAGE` and one more, by which one knows that there is a next."""
    query = select(Notification).where(mine(Notification), Notification.person_id == actor.person_id)
    if before is not None:
        query = query.where(Notification.id < before)
    return db.session.scalars(query.order_by(Notification.id.desc()).limit(PAGE + 1)).all()


def notification_for(actor: Actor, notification_id: uuid.UUID) -> Notification:
    """One of the actor's notices. Raises NotFound."""
    query = select(Notification).where(mine(Notification), Notification.person_id == actor.person_id)
    found = db.session.scalar(query.where(Notification.id == notification_id))
    if found is None:
        raise NotFound
    return found


def wants_mail(actor: Actor) -> bool:
    """Whether the actor gets notices by mail."""
    preference = db.session.get(NotificationPreference, actor.person_id)
    return preference is None or preference.by_mail


def threads_for(actor: Actor) -> Sequence[Thread]:
    """The threads of the actor's company, the latest first."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = select(Thread).where(mine(Thread)).order_by(Thread.last_at.desc().nulls_last(), Thread.id.desc())
    return db.session.scalars(query.limit(THREADS_SHOWN)).all()


def thread_for(actor: Actor, thread_id: uuid.UUID) -> Thread:
    """One thread of the actor's company. Raises NotFound."""
    actor.permit(Permission.AGREEMENT_VIEW)
    found = db.session.scalar(select(Thread).where(mine(Thread), Thread.id == thread_id))
    if found is None:
        raise NotFound
    return found


def thread_about(actor: Actor, kind: str, subject_id: uuid.UUID) -> Thread | None:
    """The thread about a subject, or None when nobody has begun it."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = select(Thread).where(mine(Thread), Thread.subject_kind == ThreadSubject(kind))
    return db.session.scalar(query.where(Thread.subject_id == subject_id))


def messages_of(actor: Actor, thread: Thread, *, before: uuid.UUID | None = None) -> Sequence[Message]:
    """A page of a thread's messages and one more, newest first."""
    actor.permit(Permission.AGREEMENT_VIEW)
    query = select(Message).where(mine(Message), Message.thread_id == thread.id)
    if before is not None:
        query = query.where(Message.id < before)
    return db.session.scalars(query.order_by(Message.id.desc()).limit(PAGE + 1)).all()
