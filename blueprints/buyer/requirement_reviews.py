"""The review before publication: reading what a colleague asks to have approved, and deciding."""

import uuid
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from blueprints.buyer.forms.requirement_life import RequirementReviewForm
from blueprints.buyer.requirement_page import page_of
from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.formatting import date
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.requirement_view import months_chart
from blueprints.shared.routes import Routes, needs
from blueprints.shared.version_view import compared
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.accounts.queries import team_for
from portal.needs import actions, policy
from portal.needs.actions.amend import pending_document
from portal.needs.models import Requirement
from portal.needs.queries import budget_of, requirement_for
from portal.needs.states import CHANGE_REASON_NAMES, RequirementState
from portal.needs.version_queries import in_review_for, last_version_of, scenarios_of_versions

routes = Routes()


@routes.form("/requirements/<uuid:requirement_id>/review")
@needs(Permission.REQUIREMENT_VIEW)
def review_requirement(requirement_id: uuid.UUID) -> Any:
    """What is to be approved, whole, and the decision."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    shown_id = requirement.amends_id or requirement.id
    if request.method == "GET" and requirement.state != RequirementState.IN_REVIEW:
        return redirect(url_for("buyer.show_requirement", requirement_id=shown_id))
    form = RequirementReviewForm(data={"version": requirement.version})
    decided = submitted(form, lambda: _decide(actor, requirement, form))
    if decided is not None:
        approved = form.decision.data == "approve"
        done(_("Approved and published.") if approved else _("Sent back. Your colleagues read why."))
        return redirect(url_for("buyer.show_requirement", requirement_id=shown_id))
    page = page_of(requirement)
    return form_page(
        "buyer/requirement/review.html",
        form,
        **page,
        budget=budget_of(actor, requirement),
        chart=months_chart(page["view"].summary),
        asked_by=_name_of(actor, requirement.review_asked_by),
        can_approve=policy.can_approve(actor, requirement),
        can_judge=policy.can_judge(actor, requirement),
        can_take_back=policy.can_take_back(actor, requirement),
        reason_names=CHANGE_REASON_NAMES,
        **_amended(actor, requirement),
    )


def _decide(actor: Actor, requirement: Requirement, form: RequirementReviewForm) -> Requirement:
    if form.decision.data == "approve":
        return actions.approve_requirement(actor, requirement, version=form.version.data)
    return actions.send_back(actor, requirement, reason=form.reason.data or "", version=form.version.data)


def _amended(actor: Actor, requirement: Requirement) -> dict[str, Any]:
    """What a change would make of the published requirement, where it is one."""
    if requirement.amends_id is None:
        return {"amended": None, "shown": None}
    amended = requirement_for(actor, requirement.amends_id)
    document, planned = pending_document(actor, amended, requirement)
    shown = compared(last_version_of(amended).document, document, scenarios_of_versions(amended), planned)
    return {"amended": amended, "shown": shown}


def _name_of(actor: Actor, person_id: uuid.UUID | None) -> str:
    names = {one.person_id: one.person.name for one in team_for(actor)}
    return names.get(person_id, "") if person_id else ""


@routes.post("/requirements/<uuid:requirement_id>/take-back")
@needs(Permission.REQUIREMENT_EDIT)
def take_requirement_back(requirement_id: uuid.UUID) -> Response:
    """Go on writing what is in review."""
    actor = require_actor()
    found = actions.take_back(actor, requirement_for(actor, requirement_id), version=sent_version())
    done(_("It is a draft again."))
    shown_id = found.amends_id or found.id
    endpoint = "buyer.amend_requirement" if found.is_amendment else "buyer.show_requirement"
    return redirect(url_for(endpoint, requirement_id=shown_id))  # type: ignore[return-value]


@dashboard_card("buyer", position=15)
def reviews_card(actor: Actor) -> Card | None:
    """What waits for an approval; no card where nothing does."""
    if not actor.can(Permission.REQUIREMENT_PUBLISH):
        return None
    waiting = in_review_for(actor)
    if not waiting:
        return None
    return Card(_l("Waiting for approval"), items=[_line(one) for one in waiting[:5]])


def _line(requirement: Requirement) -> Item:
    return Item(
        requirement.title,
        url_for("buyer.review_requirement", requirement_id=requirement.id),
        note=requirement.number,
        figure=date(requirement.in_review_at, short=True),
    )
