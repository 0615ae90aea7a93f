"""The team of a company: invitations, roles, and the rule that a company never loses its last owner."""

import uuid
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, text

from portal.accounts.actor import Actor
from portal.accounts.models import Company, Invitation, Membership, Person
from portal.accounts.permissions import ROLE_NAMES, Permission, Role
from portal.accounts.sessions import email_key
from portal.kit import audit, clock, mail, tenancy
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.ids import new_token, token_hash
from portal.kit.tenancy import mine

INVITATION_LASTS = timedelta(days=7)


def invite(actor: Actor, *, email: str, role: str, language: str) -> Invitation:
    """Offer a seat to an address by mail. An older invitation to the same address is replaced.

    Raises Invalid when the address already belongs to a member.
    """
    actor.permit(Permission.TEAM_MANAGE)
    assert actor.company_id is not None
    key = email_key(email)
    if _is_member(key):
        raise Invalid(_l("This address already belongs to somebody in your team."), "email")
    now = clock.now()
    for older in db.session.scalars(
        select(Invitation).where(mine(Invitation), Invitation.email_key == key, Invitation.accepted_at.is_(None))
    ):
        older.revoked_at = older.revoked_at or now
    token = new_token()
    invitation = Invitation(
        company_id=actor.company_id,
        email=email.strip(),
        email_key=key,
        role=Role(role),
        token_hash=token_hash(token),
        expires_at=now + INVITATION_LASTS,
    )
    db.session.add(invitation)
    db.session.flush()
    audit.record(actor, "accounts:invitation:send", invitation, after={"email": invitation.email, "role": role})
    mail.send(
        "invitation",
        to=invitation.email,
        language=language,
        params={
            "company": actor.company_name,
            "inviter": actor.person_name,
            "role": role,
            "path": f"/invitations/{token}",
        },
    )
    return invitation


def _is_member(key: str) -> bool:
    query = select(Membership.id).join(Person, Person.id == Membership.person_id).where(mine(Membership))
    return db.session.scalar(query.where(Person.email_key == key)) is not None


def revoke_invitation(actor: Actor, invitation_id: uuid.UUID) -> None:
    """Take an invitation back; its link stops working."""
    actor.permit(Permission.TEAM_MANAGE)
    invitation = db.session.scalar(select(Invitation).where(mine(Invitation), Invitation.id == invitation_id))
    if invitation is None:
        raise NotFound
    if invitation.accepted_at is not None:
        raise Conflict(_l("This invitation was accepted meanwhile. Change the person's role instead."))
    invitation.revoked_at = clock.now()
    audit.record(actor, "accounts:invitation:revoke", invitation)
    db.session.flush()


def accept_invitation(token: str, person_id: uuid.UUID, person_name: str) -> uuid.UUID:
    """Take the seat an invitation offers; gives the company's id.

    Raises Invalid when the link was used, revoked or has expired, or is bound to another address.
    """
    company_id: uuid.UUID | None = db.session.execute(
        text("SELECT invitation_accept(:hash, :person)"), {"hash": token_hash(token), "person": person_id}
    ).scalar_one()
    if company_id is None:
        raise Invalid(_l("This invitation cannot be used: it has expired, was used, or is for another address."))
    joined = Actor(person_id, person_name, "", "en", "UTC", company_id=company_id)
    with tenancy.scope(joined.scope):
        audit.record(joined, "accounts:invitation:accept", None)
    return company_id


def change_role(actor: Actor, membership_id: uuid.UUID, *, role: str, version: int) -> None:
    """Give a member another role. Raises Conflict when the company would be left without an owner."""
    membership = _locked(actor, membership_id)
    check_version(membership, version, mine=str(ROLE_NAMES[Role(role)]), theirs=str(ROLE_NAMES[Role(membership.role)]))
    before = membership.role
    membership.role = Role(role)
    _keep_an_owner()
    audit.record(actor, "accounts:membership:change_role", membership, before={"role": before}, after={"role": role})


def remove_member(actor: Actor, membership_id: uuid.UUID) -> None:
    """End a membership; the person's sessions lose the company at their next request."""
    membership = _locked(actor, membership_id)
    audit.record(actor, "accounts:membership:remove", membership, before={"role": membership.role})
    db.session.delete(membership)
    _keep_an_owner()


def leave(actor: Actor) -> None:
    """Give up one's own seat in the current company. Raises Conflict for its last owner."""
    _lock_company(actor)
    membership = db.session.scalar(select(Membership).where(mine(Membership), Membership.person_id == actor.person_id))
    if membership is None:
        raise NotFound
    audit.record(actor, "accounts:membership:leave", membership, before={"role": membership.role})
    db.session.delete(membership)
    _keep_an_owner()


def _lock_company(actor: Actor) -> None:
    """Lock the company, so that two owners cannot demote each other at once."""
    db.session.execute(select(Company.id).where(Company.id == actor.company_id).with_for_update())


def _locked(actor: Actor, membership_id: uuid.UUID) -> Membership:
    """The membership, with the company locked."""
    actor.permit(Permission.TEAM_MANAGE)
    _lock_company(actor)
    membership = db.session.scalar(select(Membership).where(mine(Membership), Membership.id == membership_id))
    if membership is None:
        raise NotFound
    return membership


def _keep_an_owner() -> None:
    db.session.flush()
    owners = db.session.scalar(
        select(func.count()).select_from(Membership).where(mine(Membership), Membership.role == Role.OWNER)
    )
    if not owners:
        raise Conflict(_l("A company needs an owner. Make somebody else owner first; nothing was changed."))
