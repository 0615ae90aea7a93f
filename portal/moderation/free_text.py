"""What a vendor writes freely about itself, for whoever looks at it: the profile is public without being sent in."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.models import DirectoryEntry, VendorProfile
from portal.kit.db import db
from portal.moderation.models import Case

WRITTEN = ("headline", "description", "credit_rating")
PARTS = {"sites": ("city", "pair"), "experience": ("clients",)}
DOCUMENTS = ("systems", "quality", "security")


def profile_texts(actor: Actor, case: Case) -> list[str]:
    """The free texts of the profile of a case's company, and of its references as far as they are public.

    Its website is a field of its own.
    """
    actor.permit(Permission.STAFF_MODERATE)
    profile = db.session.get(VendorProfile, case.company_id)
    shown = db.session.scalar(select(DirectoryEntry.profile).where(DirectoryEntry.vendor_id == case.company_id)) or {}
    told = _strings(one.get(part) for one in shown.get("references") or [] for part in ("scope", "results"))
    return [*told, *(_of_profile(profile) if profile else ())]


def _of_profile(profile: VendorProfile) -> Iterator[str]:
    yield from (getattr(profile, name) for name in WRITTEN)
    for name, parts in PARTS.items():
        yield from _strings(row.get(part) for row in getattr(profile, name) for part in parts)
    for name in DOCUMENTS:
        yield from _strings(value for part, value in getattr(profile, name).items() if part != "pen_test_on")


def _strings(values: Iterable[Any]) -> Iterator[str]:
    return (value for value in values if isinstance(value, str))
