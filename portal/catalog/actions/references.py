"""References of a vendor, and their confirmation by the customer through a link that works once."""

import re
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select, text

from portal.accounts.actor import Actor
from portal.accounts.models import Membership, Person
from portal.accounts.permissions import Permission
from portal.accounts.sessions import email_key
from portal.catalog import directory
from portal.catalog.checks import text_of
from portal.catalog.models import VendorProfile
from portal.catalog.notices import CONFIRMED, DECLINED
from portal.catalog.profile_models import SAID, ReferenceRequest, VendorReference
from portal.catalog.profile_queries import reference_for
from portal.catalog.states import REFERENCE_MOVES, ReferenceState
from portal.kit import audit, clock, mail, tenancy
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, TooMany
from portal.kit.ids import new_token, token_hash
from portal.kit.states import move
from portal.kit.tenancy import mine
from portal.kit.text import clean_line, clean_text
from portal.measures.words import Industry
from portal.messaging.actions import notify

LINK_LASTS = timedelta(days=14)
ASKS_A_DAY = 10
"""How many contacts a vendor may write to in 24 hours."""
ASKS_A_REFERENCE = 3
"""How often the contact of one reference may be written to in 30 days, so that nobody is pestered."""
MAX_REFERENCES = 40
MAX_LINE = 160
MAX_TEXT = 1000
MAX_COMMENT = 1000
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")


def add_reference(actor: Actor, *, values: Mapping[str, Any]) -> VendorReference:
    """Tell of work for a customer. Raises Invalid."""
    actor.permit(Permission.PROFILE_EDIT)
    assert actor.company_id is not None
    if (db.session.scalar(select(func.count()).where(mine(VendorReference))) or 0) >= MAX_REFERENCES:
        raise Invalid(_l("Keep at most %(most)s references; take out the oldest.", most=MAX_REFERENCES))
    reference = VendorReference(company_id=actor.company_id, **_cleaned(values))
    db.session.add(reference)
    db.session.flush()
    audit.record(actor, "catalog:reference:add", reference, after=reference.said)
    directory.project(actor.company_id)
    return reference


def edit_reference(
    actor: Actor, reference_id: uuid.UUID, *, values: Mapping[str, Any], version: int
) -> VendorReference:
    """Change what a reference says. An answer was to the old words, so it counts no more, and an open link dies.

    Raises NotFound, Invalid or StaleVersion.
    """
    actor.permit(Permission.PROFILE_EDIT)
    reference = reference_for(actor, reference_id, lock=True)
    check_version(reference, version, mine=str(values.get("scope") or ""), theirs=reference.scope)
    before, fields = reference.said, _cleaned(values)
    if fields == before:
        return reference
    for name, value in fields.items():
        setattr(reference, name, value)
    if reference.state != ReferenceState.SELF_DECLARED:
        move(reference, ReferenceState.SELF_DECLARED, REFERENCE_MOVES, clock.now())
    reference.asked_at = reference.confirmed_at = reference.declined_at = None
    reference.shows_comment = False
    db.session.flush()
    audit.record(actor, "catalog:reference:edit", reference, before=before, after=reference.said)
    directory.project(reference.company_id)
    return reference


def remove_reference(actor: Actor, reference_id: uuid.UUID, *, version: int) -> None:
    """Take a reference out for good, with what was answered. Raises NotFound or StaleVersion."""
    actor.permit(Permission.PROFILE_EDIT)
    reference = reference_for(actor, reference_id, lock=True)
    check_version(reference, version)
    company_id = reference.company_id
    audit.record(actor, "catalog:reference:remove", reference, before=reference.said)
    db.session.delete(reference)
    directory.project(company_id)


def ask_contact(
    actor: Actor, reference_id: uuid.UUID, *, name: str, email: str, language: str, version: int
) -> ReferenceRequest:
    """Mail the customer's contact a link by which they confirm or decline what the reference says now.

    An older link of the same reference works no more. Raises NotFound, StaleVersion, Conflict for one that is answered,
    Invalid for an address of the vendor itself, TooMany beyond the limits.
    """
    actor.permit(Permission.PROFILE_EDIT)
    reference = reference_for(actor, reference_id, lock=True)
    check_version(reference, version)
    if reference.state in (ReferenceState.CONFIRMED, ReferenceState.DECLINED):
        raise Conflict(_l("This reference is answered. Change what it says before you ask again."))
    contact, address = clean_line(name), _outside_address(email)
    if not contact or len(contact) > MAX_LINE:
        raise Invalid(_l("Write the name of the person you ask."), "contact_name")
    _check_limits(reference)
    now, token = clock.now(), new_token()
    request = ReferenceRequest(
        reference_id=reference.id,
        company_id=reference.company_id,
        contact_name=contact,
        contact_email=address,
        token_hash=token_hash(token),
        said=reference.said,
        asked_at=now,
        expires_at=now + LINK_LASTS,
    )
    db.session.add(request)
    if reference.state == ReferenceState.SELF_DECLARED:
        move(reference, ReferenceState.ASKED, REFERENCE_MOVES, now)
    else:
        reference.asked_at = now
    db.session.flush()
    audit.record(actor, "catalog:reference:ask", reference, after={"expires": request.expires_at.isoformat()})
    params = {"name": contact, "company": actor.company_name, "person": actor.person_name, "path": f"/r/{token}"}
    mail.send("reference_request", to=address, language=language, params=params)
    directory.project(reference.company_id)
    return request


def show_comment(actor: Actor, reference_id: uuid.UUID, *, shown: bool, version: int) -> VendorReference:
    """Show the customer's comment in the profile, or do not; its words are the customer's. Raises Conflict."""
    actor.permit(Permission.PROFILE_EDIT)
    reference = reference_for(actor, reference_id, lock=True)
    check_version(reference, version)
    if reference.state != ReferenceState.CONFIRMED:
        raise Conflict(_l("Only the comment of a confirmed reference can be shown."))
    reference.shows_comment = shown
    db.session.flush()
    audit.record(actor, "catalog:reference:show_comment", reference, after={"shown": shown})
    directory.project(reference.company_id)
    return reference


def answer_reference(token: str, *, verdict: str, comment: str) -> None:
    """Take the one answer of a link, tell the vendor, and show it.

    Raises Invalid for an answer that cannot be taken, Conflict when the link works no more.
    """
    if verdict not in (ReferenceState.CONFIRMED, ReferenceState.DECLINED):
        raise Invalid(_l("Choose one of the two answers."), "verdict")
    written = clean_text(comment)
    if len(written) > MAX_COMMENT:
        raise Invalid(_l("Shorten your comment to %(n)s characters.", n=MAX_COMMENT), "comment")
    row = db.session.execute(
        text("SELECT * FROM reference_answer(:hash, :verdict, :comment)"),
        {"hash": token_hash(token), "verdict": verdict, "comment": written},
    ).one_or_none()
    if row is None:
        raise Conflict(_l("This link takes no answer any more: it was used, has expired, or was replaced."))
    robot = Actor.robot(row.company_id, "vendor", row.contact_name)
    with tenancy.scope(robot.scope):
        reference = db.session.get_one(VendorReference, row.reference_id)
        audit.record(robot, "catalog:reference:answer", reference, after={"verdict": verdict})
        kind = CONFIRMED if verdict == ReferenceState.CONFIRMED else DECLINED
        values = {"contact": row.contact_name, "customer": reference.customer}
        notify(row.company_id, kind.name, values, permission=Permission.PROFILE_EDIT)
        directory.project(row.company_id)


def _cleaned(values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"customer": text_of(values, "customer", MAX_LINE)}
    if not found["customer"]:
        raise Invalid(_l("Name the customer; you can keep the name off the public page."), "customer")
    found["is_anonymous"] = bool(values.get("is_anonymous"))
    found["industry"] = str(values.get("industry") or "")
    if found["industry"] and found["industry"] not in set(Industry):
        raise Invalid(_l("Choose the industry from the list."), "industry")
    for name in ("started", "ended"):
        found[name] = clean_line(values.get(name) or "")
        if found[name] and not _MONTH.fullmatch(found[name]):
            raise Invalid(_l("Write the month as 2024-03."), name)
    if not found["started"]:
        raise Invalid(_l("Say since when you worked for them."), "started")
    if found["ended"] and found["ended"] < found["started"]:
        raise Invalid(_l("The end cannot lie before the beginning."), "ended")
    for name in ("scope", "results"):
        found[name] = text_of(values, name, MAX_TEXT, lines=True)
    if not found["scope"]:
        raise Invalid(_l("Say what you did for them: channels, languages, size."), "scope")
    return {name: found[name] for name in SAID}


def _outside_address(email: str) -> str:
    """An address that is not the vendor's own: nobody confirms themselves."""
    try:
        address: str = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise Invalid(_l("Write an e-mail address such as name@example.com."), "contact_email") from error
    people = select(Membership.id).join(Person, Person.id == Membership.person_id)
    own = people.where(mine(Membership), Person.email_key == email_key(address))
    website = db.session.scalar(select(VendorProfile.website).where(mine(VendorProfile))) or ""
    host = (urlsplit(website).hostname or "").removeprefix("www.")
    if db.session.scalar(own) is not None or (host and address.casefold().endswith(("@" + host, "." + host))):
        raise Invalid(_l("This is an address of your own company. Ask somebody at the customer."), "contact_email")
    return address


def _check_limits(reference: VendorReference) -> None:
    now = clock.now()
    recent = select(func.count()).where(mine(ReferenceRequest))
    today = db.session.scalar(recent.where(ReferenceRequest.asked_at > now - timedelta(days=1))) or 0
    own = recent.where(
        ReferenceRequest.reference_id == reference.id, ReferenceRequest.asked_at > now - timedelta(days=30)
    )
    if today >= ASKS_A_DAY:
        raise TooMany(_l("You have asked many customers today. Ask the others tomorrow."))
    if (db.session.scalar(own) or 0) >= ASKS_A_REFERENCE:
        raise TooMany(_l("This customer was asked three times in a month. Give them time, or call them."))
