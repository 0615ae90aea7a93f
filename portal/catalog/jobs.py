"""What the passing of time does: entries change at midnight where the vendor is, certificates run out, searches are
repeated each morning where the person is."""

import logging
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select, text, update

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory, watch
from portal.catalog.kept_models import SavedSearch
from portal.catalog.notices import EXPIRED, EXPIRING, NEW_VENDORS
from portal.catalog.profile_models import Certificate, CertificateReminder
from portal.catalog.profile_queries import certificate_title
from portal.catalog.stop_links import stop_path
from portal.kit import audit, clock, jobs, tenancy
from portal.kit.db import db
from portal.kit.tenancy import mine
from portal.messaging.actions import notify, notify_person

log = logging.getLogger("portal.catalog")

RUN_OUT = -1
PEOPLE = 200
"""People whose searches are due, read at a time."""
NAMED = 3
"""Vendors that a notice names; its mail names all of them."""


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


@jobs.due("catalog.searches")
def repeat_searches() -> None:
    """Tell each person, once a day, which vendors newly fit their saved searches; nothing new, not a word."""
    failed = 0
    for company_id, person_id in _searching_people():
        try:
            with jobs.transaction(tenancy.member(company_id, person_id)):
                _look_for(company_id, person_id)
        except Exception:  # the next person's mail does not depend on this one's
            log.exception("saved searches failed", extra={"company": str(company_id)})
            failed += 1
    if failed:
        raise RuntimeError(f"saved searches of {failed} people failed")


def _searching_people() -> Iterator[tuple[uuid.UUID, uuid.UUID]]:
    """Company and person of every search that is due, page by page."""
    company_id: uuid.UUID | None = None
    person_id: uuid.UUID | None = None
    while True:
        with jobs.transaction(tenancy.PUBLIC):
            page = db.session.execute(
                text("SELECT company_id, person_id FROM saved_searches_due(:company, :person, :most)"),
                {"company": company_id, "person": person_id, "most": PEOPLE},
            ).all()
        for row in page:
            yield row.company_id, row.person_id
        if len(page) < PEOPLE:
            return
        company_id, person_id = page[-1].company_id, page[-1].person_id


def _look_for(company_id: uuid.UUID, person_id: uuid.UUID) -> None:
    """Look at all of a person's searches, so that there is one mail: one statement each, and four for the person."""
    own = (mine(SavedSearch), SavedSearch.person_id == person_id, SavedSearch.by_mail)
    query = select(SavedSearch).where(*own).order_by(SavedSearch.name, SavedSearch.id)
    searches = db.session.scalars(query.with_for_update()).all()
    found = [(search, rows) for search in searches if (rows := watch.tell_new(search))]
    # Not by the rows' own versions: looking is no edit, and whoever has the form open has not been overtaken.
    db.session.execute(update(SavedSearch).where(*own).values(looked_at=clock.now()))
    if not found:
        return
    told = _told(found) | {"stop": stop_path(company_id, person_id)}
    notify_person(company_id, person_id, NEW_VENDORS.name, told)
    robot = Actor.robot(company_id, "buyer")
    with tenancy.scope(robot.scope):  # nobody writes into the log in the name of somebody else
        for search, rows in found:
            audit.record(robot, "catalog:search:tell", search, after={"vendors": [row.slug for row in rows]})


def _told(found: Sequence[tuple[SavedSearch, Sequence[Row[Any]]]]) -> dict[str, Any]:
    """The values of the notice: the first names for its sentence, every vendor by search for its mail."""
    names = list(dict.fromkeys(row.name for _search, rows in found for row in rows))
    return {
        "names": names[:NAMED] + ["…"] * (len(names) > NAMED),
        "searches": [
            {
                "name": search.name,
                "path": f"/vendors?{search.query}" if search.query else "/vendors",
                "vendors": [{"name": row.name, "path": f"/vendors/{row.slug}"} for row in rows],
            }
            for search, rows in found
        ],
    }
