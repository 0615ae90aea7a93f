"""Reads about companies and people, each already scoped to who asks."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Row, select, text
from sqlalchemy.orm import joinedload

from portal.accounts.actor import Actor
from portal.accounts.models import ApiToken, Company, CompanyDetails, Invitation, Membership, Person
from portal.accounts.permissions import ROLES, Permission, Role
from portal.kit import clock
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.ids import token_hash
from portal.kit.tenancy import mine

SHOWN_TOKENS = 200


class Letterhead(NamedTuple):
    """A company as agreements and invoices print it; copied there, so that later changes leave them as they were."""

    company_id: uuid.UUID
    name: str
    legal_name: str
    vat_id: str
    registration_no: str
    address: str
    country: str
    billing_email: str

    def as_document(self) -> dict[str, str]:
        """The same as plain JSON."""
        return {**self._asdict(), "company_id": str(self.company_id)}


class OpenInvitation(NamedTuple):
    """What the holder of an invitation's link may see of it."""

    company_id: uuid.UUID
    company_name: str
    company_kind: str
    email: str
    email_key: str
    role: str


def company(company_id: uuid.UUID) -> Company:
    """A company's public facts. Raises NotFound."""
    found = db.session.get(Company, company_id)
    if found is None:
        raise NotFound
    return found


def names_of(company_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The names of several companies by id, in one statement."""
    rows = db.session.execute(select(Company.id, Company.name).where(Company.id.in_(company_ids)))
    return {row.id: row.name for row in rows}


def letterheads(*company_ids: uuid.UUID) -> list[Letterhead]:
    """Letterheads in the order asked for, for a document between these companies. Raises NotFound.

    They are shown to the companies themselves, to those they do business with, and to staff.
    """
    query = text("SELECT l.* FROM unnest(cast(:ids AS uuid[])) AS asked (id), letterhead(asked.id) l")
    found = {row.company_id: Letterhead(*row) for row in db.session.execute(query, {"ids": list(company_ids)})}
    if len(found) < len(set(company_ids)):
        raise NotFound
    return [found[company_id] for company_id in company_ids]


def person_for(actor: Actor) -> Person:
    """The actor as the person they are in every company. Raises NotFound for a robot."""
    found = db.session.get(Person, actor.person_id) if actor.person_id else None
    if found is None:
        raise NotFound
    return found


def details_for(actor: Actor) -> CompanyDetails:
    """The details of the actor's own company."""
    actor.permit(Permission.COMPANY_VIEW)
    found = db.session.scalar(select(CompanyDetails).where(mine(CompanyDetails)))
    if found is None:
        raise NotFound
    return found


def team_for(actor: Actor) -> Sequence[Membership]:
    """The members of the actor's company with their people, by name."""
    actor.permit(Permission.COMPANY_VIEW)
    query = select(Membership).join(Membership.person).where(mine(Membership)).order_by(Person.name)
    return db.session.scalars(query.options(joinedload(Membership.person))).all()


def publishers_for(actor: Actor) -> Sequence[Membership]:
    """The members of the actor's company whose role allows to publish requirements."""
    return [one for one in team_for(actor) if Permission.REQUIREMENT_PUBLISH in ROLES[Role(one.role)]]


def invitations_for(actor: Actor) -> Sequence[Invitation]:
    """Invitations of the actor's company that can still be accepted."""
    actor.permit(Permission.COMPANY_VIEW)
    query = select(Invitation).where(
        mine(Invitation), Invitation.accepted_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return db.session.scalars(query.where(Invitation.expires_at > clock.now()).order_by(Invitation.created_at)).all()


def api_tokens_for(actor: Actor) -> Sequence[ApiToken]:
    """The tokens of the actor's company with the people they act for: those not revoked first, then the newest."""
    actor.permit(Permission.API_TOKENS)
    newest = (ApiToken.revoked_at.is_not(None), ApiToken.id.desc())
    query = select(ApiToken).where(mine(ApiToken)).order_by(*newest).limit(SHOWN_TOKENS)
    return db.session.scalars(query.options(joinedload(ApiToken.person))).all()


def memberships_of(person_id: uuid.UUID) -> Sequence[Row[uuid.UUID, str, str, str]]:
    """A person's own memberships as (company id, name, kind, role), by company name."""
    query = (
        select(Company.id, Company.name, Company.kind, Membership.role)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.person_id == person_id)
        .order_by(Company.name)
    )
    return db.session.execute(query).all()


def open_invitation(token: str) -> OpenInvitation | None:
    """The invitation a link is for, or None when it cannot be accepted any more."""
    row = db.session.execute(text("SELECT * FROM invitation_find(:hash)"), {"hash": token_hash(token)}).one_or_none()
    return OpenInvitation(*row) if row else None
