"""Money on the bank account, for staff of finance: recording it, confirming large sums, what card events came in."""

import uuid
from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from blueprints.admin.forms.bank_receipts import BankReceiptFindForm, BankReceiptRecordForm
from blueprints.shared.actor import require_actor
from blueprints.shared.forms import done, form_page, submitted
from blueprints.shared.routes import Routes, needs
from portal.accounts.permissions import Permission
from portal.billing import actions, policy, queries
from portal.billing.actions.receipts import BANK_RECEIPT_LIMIT, find_invoice
from portal.billing.ledger import Account
from portal.billing.states import ReceiptState

routes = Routes()

ACCOUNT_NAMES = {
    Account.BUYER_RECEIVABLE: _l("Receivable from buyers"),
    Account.UNAPPLIED_CASH: _l("Money not assigned yet"),
    Account.VENDOR_PAYABLE_PENDING: _l("Owed to vendors, not due yet"),
    Account.VENDOR_PAYABLE_AVAILABLE: _l("Owed to vendors, due"),
    Account.COMMISSION_UNEARNED: _l("Commission not earned yet"),
    Account.COMMISSION_REVENUE: _l("Commission earned"),
    Account.STRIPE_CLEARING: _l("Card clearing"),
    Account.BANK_CLEARING: _l("Bank clearing"),
    Account.PROCESSING_EXPENSE: _l("Cost of card payments"),
}


@routes.get("/bank-receipts")
@needs(Permission.STAFF_FINANCE)
def list_bank_receipts() -> str:
    """Receipts, those that wait for a second person first, and the ledger's own balances."""
    actor = require_actor()
    receipts = queries.receipts_for_staff(actor)
    return render_template(
        "admin/bank_receipts/list.html",
        receipts=receipts,
        may_approve={receipt.id for receipt in receipts if policy.can_approve_receipt(actor, receipt)},
        account_names=ACCOUNT_NAMES,
        balances=queries.platform_balances(actor),
        events=queries.inbox_for_staff(actor)[:20],
        limit=BANK_RECEIPT_LIMIT,
    )


@routes.form("/bank-receipts/find")
@needs(Permission.STAFF_FINANCE)
def find_bank_receipt() -> Any:
    """From the reference on the statement to the invoice it pays."""
    actor = require_actor()
    form = BankReceiptFindForm()
    found = submitted(form, lambda: find_invoice(actor, form.reference.data))
    if found is None:
        return form_page("admin/bank_receipts/find.html", form)
    return redirect(url_for("admin.record_bank_receipt", reference=form.reference.data), 303)


@routes.form("/bank-receipts/new")
@needs(Permission.STAFF_FINANCE)
def record_bank_receipt() -> Any:
    """Record what arrived for one invoice."""
    actor = require_actor()
    invoice = find_invoice(actor, request.args.get("reference", ""))
    form = BankReceiptRecordForm.for_currency(invoice.currency)
    receipt = submitted(
        form,
        lambda: actions.record_bank_receipt(
            actor,
            reference=request.args["reference"],
            amount_minor=form.amount.data or 0,
            currency=invoice.currency,
            received_on=form.received_on.data,
            bank_ref=form.bank_ref.data or "",
            payer=form.payer.data or "",
        ),
    )
    if receipt is None:
        return form_page("admin/bank_receipts/record.html", form, invoice=invoice, limit=BANK_RECEIPT_LIMIT)
    if receipt.state == ReceiptState.PROPOSED:
        done(_("Recorded. A second person of finance must confirm it before it is booked."))
    else:
        done(_("Recorded. It is booked within a minute."))
    return redirect(url_for("admin.list_bank_receipts"), 303)


@routes.post("/bank-receipts/<uuid:receipt_id>/approve")
@needs(Permission.STAFF_FINANCE)
def approve_bank_receipt(receipt_id: uuid.UUID) -> Any:
    """Confirm a large receipt as the second person."""
    actor = require_actor()
    actions.approve_bank_receipt(actor, queries.receipt_for_staff(actor, receipt_id))
    done(_("Confirmed. It is booked within a minute."))
    return redirect(url_for("admin.list_bank_receipts"), 303)


@routes.post("/bank-receipts/<uuid:receipt_id>/reject")
@needs(Permission.STAFF_FINANCE)
def reject_bank_receipt(receipt_id: uuid.UUID) -> Any:
    """Drop a receipt that was recorded wrongly."""
    actor = require_actor()
    actions.reject_bank_receipt(actor, queries.receipt_for_staff(actor, receipt_id))
    done(_("Rejected. Nothing was booked."))
    return redirect(url_for("admin.list_bank_receipts"), 303)
