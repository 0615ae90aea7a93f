"""Publishing a requirement: from here on it, its criteria and its forecasts stay as they are."""

import hashlib
from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, evidence, states
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Forbidden, Invalid
from portal.needs import policy, signals
from portal.needs.completeness import Gap, gaps
from portal.needs.criteria import scale_of
from portal.needs.models import Criterion, FrozenScenario, Requirement, RequirementChannel
from portal.needs.planning import Unplannable, draft_scenarios
from portal.needs.queries import (
    channels_of,
    criteria_of,
    evaluation_of,
    knock_outs_of,
    locked,
    staffing_inputs_of,
)
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.states import REQUIREMENT_MOVES, CriterionKind, RequirementState, Step
from portal.pricing.documents import to_document
from portal.pricing.values import Scenario


class Incomplete(Invalid):
    """A requirement that cannot be priced or bid on yet; `gaps` says what is missing and in which step."""

    def __init__(self, found: list[Gap]) -> None:
        self.gaps = found
        sentences = " ".join(str(gap.sentence) for gap in found)
        super().__init__(_l("This cannot be published yet. %(what)s", what=sentences))


def publish_requirement(actor: Actor, requirement: Requirement, *, version: int) -> Requirement:
    """Show the requirement to all vendors and fix what they bid on: texts, criteria and the scenarios.

    Raises Incomplete naming everything missing, Conflict where it was published or ended already.
    """
    actor.permit(Permission.REQUIREMENT_PUBLISH)
    found = locked(actor, requirement.id)
    check_version(found, version)
    if not policy.can_publish(actor, found):
        raise Conflict
    if not accounts.company(found.buyer_id).is_open:
        raise Forbidden(_l("Your company cannot begin anything new at the moment."))
    now = clock.instant()
    channels, criteria = channels_of(found), criteria_of(found)
    missing = gaps(found, channels, criteria, now)
    if missing:
        raise Incomplete(missing)
    inputs = staffing_inputs_of(actor, found)
    frozen = _freeze(found, _scenarios(found, channels, inputs))
    db.session.flush()  # scenarios are only taken while the requirement is unpublished
    states.move(found, RequirementState.PUBLISHED, REQUIREMENT_MOVES, now)
    db.session.flush()
    audit.record(actor, "needs:requirement:publish", found, after={"number": found.number, "staffing": inputs})
    payload = _published_text(found, channels, criteria) | {
        "person": actor.person_name,
        "scenarios": {one.name: one.sha256 for one in frozen},
    }
    evidence.append("requirement", found.id, "published", payload, buyer_id=found.buyer_id)
    signals.published.send(found, actor=actor)
    return found


def _scenarios(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: dict[str, Any]
) -> tuple[Scenario, ...]:
    try:
        return draft_scenarios(requirement, channels, StaffingInputs.from_document(inputs))
    except Unplannable as error:
        raise Incomplete([Gap(Step.CHANNELS, error.message)]) from error


def _freeze(requirement: Requirement, scenarios: Sequence[Scenario]) -> list[FrozenScenario]:
    """The next version of the requirement's scenarios; those of earlier ones stay as they are."""
    of_requirement = FrozenScenario.requirement_id == requirement.id
    version = 1 + (db.session.scalar(select(func.max(FrozenScenario.version)).where(of_requirement)) or 0)
    rows = []
    for scenario in scenarios:
        document = to_document(scenario) | {"name": scenario.name}
        rows.append(
            FrozenScenario(
                requirement_id=requirement.id,
                buyer_id=requirement.buyer_id,
                name=scenario.name,
                version=version,
                document=document,
                sha256=hashlib.sha256(evidence.canonical(document).encode()).hexdigest(),
                frozen_at=clock.now(),
            )
        )
    db.session.add_all(rows)
    return rows


def _published_text(
    requirement: Requirement, channels: list[RequirementChannel] | Any, criteria: list[Criterion] | Any
) -> dict[str, Any]:
    """Everything vendors read, as plain JSON for the evidence chain."""
    assert requirement.start_on and requirement.end_on and requirement.deadline_at
    return {
        "number": requirement.number,
        "title": requirement.title,
        "summary": requirement.summary,
        "mode": requirement.mode,
        "goals": requirement.goals,
        "industry": requirement.industry,
        "service_types": requirement.service_types,
        "country": requirement.country,
        "currency": requirement.currency,
        "start_on": requirement.start_on.isoformat(),
        "end_on": requirement.end_on.isoformat(),
        "term_months": requirement.term_months,
        "timezone": requirement.timezone,
        "hours": requirement.hours,
        "is_24x7": requirement.is_24x7,
        "languages": requirement.languages,
        "split_rule": requirement.split_rule,
        "split_note": requirement.split_note,
        "retained": requirement.retained,
        "wind_down": requirement.wind_down,
        "deadline_at": requirement.deadline_at.isoformat(),
        "validity_days": requirement.validity_days,
        "min_bids": requirement.min_bids,
        "channels": [_channel_text(row) for row in channels],
        "criteria": [
            {
                "code": c.code,
                "title": c.title,
                "weight": c.weight,
                "kind": c.kind,
                "minimum": c.minimum,
                "anchors": [str(words) for words in scale_of(c)] if c.kind == CriterionKind.QUALITY else [],
            }
            for c in criteria
        ],
        "knock_outs": [{"title": one.title, "evidence": one.evidence} for one in knock_outs_of(requirement)],
        "evaluation": evaluation_of(requirement).to_document(),
    }


def _channel_text(row: RequirementChannel) -> dict[str, Any]:
    names = ("channel", "aht_s", "concurrency", "monthly", "source", "measured")
    targets = ("target_metric", "target_value", "target_minimum", "target_seconds")
    return {name: getattr(row, name) for name in (*names, *targets)}
