"""A buyer's requirements: the list, beginning one, looking at one, checking and publishing it, stopping it."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.buyer.forms.requirement import MODE_NOTES, DraftForm, PublishForm, WithdrawForm
from blueprints.buyer.requirement_page import page_of
from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.evaluation_view import judging_of
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.requirement_view import months_chart
from blueprints.shared.routes import Routes, needs
from blueprints.shared.scenario_lines import frozen_lines, scenario_line
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.agreements.queries import agreement_on
from portal.measures.words import MODE_NAMES
from portal.needs import policy
from portal.needs.actions import ask_review, draft_requirement, publish_requirement, withdraw_requirement
from portal.needs.completeness import Gap
from portal.needs.models import Requirement
from portal.needs.planning import DraftPlan, Unplannable, draft_plan
from portal.needs.queries import (
    PAGE,
    approval_is_needed,
    budget_of,
    frozen_scenarios_of,
    requirement_for,
    requirements_for,
    staffing_inputs_of,
)
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.states import ENDS, STOP_REASON_NAMES, RequirementState, Step
from portal.needs.version_queries import open_amendment_of

routes = Routes()

_S = RequirementState
TABS: dict[str, tuple[Any, tuple[RequirementState, ...]]] = {
    "": (_l("All"), ()),
    "draft": (_l("Being written"), (_S.DRAFT, _S.IN_REVIEW)),
    "open": (_l("Open for bids"), (_S.PUBLISHED,)),
    "deciding": (_l("Being decided"), (_S.CLOSED, _S.OPENED, _S.DECIDED)),
    "awarded": (_l("Awarded"), (_S.AWARDED,)),
    "ended": (_l("Ended"), tuple(ENDS)),
}


@routes.get("/requirements")
@needs(Permission.REQUIREMENT_VIEW)
def list_requirements() -> str:
    """All of the company's requirements, newest first."""
    chosen = request.args.get("state", "")
    chosen = chosen if chosen in TABS else ""
    found = requirements_for(require_actor(), states=TABS[chosen][1], after=request.args.get("after", type=uuid.UUID))
    tabs = [
        {"label": label, "url": url_for("buyer.list_requirements", state=key or None), "current": key == chosen}
        for key, (label, _states) in TABS.items()
    ]
    shown = found[:PAGE]
    more = url_for("buyer.list_requirements", state=chosen or None, after=shown[-1].id) if len(found) > PAGE else None
    return render_template(
        "buyer/requirement/list.html",
        requirements=shown,
        tabs=tabs,
        chosen=chosen,
        is_first=not request.args.get("after"),
        next_url=more,
        mode_names=MODE_NAMES,
    )


@routes.form("/requirements/new")
@needs(Permission.REQUIREMENT_EDIT)
def draft_one() -> Any:
    """Title and form of outsourcing: the least a draft needs."""
    form = DraftForm()
    drafted = submitted(form, lambda: draft_requirement(require_actor(), title=form.title.data, mode=form.mode.data))
    if drafted is not None:
        return redirect(url_for("buyer.edit_requirement", requirement_id=drafted.id, step=Step.GOALS.value))
    return form_page("buyer/requirement/create.html", form, mode_notes=MODE_NOTES)


@routes.get("/requirements/<uuid:requirement_id>")
@needs(Permission.REQUIREMENT_VIEW)
def show_requirement(requirement_id: uuid.UUID) -> Any:
    """Everything about one requirement, the private budget included."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    if requirement.amends_id is not None:
        return redirect(url_for("buyer.amend_requirement", requirement_id=requirement.amends_id))
    agreement = agreement_on(actor, requirement.id) if requirement.state == RequirementState.AWARDED else None
    page = page_of(requirement, agreement=agreement)
    return render_template(
        "buyer/requirement/show.html",
        **page,
        agreement=agreement,
        budget=budget_of(actor, requirement),
        scenarios=frozen_lines(frozen_scenarios_of(requirement)) if requirement.is_published else [],
        chart=months_chart(page["view"].summary),
        judging=judging_of(requirement, page["criteria"]),
        can_edit=policy.can_edit(actor, requirement),
        can_withdraw=policy.can_withdraw(actor, requirement),
        amendment=open_amendment_of(actor, requirement) if requirement.accepts_bids else None,
        policy=policy,
        stop_reasons=STOP_REASON_NAMES,
    )


@routes.form("/requirements/<uuid:requirement_id>/check")
@needs(Permission.REQUIREMENT_VIEW)
def check_requirement(requirement_id: uuid.UUID) -> Any:
    """The last step: what is missing, what publishing means, and the button."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    form = PublishForm(data={"version": requirement.version})
    if requirement.amends_id is not None and not form.is_submitted():
        return redirect(url_for("buyer.amend_requirement", requirement_id=requirement.amends_id))
    if not policy.can_edit(actor, requirement) and not form.is_submitted():
        return redirect(url_for("buyer.show_requirement", requirement_id=requirement.id))
    needs_approval = approval_is_needed(actor)
    act = ask_review if needs_approval else publish_requirement
    published = submitted(form, lambda: act(actor, requirement, version=form.version.data))
    if published is not None:
        if needs_approval:
            done(_("Your colleagues were asked to approve the requirement. It is published once one of them does."))
        else:
            done(_("The requirement is published. Vendors can bid until the deadline."))
        return redirect(url_for("buyer.show_requirement", requirement_id=published.id))
    page = page_of(requirement, Step.CHECK)
    plan, unplannable = _plan(actor, requirement, page)
    return form_page(
        "buyer/requirement/check.html",
        form,
        can_publish=policy.can_publish(actor, requirement) or needs_approval,
        needs_approval=needs_approval,
        scenarios=[scenario_line(one) for one in plan.scenarios],
        teams=plan.teams,
        **page | {"gaps": page["gaps"] + unplannable},
    )


def _plan(actor: Actor, requirement: Requirement, page: dict[str, Any]) -> tuple[DraftPlan, list[Gap]]:
    """What publishing would freeze, or why it cannot be worked out; neither while answers are missing."""
    if page["gaps"]:
        return DraftPlan(), []
    inputs = StaffingInputs.from_document(staffing_inputs_of(actor, requirement))
    try:
        return draft_plan(requirement, page["channels"], inputs), []
    except Unplannable as error:
        return DraftPlan(), [Gap(Step.CHANNELS, error.message)]


@routes.form("/requirements/<uuid:requirement_id>/withdraw")
@needs(Permission.REQUIREMENT_PUBLISH)
def stop_requirement(requirement_id: uuid.UUID) -> Any:
    """The question before a requirement ends."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    form = WithdrawForm(data={"version": requirement.version})
    stopped = submitted(
        form,
        lambda: withdraw_requirement(
            actor, requirement, code=form.code.data, reason=form.reason.data, version=form.version.data
        ),
    )
    if stopped is not None:
        done(_("The requirement has ended. The reason is kept with it."))
        return redirect(url_for("buyer.show_requirement", requirement_id=stopped.id))
    return form_page("buyer/requirement/withdraw.html", form, requirement=requirement)


@dashboard_card("buyer", position=20)
def requirements_card(actor: Actor) -> Card | None:
    """The newest requirements and where they stand."""
    if not actor.can(Permission.REQUIREMENT_VIEW):
        return None
    newest = requirements_for(actor)[:5]
    return Card(
        _l("Requirements"),
        items=[_line(requirement) for requirement in newest],
        empty=_l("Nothing yet: write down what you need, and vendors can bid on it."),
        url=url_for("buyer.list_requirements" if newest else "buyer.draft_one"),
        link=_l("All requirements") if newest else _l("New requirement"),
    )


def _line(requirement: Requirement) -> Item:
    return Item(
        requirement.title,
        url_for("buyer.show_requirement", requirement_id=requirement.id),
        note=requirement.number,
        state=requirement.state,
        noun="requirement",
    )
