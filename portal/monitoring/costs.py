"""What a month was expected to cost: by the bid for both sides, by its budget for the buyer alone."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.agreements.models import Agreement
from portal.kit.db import db
from portal.kit.tenancy import mine
from portal.monitoring.results import month_index
from portal.needs.models import RequirementBudget
from portal.pricing.documents import rate_card_from_document, scenario_from_document
from portal.pricing.total_cost import total_cost


def bid_by_month(agreement: Agreement, months: Sequence[date]) -> dict[date, int]:
    """Operating and expected extra fees of each month of service as they were bid, in minor units."""
    if agreement.go_live_at is None:
        return {}
    priced = total_cost(
        rate_card_from_document(agreement.terms["rate_card"]), scenario_from_document(agreement.terms["scenario"])
    )
    by_index = {month.k: month.operating_minor + month.extra_minor for month in priced.months}
    first = agreement.go_live_at.date()
    found = {month: by_index.get(month_index(first, month)) for month in months}
    return {month: minor for month, minor in found.items() if minor is not None}


def budget_of(actor: Actor, agreement: Agreement) -> int | None:
    """The buyer's budget per month in minor units; None for the vendor, and where the buyer stated none."""
    if agreement.side_of(actor.company_id) != "buyer":
        return None
    query = select(RequirementBudget.budget_month_minor).where(
        mine(RequirementBudget), RequirementBudget.requirement_id == agreement.requirement_id
    )
    return db.session.scalar(query)
