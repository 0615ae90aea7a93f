"""What staff decide about an uploaded document of a certificate."""

import uuid
from datetime import date

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.models import Membership
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.catalog import directory
from portal.catalog.notices import REFUSED, VERIFIED
from portal.catalog.profile_models import Certificate
from portal.catalog.profile_queries import certificate_for_staff, certificate_title, today_of
from portal.catalog.states import CERTIFICATE_MOVES, CertificateState
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.kit.states import move
from portal.kit.text import clean_text
from portal.messaging.actions import notify

MAX_REASON = 1000


def verify_certificate(actor: Actor, certificate_id: uuid.UUID, *, valid_to: date, version: int) -> Certificate:
    """Say that the document shows what the vendor says. `valid_to` is the last day as the document gives it.

    Raises Invalid for a day that is over, Forbidden to members of the vendor, Conflict for what waits no more.
    """
    certificate = _waiting(actor, certificate_id, version)
    if valid_to < today_of(company(certificate.company_id)):
        raise Invalid(_l("This day is over, so the document is not valid any more. Refuse it instead."), "valid_to")
    before = {"state": str(certificate.state), "valid_to": certificate.valid_to.isoformat()}
    move(certificate, CertificateState.VERIFIED, CERTIFICATE_MOVES, clock.now())
    certificate.valid_to, certificate.refusal = valid_to, ""
    return _decided(actor, certificate, "verify", before, VERIFIED.name)


def refuse_certificate(actor: Actor, certificate_id: uuid.UUID, *, reason: str, version: int) -> Certificate:
    """Say that the document does not show it; the certificate stays as the vendor's own word. Raises as above."""
    certificate = _waiting(actor, certificate_id, version)
    words = clean_text(reason)
    if not words or len(words) > MAX_REASON:
        raise Invalid(_l("Give a reason: the vendor reads it and mends the document by it."), "reason")
    before = {"state": str(certificate.state)}
    move(certificate, CertificateState.SELF_DECLARED, CERTIFICATE_MOVES, clock.now())
    certificate.refusal = words
    return _decided(actor, certificate, "refuse", before, REFUSED.name)


def _waiting(actor: Actor, certificate_id: uuid.UUID, version: int) -> Certificate:
    actor.permit(Permission.STAFF_MODERATE)
    certificate = certificate_for_staff(actor, certificate_id, lock=True)
    query = select(Membership.id).where(
        Membership.company_id == certificate.company_id, Membership.person_id == actor.person_id
    )
    if db.session.scalar(query) is not None:
        raise Forbidden(_l("You are a member of this company, so somebody else decides."))
    check_version(certificate, version)
    if certificate.state != CertificateState.UPLOADED:
        raise Conflict(_l("This document does not wait to be verified any more."))
    return certificate


def _decided(actor: Actor, certificate: Certificate, verb: str, before: dict[str, str], notice: str) -> Certificate:
    db.session.flush()
    after = {"state": str(certificate.state), "valid_to": certificate.valid_to.isoformat()}
    if certificate.refusal:
        after["reason"] = certificate.refusal
    audit.record(
        actor,
        f"catalog:certificate:{verb}",
        certificate,
        before=before,
        after=after,
        company_id=certificate.company_id,
    )
    values = {"certificate": certificate_title(certificate), "reason": certificate.refusal}
    notify(certificate.company_id, notice, values, permission=Permission.PROFILE_EDIT)
    directory.project(certificate.company_id)
    return certificate
