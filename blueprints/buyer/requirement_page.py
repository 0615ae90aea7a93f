"""What every page about a buyer's own requirement shows: head, stages, steps, and what is still missing."""

from typing import Any

from flask import url_for

from blueprints.shared.requirement_view import view_of
from blueprints.shared.stages import stages_of_requirement
from portal.agreements.models import Agreement
from portal.kit import clock
from portal.needs.completeness import Gap, gaps
from portal.needs.models import Requirement
from portal.needs.queries import channels_of, criteria_of
from portal.needs.states import STEP_NAMES, Step

STEPS = list(Step)


def page_of(requirement: Requirement, step: Step | None = None, agreement: Agreement | None = None) -> dict[str, Any]:
    """The names a page's template reads. `step` is the one being written; `agreement` what came of an award."""
    channels, criteria = channels_of(requirement), criteria_of(requirement)
    missing = [] if requirement.is_published else gaps(requirement, channels, criteria, clock.now())
    return {
        "requirement": requirement,
        "channels": channels,
        "criteria": criteria,
        "view": view_of(requirement, channels),
        "gaps": missing,
        "step": step,
        "steps": _steps(requirement, missing, step),
        "stages": stages_of_requirement(requirement, agreement=agreement, step=STEPS.index(step) + 1 if step else None),
        "step_url": lambda wanted: step_url(requirement, wanted),
        "step_names": STEP_NAMES,
    }


def step_url(requirement: Requirement, step: Step) -> str:
    """The address of one step."""
    if step is Step.CHECK:
        return url_for("buyer.check_requirement", requirement_id=requirement.id)
    return url_for("buyer.edit_requirement", requirement_id=requirement.id, step=step.value)


def after(step: Step) -> Step:
    """The step that follows."""
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def before(step: Step) -> Step | None:
    """The step that comes before, None for the first."""
    index = STEPS.index(step)
    return STEPS[index - 1] if index else None


def _steps(requirement: Requirement, missing: list[Gap], now: Step | None) -> list[dict[str, Any]]:
    open_steps = {gap.step for gap in missing}
    found = []
    for step in STEPS:
        is_done = step.value in requirement.steps_done and step not in open_steps
        state = "now" if step is now else "done" if is_done else "later"
        found.append({"label": STEP_NAMES[step], "url": step_url(requirement, step), "state": state})
    return found
