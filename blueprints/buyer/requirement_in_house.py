"""What a requirement's service costs its buyer today; nobody else ever sees it."""

import uuid
from decimal import Decimal
from typing import Any

from flask import redirect, url_for
from flask_babel import gettext as _

from blueprints.buyer.forms.in_house import in_house_form
from blueprints.buyer.in_house_view import view_of_cost
from blueprints.buyer.requirement_page import page_of
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, sent_version, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.kit import clock
from portal.needs import policy
from portal.needs.actions import drop_in_house, keep_in_house
from portal.needs.baseline import Baseline, planned_of
from portal.needs.queries import in_house_of, requirement_for, staffing_inputs_of
from portal.needs.staffing_inputs import StaffingInputs

routes = Routes()


@routes.form("/requirements/<uuid:requirement_id>/in-house")
@needs(Permission.REQUIREMENT_VIEW)
def cost_requirement(requirement_id: uuid.UUID) -> Any:
    """The cost as it was kept, line by line, and the answers as a form until a bid has won."""
    actor = require_actor()
    requirement = requirement_for(actor, requirement_id)
    row = in_house_of(actor, requirement)
    page = page_of(requirement)
    inputs = StaffingInputs.from_document(staffing_inputs_of(actor, requirement))
    planned = planned_of(requirement, page["channels"], inputs, clock.now().date())
    kept = Baseline.of_row(row) if row else Baseline(requirement.currency)
    now = Baseline(requirement.currency, kept.typed, planned)
    form = in_house_form(now, row.version if row else 0)
    saved = submitted(form, lambda: keep_in_house(actor, requirement, form.answers(), version=form.version.data or 0))
    if saved is not None:
        done(_("Your own cost is kept, and each bid is shown beside it."))
        return redirect(url_for("buyer.cost_requirement", requirement_id=requirement.id))
    return form_page(
        "buyer/requirement/in_house.html",
        form,
        row=row,
        kept=kept,
        cost=view_of_cost(kept) if row else None,
        moved=_moved(kept, planned) if row else [],
        is_other_currency=row is not None and row.currency != requirement.currency,
        planned=planned,
        can_cost=policy.can_cost(actor, requirement),
        **page,
    )


@routes.post("/requirements/<uuid:requirement_id>/in-house/drop")
@needs(Permission.REQUIREMENT_EDIT)
def drop_cost(requirement_id: uuid.UUID) -> Any:
    """Forget the calculation and keep its month."""
    actor = require_actor()
    drop_in_house(actor, requirement_for(actor, requirement_id), version=sent_version())
    done(_("The calculation is forgotten. The month it came to stays beside the budget."))
    return redirect(url_for("buyer.show_requirement", requirement_id=requirement_id))


def _moved(kept: Baseline, planned: Any) -> list[tuple[str, Decimal, Decimal]]:
    """What the plan says otherwise since the cost was kept: name, then and now; typed answers do not move."""
    return [
        (name, kept.taken[name], planned[name])
        for name in kept.taken
        if name not in kept.typed and name in planned and planned[name] != kept.taken[name]
    ]
