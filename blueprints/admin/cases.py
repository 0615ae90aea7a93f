"""The moderators' queue and a case: what was sent in beside what is published, automatic checks, the decision."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.admin.forms.case import (
    NAME_VERDICT_NAMES,
    VERDICT_NAMES,
    AppealDecisionForm,
    ConductForm,
    DecisionForm,
    NameForm,
)
from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.shared.service_words import FIELD_NAMES, compared
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import company
from portal.moderation import actions, queries
from portal.moderation.checks import automatic_checks
from portal.moderation.free_text import profile_texts
from portal.moderation.models import Case
from portal.moderation.records import opens_records
from portal.moderation.states import CaseKind, CaseState, Verdict
from portal.moderation.twins import MarkKind, looking_alike, twins_of

routes = Routes()

TWIN_NAMES = {
    MarkKind.NAME: _l("Its name reads the same"),
    MarkKind.TAX: _l("It has the same tax number"),
    MarkKind.SITE: _l("It has the same website"),
}
KIND_NAMES = {CaseKind.SERVICE_REVIEW: _l("Service"), CaseKind.CONDUCT: _l("Conduct"), CaseKind.NAME: _l("New name")}
LISTS = {"": _l("Waiting"), "mine": _l("In my hand"), "done": _l("Decided")}


@routes.get("/cases")
@needs(Permission.STAFF_MODERATE)
def list_cases() -> str:
    """Cases by when they are due; also those in the actor's own hand, and those that were decided."""
    which = request.args.get("which", "")
    which = which if which in LISTS else ""
    tabs = [
        {"label": label, "url": url_for("admin.list_cases", which=name or None), "current": name == which}
        for name, label in LISTS.items()
    ]
    actor = require_actor()
    cases = queries.cases_for(actor, which=which)
    alike = looking_alike(actor, {case.company_id for case, _name in cases})
    return render_template(
        "admin/case/list.html", cases=cases, which=which, tabs_shown=tabs, kinds=KIND_NAMES, alike=alike
    )


@routes.get("/cases/<uuid:case_id>")
@needs(Permission.STAFF_MODERATE)
def show_case(case_id: uuid.UUID) -> Any:
    """One case."""
    case = queries.case_for(require_actor(), case_id)
    return _page(case, _form_of(case))


@routes.post("/cases/<uuid:case_id>/assign")
@needs(Permission.STAFF_MODERATE)
def assign_case(case_id: uuid.UUID) -> Any:
    """Take the case."""
    actor = require_actor()
    actions.assign_case(actor, queries.case_for(actor, case_id), version=sent_version())
    done(_("The case is in your hand."))
    return redirect(url_for("admin.show_case", case_id=case_id))


@routes.post("/cases/<uuid:case_id>/release")
@needs(Permission.STAFF_MODERATE)
def release_case(case_id: uuid.UUID) -> Any:
    """Put the case back into the queue."""
    actor = require_actor()
    actions.release_case(actor, queries.case_for(actor, case_id), version=sent_version())
    done(_("The case is back in the queue."))
    return redirect(url_for("admin.list_cases"))


@routes.post("/cases/<uuid:case_id>/decide")
@needs(Permission.STAFF_MODERATE)
def decide_case(case_id: uuid.UUID) -> Any:
    """Publish, ask for changes or reject; settle an appeal; let a name stand or not; close a case about conduct."""
    actor = require_actor()
    case = queries.case_for(actor, case_id)
    form = _form_of(case)
    decision = submitted(form, lambda: _decide(actor, case, form))
    if decision is None:
        return _page(case, form)
    done(_("Decided: %(verdict)s.", verdict=_verdict_names(case)[Verdict(decision.verdict)]))
    return redirect(url_for("admin.list_cases"))


@routes.form("/companies/<uuid:company_id>/case")
@needs(Permission.STAFF_MODERATE)
def open_case(company_id: uuid.UUID) -> Any:
    """Begin a case about a company's conduct."""
    actor, form = require_actor(), ConductForm()
    case = submitted(form, lambda: actions.open_conduct_case(actor, company_id, reason=form.reason.data))
    if case is None:
        return form_page("admin/case/open.html", form, company=company(company_id))
    done(_("The case is open."))
    return redirect(url_for("admin.show_case", case_id=case.id))


def _form_of(case: Case) -> Any:
    if case.kind == CaseKind.CONDUCT:
        return ConductForm(data={"version": case.version})
    if case.kind == CaseKind.NAME:
        return NameForm(data={"version": case.version})
    form = AppealDecisionForm if case.state == CaseState.APPEALED else DecisionForm
    return form(data={"version": case.version})


def _verdict_names(case: Case) -> Mapping[Verdict, Any]:
    return VERDICT_NAMES | (NAME_VERDICT_NAMES if case.kind == CaseKind.NAME else {})


def _decide(actor: Actor, case: Case, form: Any) -> Any:
    version = form.version.data or 0
    if isinstance(form, ConductForm):
        return actions.close_conduct_case(actor, case, reason=form.reason.data, version=version)
    verdict = Verdict(form.verdict.data)
    if isinstance(form, NameForm):
        return actions.decide_name(actor, case, verdict=verdict, reason=form.reason.data or "", version=version)
    if isinstance(form, AppealDecisionForm):
        return actions.decide_appeal(actor, case, verdict=verdict, reason=form.reason.data, version=version)
    return actions.decide_case(actor, case, verdict=verdict, reasons=form.reasons, version=version)


def _page(case: Case, form: Any) -> Any:
    actor = require_actor()
    is_service = case.kind == CaseKind.SERVICE_REVIEW
    changes = compared(case.published, case.submitted) if is_service else []
    return form_page(
        "admin/case/show.html",
        form,
        case=case,
        company=company(case.company_id),
        changes=changes,
        changed=[change for change in changes if change.is_changed],
        checks=automatic_checks(case.submitted, case.published, profile_texts(actor, case)) if is_service else [],
        twins=twins_of(actor, case.company_id),
        twin_names=TWIN_NAMES,
        decisions=queries.decisions_of(actor, case),
        record=queries.record_of(actor, case.company_id),
        is_mine=case.state == CaseState.ASSIGNED and case.assigned_to == actor.person_id,
        may_settle=case.state == CaseState.APPEALED and case.assigned_to != actor.person_id,
        opens_records=opens_records(actor, case),
        is_impartial=queries.is_impartial(actor, case.company_id),
        field_names=FIELD_NAMES,
        verdict_names=_verdict_names(case),
        kind=KIND_NAMES[CaseKind(case.kind)],
    )


@dashboard_card("admin", position=10)
def cases_card(actor: Actor) -> Card | None:
    """What waits for a moderator, what is due first at the top."""
    if not actor.can(Permission.STAFF_MODERATE):
        return None
    items = [
        Item(case.title, url=url_for("admin.show_case", case_id=case.id), note=name, state=case.state, noun="case")
        for case, name in queries.cases_for(actor)[:5]
    ]
    return Card(
        title=_("Moderation"),
        items=items,
        empty=_("Nothing waits for a decision."),
        url=url_for("admin.list_cases"),
        link=_("The whole queue"),
    )
