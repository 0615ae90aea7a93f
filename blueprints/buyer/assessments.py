"""“Should we outsource?”: a company's own assessments, alone or beside a requirement; nobody else ever sees them."""

import uuid
from dataclasses import replace
from decimal import Decimal
from math import ceil
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.buyer.assessment_view import view_of_assessment
from blueprints.buyer.forms.assessment import AssessmentForm, assessment_form
from blueprints.shared.actor import require_actor
from blueprints.shared.choices import CURRENCIES
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.kit.errors import Invalid, NotFound
from portal.measures.words import Channel, Mode
from portal.needs.actions import begin_assessment, delete_assessment, save_assessment
from portal.needs.assessment import Answers
from portal.needs.assessment_queries import (
    PAGE,
    assessment_for,
    assessment_on,
    assessments_for,
    free_requirements_for,
    prices_of,
)
from portal.needs.baseline import planned_of
from portal.needs.completeness import channel_volume
from portal.needs.figures import Figures
from portal.needs.models import Requirement
from portal.needs.planning import draft_scenarios
from portal.needs.private_models import SelfAssessment
from portal.needs.queries import budget_of, channels_of, requirement_for, scenario_of, staffing_inputs_of
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.summary import summary_of
from portal.pricing.begin_prices import DEFAULT_CURRENCY
from portal.pricing.values import Scenario

routes = Routes()


@routes.get("/assessments")
@needs(Permission.REQUIREMENT_VIEW)
def list_assessments() -> str:
    """All of the company's assessments, newest first."""
    actor = require_actor()
    found = assessments_for(actor, after=request.args.get("after", type=uuid.UUID))
    shown = found[:PAGE]
    more = url_for("buyer.list_assessments", after=shown[-1].assessment.id) if len(found) > PAGE else None
    return render_template(
        "buyer/assessment/list.html", lines=shown, more=more, can_edit=actor.can(Permission.REQUIREMENT_EDIT)
    )


@routes.get("/requirements/<uuid:requirement_id>/assessment")
@needs(Permission.REQUIREMENT_VIEW)
def assess_requirement(requirement_id: uuid.UUID) -> Any:
    """The assessment of a requirement; the form for one where there is none."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    if requirement.buyer_id != actor.company_id:
        raise NotFound
    found = assessment_on(actor, requirement)
    if found is not None:
        return redirect(url_for("buyer.show_assessment", assessment_id=found.id))
    if not actor.can(Permission.REQUIREMENT_EDIT):
        return redirect(url_for("buyer.list_assessments"))
    return redirect(url_for("buyer.begin_one_assessment", requirement=requirement.id))


@routes.form("/assessments/new")
@needs(Permission.REQUIREMENT_EDIT)
def begin_one_assessment() -> Any:
    """A new one, empty or with the numbers of a requirement."""
    actor = require_actor()
    wanted = request.args.get("requirement", type=uuid.UUID)
    requirement = requirement_for(actor, wanted) if wanted else None
    figures = _known(actor, requirement) if requirement else Figures(DEFAULT_CURRENCY)
    form = assessment_form(
        requirement.title if requirement else _("Our customer service"),
        figures,
        Answers(),
        currency=_currency(figures.currency),
        requirement_id=requirement.id if requirement else None,
        requirements=free_requirements_for(actor),
    )
    begun = submitted(form, lambda: begin_assessment(actor, form.given()))
    if begun is not None:
        done(_("Kept. Come back to it whenever you know more."))
        return redirect(url_for("buyer.show_assessment", assessment_id=begun.id))
    return _form_page(form, figures, None, None)


@routes.form("/assessments/<uuid:assessment_id>/edit")
@needs(Permission.REQUIREMENT_EDIT)
def edit_assessment(assessment_id: uuid.UUID) -> Any:
    """Its numbers and answers."""
    actor = require_actor()
    row = assessment_for(actor, assessment_id)
    figures = Figures.from_document(row.figures, DEFAULT_CURRENCY)
    form = assessment_form(
        row.title,
        figures,
        Answers.from_document(row.answers),
        note=row.note,
        currency=_currency(figures.currency),
        requirement_id=row.requirement_id,
        requirements=free_requirements_for(actor, row.requirement_id),
        version=row.version,
    )
    kept = submitted(form, lambda: save_assessment(actor, row, form.given(), version=form.version.data))
    if kept is not None:
        done(_("Kept. Come back to it whenever you know more."))
        return redirect(url_for("buyer.show_assessment", assessment_id=kept.id))
    return _form_page(form, figures, row, _own_month(actor, row)[1])


@routes.get("/assessments/<uuid:assessment_id>")
@needs(Permission.REQUIREMENT_VIEW)
def show_assessment(assessment_id: uuid.UUID) -> str:
    """The picture: what speaks for it, what against, what to find out first, and the numbers. Never a decision."""
    actor = require_actor()
    row = assessment_for(actor, assessment_id)
    requirement, own = _own_month(actor, row)
    figures = Figures.from_document(row.figures, DEFAULT_CURRENCY)
    if requirement is not None and own is not None:
        figures = replace(figures, own_month=own, currency=requirement.currency)
    scenario = _scenario(actor, requirement) if requirement else None
    return render_template(
        "buyer/assessment/show.html",
        assessment=row,
        requirement=requirement,
        is_own_of_requirement=own is not None,
        has_scenario=scenario is not None,
        figures=figures,
        view=view_of_assessment(figures, Answers.from_document(row.answers), prices_of(figures, scenario), scenario),
        can_edit=actor.can(Permission.REQUIREMENT_EDIT),
    )


@routes.post("/assessments/<uuid:assessment_id>/delete")
@needs(Permission.REQUIREMENT_EDIT)
def delete_one_assessment(assessment_id: uuid.UUID) -> Any:
    """Delete one for good."""
    actor = require_actor()
    delete_assessment(actor, assessment_for(actor, assessment_id))
    done(_("The assessment is deleted."))
    return redirect(url_for("buyer.list_assessments"))


def _form_page(form: AssessmentForm, figures: Figures, row: SelfAssessment | None, own: int | None) -> Any:
    return form_page(
        "buyer/assessment/edit.html", form, assessment=row, currency=_currency(figures.currency), own_month=own
    )


def _currency(known: str) -> str:
    """Amounts are read in the currency that the form was sent with."""
    sent = request.form.get("currency")
    return sent if sent in CURRENCIES else known


def _own_month(actor: Actor, row: SelfAssessment) -> tuple[Requirement | None, int | None]:
    """The requirement it hangs on, and that one's own cost of a month, which then counts instead of a typed one."""
    if row.requirement_id is None:
        return None, None
    requirement = requirement_for(actor, row.requirement_id)
    budget = budget_of(actor, requirement)
    return requirement, budget.inhouse_month_minor if budget else None


def _known(actor: Actor, requirement: Requirement) -> Figures:
    """What a requirement tells already."""
    if requirement.buyer_id != actor.company_id:
        raise NotFound
    channels = channels_of(requirement)
    summary = summary_of([channel_volume(row) for row in channels])
    inputs = StaffingInputs.from_document(staffing_inputs_of(actor, requirement))
    planned = planned_of(requirement, channels, inputs, clock.now().date())
    largest = max(summary.channels, key=lambda one: one.yearly, default=None)
    handle = next((row.aht_s for row in channels if largest and row.channel == largest.channel), None)
    budget = budget_of(actor, requirement)
    contacts = planned.get("contacts", summary.yearly)
    return Figures(
        currency=requirement.currency,
        mode=Mode(requirement.mode),
        channel=Channel(largest.channel) if largest else Channel.PHONE,
        agents=Decimal(ceil(planned["fte"] * 10)) / 10 if "fte" in planned else None,
        contacts=Decimal(ceil(contacts / 12)) if contacts else None,
        aht_s=Decimal(handle) if handle else None,
        languages=Decimal(max(len(requirement.languages), 1)),
        channels=Decimal(max(len(channels), 1)),
        term_months=Decimal(requirement.term_months) if requirement.term_months else None,
        own_month=budget.inhouse_month_minor if budget else None,
    )


def _scenario(actor: Actor, requirement: Requirement) -> Scenario | None:
    """The base scenario of a requirement: frozen, or as it would be frozen now; None while it cannot be planned."""
    if requirement.is_published:
        return scenario_of(requirement)
    inputs = StaffingInputs.from_document(staffing_inputs_of(actor, requirement))
    try:
        drafts = draft_scenarios(requirement, channels_of(requirement), inputs)
    except Invalid:
        return None
    return next((one for one in drafts if one.name == "base"), None)
