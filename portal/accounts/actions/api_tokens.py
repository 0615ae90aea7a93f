"""API tokens: made by a person for a program that acts in their seat, taken back by anybody who may make them."""

import uuid
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts import sessions
from portal.accounts.actor import Actor
from portal.accounts.api_tokens import PREFIX
from portal.accounts.models import ApiToken, Company, Membership
from portal.accounts.permissions import Permission
from portal.accounts.states import TokenScope
from portal.kit import audit, clock
from portal.kit.db import db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.ids import new_token, token_hash
from portal.kit.tenancy import mine
from portal.kit.text import clean_line

DEFAULT_DAYS, MOST_DAYS = 90, 365
MOST_ACTIVE = 50
SHOWN_CHARACTERS = 4


def create_token(actor: Actor, *, name: str, scope: str, days: int, password: str) -> tuple[ApiToken, str]:
    """Make a token for the actor's seat; gives it with its secret, which is known to nobody afterwards.

    `days` is how long it works. Raises Invalid at the field at fault, and Conflict when the company has too many.
    """
    actor.permit(Permission.API_TOKENS)
    assert actor.company_id is not None and actor.person_id is not None
    name = clean_line(name)
    if not name:
        raise Invalid(_l("Write what the token is for, so that it can be told from others later."), "name")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(_l("Choose from 1 to %(n)s days.", n=MOST_DAYS), "days")
    sessions.confirm_password(actor, password)
    # The lock keeps two people from each making the last one that there is room for.
    db.session.execute(select(Company.id).where(Company.id == actor.company_id).with_for_update())
    seat = db.session.scalar(select(Membership.id).where(mine(Membership), Membership.person_id == actor.person_id))
    if seat is None:
        raise NotFound
    now = clock.now()
    active = select(func.count()).where(
        mine(ApiToken), ApiToken.revoked_at.is_(None), ApiToken.expires_at > now, ApiToken.membership_id.is_not(None)
    )
    if (db.session.scalar(active) or 0) >= MOST_ACTIVE:
        raise Conflict(
            _l("A company can have %(n)s tokens at a time. Revoke one that is no longer used.", n=MOST_ACTIVE)
        )
    secret = PREFIX + new_token()
    token = ApiToken(
        company_id=actor.company_id,
        person_id=actor.person_id,
        membership_id=seat,
        name=name,
        scope=TokenScope(scope),
        token_hash=token_hash(secret),
        ending=secret[-SHOWN_CHARACTERS:],
        expires_at=now + timedelta(days=days),
    )
    db.session.add(token)
    db.session.flush()
    after = {"name": name, "scope": token.scope, "expires_at": token.expires_at.isoformat()}
    audit.record(actor, "accounts:api_token:create", token, after=after)
    return token, secret


def revoke_token(actor: Actor, token_id: uuid.UUID) -> ApiToken:
    """Take a token of the company back, whoever made it; it opens nothing from the next request on."""
    actor.permit(Permission.API_TOKENS)
    token = db.session.scalar(select(ApiToken).where(mine(ApiToken), ApiToken.id == token_id).with_for_update())
    if token is None:
        raise NotFound
    if token.revoked_at is not None:
        raise Conflict(_l("This token was revoked already."))
    token.revoked_at = clock.now()
    db.session.flush()
    audit.record(actor, "accounts:api_token:revoke", token, after={"name": token.name})
    return token
