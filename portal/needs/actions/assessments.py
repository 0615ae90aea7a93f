"""A company's own answers to “Should we outsource?”: begun, kept whenever it likes, hung on a requirement, deleted."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, tenancy
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, NotFound
from portal.kit.money import MAX_MINOR, exponent
from portal.kit.text import clean_line, clean_text
from portal.measures.words import Channel, Mode
from portal.needs.assessment import WEIGHTS, Answer, Answers, Topic, Truth
from portal.needs.figures import AMOUNTS, BOUNDS
from portal.needs.models import Requirement
from portal.needs.numbers import checked_decimal
from portal.needs.private_models import SelfAssessment

MAX_TITLE, MAX_NOTE, MOST = 120, 4000, 200
_MOST_MONTH = MAX_MINOR // 10_000


def begin_assessment(actor: Actor, given: Mapping[str, Any]) -> SelfAssessment:
    """Begin one with what is known so far; see `save_assessment` for what `given` holds.

    Raises Invalid at the field at fault, Conflict where the company keeps `MOST` already.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    assert actor.company_id is not None
    if (db.session.scalar(select(func.count()).where(tenancy.mine(SelfAssessment))) or 0) >= MOST:
        raise Conflict(_l("Your company keeps %(most)s assessments already: delete one first.", most=MOST))
    row = SelfAssessment(buyer_id=actor.company_id)
    _take(actor, row, given)
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "needs:assessment:begin", row, after=_told(row), sealed=True)
    return row


def save_assessment(
    actor: Actor, assessment: SelfAssessment, given: Mapping[str, Any], *, version: int
) -> SelfAssessment:
    """Keep what is said so far: `title`, `note`, `requirement_id`, the figures by name, and `answers` by topic as
    pairs of truth and weight.

    Raises Invalid at the field at fault, StaleVersion, NotFound.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    row = _locked(assessment.id)
    check_version(row, version)
    before = _told(row)
    _take(actor, row, given)
    db.session.flush()
    audit.record(actor, "needs:assessment:save", row, before=before, after=_told(row), sealed=True)
    return row


def delete_assessment(actor: Actor, assessment: SelfAssessment) -> None:
    """Delete one for good. Raises NotFound."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    row = _locked(assessment.id)
    audit.record(actor, "needs:assessment:delete", row, before=_told(row), sealed=True)
    db.session.delete(row)
    db.session.flush()


def _locked(assessment_id: uuid.UUID) -> SelfAssessment:
    query = select(SelfAssessment).where(SelfAssessment.id == assessment_id, tenancy.mine(SelfAssessment))
    found = db.session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def _take(actor: Actor, row: SelfAssessment, given: Mapping[str, Any]) -> None:
    title = clean_line(given.get("title") or "")
    if not title or len(title) > MAX_TITLE:
        raise Invalid(_l("Write a title of at most %(most)s characters.", most=MAX_TITLE), "title")
    note = clean_text(given.get("note") or "")
    if len(note) > MAX_NOTE:
        raise Invalid(_l("Write at most %(most)s characters.", most=MAX_NOTE), "note")
    row.requirement_id = _requirement(actor, row, given.get("requirement_id"))
    row.title, row.note, row.saved_at = title, note, clock.now()
    row.figures, row.answers = _figures(given), _answers(given.get("answers") or {})


def _requirement(actor: Actor, row: SelfAssessment, wanted: uuid.UUID | None) -> uuid.UUID | None:
    """The requirement it hangs on: one of the company's own that has no other assessment."""
    if wanted is None or wanted == row.requirement_id:
        return wanted
    known = select(Requirement.id).where(Requirement.id == wanted, tenancy.mine(Requirement))
    if db.session.scalar(known) is None:
        raise Invalid(_l("Choose from the list."), "requirement_id")
    taken = select(SelfAssessment.id).where(SelfAssessment.requirement_id == wanted, tenancy.mine(SelfAssessment))
    if db.session.scalar(taken) is not None:
        raise Invalid(_l("This requirement has an assessment already."), "requirement_id")
    return wanted


def _figures(given: Mapping[str, Any]) -> dict[str, Any]:
    currency = str(given.get("currency") or "")
    exponent(currency)
    found: dict[str, Any] = {"currency": currency}
    for name, kinds in (("mode", Mode), ("channel", Channel)):
        value = given.get(name) or next(iter(kinds))
        if value not in set(kinds):
            raise Invalid(_l("Choose from the list."), name)
        found[name] = str(value)
    for name, (least, most, decimals, sentence) in BOUNDS.items():
        value = given.get(name)
        if value is not None and str(value).strip() != "":
            found[name] = checked_decimal(value, name, sentence, least=least, most=most, decimals=decimals)
    for name in AMOUNTS:
        amount = given.get(name)
        if amount is not None:
            if not 0 <= amount <= _MOST_MONTH:
                raise Invalid(_l("This amount is too large."), name)
            found[name] = int(amount)
    return found


def _answers(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {}
    for name, (truth, weight) in given.items():
        if not truth:
            continue
        if name not in set(Topic) or truth not in set(Truth) or weight not in WEIGHTS:
            raise Invalid(_l("Choose from the list."), f"{name}_truth")
        found[Topic(name)] = Answer(Truth(truth), weight)
    return Answers(found).as_document()


def _told(row: SelfAssessment) -> dict[str, Any]:
    requirement = str(row.requirement_id) if row.requirement_id else None
    return {"title": row.title, "figures": row.figures, "answers": row.answers, "requirement": requirement}
