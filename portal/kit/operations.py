"""What runs behind the pages: the queue's jobs and the mails, as their headers. No arguments but ids, no bodies."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select, text

from portal.kit.db import db
from portal.kit.mail import Mail

SHOWN = 50


class WaitingJob(NamedTuple):
    """One job of the queue that is not done."""

    id: int
    name: str
    state: str
    tries: int
    due_at: datetime | None
    subject: str


def job_counts() -> dict[str, int]:
    """How many jobs are in each state; done ones leave the queue."""
    rows = db.session.execute(text("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY status"))
    return {row[0]: row[1] for row in rows}


def unfinished_jobs() -> list[WaitingJob]:
    """Failed jobs first, then running ones, then those that wait longest."""
    rows = db.session.execute(
        text(
            "SELECT id, task_name, status::text AS state, attempts, scheduled_at, args FROM procrastinate_jobs"
            " WHERE status IN ('failed', 'doing', 'todo')"
            " ORDER BY CASE status WHEN 'failed' THEN 0 WHEN 'doing' THEN 1 ELSE 2 END, id LIMIT :shown"
        ),
        {"shown": SHOWN},
    )
    return [
        WaitingJob(row.id, row.task_name, row.state, row.attempts, row.scheduled_at, _ids_of(row.args)) for row in rows
    ]


def _ids_of(arguments: dict[str, Any]) -> str:
    """The ids among a job's arguments; whatever else it may carry is not shown."""
    found = []
    for value in arguments.values():
        try:
            found.append(str(uuid.UUID(str(value))))
        except ValueError:
            continue
    return ", ".join(found)


def mail_counts() -> dict[str, int]:
    """How many mails wait and how many were sent, as far as the reader may see mails."""
    rows = db.session.execute(select(Mail.state, func.count()).group_by(Mail.state))
    return {row[0]: row[1] for row in rows}


def latest_mails(before: uuid.UUID | None = None) -> Sequence[Mail]:
    """Headers of mails, newest first: a page and one more."""
    query = select(Mail).order_by(Mail.id.desc()).limit(SHOWN + 1)
    return db.session.scalars(query if before is None else query.where(Mail.id < before)).all()


def mail_content(mail_id: uuid.UUID) -> dict[str, Any] | None:
    """Kind, language, recipient and values of a mail, for staff; None for anybody else."""
    row = db.session.execute(text("SELECT * FROM mail_content(:id)"), {"id": mail_id}).mappings().one_or_none()
    return dict(row) if row else None
