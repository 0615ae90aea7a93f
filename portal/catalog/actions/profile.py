"""Writing the vendor profile: its public fields, and the contacts that stay private."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.catalog import directory
from portal.catalog.models import VendorProfile
from portal.catalog.profile_checks import MAX_ROWS, clean_profile
from portal.catalog.profile_models import VendorPrivate
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Invalid, StaleVersion
from portal.kit.tenancy import mine
from portal.kit.text import clean_line


def save_profile(actor: Actor, *, values: Mapping[str, Any], version: int) -> VendorProfile:
    """Write the fields of the company's profile that `values` names; the others stay as they are.

    The profile is public as soon as one of its services is live. `version` is the one the person began from, 0 where
    there was no profile. Whoever wrote other fields meanwhile is in nobody's way. Raises Invalid, or StaleVersion
    where one of the same fields was changed since.
    """
    actor.permit(Permission.PROFILE_EDIT)
    assert actor.company_id is not None
    # The company's row, because there is none of the profile's to lock before it was saved once.
    db.session.execute(select(Company.id).where(Company.id == actor.company_id).with_for_update())
    profile = db.session.scalar(select(VendorProfile).where(mine(VendorProfile)).with_for_update())
    if profile is not None and any(profile.field_versions.get(name, 0) > version for name in values):
        raise StaleVersion(mine=_summary(values), theirs=_summary_of(profile, values))
    fields = clean_profile(values, clock.now().astimezone(ZoneInfo(actor.timezone)).date())
    if profile is None:
        profile = VendorProfile(company_id=actor.company_id, field_versions={})
        db.session.add(profile)
    before = {name: getattr(profile, name) for name in fields}
    changed = [name for name, value in fields.items() if value != before[name]]
    for name in changed:
        setattr(profile, name, fields[name])
    if changed:
        following = (profile.version or 0) + 1
        profile.field_versions = profile.field_versions | dict.fromkeys(changed, following)
    db.session.flush()
    audit.record(actor, "catalog:profile:save", profile, before=before, after=fields)
    directory.project(actor.company_id)
    return profile


def save_private(actor: Actor, *, values: Mapping[str, Any], version: int) -> VendorPrivate:
    """Write the contacts, which only the company and staff read. Raises Invalid or StaleVersion."""
    actor.permit(Permission.PROFILE_EDIT)
    assert actor.company_id is not None
    found = db.session.scalar(select(VendorPrivate).where(mine(VendorPrivate)).with_for_update())
    if found is None:
        found = VendorPrivate(company_id=actor.company_id)
        db.session.add(found)
    else:
        check_version(found, version)
    rows = list(values.get("contacts") or [])
    if len(rows) > MAX_ROWS:
        raise Invalid(_l("Write at most %(most)s rows.", most=MAX_ROWS), "contacts")
    found.contacts = [
        {part: clean_line(row.get(part) or "")[:160] for part in ("name", "role", "email", "phone")} for row in rows
    ]
    found.dpo_name = clean_line(values.get("dpo_name") or "")[:160]
    found.dpo_email = clean_line(values.get("dpo_email") or "")[:254]
    db.session.flush()
    # Names and addresses of people stay out of the log, which more people read.
    audit.record(actor, "catalog:profile:save_private", found, after={"contacts": len(found.contacts)})
    return found


def _summary(values: Mapping[str, Any]) -> str:
    """The texts among the values, to be shown beside those that somebody else saved meanwhile."""
    return "\n".join(value for value in values.values() if isinstance(value, str) and value)


def _summary_of(profile: VendorProfile, values: Mapping[str, Any]) -> str:
    return _summary({name: getattr(profile, name, None) for name in values})
