"""Addresses of services: made of the published title, and, once public, leading to the service for ever."""

import re
import uuid

from sqlalchemy import text

from portal.catalog.models import Service
from portal.kit.db import db
from portal.kit.text import free_name, slug


def free_slug(company_id: uuid.UUID, title: str, *, of: Service | None = None) -> str:
    """An address for a title that no other service of the company has or ever had."""
    rows = db.session.execute(text("SELECT service_id, slug FROM service_slugs(:company)"), {"company": company_id})
    return free_name(slug(title), {row.slug for row in rows if of is None or row.service_id != of.id})


def follow_title(service: Service, *, was_public: bool) -> None:
    """Give a service the address of its published title; one that was public before stays its own as well."""
    assert service.live is not None
    wanted = slug(service.live["title"])
    if re.fullmatch(rf"{re.escape(wanted)}(-\d+)?", service.slug):
        return
    before, service.slug = service.slug, free_slug(service.company_id, service.live["title"], of=service)
    kept = [*service.old_slugs, before] if was_public else service.old_slugs
    service.old_slugs = [one for one in kept if one != service.slug]


def moved_service(vendor_id: uuid.UUID, old: str) -> str | None:
    """The address of a listed service that had another one before; None where nobody had it."""
    found: str | None = db.session.scalar(
        text("SELECT service_slug_moved(:vendor, :slug)"), {"vendor": vendor_id, "slug": old}
    )
    return found


def old_addresses(vendor_id: uuid.UUID) -> dict[str, list[str]]:
    """The addresses that a vendor's listed services had before, by the one each has now."""
    found: dict[str, list[str]] = {}
    for row in db.session.execute(text("SELECT slug, old FROM service_old_slugs(:vendor)"), {"vendor": vendor_id}):
        found.setdefault(row.slug, []).append(row.old)
    return found
