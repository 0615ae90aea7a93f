"""Reads of platform staff: public facts about companies, people, the audit log without sealed entries, operations."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.accounts.actor import Actor
from portal.accounts.models import Company, Membership, Person
from portal.accounts.permissions import Permission
from portal.kit import operations
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import NotFound

PAGE = 50


def companies_for_staff(
    actor: Actor, *, q: str = "", kind: str = "", state: str = "", before: uuid.UUID | None = None
) -> Sequence[Company]:
    """Companies, newest first: a page and one more."""
    actor.permit(Permission.STAFF_COMPANIES)
    query = select(Company).order_by(Company.id.desc()).limit(PAGE + 1)
    if q:
        query = query.where(Company.name.icontains(q, autoescape=True))
    if kind:
        query = query.where(Company.kind == kind)
    if state:
        query = query.where(Company.state == state)
    if before is not None:
        query = query.where(Company.id < before)
    return db.session.scalars(query).all()


def company_for_staff(actor: Actor, company_id: uuid.UUID) -> Company:
    """One company's public facts. Raises NotFound."""
    actor.permit(Permission.STAFF_COMPANIES)
    found = db.session.get(Company, company_id)
    if found is None:
        raise NotFound
    return found


def members_for_staff(actor: Actor, company_id: uuid.UUID) -> Sequence[Membership]:
    """Who belongs to a company, by name."""
    actor.permit(Permission.STAFF_COMPANIES)
    query = select(Membership).join(Membership.person).where(Membership.company_id == company_id)
    return db.session.scalars(query.order_by(Person.name).options(joinedload(Membership.person))).all()


def company_counts(actor: Actor) -> dict[str, int]:
    """How many companies are in each state."""
    actor.permit(Permission.STAFF_COMPANIES)
    rows = db.session.execute(select(Company.state, func.count()).group_by(Company.state))
    return {row[0]: row[1] for row in rows}


def people_for_staff(actor: Actor, *, q: str = "", before: uuid.UUID | None = None) -> Sequence[Person]:
    """People by a part of their name or address, newest first: a page and one more."""
    actor.permit(Permission.STAFF_PEOPLE)
    query = select(Person).order_by(Person.id.desc()).limit(PAGE + 1)
    if q:
        query = query.where(or_(Person.name.icontains(q, autoescape=True), Person.email.icontains(q, autoescape=True)))
    if before is not None:
        query = query.where(Person.id < before)
    return db.session.scalars(query).all()


def person_for_staff(actor: Actor, person_id: uuid.UUID) -> Person:
    """One person. Raises NotFound."""
    actor.permit(Permission.STAFF_PEOPLE)
    found = db.session.get(Person, person_id)
    if found is None:
        raise NotFound
    return found


def memberships_for_staff(actor: Actor, person_id: uuid.UUID) -> Sequence[Membership]:
    """The companies of a person."""
    actor.permit(Permission.STAFF_PEOPLE)
    query = select(Membership).where(Membership.person_id == person_id).options(joinedload(Membership.company))
    return db.session.scalars(query.order_by(Membership.id)).all()


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries of the audit log are wanted; empty means all."""

    tag: str = ""
    person: str = ""
    company_id: uuid.UUID | None = None
    subject_id: uuid.UUID | None = None


def audit_for_staff(actor: Actor, wanted: AuditFilter, *, before: uuid.UUID | None = None) -> Sequence[AuditEntry]:
    """Entries of the audit log, newest first: a page and one more. Sealed entries are not among them."""
    actor.permit(Permission.STAFF_AUDIT)
    query = select(AuditEntry).where(AuditEntry.sealed.is_(False)).order_by(AuditEntry.id.desc()).limit(PAGE + 1)
    if wanted.tag:
        query = query.where(AuditEntry.tag.startswith(wanted.tag, autoescape=True))
    if wanted.person:
        query = query.where(AuditEntry.person_name.icontains(wanted.person, autoescape=True))
    if wanted.company_id is not None:
        query = query.where(AuditEntry.company_id == wanted.company_id)
    if wanted.subject_id is not None:
        query = query.where(AuditEntry.subject_id == wanted.subject_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return db.session.scalars(query).all()


def readable_mail(actor: Actor, mail_id: uuid.UUID) -> dict[str, Any]:
    """A mail's values, so that whoever tries the portal out can follow its links; in production there is no such page.

    Raises NotFound in production and for a mail that does not exist.
    """
    actor.permit(Permission.STAFF_OPERATIONS)
    content = None if current_app.config["PORTAL"].is_production else operations.mail_content(mail_id)
    if content is None:
        raise NotFound
    return content
