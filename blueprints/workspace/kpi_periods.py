"""One reported month: entering figures by hand or as a file, reporting, objecting, agreeing."""

import uuid
from datetime import date
from decimal import Decimal
from typing import Any

from flask import Response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.formatting import number
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.months import month_of
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.forms.monitoring import (
    KpiPeriodObjectForm,
    KpiPeriodUploadForm,
    field_name,
    month_form,
)
from blueprints.workspace.frame import agreement_frame
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.agreements.models import Agreement
from portal.kit.errors import Invalid
from portal.monitoring import actions, figures_file, queries
from portal.monitoring.items import ITEM_NAMES, items_of
from portal.monitoring.models import KpiPeriod
from portal.monitoring.results import results

routes = Routes()
RULE = "/agreements/<uuid:agreement_id>/monitoring/<month>"


def _found(agreement_id: uuid.UUID, month: str) -> tuple[Agreement, date, KpiPeriod | None]:
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    when = month_of(month)
    return agreement, when, queries.period_for(actor, agreement, when)


def _back(agreement: Agreement, month: str) -> Response:
    return redirect(url_for("workspace.show_kpi_period", agreement_id=agreement.id, month=month))  # type: ignore[return-value]


@routes.get(RULE)
@needs(Permission.MONITORING_VIEW)
def show_kpi_period(agreement_id: uuid.UUID, month: str) -> str:
    """One month: its figures, how they stand to the targets, and what is next."""
    agreement, when, period = _found(agreement_id, month)
    frame = agreement_frame(agreement)
    visible = period if period and (period.counts or frame["side"] == "vendor") else None
    figures = queries.figures_of([visible]).get(visible.id, {}) if visible else {}
    satisfaction = queries.satisfaction_by_month(agreement, queries.survey_of(agreement)).get(when)
    return render_template(
        "workspace/monitoring/month.html",
        **frame,
        month=when,
        period=visible,
        figures={
            target["channel"]: _written(target, figures[target["channel"]])
            for target in agreement.terms["targets"]
            if target["channel"] in figures
        },
        judged=results(agreement.terms["targets"], figures, satisfaction),
    )


def _written(target: dict[str, Any], reported: dict[str, str]) -> list[tuple[Any, str]]:
    """The reported items of a channel, named, in their usual order."""
    return [(ITEM_NAMES[item], number(Decimal(reported[item]))) for item in items_of(target) if item in reported]


@routes.form(f"{RULE}/edit")
@needs(Permission.KPI_REPORT)
def edit_kpi_period(agreement_id: uuid.UUID, month: str) -> Any:
    """Enter or correct a month's figures."""
    agreement, when, period = _found(agreement_id, month)
    targets = agreement.terms["targets"]
    known = queries.figures_of([period]).get(period.id, {}) if period else {}
    values = {field_name(channel, item): value for channel, items in known.items() for item, value in items.items()}
    values |= {"version": period.version if period else 0, "remark": period.remark if period else ""}
    form = month_form(targets, data=values)

    def action() -> KpiPeriod:
        figures = {
            target["channel"]: {item: form[field_name(target["channel"], item)].data for item in items_of(target)}
            for target in targets
        }
        return _saved(agreement, when, figures, "typed", form)

    if submitted(form, action):
        done(_("The figures are saved. Report the month when it is over."))
        return _back(agreement, month)
    return form_page(
        "workspace/monitoring/edit.html",
        form,
        **agreement_frame(agreement),
        month=when,
        period=period,
        fields={
            target["channel"]: [form[field_name(target["channel"], item)] for item in items_of(target)]
            for target in targets
        },
    )


def _saved(agreement: Agreement, when: date, figures: dict[str, dict[str, str]], source: str, form: Any) -> KpiPeriod:
    remark = form.remark.data if "remark" in form else _("Corrected by a file.")
    try:
        return actions.save_month(
            require_actor(),
            agreement,
            when,
            figures=figures,
            source=source,
            remark=remark or "",
            version=form.version.data or 0,
        )
    except Invalid as error:
        named = [name for name in form.data if name.endswith(f"-{error.field}")]
        raise Invalid(error.message, named[0] if named else error.field) from error


@routes.form(f"{RULE}/upload")
@needs(Permission.KPI_REPORT)
def upload_kpi_period(agreement_id: uuid.UUID, month: str) -> Any:
    """Enter a month's figures from a CSV file."""
    agreement, when, period = _found(agreement_id, month)
    wanted = {target["channel"]: items_of(target) for target in agreement.terms["targets"]}
    form = KpiPeriodUploadForm(data={"version": period.version if period else 0} if request.method == "GET" else None)

    def action() -> KpiPeriod:
        figures = figures_file.read_figures(form.file.data.read(), wanted)
        return _saved(agreement, when, figures, "file", form)

    if submitted(form, action):
        done(_("The file is read and its figures are saved."))
        return _back(agreement, month)
    return form_page("workspace/monitoring/upload.html", form, **agreement_frame(agreement), month=when, wanted=wanted)


@routes.get(f"{RULE}/template.csv")
@needs(Permission.KPI_REPORT)
def download_kpi_template(agreement_id: uuid.UUID, month: str) -> Response:
    """An empty file with the right columns."""
    agreement, _when, _period = _found(agreement_id, month)
    items = {target["channel"]: items_of(target) for target in agreement.terms["targets"]}
    answer = Response(figures_file.example(items, items), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{agreement.number}-{month[:7]}.csv"'
    return answer


@routes.post(f"{RULE}/report")
@needs(Permission.KPI_REPORT)
def report_kpi_period(agreement_id: uuid.UUID, month: str) -> Any:
    """Hand a month over to the buyer."""
    agreement, when, _period = _found(agreement_id, month)
    actions.report_month(require_actor(), agreement, when, version=request.form.get("version", 0, type=int))
    done(_("The month is reported. The buyer was asked to agree."))
    return _back(agreement, month)


@routes.post(f"{RULE}/agree")
@needs(Permission.MILESTONE_ACCEPT)
def agree_kpi_period(agreement_id: uuid.UUID, month: str) -> Any:
    """Agree with a month."""
    agreement, when, _period = _found(agreement_id, month)
    actions.agree_month(require_actor(), agreement, when, version=request.form.get("version", 0, type=int))
    done(_("You agreed with the month."))
    return _back(agreement, month)


@routes.form(f"{RULE}/object")
@needs(Permission.MILESTONE_ACCEPT)
def object_kpi_period(agreement_id: uuid.UUID, month: str) -> Any:
    """Object to a month."""
    agreement, when, period = _found(agreement_id, month)
    form = KpiPeriodObjectForm(data={"version": period.version if period else 0} if request.method == "GET" else None)

    def action() -> KpiPeriod:
        return actions.object_month(
            require_actor(), agreement, when, objection=form.objection.data, version=form.version.data or 0
        )

    if submitted(form, action):
        done(_("The vendor was told what is wrong."))
        return _back(agreement, month)
    return form_page("workspace/monitoring/object.html", form, **agreement_frame(agreement), month=when)
