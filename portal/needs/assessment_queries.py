"""Reads of self-assessments: a buyer company's own, for its people only."""

import uuid
from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.catalog.published_prices import published_cards
from portal.kit import clock, tenancy
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.needs.figures import Figures
from portal.needs.models import Requirement
from portal.needs.outside_price import Comparison, Outside, beginning, compared, outside
from portal.needs.private_models import SelfAssessment
from portal.needs.states import ENDS
from portal.pricing.exchange import worth_in
from portal.pricing.one_time import Sum
from portal.pricing.values import Scenario

PAGE = 25


class Line(NamedTuple):
    """One assessment of the list, with the number of the requirement it hangs on."""

    assessment: SelfAssessment
    number: str | None


class Prices(NamedTuple):
    """What the numbers come to: each None while something of it is not known."""

    outside: Outside | None
    one_time: Sum | None
    comparison: Comparison | None


def assessments_for(actor: Actor, *, after: uuid.UUID | None = None) -> Sequence[Line]:
    """The company's assessments, newest first, one more than a page if there are more."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = (
        select(SelfAssessment, Requirement.number)
        .outerjoin(Requirement, Requirement.id == SelfAssessment.requirement_id)
        .where(tenancy.mine(SelfAssessment))
        .order_by(SelfAssessment.id.desc())
        .limit(PAGE + 1)
    )
    if after is not None:
        query = query.where(SelfAssessment.id < after)
    return [Line(*row) for row in db.session.execute(query)]


def assessment_for(actor: Actor, assessment_id: uuid.UUID) -> SelfAssessment:
    """One of the company's assessments. Raises NotFound."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    found = db.session.scalar(
        select(SelfAssessment).where(SelfAssessment.id == assessment_id, tenancy.mine(SelfAssessment))
    )
    if found is None:
        raise NotFound
    return found


def assessment_on(actor: Actor, requirement: Requirement) -> SelfAssessment | None:
    """The assessment that hangs on a requirement of the company, if one does."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    query = select(SelfAssessment).where(SelfAssessment.requirement_id == requirement.id, tenancy.mine(SelfAssessment))
    return db.session.scalar(query)


def free_requirements_for(actor: Actor, keep: uuid.UUID | None = None) -> list[tuple[uuid.UUID, str]]:
    """Running requirements without an assessment, and `keep`, as id and words, the newest first."""
    actor.permit(Permission.REQUIREMENT_VIEW)
    taken = select(SelfAssessment.id).where(SelfAssessment.requirement_id == Requirement.id).exists()
    free = ~taken & Requirement.state.not_in([state.value for state in ENDS])
    query = select(Requirement.id, Requirement.number, Requirement.title).where(tenancy.mine(Requirement))
    query = query.where(free if keep is None else free | (Requirement.id == keep))
    rows = db.session.execute(query.order_by(Requirement.id.desc()).limit(PAGE)).all()
    return [(row.id, f"{row.number} · {row.title}") for row in rows]


def prices_of(figures: Figures, scenario: Scenario | None) -> Prices:
    """The numbers against published prices, over the requirement's `scenario` where there is one."""
    over = scenario or figures.scenario
    drivers = figures.drivers
    if over is None and drivers is None:
        return Prices(None, None, None)
    worth = worth_in(figures.currency, clock.now().date())
    cards = published_cards()
    price = None if over is None else outside(over, figures.currency, cards, worth)
    one_time = None if drivers is None else beginning(drivers, figures.currency, cards, worth)
    found = None
    if price and price.month and one_time and figures.own_month is not None:
        term = len(over.months) if over else figures.months
        found = compared(figures.own_month, figures.retained_month or 0, price.month, one_time, term)
    return Prices(price, one_time, found)
