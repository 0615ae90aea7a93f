"""A company's own details, and what staff may do to a company or a person."""

import uuid
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text

from portal.accounts import signals
from portal.accounts.actor import Actor
from portal.accounts.addresses import address_of
from portal.accounts.iban import is_iban
from portal.accounts.models import Company, CompanyDetails, Person
from portal.accounts.permissions import Permission
from portal.accounts.queries import publishers_for
from portal.accounts.states import COMPANY_MOVES, CompanyState
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.text import clean_line, clean_text

MAX_NAME = 120
ADDRESSES_A_YEAR = 3
"""New addresses a company may take in a year: each is its own for ever, so nobody gathers those of others."""
_A_YEAR = timedelta(days=365)
DETAIL_FIELDS = ("legal_name", "vat_id", "registration_no", "address", "billing_email", "iban")


def edit_details(actor: Actor, details: CompanyDetails, *, version: int, values: dict[str, str]) -> None:
    """Change what agreements and invoices say about the company; signed texts and issued invoices stay as they are."""
    actor.permit(Permission.COMPANY_EDIT)
    before = {name: getattr(details, name) for name in DETAIL_FIELDS}
    check_version(details, version, mine="\n".join(values.values()), theirs="\n".join(before.values()))
    if not clean_line(values["legal_name"]):
        raise Invalid(_l("Write the name under which the company is registered."), "legal_name")
    if values["iban"].strip() and not is_iban(values["iban"]):
        raise Invalid(_l("This is not an IBAN: a digit is missing or mistyped."), "iban")
    for name in DETAIL_FIELDS:
        setattr(details, name, clean_text(values[name]))
    db.session.flush()
    audit.record(
        actor, "accounts:company:edit_details", details, before=before, after=values, company_id=details.company_id
    )


def choose_approval(actor: Actor, details: CompanyDetails, *, needed: bool, version: int) -> None:
    """Say whether another person approves a requirement before the company publishes it.

    Raises Invalid where fewer than two people of the company may publish: then nobody could approve anybody's work.
    """
    actor.permit(Permission.COMPANY_EDIT)
    check_version(details, version)
    if needed and len(publishers_for(actor)) < 2:
        raise Invalid(
            _l(
                "Only one person of your company may publish, so nobody could approve what that person wrote."
                " Give a second person the role of owner or manager first."
            ),
            "needed",
        )
    before = details.needs_approval
    details.needs_approval = needed
    db.session.flush()
    audit.record(
        actor,
        "accounts:company:choose_approval",
        details,
        before={"needs_approval": before},
        after={"needs_approval": needed},
        company_id=details.company_id,
    )


def rename_company(actor: Actor, *, name: str, version: int) -> Company:
    """Give the actor's company another name, and its public page the address of that name.

    The address it had stays its own and leads to the new one. What is signed or issued keeps the name it was made
    with. Raises Invalid for no name, the same one, or too many new addresses within a year.
    """
    actor.permit(Permission.COMPANY_EDIT)
    company = db.session.scalar(select(Company).where(Company.id == actor.company_id).with_for_update())
    if company is None:
        raise NotFound
    check_version(company, version, mine=name, theirs=company.name)
    if not company.is_open:
        raise Conflict(_l("Your company is not open yet or is suspended, so that its name stays as it is."))
    wanted = clean_line(name)
    if not wanted:
        raise Invalid(_l("Write the name under which others know the company."), "name")
    if wanted == company.name:
        raise Invalid(_l("This is its name already."), "name")
    before = {"name": company.name, "slug": company.slug}
    if address_of(wanted) != address_of(company.name):
        _check_addresses()
        company.slug = db.session.scalar(text("SELECT slug_take(:slug)"), {"slug": address_of(wanted)}) or company.slug
    company.name = wanted
    db.session.flush()
    audit.record(actor, "accounts:company:rename", company, before=before, after={"name": wanted, "slug": company.slug})
    signals.company_renamed.send(company, actor=actor, before=before)
    return company


def take_back_name(actor: Actor, company_id: uuid.UUID, *, old: dict[str, str], reason: str) -> Company:
    """Give a company the name and address back that it had; `old` holds both. Raises Invalid without a reason.

    What is signed or issued keeps the name it was made with; the address of the name that goes leads to the old one.
    """
    actor.permit(Permission.STAFF_MODERATE)
    words = clean_text(reason)
    if not words:
        raise Invalid(_l("Give a reason: the company will read it."), "reason")
    company = db.session.scalar(select(Company).where(Company.id == company_id).with_for_update())
    if company is None:
        raise NotFound
    before = {"name": company.name, "slug": company.slug}
    company.name, company.slug = old["name"], old["slug"]
    db.session.flush()
    after = {**old, "reason": words}
    audit.record(actor, "accounts:company:take_back_name", company, before=before, after=after, company_id=company.id)
    signals.company_renamed.send(company, actor=actor, before=before)
    return company


def _check_addresses() -> None:
    since = clock.now() - _A_YEAR
    taken = db.session.scalar(text("SELECT slugs_taken_since(:since)"), {"since": since}) or 0
    if taken > ADDRESSES_A_YEAR:  # the one it began with is among them in its first year
        raise Invalid(
            _l(
                "The company took %(count)s new addresses within a year. Write to our staff to take another.",
                count=taken,
            ),
            "name",
        )


def suspend_company(actor: Actor, company_id: uuid.UUID, *, reason: str) -> Company:
    """Suspend a company: nothing new begins, what is in force goes on. The reason is kept and shown to it."""
    return _move(actor, company_id, CompanyState.SUSPENDED, "accounts:company:suspend", reason)


def reinstate_company(actor: Actor, company_id: uuid.UUID, *, reason: str) -> Company:
    """End a suspension."""
    return _move(actor, company_id, CompanyState.OPEN, "accounts:company:reinstate", reason)


def close_company(actor: Actor, company_id: uuid.UUID, *, reason: str) -> Company:
    """Close a company for good: it leaves every list and begins nothing new; what is in force runs to its end."""
    return _move(actor, company_id, CompanyState.CLOSED, "accounts:company:close", reason)


def _move(actor: Actor, company_id: uuid.UUID, to: CompanyState, tag: str, reason: str) -> Company:
    actor.permit(Permission.STAFF_COMPANIES)
    if not clean_line(reason):
        raise Invalid(_l("Give a reason: the company will read it."), "reason")
    company = db.session.scalar(select(Company).where(Company.id == company_id).with_for_update())
    if company is None:
        raise NotFound
    before = company.state
    states.move(company, to, COMPANY_MOVES, clock.now())
    db.session.flush()
    audit.record(
        actor,
        tag,
        company,
        before={"state": before},
        after={"state": company.state, "reason": reason},
        company_id=company.id,
    )
    signals.company_moved.send(company, actor=actor, reason=clean_text(reason))
    return company


def suspend_person(actor: Actor, person_id: uuid.UUID, *, reason: str) -> None:
    """Keep a person from signing in and end their sessions."""
    person = _person(actor, person_id, reason)
    person.suspended_at = clock.now()
    db.session.flush()
    db.session.execute(text("SELECT sessions_end_of(:person)"), {"person": person.id})
    audit.record(actor, "accounts:person:suspend", person, after={"reason": reason})


def reinstate_person(actor: Actor, person_id: uuid.UUID, *, reason: str) -> None:
    """Let a suspended person sign in again."""
    person = _person(actor, person_id, reason)
    person.suspended_at = None
    db.session.flush()
    audit.record(actor, "accounts:person:reinstate", person, after={"reason": reason})


def _person(actor: Actor, person_id: uuid.UUID, reason: str) -> Person:
    actor.permit(Permission.STAFF_PEOPLE)
    if not clean_line(reason):
        raise Invalid(_l("Give a reason: it is kept in the audit log."), "reason")
    person = db.session.scalar(select(Person).where(Person.id == person_id).with_for_update())
    if person is None:
        raise NotFound
    return person
