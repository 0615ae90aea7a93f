"""What was mailed: runs the waiting jobs and reads the messages they wrote."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Flask

from portal.kit import jobs

LINK = re.compile(r"http://[^/\s]+(/\S+)")


def sent_mails(app: Flask) -> list[EmailMessage]:
    """Send what waits, and give every mail sent since the last look, in no order."""
    jobs.run_waiting(app)
    folder = app.config["PORTAL"].data_dir / "mail"
    found = []
    for path in folder.glob("*.eml") if folder.exists() else ():
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        found.append(message)
        path.unlink()
    return found


def link_in(message: EmailMessage) -> str:
    """The path of the first link in a mail."""
    found = LINK.search(message.get_content())
    assert found, "the mail holds no link"
    return found.group(1)
