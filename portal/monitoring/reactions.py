"""What monitoring does when something happens below it, and what it tells billing."""

import uuid
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts.actor import Actor
from portal.agreements.models import Agreement
from portal.agreements.signals import ended
from portal.billing.actuals import actual_volumes
from portal.implementation.signals import went_live
from portal.kit.db import db
from portal.kit.tenancy import mine
from portal.monitoring import queries
from portal.monitoring.actions.surveys import end_survey, open_survey
from portal.monitoring.models import KpiPeriod
from portal.monitoring.results import actual_month, month_index
from portal.pricing.values import ScenarioMonth


@went_live.connect
def _open(agreement: Agreement, *, actor: Actor, **_more: Any) -> None:
    """The service is live: its end customers can be asked."""
    open_survey(actor, agreement)


@ended.connect
def _close(agreement: Agreement, *, actor: Actor, **_more: Any) -> None:
    """The service has ended: so does its survey."""
    end_survey(actor, agreement)


@actual_volumes
def _reported(agreement_id: uuid.UUID, month: date) -> ScenarioMonth | None:
    """The month as the vendor reported it; a draft that was never handed over does not count."""
    period = db.session.scalar(
        select(KpiPeriod).where(mine(KpiPeriod), KpiPeriod.agreement_id == agreement_id, KpiPeriod.month == month)
    )
    agreement = db.session.get(Agreement, agreement_id)
    if period is None or not period.counts or agreement is None or agreement.go_live_at is None:
        return None
    figures = queries.figures_of([period]).get(period.id, {})
    return actual_month(agreement.terms, month_index(agreement.go_live_at.date(), month), figures)
