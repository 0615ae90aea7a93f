"""Certificates and references of vendors, made by the real actions and committed."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from portal.accounts.actor import Actor
from portal.catalog.actions.certificates import add_certificate
from portal.catalog.actions.references import add_reference, ask_contact
from portal.catalog.actions.verify import verify_certificate
from portal.catalog.certificate_files import check_document
from portal.kit import clock, jobs, tenancy
from portal.kit.db import db
from tests.factories.accounts import execute
from tests.factories.catalog import MadeVendor

Result = TypeVar("Result")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(32)
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(32)


def doing(actor: Actor, act: Callable[[], Result]) -> Result:
    """Let somebody do something, and commit it; a refusal leaves nothing behind."""
    with tenancy.scope(actor.scope):
        try:
            found = act()
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    return found


def certificate_values(valid_to: date, **changes: Any) -> dict[str, Any]:
    """The fields of a complete certificate."""
    return {
        "code": "iso27001",
        "number": "SECRET-4711",
        "scope": "All sites",
        "issuer": "Norvale Certification",
        "valid_to": valid_to,
    } | changes


def make_certificate(
    vendor: MadeVendor, valid_to: date, *, document: bool = True, moderator: Actor | None = None, **changes: Any
) -> uuid.UUID:
    """A certificate, with its document unless told otherwise, and verified where a moderator is given; its id."""

    def add() -> tuple[uuid.UUID, int]:
        sent = check_document(PDF, "iso.pdf") if document else None
        made = add_certificate(vendor.actor, values=certificate_values(valid_to, **changes), document=sent)
        return made.id, made.version

    certificate_id, version = doing(vendor.actor, add)
    if moderator is not None:
        doing(moderator, lambda: verify_certificate(moderator, certificate_id, valid_to=valid_to, version=version).id)
    return certificate_id


def reference_values(**changes: Any) -> dict[str, Any]:
    """The fields of a complete reference."""
    return {
        "customer": "Fernhall Garden",
        "industry": "retail",
        "started": "2024-03",
        "scope": "Phone and e-mail, 38 agents.",
        "results": "Returns settled at once: 79 %.",
    } | changes


def make_reference(vendor: MadeVendor, **changes: Any) -> uuid.UUID:
    """A reference nobody was asked about; its id."""
    return doing(vendor.actor, lambda: add_reference(vendor.actor, values=reference_values(**changes)).id)


def ask(vendor: MadeVendor, reference_id: uuid.UUID, email: str = "mara@fernhall.example") -> None:
    """Mail the contact of a reference the link."""
    (row,) = execute("SELECT version FROM vendor_references WHERE id = :id", id=reference_id)
    doing(
        vendor.actor,
        lambda: (
            ask_contact(
                vendor.actor, reference_id, name="Mara Feld", email=email, language="en", version=row.version
            ).id
        ),
    )


def last_link() -> str:
    """The token of the link mailed last, read from its letter."""
    (row,) = execute(
        "SELECT b.params ->> 'path' AS path FROM mails m JOIN mail_bodies b ON b.mail_id = m.id"
        " WHERE m.kind = 'reference_request' ORDER BY m.id DESC LIMIT 1"
    )
    path: str = row.path
    return path.rpartition("/")[2]


def at(moment: datetime) -> None:
    """Move the portal's clock, and let the clockwork run."""
    db.session.rollback()
    clock.move_to(moment)
    jobs.run_due()
    db.session.remove()


def today() -> date:
    """The date of the portal's clock in UTC."""
    with tenancy.scope(tenancy.PUBLIC):
        found = clock.now().date()
        db.session.rollback()
    return found


def days_ahead(days: int) -> date:
    """A day so many days from today."""
    return today() + timedelta(days=days)
