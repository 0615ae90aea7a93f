"""A buyer company's shortlist: keeping a vendor, writing the note beside it, taking it off."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.models import Company
from portal.accounts.permissions import Permission
from portal.catalog.kept_models import ShortlistEntry
from portal.catalog.kept_queries import MOST_KEPT
from portal.catalog.models import DirectoryEntry
from portal.kit import audit
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.tenancy import mine
from portal.kit.text import clean_text

MAX_NOTE = 500


def keep_vendor(actor: Actor, slug: str, *, note: str = "") -> ShortlistEntry:
    """Put the listed vendor at an address on the company's shortlist.

    Raises NotFound for one that is not listed, Conflict for one that is kept already or when the list is full, and
    Invalid for a note that is too long.
    """
    actor.permit(Permission.SHORTLIST_EDIT)
    assert actor.company_id is not None
    words = _checked(note)
    query = select(DirectoryEntry.vendor_id, DirectoryEntry.name).where(DirectoryEntry.slug == slug)
    vendor = db.session.execute(query).one_or_none()
    if vendor is None:
        raise NotFound
    # The lock keeps two members from each taking the last place, or the same vendor.
    db.session.execute(select(Company.id).where(Company.id == actor.company_id).with_for_update())
    if db.session.scalar(
        select(ShortlistEntry.id).where(mine(ShortlistEntry), ShortlistEntry.vendor_id == vendor.vendor_id)
    ):
        raise Conflict(_l("%(name)s is on your company's shortlist already.", name=vendor.name))
    if (db.session.scalar(select(func.count()).where(mine(ShortlistEntry))) or 0) >= MOST_KEPT:
        raise Conflict(
            _l("A shortlist holds %(most)s vendors, and yours is full. Take one off first.", most=MOST_KEPT),
        )
    entry = ShortlistEntry(
        company_id=actor.company_id,
        vendor_id=vendor.vendor_id,
        vendor_name=vendor.name,
        person_name=actor.person_name,
        note=words,
    )
    db.session.add(entry)
    db.session.flush()
    audit.record(actor, "catalog:shortlist:keep", entry, after={"vendor": vendor.name, "note": words})
    return entry


def write_note(actor: Actor, entry: ShortlistEntry, *, note: str, version: int) -> None:
    """Write the note beside a kept vendor anew. Raises Invalid or StaleVersion."""
    actor.permit(Permission.SHORTLIST_EDIT)
    words = _checked(note)
    entry = _locked(entry)
    check_version(entry, version, mine=words, theirs=entry.note)
    before, entry.note = entry.note, words
    db.session.flush()
    audit.record(actor, "catalog:shortlist:note", entry, before={"note": before}, after={"note": words})


def take_off(actor: Actor, entry: ShortlistEntry) -> None:
    """Take a vendor off the shortlist, with its note. Raises NotFound when somebody just did."""
    actor.permit(Permission.SHORTLIST_EDIT)
    entry = _locked(entry)
    audit.record(actor, "catalog:shortlist:take_off", entry, before={"vendor": entry.vendor_name, "note": entry.note})
    db.session.delete(entry)
    db.session.flush()


def _checked(note: str) -> str:
    words = clean_text(note)
    if len(words) > MAX_NOTE:
        raise Invalid(_l("Write at most %(most)s characters.", most=MAX_NOTE), "note")
    return words


def _locked(entry: ShortlistEntry) -> ShortlistEntry:
    query = select(ShortlistEntry).where(mine(ShortlistEntry), ShortlistEntry.id == entry.id)
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found
