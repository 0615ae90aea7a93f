"""Agreements of the company, on whichever side it is."""

import uuid
from typing import Any

from blueprints.api.schemas.agreements import Agreement, AgreementPage, AgreementSummary, AgreementTarget
from blueprints.api.schemas.values import PAGE, CompanyName, Paging, money, page
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.agreements import models, queries
from portal.monitoring.items import items_of

routes = Routes()
SUMMARY = tuple(name for name in AgreementSummary.model_fields if name not in ("buyer", "vendor"))


@routes.get("/agreements")
@needs(Permission.AGREEMENT_VIEW)
@documented(AgreementPage, "Agreements")
def list_agreements(query: Paging) -> AgreementPage:
    """List the company's agreements, newest first."""
    rows = queries.agreements_for(require_actor(), after=query.after, most=PAGE + 1)
    return AgreementPage(**page(rows, lambda row: AgreementSummary(**_summary(row)), lambda row: row.id))


@routes.get("/agreements/<uuid:agreement_id>")
@needs(Permission.AGREEMENT_VIEW)
@documented(Agreement, "Agreements")
def show_agreement(agreement_id: uuid.UUID) -> Agreement:
    """Show one agreement with what was promised."""
    found = queries.agreement_for(require_actor(), agreement_id)
    terms = found.terms
    return Agreement(
        **_summary(found),
        requirement_id=found.requirement_id,
        term_months=terms["term_months"],
        payment_days=terms["payment_days"],
        notice_days=terms["notice_days"],
        total=money(terms["total_minor"], found.currency),
        targets=[AgreementTarget(**target, items=list(items_of(target))) for target in terms["targets"]],
    )


def _summary(row: models.Agreement) -> dict[str, Any]:
    parties = {
        side: CompanyName(id=getattr(row, f"{side}_id"), name=row.terms["parties"][side]["name"])
        for side in ("buyer", "vendor")
    }
    return {name: getattr(row, name) for name in SUMMARY} | parties
