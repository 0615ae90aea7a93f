"""Tokens of programs: the database holds a token's digest, and who somebody is by it is looked up at each request."""

import uuid
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.accounts.permissions import VIEWING, permissions_of
from portal.accounts.states import TokenScope
from portal.kit.db import db
from portal.kit.ids import token_hash

PREFIX = "swb_"  # so that people, and programs that look for leaked secrets, know one when they see it


class Bearer(NamedTuple):
    """Who a request comes from by its token. `used_lately` is whether its use was noted within the hour."""

    token_id: uuid.UUID
    name: str
    scope: TokenScope
    expires_at: datetime
    used_lately: bool
    actor: Actor


def find(token: str) -> Bearer | None:
    """Whose token this is, as the actor its person is now; None when it opens nothing (any more).

    It opens nothing once it is revoked or expired, its person has left or is suspended, or its company is not open.
    A token for reading leaves its actor nothing but what looks, whatever the role.
    """
    if not token.startswith(PREFIX):
        return None
    row = (
        db.session.execute(text("SELECT * FROM api_token_find(:hash)"), {"hash": token_hash(token)})
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    values = dict(row)
    names = ("token_id", "token_name", "scope", "expires_at", "used_lately")
    token_id, name, scope, expires_at, used_lately = (values.pop(key) for key in names)
    permissions = permissions_of(row["role"], (), row["company_kind"])
    if scope == TokenScope.READ:
        permissions &= VIEWING
    actor = Actor(**values, company_count=1, permissions=permissions)
    return Bearer(token_id, name, TokenScope(scope), expires_at, used_lately, actor)


def note_use(bearer: Bearer) -> None:
    """Write down that a token was used. A transaction of the bearer's own scope that may write."""
    db.session.execute(text("SELECT api_token_used(:id)"), {"id": bearer.token_id})
