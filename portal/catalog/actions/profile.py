"""Writing the vendor profile."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog import directory
from portal.catalog.checks import clean_profile
from portal.catalog.models import VendorProfile
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.tenancy import mine


def save_profile(actor: Actor, *, values: Mapping[str, Any], version: int) -> VendorProfile:
    """Write the company's profile; it is public as soon as one of its services is live.

    `version` is the one the person began from, 0 where there was no profile. Raises Invalid or StaleVersion.
    """
    actor.permit(Permission.PROFILE_EDIT)
    assert actor.company_id is not None
    profile = db.session.scalar(select(VendorProfile).where(mine(VendorProfile)).with_for_update())
    if profile is not None:
        check_version(profile, version, mine=str(values.get("headline", "")), theirs=profile.headline)
    fields = clean_profile(values, clock.now().year)
    if profile is None:
        profile = VendorProfile(company_id=actor.company_id)
        db.session.add(profile)
    before = {name: getattr(profile, name) for name in fields}
    for name, value in fields.items():
        setattr(profile, name, value)
    db.session.flush()
    audit.record(actor, "catalog:profile:save", profile, before=before, after=fields)
    directory.project(actor.company_id)
    return profile
