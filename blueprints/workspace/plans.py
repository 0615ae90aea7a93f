"""Implementation: where all plans stand, one plan, and working on its milestones."""

import uuid
from collections.abc import Callable
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from blueprints.workspace.forms.plans import MilestoneReturnForm, MilestoneSubmitForm
from blueprints.workspace.frame import agreement_frame, names_in
from portal.accounts.permissions import Permission
from portal.agreements import queries as agreements
from portal.agreements.models import Agreement
from portal.implementation import actions, queries
from portal.implementation.models import Milestone
from portal.implementation.templates import GO_LIVE
from portal.pricing.documents import rate_card_from_document
from portal.pricing.words import ONE_TIME_NAMES

routes = Routes()


@routes.get("/implementation")
@needs(Permission.AGREEMENT_VIEW)
def list_plans() -> str:
    """How far every plan is, and where the company is waited for."""
    actor = require_actor()
    progress = queries.progress_for(actor)
    shown = [agreement for agreement in agreements.agreements_for(actor) if agreement.id in progress]
    return render_template("workspace/plans/list.html", agreements=shown, progress=progress, names_in=names_in)


@routes.get("/agreements/<uuid:agreement_id>/plan")
@needs(Permission.AGREEMENT_VIEW)
def show_plan(agreement_id: uuid.UUID) -> str:
    """The milestones of one agreement."""
    agreement = agreements.agreement_for(require_actor(), agreement_id)
    milestones = queries.milestones_of(agreement)
    return render_template(
        "workspace/plans/show.html",
        **agreement_frame(agreement),
        milestones=milestones,
        settled={milestone.code for milestone in milestones if milestone.is_settled},
        titles={milestone.code: milestone.title for milestone in milestones},
        fees_of=_fees_of(agreement),
        go_live=GO_LIVE,
    )


def _fees_of(agreement: Agreement) -> Callable[[Milestone], list[Any]]:
    """Tells what the one-time fees are for that a milestone of this agreement makes due."""
    card = rate_card_from_document(agreement.terms["rate_card"])
    names = {line.code: line.note or ONE_TIME_NAMES[line.category] for line in card.one_time}
    return lambda milestone: [names[code] for code in milestone.fee_codes]


@routes.form("/agreements/<uuid:agreement_id>/plan/<uuid:milestone_id>/submit")
@needs(Permission.MILESTONE_EDIT)
def submit_milestone(agreement_id: uuid.UUID, milestone_id: uuid.UUID) -> Any:
    """Say that a milestone is reached."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    milestone = queries.milestone_for(actor, agreement, milestone_id)
    form = MilestoneSubmitForm(data={"shown": milestone.evidence, "version": milestone.version})

    def action() -> bool:
        actions.submit_milestone(actor, agreement, milestone, shown=form.shown.data, version=form.version.data)
        return True

    if submitted(form, action):
        done(_("Submitted. The other side was asked to accept it."))
        return redirect(url_for("workspace.show_plan", agreement_id=agreement.id))
    return form_page("workspace/plans/submit.html", form, **agreement_frame(agreement), milestone=milestone)


@routes.form("/agreements/<uuid:agreement_id>/plan/<uuid:milestone_id>/accept")
@needs(Permission.MILESTONE_ACCEPT)
def accept_milestone(agreement_id: uuid.UUID, milestone_id: uuid.UUID) -> Any:
    """Accept what the other side submitted, or send it back with what is missing."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    milestone = queries.milestone_for(actor, agreement, milestone_id)
    form = MilestoneReturnForm()
    if request.method == "POST" and "accept" in request.form:
        actions.accept_milestone(actor, agreement, milestone)
        done(_("“%(title)s” is accepted.", title=milestone.title))
        return redirect(url_for("workspace.show_plan", agreement_id=agreement.id))

    def action() -> bool:
        actions.request_changes(actor, agreement, milestone, remark=form.remark.data)
        return True

    if submitted(form, action):
        done(_("Sent back. The other side was told what is missing."))
        return redirect(url_for("workspace.show_plan", agreement_id=agreement.id))
    return form_page(
        "workspace/plans/accept.html",
        form,
        **agreement_frame(agreement),
        milestone=milestone,
        fees_of=_fees_of(agreement),
    )


@routes.post("/agreements/<uuid:agreement_id>/plan/<uuid:milestone_id>/waive")
@needs(Permission.MILESTONE_ACCEPT)
def waive_milestone(agreement_id: uuid.UUID, milestone_id: uuid.UUID) -> Any:
    """Agree to do without a milestone."""
    actor = require_actor()
    agreement = agreements.agreement_for(actor, agreement_id)
    milestone = queries.milestone_for(actor, agreement, milestone_id)
    actions.waive_milestone(actor, agreement, milestone)
    waived = _("“%(title)s” is waived by both.", title=milestone.title)
    done(waived if milestone.is_settled else _("You agreed to waive it. It is waived once the other side agrees too."))
    return redirect(url_for("workspace.show_plan", agreement_id=agreement.id))
