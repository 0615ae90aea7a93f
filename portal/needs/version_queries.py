"""Reads of versions, of amendments under way and of templates."""

import uuid
from collections.abc import Sequence

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import tenancy
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.needs.models import FrozenScenario, Requirement
from portal.needs.states import RequirementState
from portal.needs.version_models import RequirementConfirmation, RequirementTemplate, RequirementVersion

SHOWN_VERSIONS, SHOWN_TEMPLATES = 200, 200


def versions_of(requirement: Requirement) -> Sequence[RequirementVersion]:
    """The versions of a requirement one may see that its reader may see, the last first.

    What buyer and winner refined is read by these two only: row level security leaves it out for everybody else.
    """
    query = select(RequirementVersion).where(RequirementVersion.requirement_id == requirement.id)
    if tenancy.Walls.python:
        query = query.where(RequirementVersion.vendor_id.is_(None) | tenancy.mine(RequirementVersion))
    return db.session.scalars(query.order_by(RequirementVersion.number.desc()).limit(SHOWN_VERSIONS)).all()


def last_version_of(requirement: Requirement) -> RequirementVersion:
    """The version that counts now. Raises NotFound before publication."""
    found = versions_of(requirement)
    if not found:
        raise NotFound
    return found[0]


def scenarios_of_versions(requirement: Requirement) -> Sequence[FrozenScenario]:
    """Every scenario ever frozen for the requirement: versions name theirs by name and number."""
    return db.session.scalars(select(FrozenScenario).where(FrozenScenario.requirement_id == requirement.id)).all()


def confirmations_of(requirement: Requirement, number: int) -> dict[str, RequirementConfirmation]:
    """Who confirmed a version, by side, as the two parties see it."""
    query = select(RequirementConfirmation).where(
        RequirementConfirmation.requirement_id == requirement.id,
        RequirementConfirmation.number == number,
        tenancy.mine(RequirementConfirmation),
    )
    return {row.side: row for row in db.session.scalars(query)}


def is_confirmed(requirement: Requirement) -> bool:
    """Whether both sides of the award stand by the last version."""
    return len(confirmations_of(requirement, last_version_of(requirement).number)) == 2


def open_amendment_of(actor: Actor, requirement: Requirement) -> Requirement | None:
    """The working copy under way, for the buyer's own people; else None."""
    if requirement.buyer_id != actor.company_id:
        return None
    query = select(Requirement).where(
        Requirement.amends_id == requirement.id,
        Requirement.state.in_((RequirementState.DRAFT, RequirementState.IN_REVIEW)),
        tenancy.mine(Requirement),
    )
    return db.session.scalar(query)


def in_review_for(actor: Actor) -> Sequence[Requirement]:
    """What waits for an approval in the actor's company, amendments too, the oldest first."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(Requirement).where(tenancy.mine(Requirement), Requirement.state == RequirementState.IN_REVIEW)
    return db.session.scalars(query.order_by(Requirement.in_review_at).limit(SHOWN_TEMPLATES)).all()


def templates_for(actor: Actor) -> Sequence[RequirementTemplate]:
    """The company's templates by name."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(RequirementTemplate).where(tenancy.mine(RequirementTemplate))
    return db.session.scalars(query.order_by(RequirementTemplate.name).limit(SHOWN_TEMPLATES)).all()


def template_for(actor: Actor, template_id: uuid.UUID) -> RequirementTemplate:
    """One template of the actor's company. Raises NotFound."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(RequirementTemplate).where(RequirementTemplate.id == template_id, tenancy.mine(RequirementTemplate))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found
