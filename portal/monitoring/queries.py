"""Reads of monitoring, scoped to the parties."""

import uuid
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.models import Agreement
from portal.kit import clock
from portal.kit.db import db
from portal.kit.errors import NotFound
from portal.kit.tenancy import mine
from portal.measures.satisfaction import Satisfaction, csat
from portal.monitoring.models import KpiFigures, KpiPeriod, Survey, SurveyResponse

FiguresByChannel = dict[str, dict[str, str]]
SHOWN_COMMENTS = 20


def months_of(agreement: Agreement) -> list[date]:
    """The months of service so far, the running one included, by their first days; empty before go-live."""
    if agreement.go_live_at is None:
        return []
    zone = ZoneInfo(agreement.timezone)
    first = agreement.go_live_at.astimezone(zone).date().replace(day=1)
    last = min(clock.now().astimezone(zone).date(), agreement.ends_on).replace(day=1)
    found = [first]
    while found[-1] < last:
        year, month = divmod(found[-1].year * 12 + found[-1].month, 12)
        found.append(date(year, month + 1, 1))
    return found


def periods_of(agreement: Agreement) -> dict[date, KpiPeriod]:
    """The reported months of an agreement that the actor may see, by month; a vendor's unsent draft is its own."""
    query = select(KpiPeriod).where(mine(KpiPeriod), KpiPeriod.agreement_id == agreement.id)
    return {period.month: period for period in db.session.scalars(query.order_by(KpiPeriod.month))}


def period_for(actor: Actor, agreement: Agreement, month: date, *, lock: bool = False) -> KpiPeriod | None:
    """One month, or None when nothing was entered. Raises NotFound for a month outside the service."""
    actor.permit(Permission.MONITORING_VIEW)
    if month not in months_of(agreement):
        raise NotFound
    query = select(KpiPeriod).where(mine(KpiPeriod), KpiPeriod.agreement_id == agreement.id, KpiPeriod.month == month)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def figures_of(periods: Sequence[KpiPeriod]) -> dict[uuid.UUID, FiguresByChannel]:
    """The figures of several months: by period, then channel."""
    query = select(KpiFigures).where(mine(KpiFigures), KpiFigures.period_id.in_([period.id for period in periods]))
    found: dict[uuid.UUID, FiguresByChannel] = {}
    for row in db.session.scalars(query.order_by(KpiFigures.channel)):
        found.setdefault(row.period_id, {})[row.channel] = row.figures
    return found


def survey_of(agreement: Agreement) -> Survey | None:
    """The survey of an agreement, there since its go-live."""
    return db.session.scalar(select(Survey).where(mine(Survey), Survey.agreement_id == agreement.id))


def satisfaction_by_month(agreement: Agreement, survey: Survey | None) -> dict[date, Satisfaction]:
    """What end customers answered in each month of the agreement's zone."""
    if survey is None:
        return {}
    month = func.date_trunc("month", func.timezone(agreement.timezone, SurveyResponse.answered_at))
    query = (
        select(month.label("month"), SurveyResponse.score, func.count().label("n"))
        .where(mine(SurveyResponse), SurveyResponse.survey_id == survey.id)
        .group_by(month, SurveyResponse.score)
    )
    counts: dict[date, list[int]] = {}
    for row in db.session.execute(query):
        counts.setdefault(row.month.date(), [0] * 5)[row.score - 1] = row.n
    judged = {when: csat(tally) for when, tally in counts.items()}
    return {when: result for when, result in judged.items() if result is not None}


def satisfaction_of(survey: Survey | None) -> tuple[Satisfaction | None, list[int]]:
    """All answers so far: the result, and how often each score from 1 to 5 was given."""
    tally = [0] * 5
    if survey is not None:
        query = (
            select(SurveyResponse.score, func.count())
            .where(mine(SurveyResponse), SurveyResponse.survey_id == survey.id)
            .group_by(SurveyResponse.score)
        )
        for score, n in db.session.execute(query):
            tally[score - 1] = n
    return csat(tally), tally


def comments_of(survey: Survey | None) -> Sequence[SurveyResponse]:
    """The latest answers that have a comment."""
    if survey is None:
        return []
    query = select(SurveyResponse).where(
        mine(SurveyResponse), SurveyResponse.survey_id == survey.id, SurveyResponse.comment != ""
    )
    return db.session.scalars(
        query.order_by(SurveyResponse.answered_at.desc(), SurveyResponse.id.desc()).limit(SHOWN_COMMENTS)
    ).all()
