"""Signing up: a person, their company, and a link that shows the address is theirs."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import text

from portal.accounts import passwords, sessions, throttle
from portal.accounts.actor import Actor
from portal.accounts.addresses import address_of
from portal.accounts.sessions import email_key
from portal.kit import audit, mail, tenancy
from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.ids import new_id, new_token, token_hash
from portal.kit.text import clean_line

CONFIRM_WITHIN = timedelta(days=3)
RESET_WITHIN = timedelta(hours=1)
LETTERS_PER_ADDRESS = 5  # within the window of throttle


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody types about themselves."""

    name: str
    email: str
    password: str
    locale: str
    timezone: str


@dataclass(frozen=True, slots=True)
class NewCompany:
    """What somebody types about the company they found."""

    kind: str
    name: str
    country: str
    timezone: str
    currency: str


def sign_up(person: NewPerson, company: NewCompany) -> None:
    """Create a person with a company of their own and mail the link that confirms the address.

    Where the address already has an account nothing is created and a mail says so: the page answers the same.
    Raises Invalid for a weak password, or TooMany when the address was written to often lately.
    """
    passwords.check_strength(person.password, [person.name, person.email, company.name])
    _count_letter(person.email)
    person_id = _create(person)
    if person_id is None:
        mail.send("already_registered", to=person.email, language=person.locale, params={"path": "/sign-in"})
        return
    create_company(person_id, person.name, company)
    send_confirmation(person_id, person.email, person.locale)


def join(person: NewPerson) -> uuid.UUID:
    """Create a person without a company, for accepting an invitation. Raises Invalid where the address has one."""
    passwords.check_strength(person.password, [person.name, person.email])
    person_id = _create(person)
    if person_id is None:
        raise Invalid(_l("This address already has an account. Sign in, then open the invitation again."), "email")
    _note(person_id, "accounts:person:join")
    return person_id


def _create(person: NewPerson) -> uuid.UUID | None:
    person_id = new_id()
    created = db.session.execute(
        text("SELECT account_create(:id, :email, :key, :name, :locale, :timezone, :hash)"),
        {
            "id": person_id,
            "email": person.email.strip(),
            "key": email_key(person.email),
            "name": clean_line(person.name),
            "locale": person.locale,
            "timezone": person.timezone,
            "hash": passwords.hashed(person.password),
        },
    ).scalar_one()
    return person_id if created else None


def create_company(person_id: uuid.UUID, person_name: str, company: NewCompany) -> uuid.UUID:
    """Create a company owned by a person; it opens as soon as that person's address is confirmed."""
    company_id = new_id()
    name = clean_line(company.name)
    db.session.execute(
        text("SELECT company_create(:id, :person, :kind, :name, :slug, :country, :timezone, :currency)"),
        {
            "id": company_id,
            "person": person_id,
            "kind": company.kind,
            "name": name,
            "slug": address_of(name),
            "country": company.country,
            "timezone": company.timezone,
            "currency": company.currency,
        },
    )
    founder = Actor(person_id, person_name, "", "en", company.timezone, company_id=company_id)
    with tenancy.scope(founder.scope):
        audit.record(founder, "accounts:company:create", None, after={"name": name, "kind": company.kind})
    return company_id


def send_confirmation(person_id: uuid.UUID, email: str, locale: str) -> None:
    """Mail a link that confirms the address; an older link stops working.

    The mail repeats nothing that was typed: strangers could write to others through it.
    """
    token = issue_link("confirm", person_id, CONFIRM_WITHIN)
    mail.send("confirm_address", to=email, language=locale, params={"path": f"/confirm/{token}"})


def confirm_address(token: str) -> uuid.UUID:
    """Take a confirmation link and open the person's company; gives the person's id. Raises Invalid once used."""
    person_id: uuid.UUID | None = db.session.execute(
        text("SELECT account_confirm(:hash)"), {"hash": token_hash(token)}
    ).scalar_one()
    if person_id is None:
        raise Invalid(_l("This link has expired or was used before. Sign in, or ask for a new link."))
    _note(person_id, "accounts:address:confirm")
    return person_id


def ask_reset(email: str) -> None:
    """Mail a reset link where the address has an account; the page answers the same either way.

    Raises TooMany when the address was written to often lately, whether or not it has an account.
    """
    _count_letter(email)
    found = (
        db.session.execute(text("SELECT * FROM account_find(:key)"), {"key": email_key(email)}).mappings().one_or_none()
    )
    if found is None or found["suspended"]:
        return
    if not found["confirmed"]:
        send_confirmation(found["person_id"], email.strip(), found["locale"])
        return
    token = issue_link("reset", found["person_id"], RESET_WITHIN)
    mail.send(
        "reset_password",
        to=email.strip(),
        language=found["locale"],
        params={"name": found["name"], "path": f"/reset/{token}"},
    )


def reset_is_open(token: str) -> bool:
    """Whether a reset link still works."""
    return (
        db.session.execute(text("SELECT link_person('reset', :hash)"), {"hash": token_hash(token)}).scalar_one()
        is not None
    )


def reset_password(token: str, password: str) -> None:
    """Set a new password by a reset link and end every session of the person. Raises Invalid once used."""
    passwords.check_strength(password, [])
    person_id = db.session.execute(
        text("SELECT account_reset(:hash, :password)"),
        {"hash": token_hash(token), "password": passwords.hashed(password)},
    ).scalar_one()
    if person_id is None:
        raise Invalid(_l("This link has expired or was used before. Ask for a new one."))
    _note(person_id, "accounts:password:reset")


def _note(person_id: uuid.UUID, tag: str) -> None:
    """Record an act of somebody who has not signed in; the person's name is left to the people table."""
    stranger = Actor(person_id, "", "", "en", "UTC")
    with tenancy.scope(stranger.scope):
        audit.record(stranger, tag, None)


def change_password(actor: Actor, *, current: str, new: str, session_token: str) -> None:
    """Set a new password after asking for the old one, and end every other session of the person."""
    sessions.confirm_password(actor, current, field="current")
    passwords.check_strength(new, [actor.person_name, actor.email], field="new")
    db.session.execute(
        text("SELECT password_change(:hash, :kept)"),
        {"hash": passwords.hashed(new), "kept": token_hash(session_token)},
    )
    audit.record(actor, "accounts:password:change", None)


def _count_letter(email: str) -> None:
    """Keep anybody from filling a stranger's mailbox from our forms."""
    key = f"letter:{email_key(email)}"
    throttle.check(key, LETTERS_PER_ADDRESS)
    throttle.count(key)


def issue_link(purpose: str, person_id: uuid.UUID, lifetime: timedelta) -> str:
    """A link's token that works once, for one purpose; older ones for that purpose stop working."""
    token = new_token()
    db.session.execute(
        text("SELECT link_issue(:purpose, :hash, :person, :lifetime)"),
        {"purpose": purpose, "hash": token_hash(token), "person": person_id, "lifetime": lifetime},
    )
    return token
