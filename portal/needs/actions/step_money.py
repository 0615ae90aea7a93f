"""Steps 5 and 6: term, currency and budget; the deadline for bids."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.kit import clock
from portal.kit.db import db
from portal.kit.errors import Invalid
from portal.kit.money import MAX_MINOR, exponent
from portal.measures.words import Mode
from portal.needs import deadlines
from portal.needs.baseline import Baseline
from portal.needs.forecast import term_end
from portal.needs.models import Requirement, RequirementBudget
from portal.needs.private_models import InHouseBaseline

MAX_MONTHS, MAX_VALIDITY_DAYS, MAX_BIDS = 120, 365, 10


def save(
    requirement: Requirement,
    *,
    currency: str,
    validity_days: int = 60,
    start_on: date | None = None,
    term_months: int | None = None,
    budget_total_minor: int | None = None,
    budget_month_minor: int | None = None,
    inhouse_month_minor: int | None = None,
) -> None:
    """Take the answers. Amounts are minor units of `currency`. A temporary service has its dates from step 1.

    The in-house month counts only while no calculation of it is kept.
    """
    exponent(currency)
    requirement.currency = currency
    if not 1 <= validity_days <= MAX_VALIDITY_DAYS:
        raise Invalid(_l("Write 1 to %(most)s days.", most=MAX_VALIDITY_DAYS), "validity_days")
    requirement.validity_days = validity_days
    if requirement.mode != Mode.TEMPORARY:
        _take_term(requirement, start_on, term_months)
    amounts = {
        "budget_total_minor": budget_total_minor,
        "budget_month_minor": budget_month_minor,
        "inhouse_month_minor": inhouse_month_minor,
    }
    for name, amount in amounts.items():
        if amount is not None and not 0 <= amount <= MAX_MINOR:
            raise Invalid(_l("This amount is too large."), name.removesuffix("_minor"))
    budget = db.session.get(RequirementBudget, requirement.id)
    if budget is None:
        budget = RequirementBudget(requirement_id=requirement.id, buyer_id=requirement.buyer_id)
        db.session.add(budget)
    amounts["inhouse_month_minor"] = _in_house_month(requirement, inhouse_month_minor)
    for name, amount in amounts.items():
        setattr(budget, name, amount)


def _in_house_month(requirement: Requirement, typed_minor: int | None) -> int | None:
    """What the calculation of the own cost gives where there is one, else what was typed.

    A calculation in another currency than the bids' says nothing until it is kept again. A working copy has none of
    its own: that of its requirement counts.
    """
    row = db.session.get(InHouseBaseline, requirement.amends_id or requirement.id)
    if row is None:
        return typed_minor
    return Baseline.of_row(row).month_minor if row.currency == requirement.currency else None


def _take_term(requirement: Requirement, start_on: date | None, months: int | None) -> None:
    if months is not None and not 1 <= months <= MAX_MONTHS:
        raise Invalid(_l("A term has 1 to %(most)s months.", most=MAX_MONTHS), "term_months")
    requirement.start_on, requirement.term_months = start_on, months
    requirement.end_on = term_end(start_on, months) if start_on and months else None


def save_deadline(
    requirement: Requirement, *, deadline_local: Any = None, deadline_zone: str = "", min_bids: int = 1
) -> None:
    """Take the deadline as local time of a zone (a naive datetime or its ISO text), and the least number of bids."""
    if not 1 <= min_bids <= MAX_BIDS:
        raise Invalid(_l("Write a number from 1 to %(most)s.", most=MAX_BIDS), "min_bids")
    requirement.min_bids = min_bids
    local = _naive(deadline_local)
    zone = deadline_zone or requirement.timezone
    if local is None:
        requirement.deadline_at, requirement.deadline_local, requirement.deadline_zone = None, None, zone
        return
    at = deadlines.resolve(local, zone).at
    if at <= deadlines.earliest(clock.now()):
        raise Invalid(
            _l("Vendors need more than %(days)s days: choose a later deadline.", days=deadlines.MIN_DAYS),
            "deadline_date",
        )
    requirement.deadline_at, requirement.deadline_zone = at, zone
    requirement.deadline_local = local.isoformat(timespec="minutes")


def _naive(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        local = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise Invalid(_l("Write a date and a time."), "deadline_date") from error
    return local.replace(tzinfo=None, second=0, microsecond=0)
