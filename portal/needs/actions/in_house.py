"""Keeping what a service costs the buyer itself; the month in its budget follows from it."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.kit import audit, clock, tenancy
from portal.kit.calculators import CalculationError
from portal.kit.db import check_version, db
from portal.kit.errors import Conflict, Invalid, StaleVersion
from portal.kit.money import MAX_MINOR
from portal.needs import policy
from portal.needs.baseline import BOUNDS, TAKEN, Baseline, planned_of
from portal.needs.models import Requirement, RequirementBudget
from portal.needs.numbers import checked_decimal
from portal.needs.private_models import InHouseBaseline
from portal.needs.queries import channels_of, locked, staffing_inputs_of
from portal.needs.staffing_inputs import StaffingInputs


def keep_in_house(
    actor: Actor, requirement: Requirement, answers: Mapping[str, Any], *, version: int
) -> InHouseBaseline:
    """Keep the cost a buyer typed, by the names of `baseline.FIELDS`; an empty answer takes the plan's or the usual.

    `version` is the stored row's, 0 for the first time. The budget's in-house month becomes a twelfth of the year.
    Raises Invalid at the field at fault, StaleVersion, Conflict once the requirement is awarded or ended.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    if not policy.can_cost(actor, found):
        raise Conflict
    row = _row_of(found)
    if version != (row.version if row else 0):
        raise StaleVersion
    before = _told(row) if row else None
    inputs = StaffingInputs.from_document(staffing_inputs_of(actor, found))
    planned = planned_of(found, channels_of(found), inputs, clock.now().date())
    taken = {name: format(planned[name], "f") for name in TAKEN if name in planned}
    kept = InHouseBaseline(currency=found.currency, typed=_typed(answers), taken=taken)
    month = _month(Baseline.of_row(kept))
    if row is None:
        row = InHouseBaseline(requirement_id=found.id, buyer_id=found.buyer_id)
        db.session.add(row)
    row.currency, row.typed, row.taken, row.saved_at = kept.currency, kept.typed, taken, clock.now()
    _budget_of(found).inhouse_month_minor = month
    db.session.flush()
    audit.record(actor, "needs:requirement:keep_in_house", found, before=before, after=_told(row), sealed=True)
    return row


def drop_in_house(actor: Actor, requirement: Requirement, *, version: int) -> Requirement:
    """Forget the calculation; the month it came to stays in the budget, where it can be typed again.

    Raises StaleVersion, Conflict where there is none, or once the requirement is awarded or ended.
    """
    actor.permit(Permission.REQUIREMENT_EDIT)
    found = locked(actor, requirement.id)
    row = _row_of(found)
    if row is None or not policy.can_cost(actor, found):
        raise Conflict
    check_version(row, version)
    before = _told(row)
    db.session.delete(row)
    db.session.flush()
    audit.record(actor, "needs:requirement:drop_in_house", found, before=before, sealed=True)
    return found


def _row_of(requirement: Requirement) -> InHouseBaseline | None:
    query = select(InHouseBaseline).where(
        InHouseBaseline.requirement_id == requirement.id, tenancy.mine(InHouseBaseline)
    )
    return db.session.scalar(query.execution_options(populate_existing=True))


def _budget_of(requirement: Requirement) -> RequirementBudget:
    budget = db.session.get(RequirementBudget, requirement.id)
    if budget is None:
        budget = RequirementBudget(requirement_id=requirement.id, buyer_id=requirement.buyer_id)
        db.session.add(budget)
    return budget


def _typed(answers: Mapping[str, Any]) -> dict[str, str]:
    found = {}
    for name, (least, most, decimals, sentence) in BOUNDS.items():
        value = answers.get(name)
        if value is None or str(value).strip() == "":
            continue
        found[name] = checked_decimal(value, name, sentence, least=least, most=most, decimals=decimals)
    if "salary" not in found:
        raise Invalid(_l("Write what an agent earns in a year."), "salary")
    return found


def _month(baseline: Baseline) -> int:
    if baseline.value("fte") is None:
        raise Invalid(_l("Write how many full-time agents it takes: the staffing cannot be planned yet."), "fte")
    try:
        month = baseline.month_minor
    except CalculationError as error:
        raise Invalid(_l("These numbers cannot be worked out together."), error.path) from error
    if month > MAX_MINOR // 12:
        raise Invalid(_l("This amount is too large."), "salary")
    return month


def _told(row: InHouseBaseline) -> dict[str, Any]:
    return {"currency": row.currency, "typed": row.typed, "taken": row.taken}
