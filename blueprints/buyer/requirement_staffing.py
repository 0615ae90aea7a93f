"""How many people a requirement takes, by month, day and half-hour; only its buyer's people see it."""

import uuid
from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _

from blueprints.buyer.forms.staffing import assumptions_form
from blueprints.buyer.requirement_page import page_of, step_url
from blueprints.buyer.staffing_view import StaffingView, view_of_plan
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.kit.calculators import CalculationError
from portal.kit.errors import Invalid
from portal.needs import policy
from portal.needs.actions import plan_staffing
from portal.needs.completeness import staffing_gaps
from portal.needs.models import Requirement
from portal.needs.planning import Unplannable, planning_of
from portal.needs.queries import requirement_for, staffing_inputs_of
from portal.needs.staffing_inputs import StaffingInputs
from portal.needs.states import Step

routes = Routes()


@routes.form("/requirements/<uuid:requirement_id>/staffing")
@needs(Permission.REQUIREMENT_VIEW)
def staff_requirement(requirement_id: uuid.UUID) -> Any:
    """The plan under the buyer's own assumptions, and these as a form while the requirement is being written."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    inputs = StaffingInputs.from_document(staffing_inputs_of(actor, requirement))
    page = page_of(requirement)
    form = assumptions_form(requirement, page["channels"], inputs)
    kept = submitted(form, lambda: plan_staffing(actor, requirement, form.answers(), version=form.version.data))
    if kept is not None:
        done(_("The assumptions are kept, and the plan follows them."))
        return redirect(url_for("buyer.staff_requirement", requirement_id=requirement.id, **_chosen()))
    plan, problem = _plan(requirement, page, inputs)
    return form_page(
        "buyer/requirement/staffing.html",
        form,
        plan=plan,
        problem=problem,
        missing=staffing_gaps(requirement, page["channels"]),
        given=inputs.as_document(),
        work=inputs.work,
        can_edit=policy.can_edit(actor, requirement),
        volumes_url=step_url(requirement, Step.CHANNELS),
        goals_url=step_url(requirement, Step.GOALS),
        **page,
    )


def _plan(requirement: Requirement, page: dict[str, Any], inputs: StaffingInputs) -> tuple[StaffingView | None, Any]:
    """The plan, or None and why there is none; without a reason where answers are missing."""
    day = request.args.get("day", type=date.fromisoformat)
    try:
        planning = planning_of(requirement, page["channels"], inputs, clock.now().date())
        return (view_of_plan(planning, day, request.args.get("channel", "")) if planning else None), None
    except CalculationError as error:
        return None, Unplannable(error).message
    except Invalid as error:  # such as a target of 100 %, which may be saved and cannot be planned
        return None, error.message


def _chosen() -> dict[str, str]:
    return {name: request.args[name] for name in ("day", "channel") if request.args.get(name)}
