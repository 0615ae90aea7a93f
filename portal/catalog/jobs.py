"""What the passing of time does to profiles: entries change at midnight where the vendor is, certificates run out."""

import uuid
from collections.abc import Iterable

from sqlalchemy import text

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory
from portal.catalog.notices import EXPIRED, EXPIRING
from portal.catalog.profile_models import Certificate, CertificateReminder
from portal.catalog.profile_queries import certificate_title
from portal.kit import audit, jobs, tenancy
from portal.kit.db import db
from portal.messaging.actions import notify

RUN_OUT = -1


@jobs.due("catalog.directory")
def project_due() -> None:
    """Bring every entry up to date that the passing of time has changed."""
    with jobs.transaction(tenancy.PUBLIC):
        vendors = list(directory.due())
    _project(vendors)


@jobs.task("catalog.compare_prices")
def compare_prices() -> None:
    """Compare prices by the hour anew, at the newest exchange rates."""
    with jobs.transaction(tenancy.PUBLIC):
        vendors = list(directory.priced_elsewhere())
    _project(vendors)


def _project(vendors: Iterable[uuid.UUID]) -> None:
    for vendor_id in vendors:
        with jobs.transaction(tenancy.member(vendor_id)):
            directory.project(vendor_id)


@jobs.due("catalog.certificates")
def remind_due() -> None:
    """Remind vendors of certificates 60, 30 and 7 days before their last day, and tell them when one has run out."""
    with jobs.transaction(tenancy.PUBLIC):
        rows = db.session.execute(text("SELECT certificate_id, company_id, days FROM certificates_due()")).all()
    for row in rows:
        _remind(row.certificate_id, row.company_id, row.days)


def _remind(certificate_id: uuid.UUID, company_id: uuid.UUID, days: int) -> None:
    robot = Actor.robot(company_id, "vendor")
    with jobs.transaction(robot.scope):
        certificate = db.session.get(Certificate, certificate_id)
        if certificate is None:  # taken out since the list was made
            return
        db.session.add(
            CertificateReminder(
                certificate_id=certificate.id, company_id=company_id, valid_to=certificate.valid_to, days=days
            )
        )
        values = {"certificate": certificate_title(certificate), "valid_to": certificate.valid_to.isoformat()}
        kind = EXPIRED if days == RUN_OUT else EXPIRING
        notify(company_id, kind.name, values, permission=Permission.PROFILE_EDIT)
        audit.record(robot, "catalog:certificate:remind", certificate, after={"days": days})
