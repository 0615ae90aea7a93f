"""Companies, people and browsers that are signed in.

Rows are written by the owner in transactions of their own, so that a factory needs no scope and leaves none behind.
"""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from flask import current_app
from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text

from portal.accounts import passwords
from portal.accounts.actor import Actor
from portal.accounts.permissions import permissions_of
from portal.accounts.sessions import LIFETIME, email_key
from portal.kit.ids import new_id, new_token, token_hash
from portal.kit.text import slug

PASSWORD = "quiet harbour lantern seventeen"


@dataclass(frozen=True)
class MadeCompany:
    """A company that a test made."""

    id: uuid.UUID
    kind: str
    name: str
    slug: str
    country: str
    timezone: str
    currency: str


@dataclass(frozen=True)
class MadePerson:
    """A person that a test made; their password is `PASSWORD`."""

    id: uuid.UUID
    name: str
    email: str
    locale: str
    timezone: str


@cache
def _password_hash() -> str:
    return passwords.hashed(PASSWORD)


_engines: dict[str, Engine] = {}


def _owner() -> Engine:
    # Kept from test to test: a new connection costs more than what a factory does with it.
    url = current_app.config["PORTAL"].database_owner_url
    if url not in _engines:
        _engines[url] = create_engine(url)
    return _engines[url]


def release() -> None:
    """Close the connections that `execute` has kept."""
    while _engines:
        _engines.popitem()[1].dispose()


def execute(statement: str, **values: Any) -> list[Any]:
    """Run one statement as the owner and commit; gives the rows, if there are any."""
    with _owner().begin() as connection:
        result = connection.execute(text(statement), values)
        return list(result.all()) if result.returns_rows else []


def make_company(
    kind: str,
    name: str | None = None,
    *,
    state: str = "open",
    country: str = "GB",
    timezone: str = "Europe/London",
    currency: str = "GBP",
) -> MadeCompany:
    """A company with details and nobody in it; a name of its own when none is given."""
    company_id = new_id()
    name = name or f"{kind.capitalize()} {company_id.hex[-6:]}"
    made = MadeCompany(company_id, kind, name, f"{slug(name)}-{company_id.hex[-6:]}", country, timezone, currency)
    execute(
        "WITH made AS (INSERT INTO companies (id, kind, name, slug, state, country, timezone, currency, open_at)"
        " VALUES (:id, :kind, :name, :slug, :state, :country, :timezone, :currency, portal_now()) RETURNING id)"
        " INSERT INTO company_details (company_id, legal_name, address, billing_email)"
        " SELECT id, :legal_name, '1 Test Street', 'billing@example.test' FROM made",
        **made.__dict__,
        state=state,
        legal_name=f"{name} Ltd",
    )
    return made


def make_person(
    company: MadeCompany | None = None,
    role: str = "owner",
    *,
    name: str | None = None,
    email: str | None = None,
    locale: str = "en",
    timezone: str = "Europe/London",
    confirmed: bool = True,
) -> MadePerson:
    """A person with a confirmed address, and a role in `company` where one is given."""
    person_id = new_id()
    name = name or f"Person {person_id.hex[-6:]}"
    made = MadePerson(person_id, name, email or f"p-{person_id.hex[-8:]}@example.test", locale, timezone)
    execute(
        "WITH made AS (INSERT INTO people (id, email, email_key, name, locale, timezone, confirmed_at) VALUES"
        " (:id, :email, :key, :name, :locale, :timezone, CASE WHEN :confirmed THEN portal_now() END) RETURNING id)"
        " INSERT INTO credentials (person_id, password_hash, changed_at) SELECT id, :hash, portal_now() FROM made",
        **made.__dict__,
        key=email_key(made.email),
        hash=_password_hash(),
        confirmed=confirmed,
    )
    if company is not None:
        add_member(company, made, role)
    return made


def add_member(company: MadeCompany, person: MadePerson, role: str = "owner") -> uuid.UUID:
    """Give a person a role in one more company; gives the membership's id."""
    membership_id = new_id()
    execute(
        "INSERT INTO memberships (id, company_id, person_id, role) VALUES (:id, :company, :person, :role)",
        id=membership_id,
        company=company.id,
        person=person.id,
        role=role,
    )
    return membership_id


def make_staff(*roles: str, name: str | None = None) -> MadePerson:
    """A member of the platform's staff, by default a moderator."""
    person = make_person(name=name)
    for role in roles or ("moderator",):
        execute("INSERT INTO staff_memberships (person_id, role) VALUES (:person, :role)", person=person.id, role=role)
    return person


def actor_for(person: MadePerson, company: MadeCompany | None = None) -> Actor:
    """The actor a person is in a company, or, without one, as staff (or as somebody who is in no company)."""
    role = None
    if company is not None:
        found = execute(
            "SELECT role FROM memberships WHERE company_id = :company AND person_id = :person",
            company=company.id,
            person=person.id,
        )
        role = found[0].role
    staff = execute("SELECT role FROM staff_memberships WHERE person_id = :person ORDER BY role", person=person.id)
    staff_roles = tuple(row.role for row in staff)
    return Actor(
        person_id=person.id,
        person_name=person.name,
        email=person.email,
        locale=person.locale,
        timezone=person.timezone,
        company_id=company.id if company else None,
        company_name=company.name if company else "",
        company_kind=company.kind if company else None,
        role=role,
        staff_roles=staff_roles,
        permissions=permissions_of(role, staff_roles, company.kind if company else None),
    )


def sign_in(
    client: FlaskClient, person: MadePerson, company: MadeCompany | None = None, *, lifetime: timedelta = LIFETIME
) -> str:
    """Sign a person in on a browser without its sign-in page; in their first company unless one is named.

    Gives the session's token.
    """
    token = new_token()
    execute(
        "INSERT INTO sessions (token_hash, person_id, company_id, expires_at, browser)"
        " VALUES (:hash, :person, COALESCE(cast(:company AS uuid), (SELECT m.company_id FROM memberships m"
        " WHERE m.person_id = :person ORDER BY m.created_at, m.id LIMIT 1)), portal_now() + :lifetime, 'Test browser')",
        hash=token_hash(token),
        person=person.id,
        company=company.id if company else None,
        lifetime=lifetime,
    )
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
        cookie["_fresh"] = True
    return token
