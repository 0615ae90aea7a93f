"""Reads of the catalog: a vendor's own profile and services, and services as staff see them."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.models import DirectoryEntry, Service, VendorProfile
from portal.catalog.snapshots import Snapshot, snapshot_of
from portal.catalog.states import ServiceState
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.pricing.models import SavedRateCard


def profile_for(actor: Actor) -> VendorProfile | None:
    """The company's own profile, None while it was never saved."""
    actor.permit(Permission.COMPANY_VIEW)
    return db.session.scalar(select(VendorProfile).where(mine(VendorProfile)))


def services_for(actor: Actor) -> Sequence[Service]:
    """The company's own services, newest first."""
    actor.permit(Permission.COMPANY_VIEW)
    return db.session.scalars(select(Service).where(mine(Service)).order_by(Service.id.desc()).limit(200)).all()


def service_for(actor: Actor, service_id: uuid.UUID) -> Service:
    """One of the company's own services. Raises NotFound."""
    actor.permit(Permission.COMPANY_VIEW)
    found = db.session.scalar(select(Service).where(mine(Service), Service.id == service_id))
    if found is None:
        raise NotFound
    return found


def service_for_staff(actor: Actor, service_id: uuid.UUID) -> Service:
    """A service that was sent in, as moderators see it. Raises NotFound."""
    actor.permit(Permission.STAFF_MODERATE)
    found = db.session.get(Service, service_id)
    if found is None:
        raise NotFound
    return found


def working_copy(service: Service) -> Snapshot:
    """What the vendor is writing, in the form of the published copy, so that the two can be compared."""
    card = None
    if service.rate_card_id is not None:
        query = select(SavedRateCard).where(mine(SavedRateCard), SavedRateCard.id == service.rate_card_id)
        card = db.session.scalar(query)
    return snapshot_of(service, card)


def services_priced_by(actor: Actor, card_id: uuid.UUID) -> Sequence[Service]:
    """The company's services that refer to a rate card, the retired ones left out."""
    actor.permit(Permission.COMPANY_VIEW)
    query = select(Service).where(mine(Service), Service.rate_card_id == card_id)
    return db.session.scalars(query.where(Service.state != ServiceState.RETIRED).order_by(Service.title)).all()


def channels_priced_by(actor: Actor, card_id: uuid.UUID) -> list[str]:
    """The channels of those services, each once."""
    return list(dict.fromkeys(channel for one in services_priced_by(actor, card_id) for channel in one.channels))


def public_slug(actor: Actor) -> str | None:
    """The address part of the company's public page, None while the directory does not list it."""
    query = select(DirectoryEntry.slug).where(DirectoryEntry.vendor_id == actor.company_id)
    return db.session.scalar(query)


def home_zone(actor: Actor) -> str:
    """The time zone of the actor's company, in which a new service's hours are written."""
    assert actor.company_id is not None
    return accounts.company(actor.company_id).timezone
