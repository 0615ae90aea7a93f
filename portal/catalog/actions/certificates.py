"""Certificates of a vendor: told, documented by an upload, changed, taken out."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory
from portal.catalog.certificate_files import Document
from portal.catalog.checks import text_of
from portal.catalog.profile_models import Certificate, CertificatePapers
from portal.catalog.profile_queries import certificate_for, papers_of, today_at_home
from portal.catalog.profile_words import CERTIFICATE_NAMES, OTHER
from portal.catalog.states import CERTIFICATE_MOVES, CertificateState
from portal.kit import audit, clock, files
from portal.kit.db import check_version, db
from portal.kit.errors import Invalid
from portal.kit.states import move
from portal.kit.tenancy import mine

MAX_CERTIFICATES = 40
MAX_LINE = 200
LAST_YEAR = 2100
SHOWN = ("code", "name", "scope", "issuer", "valid_to")


def add_certificate(actor: Actor, *, values: Mapping[str, Any], document: Document | None = None) -> Certificate:
    """Tell of a certificate; with a document it goes to staff at once. Raises Invalid."""
    actor.permit(Permission.PROFILE_EDIT)
    assert actor.company_id is not None
    if (db.session.scalar(select(func.count()).where(mine(Certificate))) or 0) >= MAX_CERTIFICATES:
        raise Invalid(_l("Keep at most %(most)s certificates; take out what has run out.", most=MAX_CERTIFICATES))
    fields, number = _cleaned(actor, values)
    certificate = Certificate(company_id=actor.company_id, **fields)
    db.session.add(certificate)
    db.session.flush()
    papers = CertificatePapers(certificate_id=certificate.id, company_id=actor.company_id, number=number)
    db.session.add(papers)
    _attach(actor, certificate, papers, document)
    db.session.flush()
    audit.record(actor, "catalog:certificate:add", certificate, after=_told(certificate))
    directory.project(actor.company_id)
    return certificate


def edit_certificate(
    actor: Actor, certificate_id: uuid.UUID, *, values: Mapping[str, Any], document: Document | None, version: int
) -> Certificate:
    """Change a certificate. What staff verified is verified no more once anything about it is different.

    Raises NotFound, Invalid or StaleVersion.
    """
    actor.permit(Permission.PROFILE_EDIT)
    certificate = certificate_for(actor, certificate_id, lock=True)
    check_version(certificate, version, mine=str(values.get("scope") or ""), theirs=certificate.scope)
    papers = papers_of(certificate)
    fields, number = _cleaned(actor, values)
    before = _told(certificate)
    is_different = number != papers.number or any(getattr(certificate, name) != fields[name] for name in SHOWN)
    for name, value in fields.items():
        setattr(certificate, name, value)
    papers.number = number
    if document is not None:
        _attach(actor, certificate, papers, document)
    elif is_different and certificate.state == CertificateState.VERIFIED:
        move(certificate, CertificateState.UPLOADED, CERTIFICATE_MOVES, clock.now())
        certificate.verified_at = None
    db.session.flush()
    audit.record(actor, "catalog:certificate:edit", certificate, before=before, after=_told(certificate))
    directory.project(certificate.company_id)
    return certificate


def remove_certificate(actor: Actor, certificate_id: uuid.UUID, *, version: int) -> None:
    """Take a certificate out for good. Raises NotFound or StaleVersion."""
    actor.permit(Permission.PROFILE_EDIT)
    certificate = certificate_for(actor, certificate_id, lock=True)
    check_version(certificate, version)
    company_id = certificate.company_id
    audit.record(actor, "catalog:certificate:remove", certificate, before=_told(certificate))
    db.session.delete(certificate)
    directory.project(company_id)


def _attach(actor: Actor, certificate: Certificate, papers: CertificatePapers, document: Document | None) -> None:
    if document is None:
        return
    stored = files.put(
        actor,
        document.content,
        name=document.name,
        content_type=document.content_type,
        vendor_id=certificate.company_id,
    )
    papers.file_id = stored.id
    now = clock.now()
    if certificate.state == CertificateState.UPLOADED:  # a better scan of what already waits
        certificate.uploaded_at = now
    else:
        move(certificate, CertificateState.UPLOADED, CERTIFICATE_MOVES, now)
    certificate.verified_at, certificate.refusal = None, ""


def _cleaned(actor: Actor, values: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The fields of a certificate, and its number, which is stored elsewhere."""
    code = str(values.get("code") or "")
    if code not in CERTIFICATE_NAMES:
        raise Invalid(_l("Choose the certificate from the list."), "code")
    fields: dict[str, Any] = {"code": code}
    for name in ("name", "scope", "issuer"):
        fields[name] = text_of(values, name, MAX_LINE)
    if code == OTHER and not fields["name"]:
        raise Invalid(_l("Write the name of the certificate."), "name")
    valid_to = values.get("valid_to")
    if not isinstance(valid_to, date):
        raise Invalid(_l("Write the last day on which it is valid."), "valid_to")
    if valid_to < today_at_home(actor) or valid_to.year > LAST_YEAR:
        raise Invalid(_l("The last valid day must lie ahead; certificates that ran out are not shown."), "valid_to")
    fields["valid_to"] = valid_to
    return fields, text_of(values, "number", MAX_LINE)


def _told(certificate: Certificate) -> dict[str, Any]:
    """What the log keeps: nothing of number and file, which are private."""
    found = {name: getattr(certificate, name) for name in SHOWN}
    return found | {"valid_to": certificate.valid_to.isoformat(), "state": str(certificate.state)}
