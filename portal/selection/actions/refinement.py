"""Refining a requirement together, after the award and before the signature.

Buyer and winner may each put a next version on the table; it lies between the two and no other vendor reads it. What
bids were priced over, judged by or promised stays as it was, or the award would not stand. Each side confirms the
last version, and a new one leaves earlier confirmations without effect. Both acts hold the award, so that no version
slips in beside a confirmation; agreements, above, refuses them once it is signed.
"""

import copy
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, evidence
from portal.kit.db import db
from portal.kit.errors import Conflict, Forbidden, Invalid, NotFound
from portal.kit.tenancy import mine
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.needs import queries as needs
from portal.needs.content import sha256_of
from portal.needs.differences import REQUIREMENT, differences
from portal.needs.models import Requirement
from portal.needs.states import VersionKind
from portal.needs.version_models import RequirementConfirmation, RequirementVersion
from portal.needs.version_queries import confirmations_of, last_version_of
from portal.selection import notices, signals
from portal.selection.models import Award
from portal.selection.refinable import MAX_TEXT, refinable
from portal.selection.states import AwardState

MAX_NOTE = 2000


def refine_requirement(
    actor: Actor, award: Award, *, values: Mapping[str, Any], note: str, number: int
) -> RequirementVersion:
    """Put the next version on the table: the last one with `values` (see `refinable`) changed, and why.

    `number` is that of the version its writer has read. Raises Conflict where another came between or the agreement
    is signed, Invalid at the field at fault or where nothing differs.
    """
    actor.permit(Permission.AGREEMENT_EDIT)
    found, requirement = _held(actor, award)
    last = last_version_of(requirement)
    if last.number != number:
        raise Conflict(_l("Another version was put on the table meanwhile. Read it before you go on."))
    cleaned = clean_text(note)
    if not cleaned or len(cleaned) > MAX_NOTE:
        raise Invalid(_l("Say what changes and why, in at most %(most)s characters.", most=MAX_NOTE), "note")
    document = copy.deepcopy(last.document)
    document[REQUIREMENT] |= _checked(requirement, values)
    if not differences(last.document, document):
        raise Invalid(_l("Nothing differs from the last version: change something first."))
    version = RequirementVersion(
        requirement_id=requirement.id,
        buyer_id=found.buyer_id,
        vendor_id=found.vendor_id,
        number=last.number + 1,
        kind=VersionKind.REFINED.value,
        document=document,
        sha256=sha256_of(document),
        note=cleaned,
        by_side=_side(actor, found),
    )
    db.session.add(version)
    db.session.flush()
    _record(actor, found, "refine", "refined", version)
    signals.requirement_refined.send(version, actor=actor, award=found)
    _tell(actor, found, requirement, notices.REFINED.name, version.number)
    return version


def confirm_requirement(actor: Actor, award: Award, *, number: int) -> RequirementConfirmation:
    """Stand by the last version for the actor's side; `number` says which one was read.

    Raises Conflict where it is not the last any more, was confirmed by this side already, or the agreement is signed.
    """
    actor.permit(Permission.AGREEMENT_SIGN)
    if actor.person_id is None:
        raise Forbidden
    found, requirement = _held(actor, award)
    last, side = last_version_of(requirement), _side(actor, found)
    if last.number != number:
        raise Conflict(_l("Another version was put on the table meanwhile. Read it before you go on."))
    if side in confirmations_of(requirement, number):
        raise Conflict(_l("Your side has confirmed this version already."))
    confirmation = RequirementConfirmation(
        requirement_id=requirement.id,
        buyer_id=found.buyer_id,
        vendor_id=found.vendor_id,
        number=number,
        side=side,
        person_id=actor.person_id,
        person_name=actor.person_name,
    )
    db.session.add(confirmation)
    db.session.flush()
    _record(actor, found, "confirm", "requirement_confirmed", last)
    signals.requirement_confirmed.send(confirmation, actor=actor, award=found)
    _tell(actor, found, requirement, notices.CONFIRMED.name, number)
    return confirmation


def _held(actor: Actor, award: Award) -> tuple[Award, Requirement]:
    query = select(Award).where(Award.id == award.id, mine(Award)).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    if found.state != AwardState.ACCEPTED:
        raise Conflict(_l("Both sides refine a requirement once the award is accepted."))
    return found, needs.requirement_for(actor, found.requirement_id)


def _checked(requirement: Requirement, values: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in refinable(requirement.mode):
        if name not in values:
            continue
        value = values[name]
        if isinstance(value, date):
            found[name] = value.isoformat()
            continue
        text = clean_text(value or "")
        if len(text) > MAX_TEXT:
            raise Invalid(_l("This is too long: %(most)s characters are possible.", most=MAX_TEXT), name)
        if not text and name != "agreed":
            raise Invalid(_l("This cannot be left empty."), name)
        found[name] = text
    return found


def _side(actor: Actor, award: Award) -> str:
    return "buyer" if actor.company_id == award.buyer_id else "vendor"


def _record(actor: Actor, award: Award, verb: str, kind: str, version: RequirementVersion) -> None:
    after = {"version": version.number, "sha256": version.sha256}
    audit.record(actor, f"selection:requirement:{verb}", version, after=after)
    payload = after | {"person": actor.person_name, "side": _side(actor, award)}
    evidence.append(
        "requirement", award.requirement_id, kind, payload, buyer_id=award.buyer_id, vendor_id=award.vendor_id
    )


def _tell(actor: Actor, award: Award, requirement: Requirement, kind: str, number: int) -> None:
    other = award.vendor_id if actor.company_id == award.buyer_id else award.buyer_id
    about = {"requirement": requirement.title, "award_id": str(award.id), "number": number}
    notify(other, kind, about | {"company": actor.company_name})
