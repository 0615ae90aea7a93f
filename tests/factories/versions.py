"""Amendments and reviews made by the real verbs, each act in a transaction of its own."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.accounts.actions.company import choose_approval
from portal.accounts.actor import Actor
from portal.accounts.queries import details_for
from portal.needs import actions
from portal.needs.answers import answers_of
from portal.needs.models import Requirement
from portal.needs.queries import requirement_for
from portal.needs.states import Step
from portal.needs.version_models import RequirementVersion
from portal.needs.version_queries import last_version_of
from portal.selection import actions as selection
from portal.selection import queries as selection_queries
from tests.factories.accounts import MadeCompany, actor_for, make_person
from tests.factories.needs import in_scope

WHY = {"reason": "clarity", "note": "A vendor asked for it."}


def now_of(actor: Actor, requirement: Requirement) -> Requirement:
    """The requirement as it is now."""
    return in_scope(actor, lambda: requirement_for(actor, requirement.id))


def local_deadline(requirement: Requirement, **later: Any) -> datetime:
    """The requirement's deadline, moved, as local time of its zone."""
    assert requirement.deadline_at is not None and requirement.deadline_zone is not None
    moved = requirement.deadline_at + timedelta(**later)
    return moved.astimezone(ZoneInfo(requirement.deadline_zone)).replace(tzinfo=None)


def begin(actor: Actor, requirement: Requirement) -> Requirement:
    """The working copy of a published requirement."""
    return in_scope(actor, lambda: actions.begin_amendment(actor, requirement))


def rewrite(actor: Actor, draft: Requirement, step: Step, **changes: Any) -> Requirement:
    """Save one step again with some answers changed."""

    def act() -> Requirement:
        found = requirement_for(actor, draft.id)
        data = dict(answers_of(actor, found, step)) | changes
        return actions.save_step(actor, found, step, data, version=found.version)

    return in_scope(actor, act)


def publish_copy(actor: Actor, copy: Requirement, **changes: Any) -> RequirementVersion:
    """Make a working copy the next version."""
    values = {**WHY, "deadline_local": None, **changes}

    def act() -> RequirementVersion:
        found = requirement_for(actor, copy.id)
        return actions.publish_amendment(actor, found, version=found.version, **values)

    return in_scope(actor, act)


def amend(actor: Actor, requirement: Requirement, step: Step = Step.MONEY, **changes: Any) -> RequirementVersion:
    """Change one step of a published requirement: by default how long bids stay valid, which is material."""
    copy = begin(actor, requirement)
    rewrite(actor, copy, step, **(changes or {"validity_days": 90}))
    return publish_copy(actor, copy)


def explain(actor: Actor, requirement: Requirement, **changes: Any) -> RequirementVersion:
    """Change what is explained only."""
    return amend(actor, requirement, Step.GOALS, **(changes or {"summary": "Said in other words."}))


def extend(actor: Actor, requirement: Requirement, days: int = 3) -> RequirementVersion:
    """Move the deadline."""

    def act() -> RequirementVersion:
        found = requirement_for(actor, requirement.id)
        local = local_deadline(found, days=days)
        return actions.extend_deadline(actor, found, deadline_local=local, note="More time.", version=found.version)

    return in_scope(actor, act)


def want_approval(actor: Actor, needed: bool = True) -> None:
    """Turn the company's setting on or off."""

    def act() -> None:
        details = details_for(actor)
        choose_approval(actor, details, needed=needed, version=details.version)

    in_scope(actor, act)


def colleague_of(actor: Actor, role: str = "manager") -> Actor:
    """Another person of the actor's company."""
    assert actor.company_id is not None and actor.company_kind is not None
    company = MadeCompany(actor.company_id, actor.company_kind, actor.company_name, "", "GB", "Europe/London", "GBP")
    return actor_for(make_person(company, role), company)


def within(actor: Actor, requirement: Requirement, act: Callable[[Requirement], Any]) -> Any:
    """Run an act on the requirement as it is now, in one transaction of the actor."""
    return in_scope(actor, lambda: act(requirement_for(actor, requirement.id)))


def confirm_last(actor: Actor, award_id: uuid.UUID) -> None:
    """Stand by the last version of an awarded requirement for one side."""

    def act() -> None:
        award = selection_queries.award_for(actor, award_id)
        last = last_version_of(requirement_for(actor, award.requirement_id))
        selection.confirm_requirement(actor, award, number=last.number)

    in_scope(actor, act)


def refine(actor: Actor, award_id: uuid.UUID, **values: Any) -> RequirementVersion:
    """Put another version on the table for one side."""

    def act() -> RequirementVersion:
        award = selection_queries.award_for(actor, award_id)
        last = last_version_of(requirement_for(actor, award.requirement_id))
        return selection.refine_requirement(
            actor, award, values=values or {"agreed": "Cut-over at 08:00."}, note="As we said.", number=last.number
        )

    return in_scope(actor, act)
