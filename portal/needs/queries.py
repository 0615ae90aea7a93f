"""Reads of requirements: a buyer sees its own, vendors and staff see what has been published."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, cast, select, true, tuple_
from sqlalchemy.dialects.postgresql import JSONB

from portal.accounts.actor import Actor
from portal.accounts.models import Company, CompanyDetails
from portal.accounts.permissions import Permission
from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.files import StoredFile
from portal.measures.words import Channel
from portal.needs.evaluation import Choices, choices_of
from portal.needs.models import (
    Criterion,
    EvaluationRules,
    FrozenScenario,
    KnockOut,
    Requirement,
    RequirementBudget,
    RequirementChannel,
    RequirementStaffing,
)
from portal.needs.private_models import InHouseBaseline
from portal.needs.states import RequirementState
from portal.pricing.documents import scenario_from_document
from portal.pricing.values import Scenario

PAGE = 25


@dataclass(frozen=True, slots=True)
class Filters:
    """What a vendor looks for among open requirements; empty fields ask for nothing."""

    channel: str = ""
    language: str = ""
    mode: str = ""
    industry: str = ""
    country: str = ""
    after: tuple[datetime, uuid.UUID] | None = None


@dataclass(frozen=True, slots=True)
class OpenRequirement:
    """A line of the vendors' list: the requirement, its buyer's name and its channels."""

    requirement: Requirement
    buyer_name: str
    channels: tuple[str, ...]


def requirement_for(actor: Actor, requirement_id: uuid.UUID) -> Requirement:
    """One requirement as `actor` may see it. Raises NotFound."""
    _permit(actor)
    found = db.session.scalar(select(Requirement).where(Requirement.id == requirement_id, _visible(actor)))
    if found is None:
        raise NotFound
    return found


def current(actor: Actor, requirement_id: uuid.UUID) -> Requirement:
    """The same, read afresh: for an act that has waited for somebody else's. Raises NotFound."""
    _permit(actor)
    query = select(Requirement).where(Requirement.id == requirement_id, _visible(actor))
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def requirements_for(
    actor: Actor, *, states: Sequence[RequirementState] = (), after: uuid.UUID | None = None
) -> Sequence[Requirement]:
    """The buyer's own requirements in one of `states`, or all; newest first, one more than a page if there are more."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(Requirement).where(tenancy.mine(Requirement), Requirement.amends_id.is_(None))
    query = query.order_by(Requirement.id.desc()).limit(PAGE + 1)
    if states:
        query = query.where(Requirement.state.in_([state.value for state in states]))
    if after is not None:
        query = query.where(Requirement.id < after)
    return db.session.scalars(query).all()


def open_requirements_for(actor: Actor, filters: Filters | None = None) -> Sequence[OpenRequirement]:
    """Published requirements a vendor may still bid on, those closing first first; one more than a page holds."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = _filtered(
        select(Requirement, Company.name)
        .join(Company, Company.id == Requirement.buyer_id)
        .where(Requirement.state == RequirementState.PUBLISHED, Requirement.deadline_at > clock.now()),
        filters or Filters(),
    )
    rows = db.session.execute(query.order_by(Requirement.deadline_at, Requirement.id).limit(PAGE + 1)).all()
    by_requirement = _channels_of_many([requirement.id for requirement, _ in rows])
    return [OpenRequirement(one, name, by_requirement.get(one.id, ())) for one, name in rows]


def channels_of(requirement: Requirement) -> Sequence[RequirementChannel]:
    """Its channels in the usual order."""
    rows = db.session.scalars(
        select(RequirementChannel).where(RequirementChannel.requirement_id == requirement.id)
    ).all()
    return sorted(rows, key=lambda row: list(Channel).index(Channel(row.channel)))


def criteria_of(requirement: Requirement) -> Sequence[Criterion]:
    """Its criteria in the buyer's order, without those an amendment dropped."""
    query = select(Criterion).where(Criterion.requirement_id == requirement.id, Criterion.dropped_at.is_(None))
    return db.session.scalars(query.order_by(Criterion.position)).all()


def knock_outs_of(requirement: Requirement) -> Sequence[KnockOut]:
    """Its must-haves in the buyer's order, without those an amendment dropped."""
    query = select(KnockOut).where(KnockOut.requirement_id == requirement.id, KnockOut.dropped_at.is_(None))
    return db.session.scalars(query.order_by(KnockOut.position)).all()


def evaluation_of(requirement: Requirement) -> Choices:
    """The rules its bids are ranked by; the defaults where it has none of its own."""
    query = select(EvaluationRules).where(EvaluationRules.requirement_id == requirement.id)
    return choices_of(db.session.scalar(query))


def judging_rules_of(requirement: Requirement) -> tuple[Choices, list[KnockOut]]:
    """`evaluation_of` and `knock_outs_of` in one statement, for pages that show both."""
    asked = and_(KnockOut.requirement_id == Requirement.id, KnockOut.dropped_at.is_(None))
    rows = db.session.execute(
        select(EvaluationRules, KnockOut)
        .select_from(Requirement)
        .outerjoin(EvaluationRules, EvaluationRules.requirement_id == Requirement.id)
        .outerjoin(KnockOut, asked)
        .where(Requirement.id == requirement.id)
        .order_by(KnockOut.position)
    ).all()
    return choices_of(rows[0][0] if rows else None), [row[1] for row in rows if row[1] is not None]


def frozen_scenario_of(requirement: Requirement, name: str = "base") -> FrozenScenario:
    """The stored scenario with its digest, as frozen at the latest publication. Raises NotFound before that."""
    found = db.session.scalar(
        select(FrozenScenario)
        .where(FrozenScenario.requirement_id == requirement.id, FrozenScenario.name == name)
        .order_by(FrozenScenario.version.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound
    return found


def frozen_scenarios_of(requirement: Requirement) -> Sequence[FrozenScenario]:
    """The stored scenarios of the latest version: low, base, high and temporary; empty before publication."""
    rows = db.session.scalars(select(FrozenScenario).where(FrozenScenario.requirement_id == requirement.id)).all()
    latest = max((row.version for row in rows), default=0)
    order = ("low", "base", "high", "temporary")
    return sorted((row for row in rows if row.version == latest), key=lambda row: order.index(row.name))


def scenario_of(requirement: Requirement, name: str = "base") -> Scenario:
    """The frozen forecast (base, low, high or temporary) for pricing. Raises NotFound before publication."""
    return scenario_from_document(frozen_scenario_of(requirement, name).document)


def shares_of(requirement: Requirement) -> dict[str, Decimal]:
    """The percentage of each language."""
    return {one["code"]: Decimal(one["share"]) for one in requirement.languages}


def budget_of(actor: Actor, requirement: Requirement) -> RequirementBudget | None:
    """What the buyer would spend, for its own people only; None where nothing was said. Raises NotFound for others."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    if requirement.buyer_id != actor.company_id:
        raise NotFound
    return db.session.scalar(
        select(RequirementBudget).where(
            RequirementBudget.requirement_id == requirement.id, tenancy.mine(RequirementBudget)
        )
    )


def staffing_inputs_of(actor: Actor, requirement: Requirement) -> dict[str, Any]:
    """The document of what the buyer assumes for staffing, for its own people only; empty where nothing was said.

    Raises NotFound for others.
    """
    actor.permit(Permission.REQUIREMENT_VIEW)
    if requirement.buyer_id != actor.company_id:
        raise NotFound
    found = db.session.scalar(
        select(RequirementStaffing.inputs).where(
            RequirementStaffing.requirement_id == requirement.id, tenancy.mine(RequirementStaffing)
        )
    )
    return found or {}


def approval_is_needed(actor: Actor) -> bool:
    """Whether the actor's company publishes only what another person has approved."""
    return bool(db.session.scalar(select(CompanyDetails.needs_approval).where(tenancy.mine(CompanyDetails))))


def in_house_of(actor: Actor, requirement: Requirement) -> InHouseBaseline | None:
    """The buyer's own cost as it was kept, for its own people only; None where nothing was. Raises NotFound.

    For a working copy it is that of its requirement.
    """
    actor.permit(Permission.REQUIREMENT_VIEW)
    if requirement.buyer_id != actor.company_id:
        raise NotFound
    costed_id = requirement.amends_id or requirement.id
    return db.session.scalar(
        select(InHouseBaseline).where(InHouseBaseline.requirement_id == costed_id, tenancy.mine(InHouseBaseline))
    )


def channel_of(requirement: Requirement, channel: str) -> RequirementChannel:
    """The row of one channel. Raises NotFound."""
    for row in channels_of(requirement):
        if row.channel == channel:
            return row
    raise NotFound


def volume_file_for(actor: Actor, file_id: uuid.UUID) -> StoredFile:
    """A file the actor's company uploaded. Raises NotFound."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    found = db.session.scalar(select(StoredFile).where(StoredFile.id == file_id, tenancy.mine(StoredFile)))
    if found is None:
        raise NotFound
    return found


def locked(actor: Actor, requirement_id: uuid.UUID) -> Requirement:
    """The buyer's own requirement, locked for a change and read afresh. Raises NotFound."""
    found = db.session.scalar(
        select(Requirement)
        .where(Requirement.id == requirement_id, tenancy.mine(Requirement))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound
    return found


def _permit(actor: Actor) -> None:
    if not actor.is_staff:
        actor.permit(Permission.REQUIREMENT_VIEW)


def _visible(actor: Actor) -> ColumnElement[bool]:
    if not tenancy.Walls.python:
        return true()
    if actor.company_kind == "buyer":
        return tenancy.mine(Requirement)
    return Requirement.published_at.is_not(None)


def _filtered(query: Select[Requirement, str], filters: Filters) -> Select[Requirement, str]:
    if filters.channel:
        query = query.where(
            select(RequirementChannel.id)
            .where(RequirementChannel.requirement_id == Requirement.id, RequirementChannel.channel == filters.channel)
            .exists()
        )
    if filters.language:
        query = query.where(Requirement.languages.op("@>")(cast([{"code": filters.language}], JSONB)))
    for column in ("mode", "industry", "country"):
        wanted = getattr(filters, column)
        if wanted:
            query = query.where(getattr(Requirement, column) == wanted)
    if filters.after is not None:
        query = query.where(tuple_(Requirement.deadline_at, Requirement.id) > tuple_(*filters.after))
    return query


def _channels_of_many(requirement_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[str, ...]]:
    rows = db.session.execute(
        select(RequirementChannel.requirement_id, RequirementChannel.channel).where(
            RequirementChannel.requirement_id.in_(requirement_ids)
        )
    ).all()
    found: dict[uuid.UUID, list[str]] = {}
    for requirement_id, channel in rows:
        found.setdefault(requirement_id, []).append(channel)
    order = [str(one) for one in Channel]
    return {key: tuple(sorted(values, key=order.index)) for key, values in found.items()}
