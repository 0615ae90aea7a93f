"""Months of service: how they stand, and a vendor's intake of figures."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l

from blueprints.api.schemas.months import (
    FiguresToSave,
    Month,
    MonthPage,
    MonthResult,
    MonthToReport,
    ShownFigures,
)
from blueprints.api.schemas.values import decimal_text
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.months import month_of
from blueprints.shared.problems import InvalidFields
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.agreements.models import Agreement
from portal.measures.satisfaction import Satisfaction
from portal.monitoring import actions, queries
from portal.monitoring.models import KpiPeriod
from portal.monitoring.results import Result, results
from portal.monitoring.states import PeriodState

routes = Routes()
RULE = "/agreements/<uuid:agreement_id>/months"


@routes.get(RULE)
@needs(Permission.MONITORING_VIEW)
@documented(MonthPage, "Monitoring")
def list_months(agreement_id: uuid.UUID) -> MonthPage:
    """List the months of service so far with their figures and how they stand to the targets."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    periods = queries.periods_of(agreement)
    is_vendor = agreement.side_of(actor.company_id) == "vendor"
    # A vendor's unfinished entries are its own until it reports them.
    seen = {month: period for month, period in periods.items() if period.counts or is_vendor}
    figures = queries.figures_of(list(seen.values()))
    satisfaction = queries.satisfaction_by_month(agreement, queries.survey_of(agreement))
    return MonthPage(
        items=[
            _shown(agreement, month, seen.get(month), figures, satisfaction.get(month))
            for month in queries.months_of(agreement)
        ],
        next=None,
    )


@routes.post(f"{RULE}/<month>/figures")
@needs(Permission.KPI_REPORT)
@documented(Month, "Monitoring")
def save_figures(agreement_id: uuid.UUID, month: str, json: FiguresToSave) -> Month:
    """Enter or correct a month's figures, for the vendor. The buyer sees them once the month is reported."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    period = actions.save_month(
        actor,
        agreement,
        month_of(month),
        figures=_by_channel(json),
        source="api",
        remark=json.remark,
        version=json.version,
    )
    return _one(agreement, period)


@routes.post(f"{RULE}/<month>/report")
@needs(Permission.KPI_REPORT)
@documented(Month, "Monitoring")
def report_month(agreement_id: uuid.UUID, month: str, json: MonthToReport) -> Month:
    """Hand a month that is over to the buyer, who then agrees or objects."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    return _one(agreement, actions.report_month(actor, agreement, month_of(month), version=json.version))


def _by_channel(sent: FiguresToSave) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for place, one in enumerate(sent.figures):
        if one.channel.value in found:
            raise InvalidFields([(f"figures.{place}.channel", _l("Each channel stands once."))])
        found[one.channel.value] = dict(one.items)
    return found


def _one(agreement: Agreement, period: KpiPeriod) -> Month:
    satisfaction = queries.satisfaction_by_month(agreement, queries.survey_of(agreement))
    return _shown(agreement, period.month, period, queries.figures_of([period]), satisfaction.get(period.month))


def _shown(
    agreement: Agreement,
    month: date,
    period: KpiPeriod | None,
    figures: dict[uuid.UUID, queries.FiguresByChannel],
    satisfaction: Satisfaction | None,
) -> Month:
    reported = figures.get(period.id, {}) if period else {}
    return Month(
        month=month.isoformat()[:7],
        timezone=agreement.timezone,
        state=PeriodState(period.state) if period else PeriodState.OPEN,
        version=period.version if period else 0,
        remark=period.remark if period else "",
        objection=period.objection if period else "",
        reported_at=period.reported_at if period else None,
        agreed_at=period.agreed_at if period else None,
        figures=[ShownFigures(channel=channel, items=items) for channel, items in reported.items()],
        results=[_result(one) for one in results(agreement.terms["targets"], reported, satisfaction)],
    )


def _result(one: Result) -> MonthResult:
    def written(value: Decimal | None) -> str | None:
        return None if value is None else decimal_text(round(value, 6))

    values: dict[str, Any] = {name: written(getattr(one, name)) for name in ("value", "target", "minimum", "n")}
    return MonthResult(channel=one.channel, metric=one.metric, verdict=one.verdict, source=one.source, **values)
