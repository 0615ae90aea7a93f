"""Sendings of forms and what they were answered, so that one sent twice is done once. Kept for a week."""

from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import text

from portal.kit import jobs, tenancy
from portal.kit.db import db

# A tab left open over a weekend may still be sent again. Less than a day the database would not heed.
KEPT_FOR = timedelta(days=7)


class Sent(NamedTuple):
    """An earlier sending: the digest of what it held, and where it was answered to."""

    body_sha256: str
    location: str | None


def begin(key: str, body_sha256: str) -> Sent | None:
    """Note a sending inside the running transaction; gives the earlier one with this key, after waiting for its end."""
    values = {"key": key, "body": body_sha256}
    inserted = db.session.execute(
        text("INSERT INTO submissions (key, body_sha256) VALUES (:key, :body) ON CONFLICT DO NOTHING"), values
    )
    if inserted.rowcount:  # type: ignore[attr-defined]
        return None
    return Sent(
        *db.session.execute(text("SELECT body_sha256, location FROM submissions WHERE key = :key"), values).one()
    )


def keep(key: str, location: str) -> None:
    """Remember where the sending was answered to."""
    db.session.execute(
        text("UPDATE submissions SET location = :location WHERE key = :key"), {"key": key, "location": location}
    )


@jobs.due("kit.forget_submissions")
def forget_old() -> None:
    """Delete what was sent longer ago than KEPT_FOR; sent once more it would count as new."""
    with jobs.transaction(tenancy.PUBLIC):
        db.session.execute(text("SELECT submissions_forget(:age)"), {"age": KEPT_FOR})
