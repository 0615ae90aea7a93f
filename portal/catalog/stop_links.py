"""Links in mails about saved searches that stop those mails without signing in: whoever has the mail has the link.

A link is signed by the portal and says whose mails it stops. It reads nothing and stops nothing else, and it never
runs out, because a mail may be opened years later.
"""

import base64
import uuid

from flask import current_app
from itsdangerous import BadSignature, Signer

from portal.kit.errors import NotFound

_ID = 16  # bytes of an identifier


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="catalog.searches.stop")


def stop_path(company_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """The path that stops a person's mails about the searches saved in a company."""
    whose = base64.urlsafe_b64encode(company_id.bytes + person_id.bytes).rstrip(b"=")
    return f"/stop-mail/{_signer().sign(whose).decode()}"


def read_stop_token(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Company and person of a link. Raises NotFound for one that the portal did not sign."""
    try:
        whose = base64.urlsafe_b64decode(_signer().unsign(token) + b"=")
    except BadSignature as error:
        raise NotFound from error
    return uuid.UUID(bytes=whose[:_ID]), uuid.UUID(bytes=whose[_ID:])
