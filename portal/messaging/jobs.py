"""Mails notices to the members who want them by mail."""

import uuid

from sqlalchemy import text

from portal.kit import jobs, mail, tenancy
from portal.kit.db import db
from portal.kit.language import written_in
from portal.messaging.kinds import is_known, kind_of


@jobs.task("messaging.mail_notices")
def mail_notices(*, batch: str, company_id: str) -> None:
    """Write one mail for each notice of a batch whose reader wants it.

    Taking a notice and writing its mail is one transaction, so that a second run finds nothing left to take.
    """
    with jobs.transaction(tenancy.member(uuid.UUID(company_id))):
        for row in db.session.execute(text("SELECT * FROM notices_take(:batch)"), {"batch": batch}).mappings():
            if not is_known(row["kind"]):
                continue
            kind = kind_of(row["kind"])
            with written_in(row["locale"]):
                words = kind.words(row["params"])
            params = {"name": row["name"], "sentence": words, "path": kind.address(row["params"])}
            if kind.template != "notification":
                params["details"] = row["params"]
            if "stop" in row["params"]:
                params["stop_path"] = row["params"]["stop"]
            mail.send(kind.template, to=row["email"], language=row["locale"], params=params)
