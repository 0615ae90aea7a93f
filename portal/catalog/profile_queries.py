"""Reads of what stands beside a profile: certificates, references, the calendar, contacts."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Date, Row, cast, func, select, text

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyDetails
from portal.accounts.permissions import Permission
from portal.catalog.completeness import Completeness, Rows, completeness
from portal.catalog.models import VendorProfile
from portal.catalog.profile_models import (
    Availability,
    Certificate,
    CertificatePapers,
    Closure,
    ReferenceRequest,
    VendorPrivate,
    VendorReference,
)
from portal.catalog.profile_words import CERTIFICATE_NAMES, OTHER
from portal.catalog.states import CertificateState, ReferenceState
from portal.kit import clock
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.files import StoredFile
from portal.kit.ids import token_hash
from portal.kit.tenancy import mine

QUEUE = 100
"""How many waiting documents the staff's page shows, the oldest first."""


class Told(NamedTuple):
    """A reference with the last time its contact was asked, if it ever was."""

    reference: VendorReference
    request: ReferenceRequest | None
    is_link_expired: bool


class Shown(NamedTuple):
    """What the holder of a link sees: who says what about whom. `state` is open, answered, expired or replaced."""

    company: str
    contact_name: str
    said: dict[str, Any]
    state: str
    verdict: str | None


def today_of(company: Company) -> date:
    """Today's date where a company is."""
    return clock.now().astimezone(ZoneInfo(company.timezone)).date()


def today_at_home(actor: Actor) -> date:
    """Today's date where the actor's company is."""
    assert actor.company_id is not None
    return today_of(accounts.company(actor.company_id))


def certificate_title(certificate: Certificate) -> str:
    """What a certificate is called: the standard, or its own name."""
    return certificate.name if certificate.code == OTHER else str(CERTIFICATE_NAMES[certificate.code])


def profile_with_completeness(actor: Actor) -> tuple[VendorProfile | None, Completeness]:
    """The company's profile, and how much is filled in; what has run out or was declined does not count. One statement.

    The last valid day of a certificate is judged where the company is.
    """
    actor.permit(Permission.COMPANY_VIEW)
    here = cast(func.timezone(Company.timezone, func.portal_now()), Date)
    valid = select(func.count()).where(mine(Certificate), Certificate.valid_to >= here).correlate(Company)
    stands = select(func.count()).where(mine(VendorReference), VendorReference.state != ReferenceState.DECLINED)
    named = select(func.coalesce(func.max(func.jsonb_array_length(VendorPrivate.contacts)), 0)).where(
        mine(VendorPrivate)
    )
    row = db.session.execute(
        select(VendorProfile, valid.scalar_subquery(), stands.scalar_subquery(), named.scalar_subquery())
        .select_from(Company)
        .outerjoin(VendorProfile, VendorProfile.company_id == Company.id)
        .where(Company.id == actor.company_id)
    ).one()
    return row[0], completeness(row[0], Rows(certificates=row[1], references=row[2], contacts=row[3]))


def private_for(actor: Actor) -> VendorPrivate | None:
    """The company's own contacts, None while they were never saved."""
    actor.permit(Permission.COMPANY_VIEW)
    return db.session.scalar(select(VendorPrivate).where(mine(VendorPrivate)))


def private_for_staff(actor: Actor, company_id: uuid.UUID) -> VendorPrivate | None:
    """A vendor's contacts, for whoever checks its documents."""
    actor.permit(Permission.STAFF_MODERATE)
    return db.session.get(VendorPrivate, company_id)


def legal_facts_for_staff(actor: Actor, company_id: uuid.UUID) -> CompanyDetails | None:
    """Legal name and numbers of a vendor, for whoever compares them with its documents."""
    actor.permit(Permission.STAFF_MODERATE)
    return db.session.get(CompanyDetails, company_id)


def certificates_for(actor: Actor) -> Sequence[Row[Certificate, CertificatePapers]]:
    """The company's own certificates with their papers, the first to run out at the top."""
    actor.permit(Permission.COMPANY_VIEW)
    query = (
        select(Certificate, CertificatePapers)
        .join(CertificatePapers, CertificatePapers.certificate_id == Certificate.id)
        .where(mine(Certificate))
        .order_by(Certificate.valid_to, Certificate.id)
    )
    return db.session.execute(query).all()


def certificate_for(actor: Actor, certificate_id: uuid.UUID, *, lock: bool = False) -> Certificate:
    """One of the company's own certificates, locked where it is to be written. Raises NotFound."""
    actor.permit(Permission.COMPANY_VIEW)
    query = select(Certificate).where(mine(Certificate), Certificate.id == certificate_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def papers_of(certificate: Certificate) -> CertificatePapers:
    """Number and file of a certificate that the actor was given."""
    return db.session.get_one(CertificatePapers, certificate.id)


def document_of(certificate: Certificate) -> StoredFile:
    """The uploaded document of a certificate that the actor was given. Raises NotFound when there is none."""
    papers = db.session.get(CertificatePapers, certificate.id)
    stored = db.session.get(StoredFile, papers.file_id) if papers and papers.file_id else None
    if stored is None:
        raise NotFound
    return stored


def documents_waiting(actor: Actor) -> Sequence[Row[Certificate, str]]:
    """(certificate, vendor's name) of every document that waits to be verified, the oldest first."""
    actor.permit(Permission.STAFF_MODERATE)
    query = (
        select(Certificate, Company.name)
        .join(Company, Company.id == Certificate.company_id)
        .where(Certificate.state == CertificateState.UPLOADED)
        .order_by(Certificate.uploaded_at, Certificate.id)
    )
    return db.session.execute(query.limit(QUEUE)).all()


def certificate_for_staff(actor: Actor, certificate_id: uuid.UUID, *, lock: bool = False) -> Certificate:
    """A certificate of which a document was uploaded. Raises NotFound."""
    actor.permit(Permission.STAFF_MODERATE)
    query = select(Certificate).where(Certificate.id == certificate_id, Certificate.uploaded_at.is_not(None))
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def references_for(actor: Actor) -> list[Told]:
    """The company's own references with the last request of each, the newest first."""
    actor.permit(Permission.COMPANY_VIEW)
    asked = select(ReferenceRequest).where(mine(ReferenceRequest)).order_by(ReferenceRequest.id)
    requests = {one.reference_id: one for one in db.session.scalars(asked)}  # the last one of each stays
    query = select(VendorReference).where(mine(VendorReference)).order_by(VendorReference.id.desc())
    now = clock.now()
    return [_told(one, requests.get(one.id), now) for one in db.session.scalars(query)]


def _told(reference: VendorReference, request: ReferenceRequest | None, now: datetime) -> Told:
    is_asked = reference.state == ReferenceState.ASKED and request is not None
    return Told(reference, request, bool(is_asked and request and request.expires_at <= now))


def reference_for(actor: Actor, reference_id: uuid.UUID, *, lock: bool = False) -> VendorReference:
    """One of the company's own references, locked where it is to be written. Raises NotFound."""
    actor.permit(Permission.COMPANY_VIEW)
    query = select(VendorReference).where(mine(VendorReference), VendorReference.id == reference_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def shown_by_link(token: str) -> Shown:
    """What the holder of a link sees. Raises NotFound for a link that leads nowhere."""
    row = db.session.execute(text("SELECT * FROM reference_find(:hash)"), {"hash": token_hash(token)}).one_or_none()
    if row is None:
        raise NotFound
    return Shown(row.company, row.contact_name, row.said, row.state, row.verdict)


def availability_for(actor: Actor) -> Sequence[Availability]:
    """The company's free seats by date."""
    actor.permit(Permission.COMPANY_VIEW)
    return db.session.scalars(select(Availability).where(mine(Availability)).order_by(Availability.from_on)).all()


def closures_for(actor: Actor) -> Sequence[Closure]:
    """The company's closures by date."""
    actor.permit(Permission.COMPANY_VIEW)
    return db.session.scalars(select(Closure).where(mine(Closure)).order_by(Closure.first_on, Closure.id)).all()
