"""Server-side sessions: the cookie holds a random token, the database its digest and to whom it belongs."""

import uuid
from datetime import datetime, timedelta
from typing import NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts import passwords, throttle
from portal.accounts.actor import Actor
from portal.accounts.permissions import permissions_of
from portal.kit import audit, tenancy
from portal.kit.db import db
from portal.kit.errors import Invalid, NotFound
from portal.kit.ids import new_token, token_hash
from portal.kit.text import fold

LIFETIME = timedelta(days=14)  # at most 12 hours for staff, says session_open


def email_key(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return fold(email.strip())


def sign_in(email: str, password: str, *, address: str, browser: str) -> str:
    """Open a session and give its token.

    `address` is the client's network address, for throttling. Raises TooMany, or Invalid with one sentence for every
    reason, so that nobody learns which addresses have accounts.
    """
    account_key, address_key = f"sign-in:{email_key(email)}", f"sign-in-from:{address}"
    throttle.check(account_key, throttle.TRIES_PER_ACCOUNT)
    throttle.check(address_key, throttle.TRIES_PER_ADDRESS)
    found = (
        db.session.execute(text("SELECT * FROM account_find(:key)"), {"key": email_key(email)}).mappings().one_or_none()
    )
    if not passwords.matches(found["password_hash"] if found else None, password) or found is None:
        throttle.count(account_key, address_key)
        raise Invalid(_l("E-mail address and password do not match an account."), "password")
    if found["suspended"]:
        raise Invalid(_l("This account is suspended. Write to support to learn why."), "email")
    if not found["confirmed"]:
        raise Invalid(_l("Confirm your e-mail address first: open the link we sent you."), "email")
    throttle.clear(account_key)
    return open_for(found["person_id"], browser=browser)


def open_for(person_id: uuid.UUID, *, browser: str) -> str:
    """Open a session for a person who has just shown who they are, and give its token.

    It ends after LIFETIME, that of staff after twelve hours.
    """
    token = new_token()
    db.session.execute(
        text("SELECT session_open(:hash, :person, :lifetime, :browser)"),
        {"hash": token_hash(token), "person": person_id, "lifetime": LIFETIME, "browser": browser[:200]},
    )
    actor = find(token)
    if actor is not None:
        with tenancy.scope(actor.scope):
            audit.record(actor, "accounts:session:open", None)
    return token


def find(token: str) -> Actor | None:
    """Whose session a token is, as the actor they are in their current company; None when it has ended."""
    row = (
        db.session.execute(text("SELECT * FROM session_find(:hash)"), {"hash": token_hash(token)})
        .mappings()
        .one_or_none()
    )
    if row is None:
        return None
    values = dict(row)
    staff_roles = tuple(values.pop("staff_roles"))
    return Actor(
        **{**values, "company_name": row["company_name"] or "", "company_state": row["company_state"] or ""},
        staff_roles=staff_roles,
        permissions=permissions_of(row["role"], staff_roles, row["company_kind"]),
    )


def end(token: str) -> None:
    """End one session."""
    db.session.execute(text("SELECT session_end(:hash)"), {"hash": token_hash(token)})


def switch(token: str, company_id: uuid.UUID) -> bool:
    """Make another of the person's companies the session's current one; False when it is not theirs."""
    found: bool = db.session.execute(
        text("SELECT session_switch(:hash, :company)"), {"hash": token_hash(token), "company": company_id}
    ).scalar_one()
    return found


class OpenSession(NamedTuple):
    """One place where a person is signed in. `digest` names it and opens nothing."""

    digest: str
    created_at: datetime
    browser: str
    is_this: bool


def own_sessions(actor: Actor, token: str) -> list[OpenSession]:
    """Where the actor is signed in, the latest first; `token` is the running session's."""
    rows = db.session.execute(
        text(
            "SELECT token_hash, created_at, browser FROM sessions WHERE person_id = :person AND ended_at IS NULL"
            " AND expires_at > portal_now() ORDER BY created_at DESC"
        ),
        {"person": actor.person_id},
    )
    this = token_hash(token)
    return [OpenSession(row.token_hash, row.created_at, row.browser, row.token_hash == this) for row in rows]


def end_own(actor: Actor, token: str, digest: str | None = None) -> None:
    """End one of the actor's other sessions by its digest, or all others. Raises NotFound for a foreign one."""
    others = [found.digest for found in own_sessions(actor, token) if not found.is_this]
    if digest is not None and digest not in others:
        raise NotFound
    for one in others if digest is None else [digest]:
        db.session.execute(text("SELECT session_end(:hash)"), {"hash": one})
    audit.record(actor, "accounts:session:end_others", None)


def confirm_password(actor: Actor, password: str, field: str = "password") -> None:
    """Ask for the password again before something that binds; raises Invalid at `field`, or TooMany."""
    key = f"confirm:{actor.person_id}"
    throttle.check(key, throttle.TRIES_PER_ACCOUNT)
    own = db.session.execute(text("SELECT password_hash_own()")).scalar_one()
    if not passwords.matches(own, password):
        throttle.count(key)
        raise Invalid(_l("This is not your password."), field)
