"""The stage bar: where a requirement or an agreement stands among the four stages, and what is due now."""

from datetime import datetime
from typing import Any, NamedTuple

from flask_babel import gettext as _

from blueprints.shared import formatting
from portal.agreements.models import Agreement
from portal.measures.words import STAGE_NAMES, Stage
from portal.needs.models import Requirement
from portal.needs.states import RequirementState

_S = RequirementState


class StageView(NamedTuple):
    """One stage as the bar shows it; `state` is "done", "now" or "later"."""

    name: Any
    state: str
    note: str


def stages_of_requirement(
    requirement: Requirement, *, agreement: Agreement | None = None, step: int | None = None, steps: int = 8
) -> list[StageView]:
    """The four stages of a requirement. `step` is the number of the step being written, if one is.

    `agreement` is what came of it, where the reader is a party: once signed, it says how far things are.
    """
    state = RequirementState(requirement.state)
    if agreement is not None and agreement.activated_at is not None:
        return stages_of_agreement(agreement, needs_done_at=requirement.published_at)
    if not requirement.is_published:
        return _bar(Stage.NEEDS, _draft_note(requirement, step, steps), {})
    done = {Stage.NEEDS: requirement.published_at}
    if state is _S.AWARDED:
        note = _("Now · the agreement is to be signed")
        return _bar(Stage.IMPLEMENTATION, note, done | {Stage.SELECTION: requirement.awarded_at})
    return _bar(Stage.SELECTION, _selection_note(requirement, state), done)


def stages_of_agreement(agreement: Agreement, *, needs_done_at: datetime | None = None) -> list[StageView]:
    """The four stages of an agreement. `needs_done_at` is when its requirement was published, where that is known."""
    done: dict[Stage, datetime | None] = {Stage.NEEDS: needs_done_at}
    if agreement.activated_at is None:
        return _bar(Stage.SELECTION, _("Now · the agreement is to be signed"), done)
    done[Stage.SELECTION] = agreement.activated_at
    if agreement.go_live_at is None:
        if agreement.ended_at is not None:
            return _bar(Stage.IMPLEMENTATION, _ended(agreement.ended_at), done)
        return _bar(Stage.IMPLEMENTATION, _("Now · until go-live"), done)
    done[Stage.IMPLEMENTATION] = agreement.go_live_at
    if agreement.ended_at is not None:
        return _bar(Stage.MONITORING, _ended(agreement.ended_at), done)
    return _bar(Stage.MONITORING, _("Now · in service"), done)


def _bar(now: Stage, note: str, done: dict[Stage, datetime | None]) -> list[StageView]:
    later = {
        Stage.SELECTION: _("Starts when you publish"),
        Stage.IMPLEMENTATION: _("After signature"),
        Stage.MONITORING: _("From go-live"),
    }
    found = []
    for stage in Stage:
        if stage is now:
            found.append(StageView(STAGE_NAMES[stage], "now", note))
        elif stage in done:
            found.append(StageView(STAGE_NAMES[stage], "done", _done(done[stage])))
        else:
            found.append(StageView(STAGE_NAMES[stage], "later", later.get(stage, "")))
    return found


def _draft_note(requirement: Requirement, step: int | None, steps: int) -> str:
    if requirement.ended_at is not None:
        return _ended(requirement.ended_at)
    if step is None:
        return _("Now · being written")
    return _("Now · step %(step)s of %(steps)s", step=step, steps=steps)


def _selection_note(requirement: Requirement, state: RequirementState) -> str:
    if requirement.ended_at is not None:
        return _ended(requirement.ended_at)
    if state is _S.PUBLISHED and requirement.accepts_bids:
        return _("Now · bids until %(day)s", day=formatting.date(requirement.deadline_at, short=True))
    notes = {
        _S.PUBLISHED: _("Now · the deadline has passed"),
        _S.CLOSED: _("Now · sealed bids wait to be opened"),
        _S.OPENED: _("Now · bids are evaluated"),
        _S.DECIDED: _("Now · the vendor's answer is due"),
    }
    return notes.get(state, _("Now"))


def _done(at: datetime | None) -> str:
    return _("Done %(day)s", day=formatting.date(at, short=True)) if at else _("Done")


def _ended(at: datetime) -> str:
    return _("Ended %(day)s", day=formatting.date(at, short=True))
