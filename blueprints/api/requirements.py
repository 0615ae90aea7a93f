"""Requirements: a buyer's own, and for vendors those that take bids."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l

from blueprints.api.schemas.requirements import (
    Requirement,
    RequirementChannel,
    RequirementCriterion,
    RequirementEvaluation,
    RequirementKnockOut,
    RequirementPage,
    RequirementSummary,
    Target,
)
from blueprints.api.schemas.values import CompanyName, Paging, money, page
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.looks import note_look_at
from blueprints.shared.routes import Routes, needs
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.kit.errors import Invalid, NotFound
from portal.needs import models, queries
from portal.needs.criteria import scale_of
from portal.needs.states import CriterionKind

routes = Routes()
SUMMARY = tuple(name for name in RequirementSummary.model_fields if name != "buyer")
ROWS = {"channels", "criteria", "knock_outs", "evaluation"}
DETAILS = tuple(set(Requirement.model_fields) - set(RequirementSummary.model_fields) - ROWS)
CHANNEL = ("channel", "monthly", "aht_s", "concurrency", "measured")


@routes.get("/requirements")
@needs(Permission.REQUIREMENT_VIEW)
@documented(RequirementPage, "Requirements")
def list_requirements(query: Paging) -> RequirementPage:
    """List requirements: a buyer's own, newest first; for a vendor those open for bids, the next deadline first."""
    actor = require_actor()
    if actor.company_kind == "buyer":
        rows = queries.requirements_for(actor, after=query.after)
        own = CompanyName(id=actor.company_id, name=actor.company_name)
        return RequirementPage(**page(rows, lambda row: _summary(row, own), lambda row: row.id))
    found = queries.open_requirements_for(actor, _beyond(actor, query.after))
    return RequirementPage(**page(found, _open_summary, lambda one: one.requirement.id))


@routes.get("/requirements/<uuid:requirement_id>")
@needs(Permission.REQUIREMENT_VIEW)
@documented(Requirement, "Requirements")
def show_requirement(requirement_id: uuid.UUID) -> Requirement:
    """Show one requirement: a buyer its own, a vendor one that has been published."""
    found = queries.requirement_for(require_actor(), requirement_id)
    note_look_at(found)
    buyer = CompanyName(id=found.buyer_id, name=company(found.buyer_id).name)
    return Requirement(
        **_summary(found, buyer).model_dump(),
        **{name: getattr(found, name) for name in DETAILS},
        channels=[_channel(row) for row in queries.channels_of(found)],
        criteria=[_criterion(row) for row in queries.criteria_of(found)],
        knock_outs=[
            RequirementKnockOut(title=row.title, evidence=row.evidence) for row in queries.knock_outs_of(found)
        ],
        evaluation=_evaluation(found),
    )


def _criterion(row: models.Criterion) -> RequirementCriterion:
    names = set(RequirementCriterion.model_fields) - {"anchors"}
    anchors = [str(words) for words in scale_of(row)] if row.kind == CriterionKind.QUALITY else []
    return RequirementCriterion(**{name: getattr(row, name) for name in names}, anchors=anchors)


def _evaluation(found: models.Requirement) -> RequirementEvaluation:
    given = queries.evaluation_of(found).to_document()
    named = {"budget_minor": "price_without_points", "floor_minor": "price_with_all_points"}
    amounts = {name: given.pop(column) for column, name in named.items()}
    shown = {name: None if minor is None else money(minor, found.currency) for name, minor in amounts.items()}
    return RequirementEvaluation(**given, **shown)


def _beyond(actor: Actor, after: uuid.UUID | None) -> queries.Filters:
    """Open requirements are in the order of their deadlines, so the last one seen says where to go on."""
    if after is None:
        return queries.Filters()
    try:
        last = queries.requirement_for(actor, after)
    except NotFound as error:
        raise Invalid(_l("This is no mark of a page. Begin again without it."), "after") from error
    return queries.Filters(after=(last.deadline_at, last.id)) if last.deadline_at else queries.Filters()


def _summary(row: models.Requirement, buyer: CompanyName) -> RequirementSummary:
    return RequirementSummary(**{name: getattr(row, name) for name in SUMMARY}, buyer=buyer)


def _open_summary(one: queries.OpenRequirement) -> RequirementSummary:
    return _summary(one.requirement, CompanyName(id=one.requirement.buyer_id, name=one.buyer_name))


def _channel(row: models.RequirementChannel) -> RequirementChannel:
    values: dict[str, Any] = {name: getattr(row, name) for name in CHANNEL}
    target = None
    if row.target_metric is not None:
        target = Target(
            metric=row.target_metric, value=row.target_value, minimum=row.target_minimum, seconds=row.target_seconds
        )
    return RequirementChannel(**values, target=target)
