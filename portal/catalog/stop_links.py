"""Links in mails about saved searches that stop those mails without signing in: whoever has the mail has the link.

A link is signed by the portal and says whose mails it stops. It reads nothing and stops nothing else, and it never
runs out, because a mail may be opened years later.
"""

import uuid

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from portal.kit.errors import NotFound

PURPOSE = "catalog.searches.stop"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt=PURPOSE)


def stop_path(company_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """The path that stops a person's mails about the searches saved in a company."""
    return f"/stop-mail/{_signer().dumps([company_id.hex, person_id.hex])}"


def read_stop_token(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Company and person of a link. Raises NotFound for one that the portal did not sign."""
    try:
        company, person = _signer().loads(token)
    except BadData as error:
        raise NotFound from error
    return uuid.UUID(company), uuid.UUID(person)
