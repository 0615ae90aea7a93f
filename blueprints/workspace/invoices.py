"""Invoices as both parties see them: the list, one invoice with its checks, issuing, voiding, paying."""

import uuid
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from blueprints.shared import invoice_sheet
from blueprints.shared.actor import require_actor
from blueprints.shared.dashboards import Card, Item, dashboard_card
from blueprints.shared.formatting import money
from blueprints.shared.forms import PortalForm, done
from blueprints.shared.invoice_pdf import invoice_pdf
from blueprints.shared.routes import Routes, needs
from portal.accounts import queries as accounts
from portal.accounts.actor import Actor
from portal.accounts.permissions import Permission
from portal.billing import actions, policy, queries
from portal.billing.models import Invoice
from portal.billing.states import InvoiceState
from portal.kit import clock
from portal.kit.errors import NotFound

routes = Routes()

TABS = (
    (None, _l("All")),
    (InvoiceState.DRAFT, _l("Drafts")),
    (InvoiceState.OPEN, _l("Awaiting payment")),
    (InvoiceState.PARTLY_PAID, _l("Partly paid")),
    (InvoiceState.PAID, _l("Paid")),
)


@routes.get("/invoices")
@needs(Permission.INVOICE_VIEW)
def list_invoices() -> str:
    """The company's invoices, newest first."""
    actor = require_actor()
    state = _asked_state(request.args.get("state"))
    page = queries.invoices_for(actor, state=state, after=request.args.get("after", type=uuid.UUID))
    tabs = [
        {"label": label, "url": url_for("workspace.list_invoices", state=tab), "current": tab == state}
        for tab, label in TABS
        if tab != InvoiceState.DRAFT or actor.company_kind == "vendor"
    ]
    others = [row.buyer_id if actor.company_kind == "vendor" else row.vendor_id for row in page.rows]
    return render_template(
        "workspace/invoices/list.html",
        page=page,
        state=state,
        tabs=tabs,
        names=accounts.names_of(others),
        facts=_unpaid(actor),
        shown_state=shown_state,
        is_vendor=actor.company_kind == "vendor",
    )


@routes.get("/invoices/<uuid:invoice_id>")
@needs(Permission.INVOICE_VIEW)
def show_invoice(invoice_id: uuid.UUID) -> str:
    """One invoice as a document, what was checked, what happened."""
    actor = require_actor()
    invoice = queries.invoice_for(actor, invoice_id)
    papers = invoice_sheet.papers_of(invoice)
    takes_cards = current_app.config["PORTAL"].takes_cards and invoice.due_minor > 0
    payee = queries.card_payee(invoice) if takes_cards else None
    return render_template(
        "workspace/invoices/show.html",
        invoice=invoice,
        sheet=invoice_sheet.sheet_of(invoice, papers),
        checks=invoice_sheet.checks_of(invoice, papers),
        history=invoice_sheet.history_of(invoice, papers),
        month=invoice_sheet.month_of(invoice, papers),
        shown_state=shown_state(invoice),
        facts=invoice_sheet.facts_of(invoice, _today(invoice)),
        can_issue=policy.can_issue(actor, invoice),
        can_void=policy.can_void(actor, invoice),
        can_pay=policy.can_pay(actor, invoice),
        live=papers.live,
        takes_cards=takes_cards,
        payee=payee,
        card_ready=payee is not None and payee.is_ready,
        is_vendor=actor.company_id == invoice.vendor_id,
        bank_account=current_app.config["PORTAL"].bank_account,
        form=PortalForm(),
    )


@routes.get("/invoices/<uuid:invoice_id>.pdf")
@needs(Permission.INVOICE_VIEW)
def download_invoice(invoice_id: uuid.UUID) -> Response:
    """An issued invoice as a PDF."""
    invoice = queries.invoice_for(require_actor(), invoice_id)
    if invoice.number is None:
        raise NotFound
    content = invoice_pdf(invoice, invoice_sheet.sheet_of(invoice, invoice_sheet.papers_of(invoice)))
    name = {"Content-Disposition": f'attachment; filename="{invoice.number}.pdf"'}
    return Response(content, content_type="application/pdf", headers=name)


@routes.post("/invoices/<uuid:invoice_id>/issue")
@needs(Permission.INVOICE_ISSUE)
def issue_invoice(invoice_id: uuid.UUID) -> Any:
    """Number a draft, freeze it, send it."""
    actor = require_actor()
    invoice = queries.invoice_for(actor, invoice_id)
    actions.issue_invoice(actor, invoice)
    done(_("Invoice %(number)s was issued. The buyer has been told.", number=invoice.number or ""))
    return redirect(url_for("workspace.show_invoice", invoice_id=invoice_id), 303)


@routes.form("/invoices/<uuid:invoice_id>/void")
@needs(Permission.INVOICE_ISSUE)
def void_invoice(invoice_id: uuid.UUID) -> Any:
    """Ask, then take an unpaid invoice back."""
    actor = require_actor()
    invoice = queries.invoice_for(actor, invoice_id)
    form = PortalForm()
    if form.validate_on_submit():
        actions.void_invoice(actor, invoice)
        done(_("Invoice %(number)s is void. Nothing is to be paid on it.", number=invoice.number or ""))
        return redirect(url_for("workspace.show_invoice", invoice_id=invoice_id), 303)
    return render_template("workspace/invoices/void.html", invoice=invoice, form=form)


@routes.post("/invoices/<uuid:invoice_id>/pay")
@needs(Permission.INVOICE_PAY)
def pay_invoice(invoice_id: uuid.UUID) -> Any:
    """Begin a card payment, or go to the one that is under way."""
    actor = require_actor()
    invoice = queries.invoice_for(actor, invoice_id)
    payment = actions.pay_by_card(actor, invoice)
    return redirect(url_for("workspace.show_payment", payment_id=payment.id), 303)


def _asked_state(text: str | None) -> str | None:
    return text if text in {state.value for state in InvoiceState} else None


def _unpaid(actor: Actor) -> list[str]:
    """What is to be paid, a line per currency."""
    found = [
        ngettext(
            "%(amount)s to be paid on %(num)s invoice",
            "%(amount)s to be paid on %(num)s invoices",
            count,
            amount=money(int(minor), currency),
        )
        for currency, count, minor in queries.unpaid_totals(actor)
    ]
    return found or [_("Nothing is to be paid")]


def _today(invoice: Invoice) -> date:
    return clock.now().astimezone(ZoneInfo(invoice.timezone)).date()


def shown_state(invoice: Invoice) -> str:
    """The state in words; overdue is not stored, it follows from the date."""
    return "overdue" if invoice.is_overdue(_today(invoice)) else invoice.state


@dashboard_card("buyer", position=20)
def invoices_to_pay(actor: Actor) -> Card | None:
    """What waits to be paid."""
    if not actor.can(Permission.INVOICE_VIEW):
        return None
    rows = queries.due_invoices(actor)
    return _card(rows, _("Invoices to pay"), _("No invoice waits for payment."))


@dashboard_card("vendor", position=30)
def invoices_to_issue(actor: Actor) -> Card | None:
    """Drafts that wait to be checked and sent."""
    if not actor.can(Permission.INVOICE_VIEW):
        return None
    rows = queries.invoices_for(actor, state=InvoiceState.DRAFT).rows[:5]
    return _card(rows, _("Invoices to issue"), _("No draft waits. Fees of a month are drafted when it is over."))


def _card(rows: Any, title: str, empty: str) -> Card:
    items = [
        Item(
            row.number or _("Draft for %(agreement)s", agreement=row.agreement_number),
            url=url_for("workspace.show_invoice", invoice_id=row.id),
            note=row.agreement_number,
            state=shown_state(row),
            noun="invoice",
            figure=invoice_sheet.money_of(row, row.due_minor or row.total_minor),
        )
        for row in rows
    ]
    return Card(title, items, empty=empty, url=url_for("workspace.list_invoices"), link=_("All invoices"))
