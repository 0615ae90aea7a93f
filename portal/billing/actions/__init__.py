"""The writes of billing, one module per noun."""

from portal.billing.actions.charges import add_credit, raise_charge
from portal.billing.actions.invoices import draft_invoice, issue_invoice, void_invoice
from portal.billing.actions.payments import pay_by_card
from portal.billing.actions.receipts import approve_bank_receipt, record_bank_receipt, reject_bank_receipt
from portal.billing.actions.schedules import end_schedule, extend_schedule, open_schedule, start_monthly
from portal.billing.actions.vendor_accounts import check_vendor_account, connect_vendor_account

__all__ = [
    "add_credit",
    "approve_bank_receipt",
    "check_vendor_account",
    "connect_vendor_account",
    "draft_invoice",
    "end_schedule",
    "extend_schedule",
    "issue_invoice",
    "open_schedule",
    "pay_by_card",
    "raise_charge",
    "record_bank_receipt",
    "reject_bank_receipt",
    "start_monthly",
    "void_invoice",
]
