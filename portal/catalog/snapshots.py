"""Copies of a service as a moderator and the public see it, with the rate card it is priced by."""

from typing import Any

from portal.catalog.models import SERVICE_FIELDS, Service
from portal.pricing.models import SavedRateCard
from portal.pricing.queries import version_in_force

Snapshot = dict[str, Any]


def snapshot_of(service: Service, card: SavedRateCard | None) -> Snapshot:
    """The working copy of a service as plain JSON; the prices in force today stand in place of the card's id.

    Between two versions, when none is in force, these are the prices the vendor is writing.
    """
    copy = {name: getattr(service, name) for name in SERVICE_FIELDS if name != "rate_card_id"}
    version = version_in_force(card) if card else None
    document = version.document if version else card and card.document
    copy["rate_card"] = {"name": card.name, "document": document} if card else None
    return copy


def changed_fields(old: Snapshot | None, new: Snapshot) -> list[str]:
    """The names of the fields in which two copies differ, in the order a service is written."""
    return [name for name in new if (old or {}).get(name) != new[name]]
