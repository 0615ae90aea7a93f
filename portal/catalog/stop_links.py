"""Links in mails about saved searches that stop those mails without signing in: whoever has the mail has the link.

A link is signed by the portal and says whose mails it stops. It reads nothing and stops nothing else, and it never
runs out, because a mail may be opened years later.
"""

import base64
import binascii
import hashlib
import hmac
import uuid

from flask import current_app

from portal.kit.errors import NotFound

PURPOSE = b"catalog.searches.stop"
_ID = 16  # bytes of an identifier
_WHOSE = 2 * _ID


def _seal(whose: bytes) -> bytes:
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), PURPOSE + whose, hashlib.sha256)


def stop_path(company_id: uuid.UUID, person_id: uuid.UUID) -> str:
    """The path that stops a person's mails about the searches saved in a company."""
    whose = company_id.bytes + person_id.bytes
    return f"/stop-mail/{base64.urlsafe_b64encode(whose + _seal(whose)).decode().rstrip('=')}"


def read_stop_token(token: str) -> tuple[uuid.UUID, uuid.UUID]:
    """Company and person of a link. Raises NotFound for one that the portal did not sign."""
    try:
        sent = base64.b64decode(token + "=" * (-len(token) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise NotFound from error
    whose, seal = sent[:_WHOSE], sent[_WHOSE:]
    if not hmac.compare_digest(seal, _seal(whose)):
        raise NotFound
    return uuid.UUID(bytes=whose[:_ID]), uuid.UUID(bytes=whose[_ID:])
