"""Writes of notices: telling a company's members, marking as read, choosing mail."""

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text, update

from portal.accounts.actor import Actor
from portal.accounts.permissions import ROLES, Permission
from portal.kit import clock, jobs
from portal.kit.db import db
from portal.kit.errors import Forbidden
from portal.kit.ids import new_id
from portal.kit.tenancy import mine
from portal.messaging.jobs import mail_notices
from portal.messaging.kinds import kind_of
from portal.messaging.models import Notification, NotificationPreference


def notify(company_id: uuid.UUID, kind: str, params: dict[str, Any], *, permission: Permission | None = None) -> None:
    """Tell every member of a company, or those who hold `permission`, in the current transaction.

    Whoever acts is not told of their own act. `params` is plain JSON for the kind's sentence and path. Raises KeyError
    for a kind that nobody registered. Works in the scope of a member, of a company's robot, or of staff.
    """
    notify_each(kind, {company_id: params}, permission=permission)


def notify_each(
    kind: str, params_of: Mapping[uuid.UUID, dict[str, Any]], *, permission: Permission | None = None
) -> None:
    """Tell several companies, each with `params` of its own, in one statement; else as `notify`."""
    found = kind_of(kind)
    batches = {company_id: new_id() for company_id in params_of}
    rows = db.session.execute(
        text(
            "SELECT t.company, notify_company(t.company, t.batch, :kind, t.params, cast(:roles AS text[])) AS told"
            " FROM unnest(cast(:companies AS uuid[]), cast(:batches AS uuid[]), cast(:params AS jsonb[]))"
            " AS t (company, batch, params)"
        ),
        {
            "kind": found.name,
            "companies": list(batches),
            "batches": list(batches.values()),
            "params": [json.dumps(params, ensure_ascii=False) for params in params_of.values()],
            "roles": _roles_with(permission),
        },
    ).all()
    for row in rows:
        if row.told and found.mail:
            jobs.enqueue(mail_notices, batch=str(batches[row.company]), company_id=str(row.company))


def notify_person(company_id: uuid.UUID, person_id: uuid.UUID, kind: str, params: dict[str, Any]) -> None:
    """Tell one member of a company, in its member scope and the current transaction; nobody where they have left.

    Unlike `notify` it also tells the person in whose name the transaction runs: a job tells them what they asked for.
    """
    found, batch = kind_of(kind), new_id()
    told = db.session.execute(
        text("SELECT notify_person(:company, :person, :batch, :kind, CAST(:params AS jsonb))"),
        {
            "company": company_id,
            "person": person_id,
            "batch": batch,
            "kind": found.name,
            "params": json.dumps(params, ensure_ascii=False),
        },
    ).scalar_one()
    if told and found.mail:
        jobs.enqueue(mail_notices, batch=str(batch), company_id=str(company_id))


def _roles_with(permission: Permission | None) -> list[str]:
    return [role.value for role, held in ROLES.items() if permission is None or permission in held]


def mark_read(actor: Actor, ids: Sequence[uuid.UUID] | None = None) -> None:
    """Mark some of the actor's notices as read, or all of them."""
    query = update(Notification).where(
        mine(Notification), Notification.person_id == actor.person_id, Notification.read_at.is_(None)
    )
    if ids is not None:
        query = query.where(Notification.id.in_(ids))
    db.session.execute(query.values(read_at=clock.now()))


def choose_mail(actor: Actor, *, by_mail: bool) -> None:
    """Say whether the actor wants their notices by mail as well."""
    if actor.person_id is None:
        raise Forbidden
    preference = db.session.get(NotificationPreference, actor.person_id)
    if preference is None:
        preference = NotificationPreference(person_id=actor.person_id)
        db.session.add(preference)
    preference.by_mail = by_mail
    db.session.flush()
