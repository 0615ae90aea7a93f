"""Changing a published requirement while bids are taken.

The buyer writes in a working copy, step by step as in any draft, and nobody else sees it. Published, its content
becomes the next version of the requirement, in one transaction that holds the requirement's row: a bid on its way in
waits, and is then asked to answer the new version. Form and currency stay: every bid is made in them.

A material change (see `differences`) leaves vendors at least `deadlines.MIN_DAYS_AFTER_CHANGE` days; the deadline is
only ever moved to a later one. `selection` makes submitted bids stale and tells the vendors.
"""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid
from portal.kit.text import clean_text
from portal.messaging import notify
from portal.needs import deadlines, notices, policy, signals
from portal.needs.actions import scenarios
from portal.needs.actions.publish import NEEDS_APPROVAL, Incomplete, scenarios_of
from portal.needs.actions.versions import store_version
from portal.needs.completeness import Gap, gaps
from portal.needs.content import Document, document_of, fill, whole_of
from portal.needs.differences import Change, differences, is_material
from portal.needs.models import Requirement
from portal.needs.queries import (
    approval_is_needed,
    channels_of,
    criteria_of,
    frozen_scenarios_of,
    in_house_of,
    locked,
    staffing_inputs_of,
)
from portal.needs.states import REQUIREMENT_MOVES, ChangeReason, RequirementState, Step, VersionKind
from portal.needs.version_models import RequirementVersion
from portal.needs.version_queries import last_version_of, open_amendment_of
from portal.pricing.values import Scenario

MAX_NOTE = 2000
TOO_LATE = _l("Bids on this requirement are closed: it can no longer be changed.")


def begin_amendment(actor: Actor, requirement: Requirement) -> Requirement:
    """The working copy of a published requirement: the one under way, or a new one. Raises Conflict once closed."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    if not policy.can_amend(actor, found):
        raise Conflict(TOO_LATE)
    under_way = open_amendment_of(actor, found)
    if under_way is not None:
        return under_way
    whole = whole_of(found)
    copy = Requirement(
        buyer_id=found.buyer_id,
        number=f"{found.number}-{1 + _copies_of(found)}",
        amends_id=found.id,
        amends_version=found.version_number,
        author_id=actor.person_id,
        steps_done=found.steps_done,
        saved_at=clock.now(),
        **{name: getattr(found, name) for name in ("title", "mode", "country", "currency", "timezone")},
    )
    db.session.add(copy)
    db.session.flush()
    fill(copy, whole)
    audit.record(actor, "needs:requirement:begin_amendment", found, after={"copy": copy.number})
    return copy


def discard_amendment(actor: Actor, copy: Requirement, *, version: int) -> None:
    """Throw a working copy away; the requirement stays as it is."""
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, copy.id)
    check_version(found, version)
    if not found.is_amendment:
        raise Conflict
    states.move(found, RequirementState.CANCELLED, REQUIREMENT_MOVES, clock.now())
    found.ended_at = clock.now()
    db.session.flush()
    audit.record(actor, "needs:requirement:discard_amendment", found)


def publish_amendment(
    actor: Actor, copy: Requirement, *, reason: str, note: str, deadline_local: datetime | None, version: int
) -> RequirementVersion:
    """Make the working copy the next version of its requirement, and say why.

    `deadline_local` is the deadline from now on, as local time of the copy's zone; None keeps it. Raises Incomplete,
    Invalid where nothing differs, or at `deadline_date` for one that is too near or earlier than before, Conflict once
    bids are closed, where another version came between, or where another person has to approve it first.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found, draft = both_locked(actor, copy)
    check_version(draft, version)
    if draft.state != RequirementState.DRAFT:
        raise Conflict
    if approval_is_needed(actor):
        raise Conflict(NEEDS_APPROVAL)
    return apply_amendment(actor, found, draft, reason=reason, note=note, deadline_local=deadline_local)


def apply_amendment(
    actor: Actor,
    found: Requirement,
    draft: Requirement,
    *,
    reason: str,
    note: str,
    deadline_local: datetime | None,
) -> RequirementVersion:
    """What publishing a working copy does, both rows locked, once it is known that the actor may."""
    cleaned = checked_reason(reason, note)
    planned, material, changes = check_amendment(actor, found, draft, deadline_local)
    _apply(actor, found, draft, planned)
    stored = store_version(
        actor, found, VersionKind.AMENDED, reason=ChangeReason(reason).value, note=cleaned, is_material=material
    )
    states.move(draft, RequirementState.CANCELLED, REQUIREMENT_MOVES, clock.now())
    draft.ended_at, draft.end_reason = clock.now(), f"v{stored.number}"
    db.session.flush()
    after = {"version": stored.number, "sha256": stored.sha256, "reason": reason, "is_material": material}
    audit.record(actor, "needs:requirement:amend", found, after=after)
    _announce(actor, found, stored, changes)
    return stored


def check_amendment(
    actor: Actor, found: Requirement, draft: Requirement, deadline_local: datetime | None
) -> tuple[Sequence[Scenario], bool, list[Change]]:
    """Whether a working copy can become the next version: its scenarios, whether that is material, what differs.

    Takes the deadline into the copy. Raises Incomplete, Conflict and Invalid as `publish_amendment`.
    """
    if draft.amends_version != found.version_number:
        raise Conflict(_l("The requirement was changed after this was begun. Discard the change and begin anew."))
    if (draft.mode, draft.currency) != (found.mode, found.currency):
        raise Invalid(_l("The form of outsourcing and the currency stay as they were published."))
    missing = amendment_gaps(draft)
    if missing:
        raise Incomplete(missing)
    _take_deadline(found, draft, deadline_local)
    planned = scenarios_of(draft, channels_of(draft), staffing_inputs_of(actor, draft))
    before = last_version_of(found).document
    changes = differences(before, _next_document(before, draft, planned))
    if not changes:
        raise Invalid(_l("Nothing differs from what is published: change something first."))
    material = is_material(changes)
    _check_deadline(found, draft, material=material)
    return planned, material, changes


def extend_deadline(
    actor: Actor, requirement: Requirement, *, deadline_local: datetime | None, note: str, version: int
) -> RequirementVersion:
    """Move the deadline to a later one. Bids stay as they are, sealed until the new deadline.

    Raises Invalid at `deadline_date` for one that is not later than the present one, Conflict once bids are closed.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not found.accepts_bids_at(clock.instant()):
        raise Conflict(TOO_LATE)
    assert found.deadline_at is not None
    before, old = last_version_of(found).document, found.deadline_at
    _set_deadline(found, deadline_local)
    if found.deadline_at <= old:
        raise Invalid(_l("A deadline can only be extended: choose a later one."), "deadline_date")
    if found.start_on is not None and found.start_on <= found.deadline_at.date():
        raise Invalid(_l("The start must lie after the deadline for bids."), "deadline_date")
    found.version_number += 1
    db.session.flush()
    cleaned = checked_reason(ChangeReason.DATES, note)
    stored = store_version(actor, found, VersionKind.EXTENDED, reason=ChangeReason.DATES.value, note=cleaned)
    _carry_over(actor, found)
    after = {"version": stored.number, "deadline_at": found.deadline_at.isoformat()}
    audit.record(
        actor, "needs:requirement:extend_deadline", found, before={"deadline_at": old.isoformat()}, after=after
    )
    _announce(actor, found, stored, differences(before, stored.document))
    return stored


def amendment_gaps(draft: Requirement) -> list[Gap]:
    """What a working copy lacks; its deadline has rules of its own."""
    found = gaps(draft, channels_of(draft), criteria_of(draft), clock.instant())
    return [gap for gap in found if gap.step is not Step.DEADLINE]


def pending_document(actor: Actor, found: Requirement, draft: Requirement) -> tuple[Document, Sequence[Scenario]]:
    """What the next version would say, and its scenarios. Raises Incomplete while they cannot be worked out."""
    planned = scenarios_of(draft, channels_of(draft), staffing_inputs_of(actor, draft))
    return _next_document(last_version_of(found).document, draft, planned), planned


def both_locked(actor: Actor, copy: Requirement) -> tuple[Requirement, Requirement]:
    """The requirement, then its working copy; bids on their way in wait for the first."""
    if copy.amends_id is None:
        raise Conflict
    found = locked(actor, copy.amends_id)
    if not found.accepts_bids_at(clock.instant()):
        raise Conflict(TOO_LATE)
    return found, locked(actor, copy.id)


def _next_document(before: Document, draft: Requirement, planned: Sequence[Scenario]) -> Document:
    """What the draft says, with the scenarios kept that come out the same."""
    after = document_of(draft, ())
    kept = {one["name"]: one for one in before["scenarios"]}
    after["scenarios"] = []
    for one in planned:
        sha256 = scenarios.digest(one)
        same = one.name in kept and kept[one.name]["sha256"] == sha256
        after["scenarios"].append(kept[one.name] if same else {"name": one.name, "sha256": sha256})
    return after


def _apply(actor: Actor, found: Requirement, draft: Requirement, planned: Sequence[Scenario]) -> None:
    # A calculation of the own cost has its own page, and may have been kept anew since the copy was taken.
    whole = whole_of(draft, without={"inhouse_month_minor"} if in_house_of(actor, found) else ())
    found.version_number += 1  # in the same statement as the content, or the database refuses it
    fill(found, whole)
    frozen = {one.name: one.sha256 for one in frozen_scenarios_of(found)}
    if frozen != {one.name: scenarios.digest(one) for one in planned}:
        scenarios.freeze(found, planned)


def checked_reason(reason: str, note: str) -> str:
    if reason not in list(ChangeReason):
        raise Invalid(_l("Choose a reason from the list."), "reason")
    cleaned = clean_text(note)
    if not cleaned or len(cleaned) > MAX_NOTE:
        raise Invalid(_l("Say what changes and why, in at most %(most)s characters.", most=MAX_NOTE), "note")
    return cleaned


def _take_deadline(found: Requirement, draft: Requirement, local: datetime | None) -> None:
    if local is not None:
        _set_deadline(draft, local)
    elif draft.deadline_at is None:
        for name in ("deadline_at", "deadline_local", "deadline_zone"):
            setattr(draft, name, getattr(found, name))


def _set_deadline(row: Requirement, local: datetime | None) -> None:
    if local is None:
        raise Invalid(_l("Write a date and a time."), "deadline_date")
    zone = row.deadline_zone or row.timezone
    naive = local.replace(tzinfo=None, second=0, microsecond=0)
    row.deadline_at, row.deadline_zone = deadlines.resolve(naive, zone).at, zone
    row.deadline_local = naive.isoformat(timespec="minutes")


def _check_deadline(found: Requirement, draft: Requirement, *, material: bool) -> None:
    assert found.deadline_at is not None and draft.deadline_at is not None
    if draft.deadline_at < found.deadline_at:
        raise Invalid(_l("A deadline can only be extended: choose a later one."), "deadline_date")
    least = deadlines.earliest_after_change(clock.instant(), material)
    if draft.deadline_at < least:
        sentence = _l(
            "After a change like this vendors need %(days)s days: extend the deadline.",
            days=deadlines.MIN_DAYS_AFTER_CHANGE,
        )
        raise Invalid(sentence, "deadline_date")
    if draft.start_on is not None and draft.start_on <= draft.deadline_at.date():
        raise Invalid(_l("The start must lie after the deadline for bids."), "deadline_date")


def _carry_over(actor: Actor, found: Requirement) -> None:
    """A working copy under way goes on from the new deadline."""
    copy = open_amendment_of(actor, found)
    if copy is None or copy.state != RequirementState.DRAFT:
        return
    copy.amends_version = found.version_number
    if copy.deadline_at is None or found.deadline_at is None or copy.deadline_at < found.deadline_at:
        for name in ("deadline_at", "deadline_local", "deadline_zone"):
            setattr(copy, name, getattr(found, name))
    db.session.flush()


def _announce(actor: Actor, found: Requirement, stored: RequirementVersion, changes: list[Change]) -> None:
    about = {"requirement": found.title, "requirement_id": str(found.id), "number": stored.number}
    about["person"] = actor.person_name
    notify(found.buyer_id, notices.CHANGED.name, about, permission=Permission.REQUIREMENT_EDIT)
    signals.amended.send(found, actor=actor, version=stored, changes=changes)


def _copies_of(found: Requirement) -> int:
    query = select(func.count()).select_from(Requirement).where(Requirement.amends_id == found.id)
    return db.session.scalar(query) or 0
