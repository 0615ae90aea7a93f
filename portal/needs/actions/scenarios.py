"""Freezing the scenarios that bids are priced over, each time under the next version number."""

import hashlib
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from portal.kit import clock, evidence
from portal.kit.db import db
from portal.needs.models import FrozenScenario, Requirement, RequirementChannel
from portal.needs.planning import draft_scenarios
from portal.needs.staffing_inputs import StaffingInputs
from portal.pricing.documents import to_document
from portal.pricing.values import Scenario


def planned(
    requirement: Requirement, channels: Sequence[RequirementChannel], inputs: dict[str, Any]
) -> tuple[Scenario, ...]:
    """The scenarios as they would be frozen now. Raises Unplannable."""
    return draft_scenarios(requirement, channels, StaffingInputs.from_document(inputs))


def digest(scenario: Scenario) -> str:
    """The SHA-256 by which a frozen scenario is known."""
    return hashlib.sha256(evidence.canonical(_document(scenario)).encode()).hexdigest()


def freeze(requirement: Requirement, scenarios: Sequence[Scenario]) -> list[FrozenScenario]:
    """The next version of the requirement's scenarios; those of earlier ones stay as they are. Flushes."""
    of_requirement = FrozenScenario.requirement_id == requirement.id
    version = 1 + (db.session.scalar(select(func.max(FrozenScenario.version)).where(of_requirement)) or 0)
    rows = [
        FrozenScenario(
            requirement_id=requirement.id,
            buyer_id=requirement.buyer_id,
            name=scenario.name,
            version=version,
            document=_document(scenario),
            sha256=digest(scenario),
            frozen_at=clock.now(),
        )
        for scenario in scenarios
    ]
    db.session.add_all(rows)
    db.session.flush()
    return rows


def _document(scenario: Scenario) -> dict[str, Any]:
    return to_document(scenario) | {"name": scenario.name}
