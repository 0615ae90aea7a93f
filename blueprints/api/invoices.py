"""Invoices of the company: those it sends or those it gets."""

import uuid
from decimal import Decimal
from typing import Any

from blueprints.api.schemas.invoices import Invoice, InvoiceLine, InvoicePage, InvoiceQuery, InvoiceSummary
from blueprints.api.schemas.values import CompanyName, decimal_text, money
from blueprints.api.spec import documented
from blueprints.shared.actor import require_actor
from blueprints.shared.routes import Routes, needs
from portal.accounts import queries as accounts
from portal.accounts.permissions import Permission
from portal.billing import models, queries

routes = Routes()
PLAIN = (
    "id",
    "number",
    "state",
    "agreement_id",
    "agreement_number",
    "period_start",
    "period_end",
    "due_on",
    "timezone",
    "paid_at",
)
LINE = ("position", "fee_class", "description", "basis", "unit", "period_start", "period_end")
AMOUNTS = ("net", "tax", "total", "paid", "due")
PERCENT = Decimal(100)  # basis points in one


@routes.get("/invoices")
@needs(Permission.INVOICE_VIEW)
@documented(InvoicePage, "Invoices")
def list_invoices(query: InvoiceQuery) -> InvoicePage:
    """List the company's invoices, newest first."""
    found = queries.invoices_for(require_actor(), state=query.state, after=query.after)
    names = accounts.names_of([id_ for row in found.rows for id_ in (row.buyer_id, row.vendor_id)])
    return InvoicePage(
        items=[InvoiceSummary(**_summary(row, names)) for row in found.rows],
        next=str(found.after) if found.after else None,
    )


@routes.get("/invoices/<uuid:invoice_id>")
@needs(Permission.INVOICE_VIEW)
@documented(Invoice, "Invoices")
def show_invoice(invoice_id: uuid.UUID) -> Invoice:
    """Show one invoice with its lines."""
    found = queries.invoice_for(require_actor(), invoice_id)
    return Invoice(
        **_summary(found, accounts.names_of([found.buyer_id, found.vendor_id])),
        reference=found.reference,
        payment_days=found.payment_days,
        sha256=found.sha256,
        lines=[_line(line, found.currency) for line in queries.lines_of(found)],
    )


def _summary(row: models.Invoice, names: dict[uuid.UUID, str]) -> dict[str, Any]:
    values: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    amounts = {name: money(getattr(row, f"{name}_minor"), row.currency) for name in AMOUNTS}
    parties = {
        "buyer": CompanyName(id=row.buyer_id, name=names[row.buyer_id]),
        "vendor": CompanyName(id=row.vendor_id, name=names[row.vendor_id]),
    }
    return values | amounts | parties | {"issued_at": row.open_at}


def _line(row: models.InvoiceLine, currency: str) -> InvoiceLine:
    return InvoiceLine(
        **{name: getattr(row, name) for name in LINE},
        code=row.line_code,
        quantity=decimal_text(row.quantity),
        unit_rate=decimal_text(row.unit_rate),
        amount=money(row.amount_minor, currency),
        tax=money(row.tax_minor, currency),
        tax_percent=decimal_text(Decimal(row.tax_bps) / PERCENT),
    )
