"""Monitoring: all engagements at a glance, the dashboard of one, one month, and the survey."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done
from blueprints.shared.routes import Routes, needs
from blueprints.workspace import monitoring_charts as drawn
from blueprints.workspace.frame import agreement_frame, names_in
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.agreements.models import Agreement
from portal.billing.queries import month_costs
from portal.monitoring import actions, queries
from portal.monitoring.costs import bid_by_month, budget_of
from portal.monitoring.models import KpiPeriod
from portal.monitoring.results import MIN_ANSWERS, results
from portal.monitoring.states import PeriodState

routes = Routes()


@routes.get("/monitoring")
@needs(Permission.MONITORING_VIEW)
def list_monitoring() -> str:
    """Every engagement that has gone live."""
    live = [agreement for agreement in agreements.agreements_for(require_actor()) if agreement.go_live_at]
    return render_template("workspace/monitoring/list.html", agreements=live, names_in=names_in)


@routes.get("/agreements/<uuid:agreement_id>/monitoring")
@needs(Permission.MONITORING_VIEW)
def show_monitoring(agreement_id: uuid.UUID) -> str:
    """The dashboard: each target over the months, satisfaction, and what the months cost."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    months = queries.months_of(agreement)
    periods = queries.periods_of(agreement)
    figures = queries.figures_of([period for period in periods.values() if period.counts])
    satisfaction = queries.satisfaction_by_month(agreement, queries.survey_of(agreement))
    judged = {
        month: results(
            agreement.terms["targets"],
            figures.get(periods[month].id, {}) if month in periods else {},
            satisfaction.get(month),
        )
        for month in months
    }
    costs = month_costs(agreement.id)
    bid = bid_by_month(agreement, months)
    budget = budget_of(actor, agreement)
    frame = agreement_frame(agreement)
    shown = next((month for month in reversed(months) if month in periods and periods[month].counts), None)
    shown = shown or (months[-1] if months else None)
    return render_template(
        "workspace/monitoring/show.html",
        **frame,
        months=months,
        shown=shown,
        waiting=_waiting(frame["side"], months, periods),
        sparklines=drawn.sparklines(agreement.terms["targets"], judged, shown) if shown else [],
        periods=periods,
        judged=judged,
        satisfaction=satisfaction,
        min_answers=MIN_ANSWERS,
        costs=costs,
        bid=bid,
        budget=budget,
        target_charts=drawn.target_charts(agreement.terms["targets"], judged),
        cost_chart=drawn.cost_chart(months, costs, bid, agreement.currency),
    )


def _waiting(side: str, months: Sequence[date], periods: Mapping[date, KpiPeriod]) -> date | None:
    """The oldest month that waits for this side: for the buyer to agree, for the vendor once it is over."""
    if side == "buyer":
        return next((one for one in months if one in periods and periods[one].state == PeriodState.REPORTED), None)
    theirs = (PeriodState.OPEN, PeriodState.OBJECTED)
    return next((one for one in months[:-1] if one not in periods or periods[one].state in theirs), None)


@routes.get("/agreements/<uuid:agreement_id>/survey")
@needs(Permission.MONITORING_VIEW)
def show_survey(agreement_id: uuid.UUID) -> str:
    """What end customers say, and the link to ask them with."""
    agreement = agreements.agreement_for(require_actor(), agreement_id)
    survey = queries.survey_of(agreement)
    result, tally = queries.satisfaction_of(survey)
    return render_template(
        "workspace/monitoring/survey.html",
        **agreement_frame(agreement),
        survey=survey,
        result=result,
        tally=tally,
        min_answers=MIN_ANSWERS,
        comments=queries.comments_of(survey),
        tally_chart=drawn.tally_chart(tally),
    )


@routes.post("/agreements/<uuid:agreement_id>/survey/end")
@needs(Permission.SURVEY_MANAGE)
def end_survey(agreement_id: uuid.UUID) -> Any:
    """Stop asking."""
    actor = require_actor()
    agreement: Agreement = agreements.agreement_for(actor, agreement_id)
    actions.end_survey(actor, agreement)
    done(_("The survey has ended. Its answers stay."))
    return redirect(url_for("workspace.show_survey", agreement_id=agreement.id))
