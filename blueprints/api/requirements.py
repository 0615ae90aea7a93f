"""Requirements: a buyer's own, and for vendors those that take bids."""

import uuid
from typing import Any

from flask_babel import lazy_gettext as _l

from blueprints.api.schemas.requirements import (
    Requirement,
    RequirementChannel,
    RequirementCriterion,
    RequirementPage,
    RequirementSummary,
    Target,
)
from blueprints.api.schemas.values import CompanyName, Paging, page
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.looks import note_look_at
from blueprints.shared.routes import Routes, needs
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.kit.errors import Invalid, NotFound
from portal.needs import models, queries

routes = Routes()
SUMMARY = tuple(name for name in RequirementSummary.model_fields if name != "buyer")
DETAILS = tuple(set(Requirement.model_fields) - set(RequirementSummary.model_fields) - {"channels", "criteria"})
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
        criteria=[
            RequirementCriterion(**{name: getattr(row, name) for name in RequirementCriterion.model_fields})
            for row in queries.criteria_of(found)
        ],
    )


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
