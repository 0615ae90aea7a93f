"""Saving one step of a requirement that is being written.

An unfinished answer is saved, a wrong one refused: `completeness` tells what is still missing at the end.
"""

from collections.abc import Callable

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict
from portal.needs import policy
from portal.needs.actions import step_channels, step_criteria, step_goals, step_languages, step_money
from portal.needs.answers import Answers, answers_of, as_text
from portal.needs.models import Requirement
from portal.needs.queries import locked
from portal.needs.states import Step

Saver = Callable[..., None]

SAVERS: dict[Step, Saver] = {
    Step.GOALS: step_goals.save,
    Step.CHANNELS: step_channels.save,
    Step.LANGUAGES: step_languages.save,
    Step.TARGETS: step_channels.save_targets,
    Step.MONEY: step_money.save,
    Step.DEADLINE: step_money.save_deadline,
    Step.CRITERIA: step_criteria.save,
}


def save_step(actor: Actor, requirement: Requirement, step: Step, data: Answers, *, version: int) -> Requirement:
    """Save the answers of `step`; `data` has the keyword arguments of the step's own `save` function.

    `version` is the requirement's as the form was opened with. Raises Invalid naming the field at fault,
    StaleVersion where somebody saved meanwhile, Conflict once it is published.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    if found.version != version:
        theirs = answers_of(actor, found, step)
        check_version(found, version, mine=as_text(data), theirs=as_text(theirs))
    if not policy.can_edit(actor, found):
        raise Conflict
    SAVERS[step](found, **data)
    mark_saved(found, step)
    db.session.flush()
    audit.record(actor, "needs:requirement:save_step", found, after={"step": step.value})
    return found


def mark_saved(requirement: Requirement, step: Step) -> None:
    """Note that a step was saved: the list of steps shows it, and the version counts up even if only rows changed."""
    requirement.saved_at = clock.now()
    if step.value not in requirement.steps_done:
        requirement.steps_done = [*requirement.steps_done, step.value]
